"""A repeated ballot names one that came to nothing, at the same body and under the same edition.

The edition is that of the first ballot, so that a threshold lowered meanwhile revives nothing.
"""

from django.db import migrations

PREPARE = """
CREATE OR REPLACE FUNCTION governance_prepare_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    earlier governance_ballot;
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
    IF NEW.repeats_id IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM FROM governance_ballot WHERE id = NEW.repeats_id FOR SHARE;
    SELECT * INTO earlier FROM governance_ballot WHERE id = NEW.repeats_id;
    IF (NEW.repeat_ground, earlier.state) NOT IN (
        ('no_quorum', 'not_held_no_quorum'), ('annulled', 'annulled'), ('tie', 'certified')
    ) OR EXISTS (
        SELECT FROM governance_decision WHERE ballot_id = earlier.id AND result = 'agreed'
    ) OR NOT EXISTS (
        SELECT FROM governance_meeting AS here, governance_meeting AS there
         WHERE here.id = NEW.meeting_id AND there.id = earlier.meeting_id
           AND here.body_id = there.body_id
    ) THEN
        PERFORM governance_refuse('only_a_ballot_that_came_to_nothing_is_repeated');
    END IF;
    IF earlier.charter_version_id IS NOT NULL
       AND earlier.charter_version_id IS DISTINCT FROM NEW.charter_version_id THEN
        PERFORM governance_refuse('a_repeated_ballot_keeps_the_charter_of_the_first');
    END IF;
    IF (earlier.text_sha256 = NEW.text_sha256) = (NEW.repeat_note <> '') THEN
        PERFORM governance_refuse('a_repeated_ballot_asks_the_same_or_says_why_not');
    END IF;
    RETURN NEW;
END
$$;

-- The edition is chosen at the preparation here, and not at the opening.
CREATE FUNCTION governance_keep_repeated_charter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM governance_refuse('a_repeated_ballot_keeps_the_charter_of_the_first');
    RETURN NULL;
END
$$;

CREATE TRIGGER a_repeated_ballot_keeps_the_charter_of_the_first
BEFORE UPDATE OF charter_version_id ON governance_ballot FOR EACH ROW
WHEN (OLD.repeats_id IS NOT NULL AND OLD.charter_version_id IS NOT NULL
      AND OLD.charter_version_id IS DISTINCT FROM NEW.charter_version_id)
EXECUTE FUNCTION governance_keep_repeated_charter();
"""

AS_BEFORE = """
DROP TRIGGER a_repeated_ballot_keeps_the_charter_of_the_first ON governance_ballot;
DROP FUNCTION governance_keep_repeated_charter();
CREATE OR REPLACE FUNCTION governance_prepare_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0013_repeated_ballots")]
    operations = [migrations.RunSQL(PREPARE, reverse_sql=AS_BEFORE)]
