"""A pass to a ballot, what takes it away, and the one statement by which a vote with a pass is cast.

The functions know no rule of authority. A pass is found by the rules in Python at the opening; here it
is believed while it stands, and taken away by whatever could change the answer.
"""

import django.contrib.postgres.fields
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

-- Voters share their ballot, and whoever closes or annuls it has it alone. This lock queues: whoever
-- waits to close is followed by the voters who come later, and never overtaken by them; a shared
-- lock of the row would let them pass, and write to the row that all of them read.
CREATE FUNCTION governance_ballot_lock(of_ballot bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT hashtextextended('governance.ballot ' || of_ballot, 0)
$$;

CREATE OR REPLACE FUNCTION governance_move_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'prepared' AND (
        OLD.charter_version_id IS DISTINCT FROM NEW.charter_version_id
        OR OLD.opened_at IS DISTINCT FROM NEW.opened_at
        OR OLD.closes_at IS DISTINCT FROM NEW.closes_at
    ) THEN
        PERFORM governance_refuse('an_opened_ballot_keeps_its_charter_and_times');
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('prepared', 'open'), ('prepared', 'not_held_no_quorum'), ('prepared', 'annulled'),
        ('prepared', 'tacit'),
        ('open', 'closed'), ('open', 'annulled'),
        ('closed', 'certified'), ('closed', 'not_held_no_quorum')
    ) THEN
        PERFORM governance_refuse('a_ballot_goes_forward');
    END IF;
    IF OLD.state = 'open' THEN
        -- The acts have it already.
        PERFORM pg_advisory_xact_lock(governance_ballot_lock(OLD.id));
    END IF;
    RETURN NEW;
END
$$;

-- Its rules are those of 0002, asked in one statement, and two that keep the keys of a vote: a check of
-- a key would cost more than the vote, and for its ballot make all voters write to one row. Ballots,
-- seats, mandates and checks are never deleted, and a check keeps its person.
CREATE OR REPLACE FUNCTION governance_take_vote() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    -- Whoever is closing the ballot is waited for, and waits for us.
    PERFORM pg_advisory_xact_lock_shared(governance_ballot_lock(NEW.ballot_id));
    SELECT ballot.state, ballot.text_sha256, ballot.opened_at, ballot.closes_at,
           EXISTS (
               SELECT FROM governance_authoritycheck
                WHERE id = NEW.authority_check_id AND person_id = NEW.person_id
           ) AS has_check,
           NEW.status = 'counted' AND NOT EXISTS (
               SELECT FROM governance_rollentry
                WHERE ballot_id = NEW.ballot_id AND seat_id = NEW.seat_id
                  AND standing = 'entitled'
           ) AS has_no_vote,
           NEW.status = 'counted' AND NOT EXISTS (
               SELECT FROM governance_mandate
                WHERE id = NEW.mandate_id AND seat_id = NEW.seat_id
                  AND person_id = NEW.person_id AND issued_on IS NOT NULL
           ) AS has_no_paper
      INTO found FROM governance_ballot AS ballot WHERE ballot.id = NEW.ballot_id;
    IF found.state IS DISTINCT FROM 'open' THEN
        PERFORM governance_refuse('votes_enter_an_open_ballot');
    END IF;
    IF NEW.text_sha256 <> found.text_sha256 THEN
        PERFORM governance_refuse('a_vote_is_about_the_text_of_its_ballot');
    END IF;
    IF NEW.status = 'superseded' THEN
        PERFORM governance_refuse('a_vote_begins_counted_or_rejected');
    END IF;
    IF NEW.supersedes_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM governance_vote AS earlier
         WHERE earlier.id = NEW.supersedes_id AND earlier.status = 'superseded'
           AND earlier.ballot_id = NEW.ballot_id AND earlier.seat_id = NEW.seat_id
    ) THEN
        PERFORM governance_refuse('a_vote_supersedes_one_of_its_own_seat');
    END IF;
    IF NEW.status <> 'counted' THEN
        IF NOT EXISTS (SELECT FROM governance_seat WHERE id = NEW.seat_id)
           OR NEW.mandate_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM governance_mandate WHERE id = NEW.mandate_id) THEN
            PERFORM governance_refuse('a_vote_names_a_seat_and_a_mandate_that_are_there');
        END IF;
    ELSIF found.has_no_vote THEN
        PERFORM governance_refuse('a_counted_vote_belongs_to_an_entitled_seat');
    ELSIF NEW.cast_at >= found.closes_at OR NEW.cast_at < found.opened_at THEN
        PERFORM governance_refuse('a_counted_vote_is_cast_in_time');
    ELSIF found.has_no_paper THEN
        PERFORM governance_refuse('a_vote_rests_on_a_mandate_of_its_voter_and_seat');
    END IF;
    IF NOT found.has_check THEN
        PERFORM governance_refuse('a_vote_rests_on_a_check_of_its_voter');
    END IF;
    RETURN NEW;
END
$$;

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

-- Cast a vote that has a pass. No row: it has none, or something is not as usual; nothing was written
-- then, and the ordinary act judges the vote and finds the words for a refusal.
--
-- of_stream: the stream of the seat, in which the vote is recorded.
-- moment: when the vote is cast; NULL for now, by the clock of the database.
-- under_key: under which the request is carried out at most once, or NULL.
CREATE FUNCTION governance_cast_vote(
    of_ballot bigint, of_seat bigint, of_person bigint, of_stream text, said text, text_seen text,
    came_by text, moment timestamptz, basis text, under_key uuid
) RETURNS TABLE (
    new_id bigint, new_uid uuid, new_check bigint, rests_on bigint, acts_as text,
    was_cast_at timestamptz, recorded_as bigint
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    pass governance_votingpass;
    instant text;
BEGIN
    -- Whoever speaks for one seat queues here; each statement below sees what the one before left.
    PERFORM pg_advisory_xact_lock_shared(governance_ballot_lock(of_ballot)),
            pg_advisory_xact_lock(hashtextextended('audit.stream ' || of_stream, 0));
    was_cast_at := COALESCE(moment, clock_timestamp());
    -- The vote uses the pass up. Whoever withdraws it at this moment waits for us, or we for them.
    DELETE FROM governance_votingpass AS used USING governance_ballot AS ballot
     WHERE used.ballot_id = of_ballot AND used.seat_id = of_seat AND used.person_id = of_person
       AND used.begins <= was_cast_at AND (used.ends IS NULL OR was_cast_at < used.ends)
       AND ballot.id = of_ballot AND ballot.state = 'open' AND ballot.text_sha256 = text_seen
       AND ballot.opened_at <= was_cast_at
       AND (ballot.closes_at IS NULL OR was_cast_at < ballot.closes_at)
       AND said IN ('for', 'against', 'abstain') AND came_by IN ('platform', 'hall')
       AND NOT EXISTS (
           SELECT FROM governance_vote
            WHERE ballot_id = of_ballot AND seat_id = of_seat AND status = 'counted'
       )
       AND (under_key IS NULL OR NOT EXISTS (
           SELECT FROM audit_entry WHERE request_key = under_key
       ))
    RETURNING used.* INTO pass;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    instant := audit_instant(was_cast_at);
    new_uid := gen_random_uuid();
    rests_on := pass.mandate_id;
    acts_as := pass.capacity;
    INSERT INTO governance_authoritycheck (
        uid, person_id, action, seat_id, mandate_id, checked_at, result, evidence
    ) VALUES (
        gen_random_uuid(), of_person, pass.evidence ->> 'action', of_seat, pass.mandate_id,
        was_cast_at, pass.evidence ->> 'result',
        pass.evidence || jsonb_build_object('checked_at', instant)
    ) RETURNING id INTO new_check;
    INSERT INTO governance_vote (
        uid, ballot_id, seat_id, person_id, capacity, mandate_id, choice, cast_at, channel, status,
        reason_code, supersedes_id, text_sha256, authority_check_id, entered_by_id
    ) VALUES (
        new_uid, of_ballot, of_seat, of_person, pass.capacity, pass.mandate_id, said, was_cast_at,
        came_by, 'counted', '', NULL, text_seen, new_check, NULL
    ) RETURNING id INTO new_id;
    recorded_as := (audit_write(
        of_stream,
        replace(replace(replace(replace(pass.entry[1], '=at=', instant), '=basis=', basis),
                '=choice=', said), '=channel=', came_by),
        replace(pass.entry[2], '=subject=', new_uid::text),
        replace(pass.entry[3], '"=key="', COALESCE('"' || under_key || '"', 'null')),
        pass.entry[4]
    )).id;
    RETURN NEXT;
END
$$;
"""

FORGET = """
DROP FUNCTION governance_cast_vote(
    bigint, bigint, bigint, text, text, text, text, timestamptz, text, uuid
);
CREATE OR REPLACE FUNCTION governance_keep_vote() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR to_jsonb(OLD) - '{status,reason_code}'::text[]
          <> to_jsonb(NEW) - '{status,reason_code}'::text[]
       OR (OLD.status, NEW.status) <> ('counted', 'superseded') THEN
        PERFORM governance_refuse('a_vote_is_superseded_never_changed');
    END IF;
    PERFORM FROM governance_ballot WHERE id = NEW.ballot_id FOR SHARE;
    IF NOT EXISTS (SELECT FROM governance_ballot WHERE id = NEW.ballot_id AND state = 'open') THEN
        PERFORM governance_refuse('votes_of_a_closed_ballot_stand');
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION governance_take_vote() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ballot governance_ballot;
BEGIN
    -- Whoever is closing the ballot is waited for, and waits for us.
    PERFORM FROM governance_ballot WHERE id = NEW.ballot_id FOR SHARE;
    SELECT * INTO ballot FROM governance_ballot WHERE id = NEW.ballot_id;
    IF ballot.state IS DISTINCT FROM 'open' THEN
        PERFORM governance_refuse('votes_enter_an_open_ballot');
    END IF;
    IF NEW.text_sha256 <> ballot.text_sha256 THEN
        PERFORM governance_refuse('a_vote_is_about_the_text_of_its_ballot');
    END IF;
    IF NEW.status = 'superseded' THEN
        PERFORM governance_refuse('a_vote_begins_counted_or_rejected');
    END IF;
    IF NEW.supersedes_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM governance_vote AS earlier
         WHERE earlier.id = NEW.supersedes_id AND earlier.status = 'superseded'
           AND earlier.ballot_id = NEW.ballot_id AND earlier.seat_id = NEW.seat_id
    ) THEN
        PERFORM governance_refuse('a_vote_supersedes_one_of_its_own_seat');
    END IF;
    IF NEW.status <> 'counted' THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT FROM governance_rollentry
         WHERE ballot_id = NEW.ballot_id AND seat_id = NEW.seat_id AND standing = 'entitled'
    ) THEN
        PERFORM governance_refuse('a_counted_vote_belongs_to_an_entitled_seat');
    END IF;
    IF ballot.closes_at IS NOT NULL AND NEW.cast_at >= ballot.closes_at
       OR NEW.cast_at < ballot.opened_at THEN
        PERFORM governance_refuse('a_counted_vote_is_cast_in_time');
    END IF;
    IF NOT EXISTS (
        SELECT FROM governance_mandate
         WHERE id = NEW.mandate_id AND seat_id = NEW.seat_id AND person_id = NEW.person_id
           AND issued_on IS NOT NULL
    ) THEN
        PERFORM governance_refuse('a_vote_rests_on_a_mandate_of_its_voter_and_seat');
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION governance_move_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'prepared' AND (
        OLD.charter_version_id IS DISTINCT FROM NEW.charter_version_id
        OR OLD.opened_at IS DISTINCT FROM NEW.opened_at
        OR OLD.closes_at IS DISTINCT FROM NEW.closes_at
    ) THEN
        PERFORM governance_refuse('an_opened_ballot_keeps_its_charter_and_times');
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('prepared', 'open'), ('prepared', 'not_held_no_quorum'), ('prepared', 'annulled'),
        ('prepared', 'tacit'),
        ('open', 'closed'), ('open', 'annulled'),
        ('closed', 'certified'), ('closed', 'not_held_no_quorum')
    ) THEN
        PERFORM governance_refuse('a_ballot_goes_forward');
    END IF;
    RETURN NEW;
END
$$;

DROP FUNCTION governance_ballot_lock(bigint);
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


def _kept_key(to: str, **how: bool) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="votes",
        to=to,
        db_constraint=False,
        **how,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0015_proxies_have_a_limit"),
        ("audit", "0004_entries_by_pieces"),
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
                (
                    "entry",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        size=None,
                        verbose_name="the entry of the vote in its pieces, with blanks",
                    ),
                ),
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
        # The trigger `votes_enter_an_open_ballot` keeps these keys, see there.
        *(
            migrations.AlterField(model_name="vote", name=name, field=_kept_key(to, **how))
            for name, to, how in (
                ("ballot", "governance.ballot", {}),
                ("seat", "governance.seat", {}),
                ("person", settings.AUTH_USER_MODEL, {}),
                ("mandate", "governance.mandate", {"null": True, "blank": True}),
            )
        ),
        migrations.AlterField(
            model_name="vote",
            name="authority_check",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="vote",
                to="governance.authoritycheck",
            ),
        ),
        migrations.RunSQL(CAST, reverse_sql=FORGET),
    ]
