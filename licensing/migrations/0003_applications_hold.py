"""An application is judged by the version it was pinned to, or by one chosen as a whole."""

from django.db import migrations

HOLD = """
CREATE FUNCTION licensing_date_application() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.filed_on <> (NEW.filed_at AT TIME ZONE 'Asia/Krasnoyarsk')::date
        OR NEW.accepted_on <> (NEW.accepted_at AT TIME ZONE 'Asia/Krasnoyarsk')::date
    THEN
        PERFORM governance_refuse('dates_of_an_application_are_those_of_krasnoyarsk');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER dates_of_an_application_are_those_of_krasnoyarsk
BEFORE INSERT OR UPDATE ON licensing_permitapplication
FOR EACH ROW EXECUTE FUNCTION licensing_date_application();

CREATE TRIGGER an_application_is_never_rewritten
BEFORE UPDATE OR DELETE ON licensing_permitapplication FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns(
    'an_application_is_never_rewritten', 'accepted_at', 'accepted_on', 'version_id',
    'chose_new_version', 'chosen_at', 'not_before'
);

CREATE FUNCTION licensing_pin_application() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own_scope text;
BEGIN
    SELECT scope INTO own_scope
      FROM licensing_requirementset WHERE id = NEW.requirement_set_id;
    IF TG_OP = 'INSERT' THEN
        IF NEW.version_id IS NOT NULL THEN
            PERFORM governance_refuse('an_application_is_filed_before_it_is_pinned');
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.accepted_at IS NOT NULL
        AND (OLD.accepted_at, OLD.accepted_on) IS DISTINCT FROM (NEW.accepted_at, NEW.accepted_on)
    THEN
        PERFORM governance_refuse('an_application_is_accepted_once');
    END IF;
    IF OLD.chose_new_version AND (
        OLD.version_id, OLD.chose_new_version, OLD.chosen_at, OLD.not_before
    ) IS DISTINCT FROM (NEW.version_id, NEW.chose_new_version, NEW.chosen_at, NEW.not_before)
    THEN
        PERFORM governance_refuse('an_applicant_chooses_once');
    END IF;
    IF OLD.version_id IS NOT DISTINCT FROM NEW.version_id
        AND OLD.chose_new_version = NEW.chose_new_version
    THEN
        RETURN NEW;
    END IF;

    -- Wait for whoever changes the days of the version right now; then read them.
    PERFORM FROM licensing_requirementversion WHERE id = NEW.version_id FOR SHARE;
    IF OLD.version_id IS NULL THEN
        IF NEW.chose_new_version OR NOT EXISTS (
            SELECT FROM licensing_inforceperiod
             WHERE version_id = NEW.version_id AND scope = own_scope AND known_to IS NULL
               AND valid_from <= NEW.accepted_on
               AND (valid_to IS NULL OR valid_to > NEW.accepted_on)
        ) THEN
            PERFORM governance_refuse('an_application_is_pinned_to_the_version_in_force');
        END IF;
        RETURN NEW;
    END IF;
    IF NOT NEW.chose_new_version OR OLD.chose_new_version OR NOT EXISTS (
        SELECT FROM licensing_requirementversion
         WHERE id = NEW.version_id AND scope = own_scope
           AND state IN ('published', 'in_force', 'transition', 'superseded')
           AND in_force_from > NEW.accepted_on AND in_force_from = NEW.not_before
    ) THEN
        PERFORM governance_refuse('only_a_newer_version_as_a_whole_is_chosen');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER an_application_stays_with_its_version
BEFORE INSERT OR UPDATE ON licensing_permitapplication
FOR EACH ROW EXECUTE FUNCTION licensing_pin_application();
"""

RELEASE = """
DROP TRIGGER an_application_stays_with_its_version ON licensing_permitapplication;
DROP TRIGGER an_application_is_never_rewritten ON licensing_permitapplication;
DROP TRIGGER dates_of_an_application_are_those_of_krasnoyarsk ON licensing_permitapplication;
DROP FUNCTION licensing_pin_application();
DROP FUNCTION licensing_date_application();
"""


class Migration(migrations.Migration):
    dependencies = [("licensing", "0002_versions_hold")]
    operations = [migrations.RunSQL(HOLD, reverse_sql=RELEASE)]
