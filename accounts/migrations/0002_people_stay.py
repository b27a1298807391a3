"""A person is never deleted, whoever tries.

References from other tables are protected already; this holds for somebody to whom nothing
refers. Access ends with a state, and names are kept.
"""

from django.db import migrations

KEEP = """
CREATE FUNCTION accounts_refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'people are blocked or closed, never deleted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_person_is_never_deleted';
END
$$;

CREATE TRIGGER a_person_is_never_deleted
BEFORE DELETE ON accounts_person FOR EACH ROW EXECUTE FUNCTION accounts_refuse_deletion();

CREATE TRIGGER a_name_is_never_deleted
BEFORE DELETE ON accounts_personname FOR EACH ROW EXECUTE FUNCTION accounts_refuse_deletion();
"""

RELEASE = """
DROP TRIGGER a_name_is_never_deleted ON accounts_personname;
DROP TRIGGER a_person_is_never_deleted ON accounts_person;
DROP FUNCTION accounts_refuse_deletion();
"""


class Migration(migrations.Migration):
    """Nothing waits on another table here, so one connection is enough to try it."""

    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(KEEP, reverse_sql=RELEASE)]
