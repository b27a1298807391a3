"""Silence is consent only where everything was done for it (B6).

A procedure begins on a prepared ballot about a clause, under a charter that allows it; while it
runs its ballot stays where it is. It turns into consent only when nobody objected and every notice
was delivered, and only then is a ballot not needed. What ended is never changed.
"""

from django.db import migrations

HOLD = """
CREATE FUNCTION governance_begin_silence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM governance_ballot WHERE id = NEW.ballot_id FOR SHARE;
    IF NEW.state <> 'open' OR NOT EXISTS (
        SELECT FROM governance_ballot
         WHERE id = NEW.ballot_id AND state = 'prepared' AND decision_type = 'DT-03'
    ) THEN
        PERFORM governance_refuse('silence_is_asked_on_a_prepared_ballot_about_a_clause');
    END IF;
    IF NOT EXISTS (
        SELECT FROM governance_charterversion
         WHERE id = NEW.charter_version_id AND procedure ->> 'silence' = NEW.kind
    ) THEN
        PERFORM governance_refuse('silence_is_consent_only_where_the_charter_says_so');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER silence_is_asked_on_a_prepared_ballot_about_a_clause
BEFORE INSERT ON governance_silenceprocedure
FOR EACH ROW EXECUTE FUNCTION governance_begin_silence();

CREATE FUNCTION governance_move_silence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'open'
       OR to_jsonb(OLD) - '{state,reminded_at,ended_at,failure,failed_seats,outcome}'::text[]
          <> to_jsonb(NEW) - '{state,reminded_at,ended_at,failure,failed_seats,outcome}'::text[]
       OR OLD.reminded_at IS NOT NULL AND OLD.reminded_at IS DISTINCT FROM NEW.reminded_at
    THEN
        PERFORM governance_refuse('a_silence_procedure_that_ended_stands');
    END IF;
    IF NEW.state = 'tacit' AND (
        EXISTS (SELECT FROM governance_silenceobjection WHERE procedure_id = NEW.id)
        OR NOT EXISTS (SELECT FROM governance_silencenotice WHERE procedure_id = NEW.id)
    ) THEN
        PERFORM governance_refuse('silence_is_consent_only_if_nobody_objected');
    END IF;
    IF NEW.state = 'tacit' AND EXISTS (
        SELECT FROM governance_silencenotice
         WHERE procedure_id = NEW.id
           AND (delivered_at IS NULL OR delivered_at >= NEW.closes_at)
           -- Who was recused after the call neither consents nor objects.
           AND NOT EXISTS (
               SELECT FROM governance_conflictdeclaration AS declared
                 JOIN governance_ballot AS ballot ON ballot.id = NEW.ballot_id
                WHERE declared.seat_id = governance_silencenotice.seat_id
                  AND declared.decision = 'recused' AND declared.topics && ballot.topics)
    ) THEN
        PERFORM governance_refuse('silence_is_consent_only_of_those_who_were_reached');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_silence_procedure_that_ended_stands
BEFORE UPDATE OR DELETE ON governance_silenceprocedure
FOR EACH ROW EXECUTE FUNCTION governance_move_silence();

CREATE FUNCTION governance_prove_silence_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.delivered_at IS NOT NULL
       OR to_jsonb(OLD) - '{delivered_at,proof,channel}'::text[]
          <> to_jsonb(NEW) - '{delivered_at,proof,channel}'::text[] THEN
        PERFORM governance_refuse('a_notice_of_silence_is_delivered_once');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_notice_of_silence_is_delivered_once
BEFORE UPDATE OR DELETE ON governance_silencenotice
FOR EACH ROW EXECUTE FUNCTION governance_prove_silence_notice();

CREATE FUNCTION governance_take_objection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM governance_refuse('an_objection_is_never_changed');
    END IF;
    PERFORM FROM governance_silenceprocedure WHERE id = NEW.procedure_id FOR UPDATE;
    IF NOT EXISTS (
        SELECT FROM governance_silenceprocedure AS silence
          JOIN governance_ballot AS ballot ON ballot.id = silence.ballot_id
         WHERE silence.id = NEW.procedure_id AND silence.state = 'open'
           AND NEW.objected_at >= silence.opened_at AND NEW.objected_at < silence.closes_at
           AND NEW.text_sha256 = ballot.text_sha256
    ) THEN
        PERFORM governance_refuse('an_objection_is_made_within_the_term_and_to_the_text');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER an_objection_is_made_within_the_term_and_to_the_text
BEFORE INSERT OR UPDATE OR DELETE ON governance_silenceobjection
FOR EACH ROW EXECUTE FUNCTION governance_take_objection();

CREATE FUNCTION governance_keep_silent_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'tacit' AND NOT EXISTS (
        SELECT FROM governance_silenceprocedure WHERE ballot_id = NEW.id AND state = 'tacit'
    ) THEN
        PERFORM governance_refuse('only_tacit_consent_spares_a_ballot');
    END IF;
    IF NEW.state <> 'tacit' AND EXISTS (
        SELECT FROM governance_silenceprocedure
         WHERE ballot_id = NEW.id AND state IN ('open', 'tacit')
    ) THEN
        PERFORM governance_refuse('a_ballot_waits_while_silence_is_asked');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_ballot_waits_while_silence_is_asked
BEFORE UPDATE OF state ON governance_ballot FOR EACH ROW
WHEN (OLD.state = 'prepared' AND NEW.state <> 'prepared')
EXECUTE FUNCTION governance_keep_silent_ballot();

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
"""

RELEASE = """
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
        ('open', 'closed'), ('open', 'annulled'),
        ('closed', 'certified'), ('closed', 'not_held_no_quorum')
    ) THEN
        PERFORM governance_refuse('a_ballot_goes_forward');
    END IF;
    RETURN NEW;
END
$$;
DROP TRIGGER a_ballot_waits_while_silence_is_asked ON governance_ballot;
DROP TRIGGER an_objection_is_made_within_the_term_and_to_the_text ON governance_silenceobjection;
DROP TRIGGER a_notice_of_silence_is_delivered_once ON governance_silencenotice;
DROP TRIGGER a_silence_procedure_that_ended_stands ON governance_silenceprocedure;
DROP TRIGGER silence_is_asked_on_a_prepared_ballot_about_a_clause ON governance_silenceprocedure;
DROP FUNCTION governance_keep_silent_ballot();
DROP FUNCTION governance_take_objection();
DROP FUNCTION governance_prove_silence_notice();
DROP FUNCTION governance_move_silence();
DROP FUNCTION governance_begin_silence();
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0011_silence")]
    operations = [migrations.RunSQL(HOLD, reverse_sql=RELEASE)]
