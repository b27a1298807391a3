"""What is known of the certificates of signatures: their period, and whether they were revoked."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0019_remarks_and_publications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="papersignature",
            name="revocation",
            field=models.CharField(
                blank=True, max_length=12, verbose_name="revocation of the certificate"
            ),
        ),
        migrations.AddField(
            model_name="papersignature",
            name="revocation_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="date of that finding"),
        ),
        migrations.AddField(
            model_name="papersignature",
            name="valid_from",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="certificate valid from"
            ),
        ),
        migrations.AddField(
            model_name="papersignature",
            name="valid_to",
            field=models.DateTimeField(blank=True, null=True, verbose_name="certificate valid to"),
        ),
        migrations.AddConstraint(
            model_name="papersignature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("revocation__in", ["not_listed", "later", "outdated"]),
                        ("revocation_at__isnull", False),
                    ),
                    models.Q(
                        models.Q(
                            ("revocation__in", ["not_listed", "later", "outdated"]), _negated=True
                        ),
                        ("revocation_at", None),
                    ),
                    _connector="OR",
                ),
                name="a_finding_about_revocation_has_its_date",
            ),
        ),
    ]
