"""What left quarantine because it was told to the office anew after a restore."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0018_chunk_numbers")]

    operations = [
        migrations.AddField("quarantined", "told_anew", models.BigIntegerField(null=True)),
    ]
