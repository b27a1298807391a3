"""A question may be whether a decision taken before is confirmed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("negotiation", "0005_tacit_consent"),
    ]

    operations = [
        migrations.AlterField(
            model_name="question",
            name="basis",
            field=models.CharField(
                choices=[
                    ("clause_wording", "wording of clauses"),
                    ("amendment", "amendments"),
                    ("whole", "the text as a whole"),
                    ("confirmation", "a decision taken before"),
                ],
                max_length=20,
                verbose_name="basis",
            ),
        ),
    ]
