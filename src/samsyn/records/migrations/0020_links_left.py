"""How far the office had come when it left a link for the next one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0019_told_anew")]

    operations = [
        migrations.AddField("link", "left_cursor", models.BigIntegerField(null=True)),
        migrations.AddField("link", "left_batch", models.BigIntegerField(null=True)),
        migrations.AddField("link", "left_chunk", models.BigIntegerField(null=True)),
    ]
