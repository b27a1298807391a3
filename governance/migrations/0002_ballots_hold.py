"""A ballot keeps its text and its roll; votes enter it while it is open, and stay.

The services refuse first, with words for people. These triggers are for whatever goes round them:
the admin, a shell, a bulk update. Where another table is asked, its row is locked in one statement
and read in the next: the second takes a new snapshot, and sees what a transaction that we
waited for has committed.
"""

from django.db import migrations

HOLD = """
CREATE FUNCTION governance_refuse(rule text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'refused: %', replace(rule, '_', ' ')
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = rule;
END
$$;

-- A table whose rows are only ever added. The argument is the rule that is broken otherwise.
CREATE FUNCTION governance_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM governance_refuse(TG_ARGV[0]);
    RETURN NULL;
END
$$;

-- A table of which some columns may change: arguments are the rule, then those columns.
CREATE FUNCTION governance_keep_columns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - TG_ARGV[1:] <> to_jsonb(NEW) - TG_ARGV[1:] THEN
        PERFORM governance_refuse(TG_ARGV[0]);
    END IF;
    RETURN NEW;
END
$$;

-- Ballots ---------------------------------------------------------------------------------

CREATE TRIGGER a_ballot_keeps_its_question_and_text
BEFORE UPDATE OR DELETE ON governance_ballot FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns(
    'a_ballot_keeps_its_question_and_text', 'charter_version_id', 'state', 'opened_at',
    'closes_at', 'closed_at', 'not_held_reason', 'annulled_reason', 'annulled_note'
);

CREATE FUNCTION governance_move_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER a_ballot_goes_forward
BEFORE UPDATE ON governance_ballot FOR EACH ROW EXECUTE FUNCTION governance_move_ballot();

CREATE FUNCTION governance_prepare_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'prepared' THEN
        PERFORM governance_refuse('a_ballot_begins_prepared');
    END IF;
    IF NOT EXISTS (
        SELECT FROM governance_agendaitem AS item
         WHERE item.id = NEW.agenda_item_id AND item.meeting_id = NEW.meeting_id
           AND item.topics @> NEW.topics
    ) THEN
        PERFORM governance_refuse('a_question_stays_inside_its_agenda_item');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_ballot_begins_prepared
BEFORE INSERT ON governance_ballot FOR EACH ROW EXECUTE FUNCTION governance_prepare_ballot();

-- The roll ----------------------------------------------------------------------------------

CREATE FUNCTION governance_freeze_roll() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM governance_ballot WHERE id = NEW.ballot_id FOR SHARE;
        IF EXISTS (
            SELECT FROM governance_ballot WHERE id = NEW.ballot_id AND state = 'prepared'
        ) THEN
            RETURN NEW;
        END IF;
    END IF;
    PERFORM governance_refuse('a_roll_is_frozen_at_the_opening');
    RETURN NULL;
END
$$;

CREATE TRIGGER a_roll_is_frozen_at_the_opening
BEFORE INSERT OR UPDATE OR DELETE ON governance_rollentry
FOR EACH ROW EXECUTE FUNCTION governance_freeze_roll();

-- Votes -------------------------------------------------------------------------------------

CREATE FUNCTION governance_take_vote() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER votes_enter_an_open_ballot
BEFORE INSERT ON governance_vote FOR EACH ROW EXECUTE FUNCTION governance_take_vote();

CREATE FUNCTION governance_keep_vote() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER a_vote_is_superseded_never_changed
BEFORE UPDATE OR DELETE ON governance_vote FOR EACH ROW EXECUTE FUNCTION governance_keep_vote();

-- Asked at commit, because the vote that supersedes comes after the one it supersedes.
CREATE FUNCTION governance_require_successor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'superseded' AND NOT EXISTS (
        SELECT FROM governance_vote WHERE supersedes_id = NEW.id
    ) THEN
        PERFORM governance_refuse('a_superseded_vote_has_a_successor');
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER a_superseded_vote_has_a_successor
AFTER UPDATE ON governance_vote DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION governance_require_successor();

-- What a count leaves behind ----------------------------------------------------------------

CREATE FUNCTION governance_follow_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM governance_ballot WHERE id = NEW.ballot_id FOR SHARE;
    IF NOT EXISTS (
        SELECT FROM governance_ballot WHERE id = NEW.ballot_id
           AND state IN ('certified', 'not_held_no_quorum') AND text_sha256 = NEW.text_sha256
    ) THEN
        PERFORM governance_refuse('a_decision_follows_the_count_of_its_text');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_decision_follows_the_count_of_its_text
BEFORE INSERT ON governance_decision FOR EACH ROW EXECUTE FUNCTION governance_follow_count();

CREATE TRIGGER a_decision_is_never_changed
BEFORE UPDATE OR DELETE ON governance_decision FOR EACH ROW
EXECUTE FUNCTION governance_refuse_change('a_decision_is_never_changed');

CREATE TRIGGER a_quorum_check_is_never_changed
BEFORE UPDATE OR DELETE ON governance_quorumcheck FOR EACH ROW
EXECUTE FUNCTION governance_refuse_change('a_quorum_check_is_never_changed');

CREATE TRIGGER an_inner_approval_is_never_changed
BEFORE UPDATE OR DELETE ON governance_innerapproval FOR EACH ROW
EXECUTE FUNCTION governance_refuse_change('an_inner_approval_is_never_changed');

CREATE TRIGGER a_check_of_authority_is_never_changed
BEFORE UPDATE OR DELETE ON governance_authoritycheck FOR EACH ROW
EXECUTE FUNCTION governance_refuse_change('a_check_of_authority_is_never_changed');

CREATE TRIGGER a_challenge_is_settled_never_rewritten
BEFORE UPDATE OR DELETE ON governance_challenge FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns(
    'a_challenge_is_settled_never_rewritten', 'validity', 'is_material', 'settlement',
    'settlement_note', 'settled_by_id', 'settled_at'
);
"""

RELEASE = """
DROP TRIGGER a_challenge_is_settled_never_rewritten ON governance_challenge;
DROP TRIGGER a_check_of_authority_is_never_changed ON governance_authoritycheck;
DROP TRIGGER an_inner_approval_is_never_changed ON governance_innerapproval;
DROP TRIGGER a_quorum_check_is_never_changed ON governance_quorumcheck;
DROP TRIGGER a_decision_is_never_changed ON governance_decision;
DROP TRIGGER a_decision_follows_the_count_of_its_text ON governance_decision;
DROP TRIGGER a_superseded_vote_has_a_successor ON governance_vote;
DROP TRIGGER a_vote_is_superseded_never_changed ON governance_vote;
DROP TRIGGER votes_enter_an_open_ballot ON governance_vote;
DROP TRIGGER a_roll_is_frozen_at_the_opening ON governance_rollentry;
DROP TRIGGER a_ballot_begins_prepared ON governance_ballot;
DROP TRIGGER a_ballot_goes_forward ON governance_ballot;
DROP TRIGGER a_ballot_keeps_its_question_and_text ON governance_ballot;
DROP FUNCTION governance_follow_count();
DROP FUNCTION governance_require_successor();
DROP FUNCTION governance_keep_vote();
DROP FUNCTION governance_take_vote();
DROP FUNCTION governance_freeze_roll();
DROP FUNCTION governance_prepare_ballot();
DROP FUNCTION governance_move_ballot();
DROP FUNCTION governance_keep_columns();
DROP FUNCTION governance_refuse_change();
DROP FUNCTION governance_refuse(text);
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial")]
    operations = [migrations.RunSQL(HOLD, reverse_sql=RELEASE)]
