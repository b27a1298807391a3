"""Drafts of a charter, put to the vote and adopted by the body itself.

A draft keeps its text from the vote on; an edition that comes from a draft is the draft that all
sides agreed to, and once a body has decided anything there is no other way to a new edition.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

HOLD = """
CREATE FUNCTION governance_hold_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM governance_refuse('a_draft_of_a_charter_is_withdrawn_never_deleted');
    END IF;
    IF OLD.withdrawn_at IS NOT NULL
       OR EXISTS (SELECT FROM governance_charterquestion WHERE draft_id = OLD.id) THEN
        PERFORM governance_refuse('a_draft_put_to_the_vote_or_withdrawn_stays_as_it_is');
    END IF;
    IF (OLD.body_id, OLD.author_id, OLD.begun_at, OLD.uid)
       IS DISTINCT FROM (NEW.body_id, NEW.author_id, NEW.begun_at, NEW.uid) THEN
        PERFORM governance_refuse('a_draft_stays_at_its_body_with_its_author');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_draft_put_to_the_vote_or_withdrawn_stays_as_it_is
BEFORE UPDATE OR DELETE ON governance_charterdraft
FOR EACH ROW EXECUTE FUNCTION governance_hold_draft();

CREATE FUNCTION governance_put_charter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM governance_charterdraft WHERE id = NEW.draft_id FOR UPDATE;
    IF NOT EXISTS (
        SELECT FROM governance_charterdraft draft
        JOIN governance_ballot ballot ON ballot.id = NEW.ballot_id
        JOIN governance_meeting meeting ON meeting.id = ballot.meeting_id
        WHERE draft.id = NEW.draft_id AND draft.withdrawn_at IS NULL
          AND ballot.text_sha256 = draft.sha256 AND meeting.body_id = draft.body_id
          AND ballot.decision_type = 'DT-01'
    ) THEN
        PERFORM governance_refuse('a_ballot_on_a_charter_is_about_exactly_its_draft');
    END IF;
    IF EXISTS (
        SELECT FROM governance_charterquestion question
        JOIN governance_ballot ballot ON ballot.id = question.ballot_id
        WHERE question.draft_id = NEW.draft_id
          AND ballot.state NOT IN ('annulled', 'not_held_no_quorum')
    ) THEN
        PERFORM governance_refuse('a_draft_that_was_voted_on_is_not_voted_on_again');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_ballot_on_a_charter_is_about_exactly_its_draft
BEFORE INSERT ON governance_charterquestion
FOR EACH ROW EXECUTE FUNCTION governance_put_charter();

CREATE TRIGGER a_question_about_a_charter_is_never_changed
BEFORE UPDATE OR DELETE ON governance_charterquestion FOR EACH ROW
EXECUTE FUNCTION governance_refuse_change('a_question_about_a_charter_is_never_changed');

CREATE FUNCTION governance_adopt_charter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.draft_id IS NULL THEN
        IF EXISTS (
            SELECT FROM governance_decision decision
            JOIN governance_ballot ballot ON ballot.id = decision.ballot_id
            JOIN governance_meeting meeting ON meeting.id = ballot.meeting_id
            WHERE meeting.body_id = NEW.body_id
        ) THEN
            PERFORM governance_refuse('a_body_that_has_decided_votes_on_its_charter');
        END IF;
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT FROM governance_charterdraft draft
        JOIN governance_charterquestion question ON question.draft_id = draft.id
        JOIN governance_ballot ballot ON ballot.id = question.ballot_id
        JOIN governance_decision decision ON decision.ballot_id = ballot.id
        WHERE draft.id = NEW.draft_id AND draft.body_id = NEW.body_id
          AND draft.rules = NEW.rules AND draft.procedure = NEW.procedure
          AND draft.document_ru = NEW.document_ru
          AND ballot.state = 'certified' AND decision.result = 'agreed'
          AND decision.text_sha256 = draft.sha256
    ) THEN
        PERFORM governance_refuse('an_edition_is_the_draft_that_the_body_adopted');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER an_edition_is_the_draft_that_the_body_adopted
BEFORE INSERT ON governance_charterversion
FOR EACH ROW EXECUTE FUNCTION governance_adopt_charter();
"""

RELEASE = """
DROP TRIGGER an_edition_is_the_draft_that_the_body_adopted ON governance_charterversion;
DROP FUNCTION governance_adopt_charter();
DROP TRIGGER a_question_about_a_charter_is_never_changed ON governance_charterquestion;
DROP TRIGGER a_ballot_on_a_charter_is_about_exactly_its_draft ON governance_charterquestion;
DROP FUNCTION governance_put_charter();
DROP TRIGGER a_draft_put_to_the_vote_or_withdrawn_stays_as_it_is ON governance_charterdraft;
DROP FUNCTION governance_hold_draft();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0006_papers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="ballot",
            name="decision_type",
            field=models.CharField(
                choices=[
                    ("DT-01", "Adopt or change the charter"),
                    ("DT-03", "Adopt an amendment or a clause"),
                    ("DT-04", "Adopt a set of requirements as a whole"),
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
                ],
                max_length=5,
                verbose_name="kind of decision",
            ),
        ),
        migrations.CreateModel(
            name="CharterDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("template", models.CharField(blank=True, max_length=60, verbose_name="template")),
                (
                    "document_ru",
                    models.CharField(max_length=300, verbose_name="document in Russian"),
                ),
                (
                    "document_en",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="document in English"
                    ),
                ),
                ("reasons_ru", models.TextField(blank=True, verbose_name="why, in Russian")),
                ("reasons_en", models.TextField(blank=True, verbose_name="why, in English")),
                ("rules", models.JSONField(verbose_name="decision rules")),
                ("procedure", models.JSONField(verbose_name="procedure")),
                ("effective_from", models.DateField(verbose_name="in force from")),
                ("sha256", models.CharField(max_length=64, verbose_name="digest of the text")),
                ("begun_at", models.DateTimeField(verbose_name="begun at")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at"),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charter_drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "based_on",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="governance.charterversion",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charter_drafts",
                        to="governance.body",
                    ),
                ),
            ],
            options={
                "verbose_name": "draft of a charter",
                "verbose_name_plural": "drafts of charters",
            },
        ),
        migrations.AddField(
            model_name="charterversion",
            name="draft",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="version",
                to="governance.charterdraft",
            ),
        ),
        migrations.CreateModel(
            name="CharterQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("put_at", models.DateTimeField(verbose_name="put at")),
                (
                    "ballot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charter_question",
                        to="governance.ballot",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="governance.charterdraft",
                    ),
                ),
            ],
            options={
                "verbose_name": "question about a charter",
                "verbose_name_plural": "questions about charters",
            },
        ),
        migrations.AddConstraint(
            model_name="charterdraft",
            constraint=models.CheckConstraint(
                condition=models.Q(("document_ru", ""), _negated=True),
                name="a_draft_charter_has_a_russian_name",
                violation_error_message="Name the document in Russian.",
            ),
        ),
        migrations.AddConstraint(
            model_name="charterdraft",
            constraint=models.CheckConstraint(
                condition=models.Q(("changed_at__gte", models.F("begun_at"))),
                name="a_draft_charter_changes_after_it_is_begun",
            ),
        ),
        migrations.RunSQL(HOLD, RELEASE),
    ]
