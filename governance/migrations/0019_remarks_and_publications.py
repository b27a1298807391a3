"""Remarks on draft protocols, and what was opened to everybody; triggers keep them."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEEP = """
CREATE TRIGGER a_remark_is_answered_never_rewritten
BEFORE UPDATE OR DELETE ON governance_protocolremark FOR EACH ROW
EXECUTE FUNCTION governance_keep_columns(
    'a_remark_is_answered_never_rewritten', 'disposition', 'answer', 'answered_by_id', 'answered_at'
);

CREATE FUNCTION governance_answer_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.answered_at IS NOT NULL THEN
        PERFORM governance_refuse('a_remark_is_answered_once');
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER a_remark_is_answered_once
BEFORE UPDATE ON governance_protocolremark FOR EACH ROW EXECUTE FUNCTION governance_answer_once();

CREATE TRIGGER a_publication_is_never_taken_back
BEFORE UPDATE OR DELETE ON governance_paperpublication FOR EACH ROW
EXECUTE FUNCTION governance_refuse_change('a_publication_is_never_taken_back');
"""
RELEASE = """
DROP TRIGGER a_publication_is_never_taken_back ON governance_paperpublication;
DROP TRIGGER a_remark_is_answered_once ON governance_protocolremark;
DROP TRIGGER a_remark_is_answered_never_rewritten ON governance_protocolremark;
DROP FUNCTION governance_answer_once();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0018_confirmations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperPublication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("published_at", models.DateTimeField(verbose_name="published at")),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publication",
                        to="governance.issuedpaper",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "publication of a paper",
                "verbose_name_plural": "publications of papers",
            },
        ),
        migrations.CreateModel(
            name="ProtocolRemark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("text", models.CharField(max_length=2000, verbose_name="remark")),
                ("filed_at", models.DateTimeField(verbose_name="filed at")),
                (
                    "disposition",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "Taken into account"),
                            ("accepted_partly", "Taken into account in part"),
                            ("rejected", "Declined"),
                        ],
                        max_length=16,
                        verbose_name="conclusion",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=2000, verbose_name="reason")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered at"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="protocol_remarks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "protocol",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="governance.protocol",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.seat",
                    ),
                ),
            ],
            options={
                "verbose_name": "remark on a draft protocol",
                "verbose_name_plural": "remarks on draft protocols",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("protocol", "number"),
                        name="remarks_on_a_protocol_are_numbered_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="a_remark_has_words",
                        violation_error_message="Write the remark.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", ""),
                                ("answered_at", None),
                                ("answered_by", None),
                                ("disposition", ""),
                            ),
                            models.Q(
                                models.Q(("disposition", ""), _negated=True),
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                models.Q(("answered_by", models.F("person")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_remark_is_answered_with_a_reason_by_another_person",
                        violation_error_message="A remark needs a conclusion and its reason.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEEP, reverse_sql=RELEASE),
    ]
