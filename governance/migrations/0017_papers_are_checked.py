"""A second person compares every paper with the vote entered from it, before a ballot is counted."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CHECK = """
CREATE FUNCTION governance_check_paper() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entered governance_vote;
BEGIN
    SELECT * INTO entered FROM governance_vote WHERE id = NEW.vote_id;
    PERFORM pg_advisory_xact_lock_shared(governance_ballot_lock(entered.ballot_id));
    IF entered.channel <> 'paper' OR NOT EXISTS (
        SELECT FROM governance_ballot WHERE id = entered.ballot_id AND state = 'open'
    ) THEN
        PERFORM governance_refuse('a_paper_is_checked_while_its_ballot_is_open');
    END IF;
    IF NEW.checked_by_id IN (entered.entered_by_id, entered.person_id) THEN
        PERFORM governance_refuse('a_paper_is_checked_by_a_second_person');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_paper_is_checked_by_a_second_person
BEFORE INSERT ON governance_papercheck FOR EACH ROW EXECUTE FUNCTION governance_check_paper();

CREATE TRIGGER a_check_of_a_paper_is_never_changed
BEFORE UPDATE OR DELETE ON governance_papercheck FOR EACH ROW
EXECUTE FUNCTION governance_refuse_change('a_check_of_a_paper_is_never_changed');

-- A vote is superseded, or falls because the paper bears another one; it is never changed.
CREATE OR REPLACE FUNCTION governance_keep_vote() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR to_jsonb(OLD) - '{status,reason_code}'::text[]
          <> to_jsonb(NEW) - '{status,reason_code}'::text[]
       OR OLD.status <> 'counted'
       OR NOT (NEW.status = 'superseded' OR NEW.status = 'rejected' AND EXISTS (
           SELECT FROM governance_papercheck WHERE vote_id = NEW.id AND finding = 'disputed'
       )) THEN
        PERFORM governance_refuse('a_vote_is_superseded_never_changed');
    END IF;
    PERFORM pg_advisory_xact_lock_shared(governance_ballot_lock(NEW.ballot_id));
    IF NOT EXISTS (SELECT FROM governance_ballot WHERE id = NEW.ballot_id AND state = 'open') THEN
        PERFORM governance_refuse('votes_of_a_closed_ballot_stand');
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION governance_count_checked_papers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM governance_vote AS vote
         WHERE vote.ballot_id = NEW.id AND vote.channel = 'paper' AND vote.status = 'counted'
           AND NOT EXISTS (
               SELECT FROM governance_papercheck
                WHERE vote_id = vote.id AND finding = 'confirmed'
           )
    ) THEN
        PERFORM governance_refuse('a_ballot_is_counted_when_its_papers_are_checked');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_ballot_is_counted_when_its_papers_are_checked
BEFORE UPDATE ON governance_ballot FOR EACH ROW
WHEN (OLD.state = 'open' AND NEW.state = 'closed')
EXECUTE FUNCTION governance_count_checked_papers();
"""

UNCHECK = """
DROP TRIGGER a_ballot_is_counted_when_its_papers_are_checked ON governance_ballot;
DROP FUNCTION governance_count_checked_papers();

CREATE OR REPLACE FUNCTION governance_keep_vote() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR to_jsonb(OLD) - '{status,reason_code}'::text[]
          <> to_jsonb(NEW) - '{status,reason_code}'::text[]
       OR (OLD.status, NEW.status) <> ('counted', 'superseded') THEN
        PERFORM governance_refuse('a_vote_is_superseded_never_changed');
    END IF;
    PERFORM pg_advisory_xact_lock_shared(governance_ballot_lock(NEW.ballot_id));
    IF NOT EXISTS (SELECT FROM governance_ballot WHERE id = NEW.ballot_id AND state = 'open') THEN
        PERFORM governance_refuse('votes_of_a_closed_ballot_stand');
    END IF;
    RETURN NEW;
END
$$;

DROP TRIGGER a_check_of_a_paper_is_never_changed ON governance_papercheck;
DROP TRIGGER a_paper_is_checked_by_a_second_person ON governance_papercheck;
DROP FUNCTION governance_check_paper();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0016_voting_passes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AlterField(
            model_name="vote",
            name="reason_code",
            field=models.CharField(
                blank=True,
                choices=[
                    ("superseded_by_principal", "superseded by the principal's own vote"),
                    ("principal_voted", "the principal has voted"),
                    ("proxy_voted", "another proxy has voted"),
                    ("expired", "the mandate has expired"),
                    ("not_yet_valid", "the mandate is not valid yet"),
                    ("revoked_known", "the mandate is revoked"),
                    ("undated", "the mandate has no date of issue"),
                    ("out_of_scope", "the mandate does not cover voting"),
                    ("not_found", "there is no mandate"),
                    (
                        "substitution_outside_parent",
                        "the substitution goes beyond the mandate it rests on",
                    ),
                    ("not_holder", "the person does not hold the seat"),
                    (
                        "other_organisation",
                        "the proxy does not belong to the organisation represented",
                    ),
                    (
                        "giver_not_holder",
                        "whoever the proxy stands in for no longer holds the seat",
                    ),
                    (
                        "too_many_proxies",
                        "the person votes for as many others as the charter allows",
                    ),
                    ("paper_disputed", "the paper bears something else"),
                    ("not_delegable", "a personal seat cannot be delegated"),
                    ("proxy_forbidden", "the charter allows no proxy here"),
                    ("recused", "recused for this question"),
                    ("not_on_roll", "the seat is not on the roll of this ballot"),
                    ("after_deadline", "the time for papers was over"),
                    ("not_present", "the seat was not present"),
                    ("no_inner_approval", "the side has not approved this"),
                ],
                max_length=32,
                verbose_name="reason",
            ),
        ),
        migrations.CreateModel(
            name="PaperCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "finding",
                    models.CharField(
                        choices=[
                            ("confirmed", "The paper bears this vote"),
                            ("disputed", "The paper bears something else"),
                        ],
                        max_length=9,
                        verbose_name="finding",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="what the paper bears"
                    ),
                ),
                ("checked_at", models.DateTimeField(verbose_name="checked at")),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers_checked",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "vote",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_check",
                        to="governance.vote",
                    ),
                ),
            ],
            options={
                "verbose_name": "check of a paper vote",
                "verbose_name_plural": "checks of paper votes",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finding", "confirmed"), ~models.Q(("note", "")), _connector="OR"
                        ),
                        name="a_disputed_paper_says_what_it_bears",
                        violation_error_message="Say what the paper bears.",
                    )
                ],
            },
        ),
        migrations.RunSQL(CHECK, reverse_sql=UNCHECK),
    ]
