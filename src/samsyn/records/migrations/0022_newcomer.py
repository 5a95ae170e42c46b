"""Whether a later connection has gone on from one, and whether a connection's database is one that nobody knows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0021_floor_before")]

    operations = [
        migrations.AddField(
            "connection", "followed", models.BooleanField(default=False, db_default=False)
        ),
        migrations.AddField(
            "connection", "newcomer", models.BooleanField(default=False, db_default=False)
        ),
    ]
