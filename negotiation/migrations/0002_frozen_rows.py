"""What was seen, said or summed up never changes, whoever writes.

No service updates these tables. The triggers are for whatever goes round the services:
the admin, a shell, a bulk update, raw SQL. They fire in replication as well.
"""

from django.db import migrations

FROZEN = {
    "wording": "a_wording_never_changes",
    "wordingsource": "the_sources_of_a_wording_never_change",
    "revision": "a_revision_never_changes",
    "revisionwording": "the_text_of_a_revision_never_changes",
    "position": "a_position_is_only_followed_by_another",
    "roommessage": "a_room_message_never_changes",
    "remark": "a_remark_never_changes",
    "commentsummary": "a_summary_is_frozen",
    "separatevotedemand": "a_demand_for_a_vote_never_changes",
    "question": "a_question_never_changes",
    "recommendation": "a_recommendation_never_changes",
    "disagreementstatement": "a_statement_is_only_followed_by_another",
    "protocolofdisagreements": "a_protocol_of_disagreements_never_changes",
    "protocolofdisagreementssignature": "a_signature_never_changes",
}
KEPT = {
    "matter": "a_matter_is_never_deleted",
    "round": "a_round_is_never_deleted",
    "clause": "a_clause_is_never_deleted",
    "amendment": "an_amendment_is_never_deleted",
    "disagreement": "a_disagreement_is_never_deleted",
    "clausedocument": "a_document_is_never_deleted",
    "section": "a_section_is_never_deleted",
}

FUNCTION = """
CREATE FUNCTION negotiation_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are kept as they are', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END
$$;
"""
NO_FUNCTION = "DROP FUNCTION negotiation_refuse_change();"


def _create(name: str, table: str, events: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {events} ON negotiation_{table} "
        "FOR EACH ROW EXECUTE FUNCTION negotiation_refuse_change();"
        f"ALTER TABLE negotiation_{table} ENABLE ALWAYS TRIGGER {name};"
    )


def _drop(name: str, table: str) -> str:
    return f"DROP TRIGGER {name} ON negotiation_{table};"


class Migration(migrations.Migration):
    dependencies = [("negotiation", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, reverse_sql=NO_FUNCTION),
        *(
            migrations.RunSQL(
                _create(name, table, "UPDATE OR DELETE"), reverse_sql=_drop(name, table)
            )
            for table, name in FROZEN.items()
        ),
        *(
            migrations.RunSQL(_create(name, table, "DELETE"), reverse_sql=_drop(name, table))
            for table, name in KEPT.items()
        ),
    ]
