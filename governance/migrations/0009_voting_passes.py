"""A pass to a ballot, what takes it away, and the one statement by which a vote with a pass is cast.

The functions know no rule of authority. A pass is found by the rules in Python at the opening; here it
is believed while it stands, and taken away by whatever could change the answer.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CAST = """
-- Whoever grants passes holds the people they are for (FOR SHARE) until they are written: a change that
-- comes at the same moment waits, and takes them away afterwards.
CREATE FUNCTION governance_withdraw_passes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM accounts_person WHERE id = NEW.person_id FOR NO KEY UPDATE;
    DELETE FROM governance_votingpass WHERE person_id = NEW.person_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER passes_rest_on_holdings AFTER INSERT OR UPDATE ON governance_seatholding
FOR EACH ROW EXECUTE FUNCTION governance_withdraw_passes();
CREATE TRIGGER passes_rest_on_mandates AFTER INSERT OR UPDATE ON governance_mandate
FOR EACH ROW EXECUTE FUNCTION governance_withdraw_passes();
CREATE TRIGGER passes_rest_on_duties AFTER INSERT OR UPDATE ON governance_appointment
FOR EACH ROW EXECUTE FUNCTION governance_withdraw_passes();
CREATE TRIGGER passes_rest_on_affiliations AFTER INSERT OR UPDATE ON governance_affiliation
FOR EACH ROW EXECUTE FUNCTION governance_withdraw_passes();
CREATE TRIGGER passes_rest_on_independence AFTER INSERT OR UPDATE ON governance_conflictdeclaration
FOR EACH ROW EXECUTE FUNCTION governance_withdraw_passes();
CREATE TRIGGER passes_rest_on_presence AFTER INSERT OR UPDATE ON governance_attendance
FOR EACH ROW EXECUTE FUNCTION governance_withdraw_passes();

CREATE FUNCTION governance_withdraw_passes_of_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM governance_votingpass WHERE person_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER passes_rest_on_accounts AFTER UPDATE OF state ON accounts_person
FOR EACH ROW EXECUTE FUNCTION governance_withdraw_passes_of_account();

CREATE FUNCTION governance_withdraw_passes_of_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM governance_votingpass WHERE seat_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER passes_rest_on_seats AFTER UPDATE ON governance_seat
FOR EACH ROW EXECUTE FUNCTION governance_withdraw_passes_of_seat();

CREATE FUNCTION governance_withdraw_passes_of_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM governance_votingpass WHERE ballot_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER passes_end_with_their_ballot AFTER UPDATE OF state ON governance_ballot
FOR EACH ROW WHEN (OLD.state = 'open')
EXECUTE FUNCTION governance_withdraw_passes_of_ballot();

-- Cast a vote that has a pass. No row: it has none, or something is not as usual; nothing was written
-- then, and the ordinary act judges the vote and finds the words for a refusal.
--
-- moment: when the vote is cast; NULL for now, by the clock of the database.
-- request_key: under which the request is carried out at most once, or NULL.
CREATE FUNCTION governance_cast_vote(
    of_ballot bigint, of_seat bigint, of_person bigint, said text, text_seen text, came_by text,
    moment timestamptz, basis text, under_key uuid
) RETURNS TABLE (
    new_id bigint, new_uid uuid, new_check bigint, rests_on bigint, acts_as text,
    was_cast_at timestamptz, recorded_as bigint
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    ballot record;
    pass record;
BEGIN
    -- Voters share the ballot; whoever closes or annuls it has it alone.
    SELECT state, opened_at, closes_at, text_sha256 INTO ballot
      FROM governance_ballot WHERE id = of_ballot FOR SHARE;
    IF ballot.state IS DISTINCT FROM 'open' OR ballot.text_sha256 IS DISTINCT FROM text_seen THEN
        RETURN;
    END IF;
    SELECT seat.uid, found.* INTO pass
      FROM governance_votingpass AS found JOIN governance_seat AS seat ON seat.id = found.seat_id
     WHERE found.ballot_id = of_ballot AND found.seat_id = of_seat AND found.person_id = of_person
       FOR SHARE OF found;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- Whoever speaks for one seat queues here; each statement below sees what the one before left.
    PERFORM pg_advisory_xact_lock(hashtextextended('audit.stream seat:' || pass.uid, 0));
    IF EXISTS (
        SELECT FROM governance_vote
         WHERE ballot_id = of_ballot AND seat_id = of_seat AND status = 'counted'
    ) OR under_key IS NOT NULL AND EXISTS (
        SELECT FROM audit_entry WHERE request_key = under_key
    ) THEN
        RETURN;
    END IF;
    was_cast_at := COALESCE(moment, clock_timestamp());
    IF was_cast_at < pass.begins OR was_cast_at >= pass.ends OR was_cast_at < ballot.opened_at
       OR was_cast_at >= ballot.closes_at THEN
        RETURN;
    END IF;

    new_uid := gen_random_uuid();
    rests_on := pass.mandate_id;
    acts_as := pass.capacity;
    INSERT INTO governance_authoritycheck (
        uid, person_id, action, seat_id, mandate_id, checked_at, result, evidence
    ) VALUES (
        gen_random_uuid(), of_person, pass.evidence ->> 'action', of_seat, pass.mandate_id,
        was_cast_at, pass.evidence ->> 'result',
        pass.evidence || jsonb_build_object('checked_at', audit_instant(was_cast_at))
    ) RETURNING id INTO new_check;
    INSERT INTO governance_vote (
        uid, ballot_id, seat_id, person_id, capacity, mandate_id, choice, cast_at, channel, status,
        reason_code, supersedes_id, text_sha256, authority_check_id, entered_by_id
    ) VALUES (
        new_uid, of_ballot, of_seat, of_person, pass.capacity, pass.mandate_id, said, was_cast_at,
        came_by, 'counted', '', NULL, text_seen, new_check, NULL
    ) RETURNING id INTO new_id;
    SELECT written.id INTO recorded_as FROM audit_append(
        replace(replace(replace(replace(replace(replace(pass.entry,
            '=at=', audit_instant(was_cast_at)), '=basis=', basis), '=subject=', new_uid::text),
            '=choice=', said), '=channel=', came_by),
            '"=key="', COALESCE('"' || under_key || '"', 'null'))
    ) AS written;
    RETURN NEXT;
END
$$;
"""

FORGET = """
DROP FUNCTION governance_cast_vote(
    bigint, bigint, bigint, text, text, text, timestamptz, text, uuid
);
DROP TRIGGER passes_end_with_their_ballot ON governance_ballot;
DROP TRIGGER passes_rest_on_seats ON governance_seat;
DROP TRIGGER passes_rest_on_accounts ON accounts_person;
DROP TRIGGER passes_rest_on_presence ON governance_attendance;
DROP TRIGGER passes_rest_on_independence ON governance_conflictdeclaration;
DROP TRIGGER passes_rest_on_affiliations ON governance_affiliation;
DROP TRIGGER passes_rest_on_duties ON governance_appointment;
DROP TRIGGER passes_rest_on_mandates ON governance_mandate;
DROP TRIGGER passes_rest_on_holdings ON governance_seatholding;
DROP FUNCTION governance_withdraw_passes_of_ballot();
DROP FUNCTION governance_withdraw_passes_of_seat();
DROP FUNCTION governance_withdraw_passes_of_account();
DROP FUNCTION governance_withdraw_passes();
"""


def _key(to: str, related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=to
    )


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0008_the_floor"),
        ("audit", "0002_append_only"),
    ]
    operations = [
        migrations.CreateModel(
            name="VotingPass",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("capacity", models.CharField(max_length=14, verbose_name="capacity")),
                ("begins", models.DateTimeField(verbose_name="stands from")),
                (
                    "ends",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="stands until, excluded"
                    ),
                ),
                (
                    "evidence",
                    models.JSONField(verbose_name="what the check found, without its time"),
                ),
                ("entry", models.TextField(verbose_name="the entry of the vote, with blanks")),
                ("ballot", _key("governance.ballot", "passes")),
                ("mandate", _key("governance.mandate", "passes")),
                ("person", _key(settings.AUTH_USER_MODEL, "voting_passes")),
                ("seat", _key("governance.seat", "passes")),
            ],
            options={
                "verbose_name": "pass to a ballot",
                "verbose_name_plural": "passes to ballots",
            },
        ),
        migrations.AddConstraint(
            model_name="votingpass",
            constraint=models.UniqueConstraint(
                fields=("ballot", "seat"), name="a_seat_has_one_pass_to_a_ballot"
            ),
        ),
        migrations.RunSQL(CAST, reverse_sql=FORGET),
    ]
