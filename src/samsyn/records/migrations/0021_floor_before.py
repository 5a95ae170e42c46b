"""How far the office had taken in online work before a restore set that back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0020_links_left")]

    operations = [
        migrations.AddField("restore", "floor_before", models.BigIntegerField(null=True)),
    ]
