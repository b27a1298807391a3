"""Papers that were issued, their files and signatures; triggers keep them as they are."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FROZEN = {
    "issuedpaper": "an_issued_paper_never_changes",
    "paperfile": "an_issued_file_never_changes",
    "papersignature": "a_kept_signature_never_changes",
}
FREEZE = "".join(
    f"""
    CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON governance_{table} FOR EACH ROW
    EXECUTE FUNCTION governance_refuse_change('{name}');
    """
    for table, name in FROZEN.items()
)
THAW = "".join(f"DROP TRIGGER {name} ON governance_{table};" for table, name in FROZEN.items())


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0005_validity_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IssuedPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=30, verbose_name="kind")),
                ("subject_uid", models.UUIDField(verbose_name="what it is about")),
                ("edition", models.PositiveSmallIntegerField(verbose_name="edition")),
                ("status", models.CharField(max_length=10, verbose_name="status")),
                ("issued_at", models.DateTimeField(verbose_name="issued at")),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="governance.body",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "issued paper",
                "verbose_name_plural": "issued papers",
            },
        ),
        migrations.CreateModel(
            name="PaperFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "language",
                    models.CharField(
                        choices=[("ru", "Russian"), ("en", "English")],
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[("pdf", "PDF"), ("docx", "DOCX")],
                        max_length=4,
                        verbose_name="format",
                    ),
                ),
                ("content", models.BinaryField(verbose_name="bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="digest")),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="governance.issuedpaper",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a paper",
                "verbose_name_plural": "files of papers",
            },
        ),
        migrations.CreateModel(
            name="PaperSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("standing", models.CharField(max_length=12, verbose_name="standing")),
                ("signer", models.CharField(max_length=500, verbose_name="signer")),
                (
                    "issuer",
                    models.CharField(max_length=500, verbose_name="issuer of the certificate"),
                ),
                (
                    "serial",
                    models.CharField(max_length=80, verbose_name="number of the certificate"),
                ),
                (
                    "certificate_sha256",
                    models.CharField(max_length=64, verbose_name="digest of the certificate"),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="digest of the signature")),
                ("algorithm", models.CharField(max_length=60, verbose_name="algorithm")),
                (
                    "signed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="time said by the signer"
                    ),
                ),
                ("content", models.BinaryField(verbose_name="the file that was sent")),
                ("kept_at", models.DateTimeField(verbose_name="kept at")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="governance.paperfile",
                    ),
                ),
                (
                    "kept_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "signature of a paper",
                "verbose_name_plural": "signatures of papers",
            },
        ),
        migrations.AddConstraint(
            model_name="issuedpaper",
            constraint=models.UniqueConstraint(
                fields=("kind", "subject_uid", "edition"),
                name="editions_of_a_paper_are_numbered_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="issuedpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("edition__gte", 1)), name="editions_of_a_paper_begin_at_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperfile",
            constraint=models.UniqueConstraint(
                fields=("paper", "language", "format"),
                name="an_edition_has_one_file_per_language_and_format",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "sha256",
                        models.Func(
                            models.Func(models.F("content"), function="sha256"),
                            models.Value("hex"),
                            function="encode",
                            output_field=models.CharField(),
                        ),
                    )
                ),
                name="the_digest_of_a_file_is_that_of_its_bytes",
            ),
        ),
        migrations.AddConstraint(
            model_name="papersignature",
            constraint=models.UniqueConstraint(
                fields=("file", "sha256"), name="a_signature_is_kept_once"
            ),
        ),
        migrations.RunSQL(FREEZE, reverse_sql=THAW),
    ]
