"""What a paper was about, in words, is kept with each edition."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("governance", "0009_votes_stay")]

    operations = [
        migrations.AddField(
            model_name="issuedpaper",
            name="name_ru",
            field=models.CharField(
                blank=True, default="", max_length=300, verbose_name="name in Russian"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="issuedpaper",
            name="name_en",
            field=models.CharField(
                blank=True, default="", max_length=300, verbose_name="name in English"
            ),
            preserve_default=False,
        ),
    ]
