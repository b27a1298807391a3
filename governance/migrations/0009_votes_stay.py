"""A vote stays on a replica too, and for a session that switches ordinary triggers off.

A superuser may say `session_replication_role = replica`, which a restored dump says as well; then
only triggers that are always enabled are asked. Emptying the whole table and dropping the trigger
remain with the owner of the tables, who has to be trusted or watched from outside.
"""

from django.db import migrations

STAY = """
ALTER TABLE governance_vote ENABLE ALWAYS TRIGGER a_vote_is_superseded_never_changed;
"""

UNDO = """
ALTER TABLE governance_vote ENABLE TRIGGER a_vote_is_superseded_never_changed;
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0008_the_floor")]
    operations = [migrations.RunSQL(STAY, reverse_sql=UNDO)]
