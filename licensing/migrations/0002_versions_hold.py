"""A version is the text that was voted; an order is on that text; nothing is rewritten.

The services refuse first, with words for people. These triggers are for whatever goes round
them: a shell, a bulk update, raw SQL. Each names the rule that was broken.
"""

from django.db import migrations

HOLD = """
-- Versions: begun, sealed, moved forward ------------------------------------------------------

CREATE FUNCTION licensing_begin_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.is_sealed THEN
        PERFORM governance_refuse('a_version_is_sealed_after_its_clauses');
    END IF;
    IF NEW.scope <> (
        SELECT scope FROM licensing_requirementset WHERE id = NEW.requirement_set_id
    ) THEN
        PERFORM governance_refuse('a_version_has_the_scope_of_its_set');
    END IF;
    IF NEW.adopted_in_id IS NULL THEN
        RETURN NEW;
    END IF;
    IF NEW.state <> 'legal_review' OR NEW.approved_by_id IS NOT NULL OR NEW.order_number <> ''
        OR NEW.published_at IS NOT NULL OR NEW.in_force_from IS NOT NULL
    THEN
        PERFORM governance_refuse('a_version_begins_before_the_approving_official');
    END IF;
    IF NOT EXISTS (
        SELECT FROM governance_ballot ballot
          JOIN governance_decision decision ON decision.ballot_id = ballot.id
          JOIN negotiation_question question ON question.ballot_id = ballot.id
          JOIN licensing_requirementset own ON own.matter_id = question.matter_id
         WHERE ballot.id = NEW.adopted_in_id
           AND own.id = NEW.requirement_set_id
           AND question.basis = 'whole'
           AND decision.result = 'agreed'
           AND ballot.text_sha256 = NEW.text_sha256
    ) THEN
        PERFORM governance_refuse('a_version_is_the_text_that_was_voted');
    END IF;
    IF NEW.resubmission_of_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM licensing_requirementversion
         WHERE id = NEW.resubmission_of_id AND state = 'returned'
           AND requirement_set_id = NEW.requirement_set_id
    ) THEN
        PERFORM governance_refuse('only_a_returned_version_is_submitted_anew');
    END IF;
    -- Without this a text could be returned again as if it came for the first time.
    IF NEW.resubmission_of_id IS NULL AND EXISTS (
        SELECT FROM licensing_requirementversion earlier
         WHERE earlier.requirement_set_id = NEW.requirement_set_id
           AND earlier.state = 'returned'
           AND NOT EXISTS (
               SELECT FROM licensing_requirementversion
                WHERE resubmission_of_id = earlier.id
           )
    ) THEN
        PERFORM governance_refuse('a_text_that_comes_back_names_its_return');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_version_begins_with_the_text_voted
BEFORE INSERT ON licensing_requirementversion
FOR EACH ROW EXECUTE FUNCTION licensing_begin_version();

CREATE TRIGGER a_version_keeps_its_text_and_origin
BEFORE UPDATE OR DELETE ON licensing_requirementversion FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns(
    'a_version_keeps_its_text_and_origin', 'is_sealed', 'state', 'approved_by_id', 'approved_at',
    'order_number', 'order_text_sha256', 'published_at', 'in_force_from', 'in_force_to',
    'existing_permits_until'
);

CREATE FUNCTION licensing_seal_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    digest text;
BEGIN
    IF NOT NEW.is_sealed THEN
        PERFORM governance_refuse('a_seal_is_never_broken');
    END IF;
    IF OLD.is_sealed THEN
        RETURN NEW;
    END IF;
    SELECT encode(sha256(convert_to(string_agg(sha256, '' ORDER BY position), 'UTF8')), 'hex')
      INTO digest FROM licensing_versionclause WHERE version_id = NEW.id;
    IF digest IS DISTINCT FROM NEW.text_sha256 THEN
        PERFORM governance_refuse('the_clauses_of_a_version_add_up_to_its_digest');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_version_is_sealed_with_its_digest
BEFORE UPDATE ON licensing_requirementversion
FOR EACH ROW EXECUTE FUNCTION licensing_seal_version();

CREATE FUNCTION licensing_require_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM licensing_requirementversion WHERE id = NEW.id AND NOT is_sealed
    ) THEN
        PERFORM governance_refuse('a_version_is_sealed_by_the_act_that_makes_it');
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER a_version_is_sealed_by_the_act_that_makes_it
AFTER INSERT ON licensing_requirementversion DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION licensing_require_seal();

CREATE FUNCTION licensing_move_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('legal_review', 'approved'), ('legal_review', 'returned'),
        ('approved', 'published'), ('published', 'in_force'),
        ('in_force', 'transition'), ('in_force', 'superseded'), ('transition', 'superseded')
    ) THEN
        PERFORM governance_refuse('a_version_goes_forward');
    END IF;
    IF (OLD.approved_by_id, OLD.approved_at, OLD.order_number, OLD.order_text_sha256)
        IS DISTINCT FROM
       (NEW.approved_by_id, NEW.approved_at, NEW.order_number, NEW.order_text_sha256)
        AND (OLD.state, NEW.state) <> ('legal_review', 'approved')
    THEN
        PERFORM governance_refuse('an_order_is_given_once');
    END IF;
    IF (OLD.published_at, OLD.in_force_from, OLD.existing_permits_until)
        IS DISTINCT FROM
       (NEW.published_at, NEW.in_force_from, NEW.existing_permits_until)
        AND (OLD.state, NEW.state) <> ('approved', 'published')
    THEN
        PERFORM governance_refuse('the_dates_of_a_version_are_announced_once');
    END IF;
    IF OLD.in_force_to IS DISTINCT FROM NEW.in_force_to
        AND (OLD.state, NEW.state) <> ('approved', 'published')
        AND (NEW.in_force_to IS NULL OR NEW.in_force_to > OLD.in_force_to)
    THEN
        PERFORM governance_refuse('the_term_of_a_version_is_only_shortened');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_version_goes_forward
BEFORE UPDATE ON licensing_requirementversion
FOR EACH ROW EXECUTE FUNCTION licensing_move_version();

-- The order: by somebody who spoke for no side, with every visa, or a return -------------------

CREATE FUNCTION licensing_spoke_for_a_side(person bigint, requirement_set bigint)
RETURNS boolean LANGUAGE sql AS $$
    SELECT EXISTS (
        SELECT FROM governance_vote vote
          JOIN negotiation_question question ON question.ballot_id = vote.ballot_id
          JOIN licensing_requirementset own ON own.matter_id = question.matter_id
         WHERE own.id = requirement_set AND vote.person_id = person AND vote.status <> 'rejected'
    ) OR EXISTS (
        SELECT FROM negotiation_position taken
          JOIN negotiation_clause clause ON clause.id = taken.clause_id
          JOIN negotiation_clausedocument document ON document.id = clause.document_id
          JOIN licensing_requirementset own ON own.matter_id = document.matter_id
         WHERE own.id = requirement_set AND taken.taken_by_id = person
    )
$$;

CREATE FUNCTION licensing_order_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'legal_review' OR NEW.state = 'legal_review' THEN
        RETURN NEW;
    END IF;
    IF NEW.state = 'returned' THEN
        IF NOT EXISTS (SELECT FROM licensing_approvalreturn WHERE version_id = NEW.id) THEN
            PERFORM governance_refuse('a_returned_version_has_its_return');
        END IF;
        RETURN NEW;
    END IF;
    IF licensing_spoke_for_a_side(NEW.approved_by_id, NEW.requirement_set_id) THEN
        PERFORM governance_refuse('who_spoke_for_a_side_does_not_approve');
    END IF;
    -- The last visa of each unit asked, given to these very words: to this version, or to the
    -- one that came back and was confirmed unchanged.
    IF EXISTS (
        SELECT FROM licensing_visarequest asked
         WHERE asked.version_id = NEW.id
           AND COALESCE((
               SELECT visa.result FROM licensing_visa visa
                WHERE visa.unit_id = asked.unit_id
                  AND visa.version_id IN (NEW.id, NEW.resubmission_of_id)
                  AND visa.text_sha256 = NEW.text_sha256
                ORDER BY visa.id DESC LIMIT 1
           ), 'missing') NOT IN ('approved', 'approved_with_remark')
    ) THEN
        PERFORM governance_refuse('an_approved_version_has_every_visa');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER an_order_rests_on_visas_and_on_no_side
BEFORE UPDATE ON licensing_requirementversion
FOR EACH ROW EXECUTE FUNCTION licensing_order_version();

CREATE FUNCTION licensing_return_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version licensing_requirementversion%ROWTYPE;
BEGIN
    -- Wait for whoever approves or returns it right now; then read what they left.
    PERFORM FROM licensing_requirementversion WHERE id = NEW.version_id FOR UPDATE;
    SELECT * INTO version FROM licensing_requirementversion WHERE id = NEW.version_id;
    IF version.state <> 'legal_review' THEN
        PERFORM governance_refuse('only_a_version_that_awaits_its_order_is_returned');
    END IF;
    IF version.resubmission_of_id IS NOT NULL THEN
        PERFORM governance_refuse('a_text_is_returned_once');
    END IF;
    IF licensing_spoke_for_a_side(NEW.returned_by_id, version.requirement_set_id) THEN
        PERFORM governance_refuse('who_spoke_for_a_side_does_not_return');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_text_is_returned_once
BEFORE INSERT ON licensing_approvalreturn
FOR EACH ROW EXECUTE FUNCTION licensing_return_version();

CREATE FUNCTION licensing_require_reasons() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM licensing_returnreason WHERE approval_return_id = NEW.id) THEN
        PERFORM governance_refuse('a_return_gives_a_reason_for_each_clause');
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER a_return_gives_a_reason_for_each_clause
AFTER INSERT ON licensing_approvalreturn DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION licensing_require_reasons();

CREATE FUNCTION licensing_place_reason() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM licensing_approvalreturn given
          JOIN licensing_versionclause clause ON clause.version_id = given.version_id
         WHERE given.id = NEW.approval_return_id AND clause.id = NEW.clause_id
           AND clause.origin <> 'federal_mandatory'
    ) THEN
        PERFORM governance_refuse('a_reason_is_about_a_negotiated_clause_of_the_version');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_reason_is_about_a_negotiated_clause_of_the_version
BEFORE INSERT ON licensing_returnreason
FOR EACH ROW EXECUTE FUNCTION licensing_place_reason();

-- Publication: on the days and within the terms of the pinned charter ---------------------------

CREATE FUNCTION licensing_publish_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rules jsonb;
    published_on date;
BEGIN
    IF OLD.state <> 'approved' OR NEW.state <> 'published' THEN
        RETURN NEW;
    END IF;
    SELECT charter.procedure INTO rules
      FROM licensing_requirementset own
      JOIN negotiation_matter matter ON matter.id = own.matter_id
      JOIN governance_charterversion charter ON charter.id = matter.charter_version_id
     WHERE own.id = NEW.requirement_set_id;
    published_on := (NEW.published_at AT TIME ZONE 'Asia/Krasnoyarsk')::date;
    IF NOT EXISTS (
        SELECT FROM jsonb_array_elements(
            COALESCE(rules -> 'entry_dates', '[[3, 1], [9, 1]]'::jsonb)
        ) AS entry
         WHERE (entry ->> 0)::int = extract(month FROM NEW.in_force_from)
           AND (entry ->> 1)::int = extract(day FROM NEW.in_force_from)
    ) THEN
        PERFORM governance_refuse('a_version_enters_into_force_on_a_day_of_the_charter');
    END IF;
    IF NEW.in_force_from - published_on
        < COALESCE((rules ->> 'min_days_after_publication')::int, 90)
    THEN
        PERFORM governance_refuse('a_version_is_known_long_enough_before_it_binds');
    END IF;
    IF NEW.in_force_to IS NULL OR NEW.in_force_to > (
        NEW.in_force_from + make_interval(years => COALESCE((rules ->> 'max_years')::int, 6))
    )::date THEN
        PERFORM governance_refuse('the_term_of_a_version_is_limited');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER the_dates_of_a_version_follow_the_charter
BEFORE UPDATE ON licensing_requirementversion
FOR EACH ROW EXECUTE FUNCTION licensing_publish_version();

-- Clauses and visas ----------------------------------------------------------------------------

CREATE FUNCTION licensing_add_clause() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Wait for whoever seals the version right now. The second statement sees the seal.
    PERFORM FROM licensing_requirementversion WHERE id = NEW.version_id FOR SHARE;
    IF EXISTS (
        SELECT FROM licensing_requirementversion WHERE id = NEW.version_id AND is_sealed
    ) THEN
        PERFORM governance_refuse('a_sealed_version_takes_no_clause');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_sealed_version_takes_no_clause
BEFORE INSERT ON licensing_versionclause
FOR EACH ROW EXECUTE FUNCTION licensing_add_clause();

CREATE TRIGGER a_clause_of_a_version_never_changes
BEFORE UPDATE OR DELETE ON licensing_versionclause
FOR EACH ROW EXECUTE FUNCTION governance_refuse_change('a_clause_of_a_version_never_changes');

CREATE FUNCTION licensing_give_visa() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Wait for whoever approves or returns right now. The second statement sees it.
    PERFORM FROM licensing_requirementversion WHERE id = NEW.version_id FOR SHARE;
    IF NOT EXISTS (
        SELECT FROM licensing_requirementversion
         WHERE id = NEW.version_id AND state = 'legal_review' AND text_sha256 = NEW.text_sha256
    ) THEN
        PERFORM governance_refuse('a_visa_is_given_to_the_text_that_awaits_its_order');
    END IF;
    IF NOT EXISTS (
        SELECT FROM licensing_visarequest
         WHERE version_id = NEW.version_id AND unit_id = NEW.unit_id
    ) THEN
        PERFORM governance_refuse('a_visa_is_given_by_a_unit_that_was_asked');
    END IF;
    IF NEW.person_id <> (SELECT officer_id FROM licensing_visaunit WHERE id = NEW.unit_id) THEN
        PERFORM governance_refuse('a_visa_is_given_by_the_officer_of_the_unit');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_visa_is_given_to_the_text_that_awaits_its_order
BEFORE INSERT ON licensing_visa FOR EACH ROW EXECUTE FUNCTION licensing_give_visa();

CREATE TRIGGER a_visa_is_never_changed
BEFORE UPDATE OR DELETE ON licensing_visa FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns('a_visa_is_never_changed', 'remark_status');

CREATE FUNCTION licensing_answer_remark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.remark_status <> '' AND OLD.remark_status <> NEW.remark_status THEN
        PERFORM governance_refuse('a_remark_is_answered_once');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_remark_is_answered_once
BEFORE UPDATE ON licensing_visa FOR EACH ROW EXECUTE FUNCTION licensing_answer_remark();

-- What stays as it is ---------------------------------------------------------------------------

CREATE TRIGGER a_requirement_set_never_changes
BEFORE UPDATE OR DELETE ON licensing_requirementset
FOR EACH ROW EXECUTE FUNCTION governance_refuse_change('a_requirement_set_never_changes');

CREATE TRIGGER a_visa_unit_keeps_its_name_and_body
BEFORE UPDATE OR DELETE ON licensing_visaunit FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns(
    'a_visa_unit_keeps_its_name_and_body', 'officer_id', 'valid_to'
);

CREATE TRIGGER a_visa_asked_for_stays_asked
BEFORE UPDATE OR DELETE ON licensing_visarequest
FOR EACH ROW EXECUTE FUNCTION governance_refuse_change('a_visa_asked_for_stays_asked');

CREATE TRIGGER a_return_is_never_changed
BEFORE UPDATE OR DELETE ON licensing_approvalreturn
FOR EACH ROW EXECUTE FUNCTION governance_refuse_change('a_return_is_never_changed');

CREATE TRIGGER a_reason_is_never_changed
BEFORE UPDATE OR DELETE ON licensing_returnreason
FOR EACH ROW EXECUTE FUNCTION governance_refuse_change('a_reason_is_never_changed');

-- What was known stays known (C5) ---------------------------------------------------------------

CREATE TRIGGER a_period_is_never_changed
BEFORE UPDATE OR DELETE ON licensing_inforceperiod FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns('a_period_is_never_changed', 'known_to');

CREATE FUNCTION licensing_end_knowledge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.known_to IS NOT NULL AND OLD.known_to IS DISTINCT FROM NEW.known_to THEN
        PERFORM governance_refuse('knowledge_ends_once');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER knowledge_ends_once
BEFORE UPDATE ON licensing_inforceperiod
FOR EACH ROW EXECUTE FUNCTION licensing_end_knowledge();
"""

RELEASE = """
DROP TRIGGER knowledge_ends_once ON licensing_inforceperiod;
DROP TRIGGER a_period_is_never_changed ON licensing_inforceperiod;
DROP TRIGGER a_reason_is_never_changed ON licensing_returnreason;
DROP TRIGGER a_return_is_never_changed ON licensing_approvalreturn;
DROP TRIGGER a_visa_asked_for_stays_asked ON licensing_visarequest;
DROP TRIGGER a_visa_unit_keeps_its_name_and_body ON licensing_visaunit;
DROP TRIGGER a_requirement_set_never_changes ON licensing_requirementset;
DROP TRIGGER a_remark_is_answered_once ON licensing_visa;
DROP TRIGGER a_visa_is_never_changed ON licensing_visa;
DROP TRIGGER a_visa_is_given_to_the_text_that_awaits_its_order ON licensing_visa;
DROP TRIGGER a_clause_of_a_version_never_changes ON licensing_versionclause;
DROP TRIGGER a_sealed_version_takes_no_clause ON licensing_versionclause;
DROP TRIGGER the_dates_of_a_version_follow_the_charter ON licensing_requirementversion;
DROP TRIGGER a_reason_is_about_a_negotiated_clause_of_the_version ON licensing_returnreason;
DROP TRIGGER a_return_gives_a_reason_for_each_clause ON licensing_approvalreturn;
DROP TRIGGER a_text_is_returned_once ON licensing_approvalreturn;
DROP TRIGGER an_order_rests_on_visas_and_on_no_side ON licensing_requirementversion;
DROP TRIGGER a_version_goes_forward ON licensing_requirementversion;
DROP TRIGGER a_version_is_sealed_by_the_act_that_makes_it ON licensing_requirementversion;
DROP TRIGGER a_version_is_sealed_with_its_digest ON licensing_requirementversion;
DROP TRIGGER a_version_keeps_its_text_and_origin ON licensing_requirementversion;
DROP TRIGGER a_version_begins_with_the_text_voted ON licensing_requirementversion;
DROP FUNCTION licensing_end_knowledge();
DROP FUNCTION licensing_answer_remark();
DROP FUNCTION licensing_give_visa();
DROP FUNCTION licensing_add_clause();
DROP FUNCTION licensing_publish_version();
DROP FUNCTION licensing_place_reason();
DROP FUNCTION licensing_require_reasons();
DROP FUNCTION licensing_return_version();
DROP FUNCTION licensing_order_version();
DROP FUNCTION licensing_spoke_for_a_side(bigint, bigint);
DROP FUNCTION licensing_move_version();
DROP FUNCTION licensing_require_seal();
DROP FUNCTION licensing_seal_version();
DROP FUNCTION licensing_begin_version();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0001_initial"),
        ("governance", "0002_ballots_hold"),
    ]
    operations = [migrations.RunSQL(HOLD, reverse_sql=RELEASE)]
