"""Nobody votes for more others than the charter of the ballot allows; for one, if it is silent."""

from django.db import migrations, models

LIMIT = """
CREATE FUNCTION governance_limit_proxies() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed integer;
BEGIN
    -- Two votes of one person at the same moment follow each other.
    PERFORM FROM accounts_person WHERE id = NEW.person_id FOR NO KEY UPDATE;
    SELECT COALESCE((charter.procedure ->> 'max_proxies_held')::integer, 1) INTO allowed
      FROM governance_ballot AS ballot
      JOIN governance_charterversion AS charter ON charter.id = ballot.charter_version_id
     WHERE ballot.id = NEW.ballot_id;
    IF allowed <= (
        SELECT count(*) FROM governance_vote
         WHERE ballot_id = NEW.ballot_id AND person_id = NEW.person_id
           AND capacity = 'proxy' AND status = 'counted' AND seat_id <> NEW.seat_id
    ) THEN
        PERFORM governance_refuse('a_person_votes_for_as_many_others_as_the_charter_allows');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER proxies_have_a_limit
BEFORE INSERT ON governance_vote FOR EACH ROW
WHEN (NEW.capacity = 'proxy' AND NEW.status = 'counted')
EXECUTE FUNCTION governance_limit_proxies();
"""

RELEASE = """
DROP TRIGGER proxies_have_a_limit ON governance_vote;
DROP FUNCTION governance_limit_proxies();
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0014_repeats_hold")]
    operations = [
        migrations.AlterField(
            model_name="vote",
            name="reason_code",
            field=models.CharField(
                blank=True,
                choices=[
                    ("superseded_by_principal", "superseded by the principal's own vote"),
                    ("principal_voted", "the principal has voted"),
                    ("proxy_voted", "another proxy has voted"),
                    ("expired", "the mandate has expired"),
                    ("not_yet_valid", "the mandate is not valid yet"),
                    ("revoked_known", "the mandate is revoked"),
                    ("undated", "the mandate has no date of issue"),
                    ("out_of_scope", "the mandate does not cover voting"),
                    ("not_found", "there is no mandate"),
                    (
                        "substitution_outside_parent",
                        "the substitution goes beyond the mandate it rests on",
                    ),
                    ("not_holder", "the person does not hold the seat"),
                    (
                        "other_organisation",
                        "the proxy does not belong to the organisation represented",
                    ),
                    (
                        "giver_not_holder",
                        "whoever the proxy stands in for no longer holds the seat",
                    ),
                    (
                        "too_many_proxies",
                        "the person votes for as many others as the charter allows",
                    ),
                    ("not_delegable", "a personal seat cannot be delegated"),
                    ("proxy_forbidden", "the charter allows no proxy here"),
                    ("recused", "recused for this question"),
                    ("not_on_roll", "the seat is not on the roll of this ballot"),
                    ("after_deadline", "the time for papers was over"),
                    ("not_present", "the seat was not present"),
                    ("no_inner_approval", "the side has not approved this"),
                ],
                max_length=32,
                verbose_name="reason",
            ),
        ),
        migrations.RunSQL(LIMIT, reverse_sql=RELEASE),
    ]
