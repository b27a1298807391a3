"""What a clause may become, and on whose decision.

A clause is agreed, a text adopted and a disagreement settled by a ballot and by nothing
else (B2, B5); a federal mirror and an agreed clause keep their wording (B12). What is
on the table is said of what is on the table. The services refuse first, with words.

Where a trigger reads another table it waits for whoever is changing that row: the lock
comes first, in a statement of its own, so that the next one sees what was committed.
"""

from django.db import migrations

CLAUSE = """
CREATE FUNCTION negotiation_guard_clause() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'deleted' AND NEW.state <> 'deleted' THEN
        RAISE EXCEPTION 'a deleted clause does not come back'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'a_deleted_clause_stays_deleted';
    END IF;
    IF OLD.state = 'agreed' AND NEW.current_wording_id IS DISTINCT FROM OLD.current_wording_id THEN
        RAISE EXCEPTION 'the wording of an agreed clause does not change'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'an_agreed_clause_keeps_its_wording';
    END IF;
    IF OLD.origin = 'federal_mandatory'
       AND (NEW.origin <> OLD.origin
            OR NEW.current_wording_id IS DISTINCT FROM OLD.current_wording_id)
       AND OLD.current_wording_id IS NOT NULL
       AND EXISTS (
           SELECT FROM negotiation_clausedocument d
             JOIN negotiation_matter m ON m.id = d.matter_id
            WHERE d.id = NEW.document_id AND m.state <> 'registered')
    THEN
        RAISE EXCEPTION 'a clause that mirrors a federal norm does not change'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'a_federal_mirror_keeps_its_wording';
    END IF;
    IF NEW.state = 'agreed' AND (OLD.state <> 'agreed' OR NEW.agreed_in_id <> OLD.agreed_in_id)
       AND NOT EXISTS (
           SELECT FROM governance_decision g
             JOIN negotiation_question q ON q.ballot_id = g.ballot_id
             JOIN negotiation_questionwording w ON w.question_id = q.id
            WHERE g.ballot_id = NEW.agreed_in_id AND g.result = 'agreed'
              AND w.clause_id = NEW.id AND w.wording_id = NEW.current_wording_id)
    THEN
        RAISE EXCEPTION 'no ballot adopted this wording of the clause'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'a_clause_is_agreed_by_a_ballot_on_its_wording';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER a_clause_changes_only_in_order BEFORE UPDATE ON negotiation_clause
FOR EACH ROW EXECUTE FUNCTION negotiation_guard_clause();
ALTER TABLE negotiation_clause ENABLE ALWAYS TRIGGER a_clause_changes_only_in_order;

CREATE FUNCTION negotiation_guard_new_clause() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state NOT IN ('draft', 'disputed', 'mirrored') THEN
        RAISE EXCEPTION 'a clause begins as a draft'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'a_clause_is_agreed_by_a_ballot_on_its_wording';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER a_clause_begins_as_a_draft BEFORE INSERT ON negotiation_clause
FOR EACH ROW EXECUTE FUNCTION negotiation_guard_new_clause();
ALTER TABLE negotiation_clause ENABLE ALWAYS TRIGGER a_clause_begins_as_a_draft;
"""
NO_CLAUSE = """
DROP TRIGGER a_clause_begins_as_a_draft ON negotiation_clause;
DROP FUNCTION negotiation_guard_new_clause();
DROP TRIGGER a_clause_changes_only_in_order ON negotiation_clause;
DROP FUNCTION negotiation_guard_clause();
"""

MATTER = """
CREATE FUNCTION negotiation_guard_matter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.charter_version_id IS NOT NULL
       AND NEW.charter_version_id IS DISTINCT FROM OLD.charter_version_id THEN
        RAISE EXCEPTION 'the charter of an open matter is pinned'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'the_charter_of_an_open_matter_is_pinned';
    END IF;
    IF NEW.decided_in_id IS NOT NULL
       AND (TG_OP = 'INSERT' OR NEW.decided_in_id IS DISTINCT FROM OLD.decided_in_id)
       AND NOT EXISTS (
           SELECT FROM governance_decision g
             JOIN negotiation_question q ON q.ballot_id = g.ballot_id
            WHERE g.ballot_id = NEW.decided_in_id AND g.result = 'agreed'
              AND q.matter_id = NEW.id AND q.basis = 'whole')
    THEN
        RAISE EXCEPTION 'no ballot adopted the text as a whole'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'a_text_is_adopted_by_a_ballot_on_the_whole';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER a_matter_changes_only_in_order BEFORE INSERT OR UPDATE ON negotiation_matter
FOR EACH ROW EXECUTE FUNCTION negotiation_guard_matter();
ALTER TABLE negotiation_matter ENABLE ALWAYS TRIGGER a_matter_changes_only_in_order;
"""
NO_MATTER = """
DROP TRIGGER a_matter_changes_only_in_order ON negotiation_matter;
DROP FUNCTION negotiation_guard_matter();
"""

DISAGREEMENT = """
CREATE FUNCTION negotiation_guard_disagreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'settled' THEN
        RAISE EXCEPTION 'a settled disagreement stays settled'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'a_settled_disagreement_stays_settled';
    END IF;
    IF NEW.settled_in_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM governance_decision g
         WHERE g.ballot_id = NEW.settled_in_id AND g.result = 'agreed')
    THEN
        RAISE EXCEPTION 'no ballot settled the disagreement'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'a_disagreement_is_settled_by_an_agreed_ballot';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER a_disagreement_changes_only_in_order
BEFORE INSERT OR UPDATE ON negotiation_disagreement
FOR EACH ROW EXECUTE FUNCTION negotiation_guard_disagreement();
ALTER TABLE negotiation_disagreement
ENABLE ALWAYS TRIGGER a_disagreement_changes_only_in_order;
"""
NO_DISAGREEMENT = """
DROP TRIGGER a_disagreement_changes_only_in_order ON negotiation_disagreement;
DROP FUNCTION negotiation_guard_disagreement();
"""

POSITION = """
CREATE FUNCTION negotiation_guard_position() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Wait for whoever is tabling another wording right now.
    PERFORM FROM negotiation_clause WHERE id = NEW.clause_id FOR SHARE;
    IF NOT EXISTS (
        SELECT FROM negotiation_clause c
         WHERE c.id = NEW.clause_id
           AND COALESCE(c.tabled_wording_id, c.current_wording_id) = NEW.wording_id
           AND c.state IN ('draft', 'disputed', 'not_agreed'))
    THEN
        RAISE EXCEPTION 'a position speaks of the wording on the table of an open clause'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'a_position_is_about_the_wording_on_the_table';
    END IF;
    IF NOT EXISTS (
        SELECT FROM governance_side s
          JOIN negotiation_matter m ON m.body_id = s.body_id
          JOIN negotiation_clausedocument d ON d.matter_id = m.id
          JOIN negotiation_clause c ON c.document_id = d.id
         WHERE s.id = NEW.side_id AND c.id = NEW.clause_id)
    THEN
        RAISE EXCEPTION 'only a side of the table takes a position'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'a_position_is_that_of_a_side_of_the_table';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER a_position_is_about_what_is_on_the_table BEFORE INSERT ON negotiation_position
FOR EACH ROW EXECUTE FUNCTION negotiation_guard_position();
ALTER TABLE negotiation_position
ENABLE ALWAYS TRIGGER a_position_is_about_what_is_on_the_table;
"""
NO_POSITION = """
DROP TRIGGER a_position_is_about_what_is_on_the_table ON negotiation_position;
DROP FUNCTION negotiation_guard_position();
"""

ROOM = """
CREATE FUNCTION negotiation_guard_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM governance_seatholding h
          JOIN governance_seat s ON s.id = h.seat_id
         WHERE s.side_id = NEW.side_id AND h.person_id = NEW.author_id
           AND h.valid_from <= (NEW.written_at AT TIME ZONE 'Asia/Krasnoyarsk')::date
           AND (h.valid_to IS NULL
                OR h.valid_to > (NEW.written_at AT TIME ZONE 'Asia/Krasnoyarsk')::date))
    THEN
        RAISE EXCEPTION 'only holders of a seat of the side write in its room'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'only_its_seats_write_in_the_room_of_a_side';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER only_its_seats_write_in_the_room BEFORE INSERT ON negotiation_roommessage
FOR EACH ROW EXECUTE FUNCTION negotiation_guard_room();
ALTER TABLE negotiation_roommessage ENABLE ALWAYS TRIGGER only_its_seats_write_in_the_room;
"""
NO_ROOM = """
DROP TRIGGER only_its_seats_write_in_the_room ON negotiation_roommessage;
DROP FUNCTION negotiation_guard_room();
"""


class Migration(migrations.Migration):
    dependencies = [("negotiation", "0002_frozen_rows")]
    operations = [
        migrations.RunSQL(CLAUSE, reverse_sql=NO_CLAUSE),
        migrations.RunSQL(MATTER, reverse_sql=NO_MATTER),
        migrations.RunSQL(DISAGREEMENT, reverse_sql=NO_DISAGREEMENT),
        migrations.RunSQL(POSITION, reverse_sql=NO_POSITION),
        migrations.RunSQL(ROOM, reverse_sql=NO_ROOM),
    ]
