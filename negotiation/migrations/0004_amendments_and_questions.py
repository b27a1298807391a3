"""What amendments and questions may become, and when a ballot on a text may open.

A filed proposal keeps its words; a decided one keeps its disposition (B9); nothing is
admitted on a federal mirror (B12). A question is filled while its ballot is prepared and
never afterwards (B2); a ballot opens only on the text that is on the table, with
sub-amendments decided before their amendments (B10) and, on the whole, with every
proposal disposed of and only severable clauses left out (B9, B11).

Where a trigger reads another table it waits for whoever is changing that row: the lock
comes first, in a statement of its own, so that the next one sees what was committed.
"""

from django.db import migrations

AMENDMENT = """
CREATE FUNCTION negotiation_guard_amendment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.disposition <> '' THEN
            RAISE EXCEPTION 'a disposition is made once'
                USING ERRCODE = 'integrity_constraint_violation',
                      CONSTRAINT = 'a_disposition_is_made_once';
        END IF;
        IF (NEW.matter_id, NEW.round_id, NEW.code, NEW.kind, NEW.side_id, NEW.author_id,
            NEW.parent_id, NEW.on_behalf_of, NEW.filed_at, NEW.reason_ru, NEW.reason_en)
           IS DISTINCT FROM
           (OLD.matter_id, OLD.round_id, OLD.code, OLD.kind, OLD.side_id, OLD.author_id,
            OLD.parent_id, OLD.on_behalf_of, OLD.filed_at, OLD.reason_ru, OLD.reason_en)
           OR (OLD.state <> 'stale'
               AND (NEW.proposal_ru, NEW.proposal_en, NEW.sha256)
                   IS DISTINCT FROM (OLD.proposal_ru, OLD.proposal_en, OLD.sha256))
           OR (OLD.clause_id IS NOT NULL AND NEW.clause_id IS DISTINCT FROM OLD.clause_id)
        THEN
            RAISE EXCEPTION 'a filed proposal keeps its words'
                USING ERRCODE = 'integrity_constraint_violation',
                      CONSTRAINT = 'a_filed_proposal_keeps_its_words';
        END IF;
    END IF;
    IF NEW.clause_id IS NOT NULL AND NEW.state NOT IN ('filed', 'not_admitted', 'withdrawn') THEN
        PERFORM FROM negotiation_clause WHERE id = NEW.clause_id FOR SHARE;
        IF EXISTS (
            SELECT FROM negotiation_clause
             WHERE id = NEW.clause_id AND origin = 'federal_mandatory')
        THEN
            RAISE EXCEPTION 'a clause that mirrors a federal norm takes no amendment'
                USING ERRCODE = 'integrity_constraint_violation',
                      CONSTRAINT = 'a_federal_mirror_takes_no_amendment';
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER an_amendment_changes_only_in_order
BEFORE INSERT OR UPDATE ON negotiation_amendment
FOR EACH ROW EXECUTE FUNCTION negotiation_guard_amendment();
ALTER TABLE negotiation_amendment ENABLE ALWAYS TRIGGER an_amendment_changes_only_in_order;
"""
NO_AMENDMENT = """
DROP TRIGGER an_amendment_changes_only_in_order ON negotiation_amendment;
DROP FUNCTION negotiation_guard_amendment();
"""

QUESTION = """
CREATE FUNCTION negotiation_guard_question() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- Wait for whoever is opening the ballot right now. The second statement takes a
        -- new snapshot, so it sees what they committed.
        PERFORM FROM governance_ballot b
           JOIN negotiation_question q ON q.ballot_id = b.id
          WHERE q.id = NEW.question_id FOR SHARE OF b;
        IF EXISTS (
            SELECT FROM governance_ballot b
              JOIN negotiation_question q ON q.ballot_id = b.id
             WHERE q.id = NEW.question_id AND b.state = 'prepared')
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a question is filled while its ballot is prepared, and never changed'
        USING ERRCODE = 'integrity_constraint_violation',
              CONSTRAINT = 'a_question_is_frozen_when_its_ballot_opens';
END
$$;
CREATE TRIGGER a_question_is_frozen_when_its_ballot_opens
BEFORE INSERT OR UPDATE OR DELETE ON negotiation_questionwording
FOR EACH ROW EXECUTE FUNCTION negotiation_guard_question();
ALTER TABLE negotiation_questionwording
ENABLE ALWAYS TRIGGER a_question_is_frozen_when_its_ballot_opens;
CREATE TRIGGER a_question_is_frozen_when_its_ballot_opens
BEFORE INSERT OR UPDATE OR DELETE ON negotiation_questionamendment
FOR EACH ROW EXECUTE FUNCTION negotiation_guard_question();
ALTER TABLE negotiation_questionamendment
ENABLE ALWAYS TRIGGER a_question_is_frozen_when_its_ballot_opens;
"""
NO_QUESTION = """
DROP TRIGGER a_question_is_frozen_when_its_ballot_opens ON negotiation_questionamendment;
DROP TRIGGER a_question_is_frozen_when_its_ballot_opens ON negotiation_questionwording;
DROP FUNCTION negotiation_guard_question();
"""

OPENING = """
CREATE FUNCTION negotiation_guard_opening() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked negotiation_question%ROWTYPE;
BEGIN
    -- At commit the ballot may have gone on already; what is open must be open in order.
    SELECT q.* INTO asked FROM negotiation_question q
      JOIN governance_ballot b ON b.id = q.ballot_id
     WHERE b.id = NEW.id AND b.state = 'open';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    -- Every act on a text locks its matter: wait for the one that is under way.
    PERFORM FROM negotiation_matter WHERE id = asked.matter_id FOR UPDATE;
    IF EXISTS (
        SELECT FROM negotiation_questionwording w
          JOIN negotiation_clause c ON c.id = w.clause_id
         WHERE w.question_id = asked.id
           AND COALESCE(c.tabled_wording_id, c.current_wording_id) <> w.wording_id)
    THEN
        RAISE EXCEPTION 'another wording is on the table'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'a_ballot_opens_on_the_text_on_the_table';
    END IF;
    IF EXISTS (
        SELECT FROM negotiation_questionamendment n
          JOIN negotiation_amendment child ON child.parent_id = n.amendment_id
         WHERE n.question_id = asked.id AND child.disposition = ''
           AND NOT EXISTS (
               SELECT FROM negotiation_questionamendment other
                WHERE other.question_id = asked.id AND other.amendment_id = child.id))
    THEN
        RAISE EXCEPTION 'a sub-amendment is decided before its amendment'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'a_sub_amendment_is_decided_before_its_amendment';
    END IF;
    IF asked.basis = 'amendment' AND EXISTS (
        SELECT FROM negotiation_questionamendment n
          JOIN negotiation_amendment a ON a.id = n.amendment_id
         WHERE n.question_id = asked.id AND a.side_id IS NULL AND a.sponsor_side_id IS NULL)
    THEN
        RAISE EXCEPTION 'a consultative proposal needs a side behind it'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'a_consultative_proposal_is_voted_with_a_sponsor';
    END IF;
    IF asked.basis = 'clause_wording' AND EXISTS (
        SELECT FROM negotiation_questionwording w
          JOIN negotiation_amendment a ON a.clause_id = w.clause_id
         WHERE w.question_id = asked.id AND a.disposition = ''
           AND NOT EXISTS (
               SELECT FROM negotiation_questionamendment n
                WHERE n.question_id = asked.id AND n.amendment_id = a.id))
    THEN
        RAISE EXCEPTION 'an amendment to the clause has no disposition'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'every_amendment_is_disposed_of_before_its_clause';
    END IF;
    IF asked.basis = 'whole' THEN
        IF EXISTS (
            SELECT FROM negotiation_amendment
             WHERE matter_id = asked.matter_id AND disposition = '')
        THEN
            RAISE EXCEPTION 'an amendment has no disposition'
                USING ERRCODE = 'integrity_constraint_violation',
                      CONSTRAINT = 'every_amendment_is_disposed_of_before_the_whole';
        END IF;
        IF EXISTS (
            SELECT FROM negotiation_clause c
              JOIN negotiation_clausedocument d ON d.id = c.document_id
             WHERE d.matter_id = asked.matter_id AND c.state <> 'deleted'
               AND NOT EXISTS (
                   SELECT FROM negotiation_questionwording w
                    WHERE w.question_id = asked.id AND w.clause_id = c.id)
               AND NOT (c.severable AND EXISTS (
                   SELECT FROM negotiation_disagreement g
                    WHERE g.clause_id = c.id AND g.state <> 'settled')))
        THEN
            RAISE EXCEPTION 'only a severable clause in disagreement is left out'
                USING ERRCODE = 'integrity_constraint_violation',
                      CONSTRAINT = 'only_a_severable_clause_is_left_out';
        END IF;
    END IF;
    RETURN NULL;
END
$$;
-- Deferred to the commit: the act of opening refuses first, in words that people understand.
CREATE CONSTRAINT TRIGGER a_ballot_opens_only_on_a_text_that_is_ready
AFTER UPDATE OF state ON governance_ballot
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (OLD.state = 'prepared' AND NEW.state = 'open')
EXECUTE FUNCTION negotiation_guard_opening();
ALTER TABLE governance_ballot
ENABLE ALWAYS TRIGGER a_ballot_opens_only_on_a_text_that_is_ready;
"""
NO_OPENING = """
DROP TRIGGER a_ballot_opens_only_on_a_text_that_is_ready ON governance_ballot;
DROP FUNCTION negotiation_guard_opening();
"""

WHILE_OPEN = """
CREATE FUNCTION negotiation_guard_table_under_vote() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever opens a ballot on this text right now holds its matter: wait for them. The
    -- ballot itself is not locked here, because opening takes the two in the other order.
    PERFORM FROM negotiation_matter m
       JOIN negotiation_clausedocument d ON d.matter_id = m.id
      WHERE d.id = NEW.document_id FOR UPDATE OF m;
    IF EXISTS (
        SELECT FROM governance_ballot b
          JOIN negotiation_question q ON q.ballot_id = b.id
          JOIN negotiation_questionwording w ON w.question_id = q.id
         WHERE w.clause_id = NEW.id AND b.state IN ('open', 'closed'))
    THEN
        RAISE EXCEPTION 'the text of an open ballot does not move'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'the_text_of_an_open_ballot_does_not_move';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER the_text_of_an_open_ballot_does_not_move
BEFORE UPDATE OF tabled_wording_id, current_wording_id ON negotiation_clause
FOR EACH ROW
WHEN (COALESCE(NEW.tabled_wording_id, NEW.current_wording_id)
      IS DISTINCT FROM COALESCE(OLD.tabled_wording_id, OLD.current_wording_id))
EXECUTE FUNCTION negotiation_guard_table_under_vote();
ALTER TABLE negotiation_clause ENABLE ALWAYS TRIGGER the_text_of_an_open_ballot_does_not_move;
"""
NO_WHILE_OPEN = """
DROP TRIGGER the_text_of_an_open_ballot_does_not_move ON negotiation_clause;
DROP FUNCTION negotiation_guard_table_under_vote();
"""


class Migration(migrations.Migration):
    dependencies = [("negotiation", "0003_clauses_and_ballots")]
    operations = [
        migrations.RunSQL(AMENDMENT, reverse_sql=NO_AMENDMENT),
        migrations.RunSQL(QUESTION, reverse_sql=NO_QUESTION),
        migrations.RunSQL(OPENING, reverse_sql=NO_OPENING),
        migrations.RunSQL(WHILE_OPEN, reverse_sql=NO_WHILE_OPEN),
    ]
