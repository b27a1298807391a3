"""A body confirms a decision of its own: of the same text, by the same rule."""

import django.db.models.deletion
from django.db import migrations, models

HOLD = """
CREATE FUNCTION governance_confirm_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM governance_decision AS decision
          JOIN governance_ballot AS first ON first.id = decision.ballot_id
          JOIN governance_meeting AS there ON there.id = first.meeting_id
          JOIN governance_meeting AS here ON here.id = NEW.meeting_id
         WHERE decision.id = NEW.confirms_id AND decision.result = 'agreed'
           AND here.body_id = there.body_id AND first.confirms_id IS NULL
           AND NEW.text_sha256 = decision.text_sha256
           AND NEW.topics = first.topics
           AND NEW.charter_version_id = first.charter_version_id
    ) THEN
        PERFORM governance_refuse('a_confirmation_is_of_the_same_text_by_the_same_rule');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_confirmation_is_of_the_same_text_by_the_same_rule
BEFORE INSERT OR UPDATE OF charter_version_id ON governance_ballot FOR EACH ROW
WHEN (NEW.confirms_id IS NOT NULL)
EXECUTE FUNCTION governance_confirm_decision();
"""

RELEASE = """
DROP TRIGGER a_confirmation_is_of_the_same_text_by_the_same_rule ON governance_ballot;
DROP FUNCTION governance_confirm_decision();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0017_papers_are_checked"),
    ]

    operations = [
        migrations.AddField(
            model_name="ballot",
            name="confirm_reason",
            field=models.CharField(blank=True, max_length=500, verbose_name="why it is confirmed"),
        ),
        migrations.AddField(
            model_name="ballot",
            name="confirms",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="confirmations",
                to="governance.decision",
                verbose_name="confirms",
            ),
        ),
        migrations.AddField(
            model_name="historicalballot",
            name="confirm_reason",
            field=models.CharField(blank=True, max_length=500, verbose_name="why it is confirmed"),
        ),
        migrations.AddField(
            model_name="historicalballot",
            name="confirms",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="governance.decision",
                verbose_name="confirms",
            ),
        ),
        migrations.AlterField(
            model_name="ballot",
            name="decision_type",
            field=models.CharField(
                choices=[
                    ("DT-01", "Adopt or change the charter"),
                    ("DT-03", "Adopt an amendment or a clause"),
                    ("DT-04", "Adopt a set of requirements as a whole"),
                    ("DT-18", "Confirm a decision of one's own"),
                ],
                max_length=5,
                verbose_name="kind of decision",
            ),
        ),
        migrations.AlterField(
            model_name="historicalballot",
            name="decision_type",
            field=models.CharField(
                choices=[
                    ("DT-01", "Adopt or change the charter"),
                    ("DT-03", "Adopt an amendment or a clause"),
                    ("DT-04", "Adopt a set of requirements as a whole"),
                    ("DT-18", "Confirm a decision of one's own"),
                ],
                max_length=5,
                verbose_name="kind of decision",
            ),
        ),
        migrations.AlterField(
            model_name="validityreport",
            name="occasion",
            field=models.CharField(
                choices=[
                    ("count", "the count"),
                    ("challenge", "a doubt about a vote"),
                    ("settlement", "a doubt was settled"),
                    ("protocol", "the protocol was signed"),
                    ("confirmation", "the body confirmed the decision"),
                    ("request", "an examination that was asked for"),
                ],
                max_length=12,
                verbose_name="occasion",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirms__isnull", False),
                        ("decision_type", "DT-18"),
                        models.Q(("confirm_reason", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("decision_type", "DT-18"), _negated=True),
                        ("confirm_reason", ""),
                        ("confirms", None),
                    ),
                    _connector="OR",
                ),
                name="a_confirmation_names_a_decision_and_says_why",
                violation_error_message="Name the decision and say why it is confirmed.",
            ),
        ),
        migrations.RunSQL(HOLD, reverse_sql=RELEASE),
    ]
