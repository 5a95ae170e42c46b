from django.db import migrations, models

EVERYTHING = ["conflicts:mend", "delete", "quarantine:mend", "undo", "webhooks"]
READING = ["conflicts:read", "quarantine:read", "read"]


def give_scopes(apps, schema_editor):
    """Tokens go on with what they could do before there were scopes."""
    tokens = apps.get_model("companies", "ApiToken").objects
    tokens.filter(read_only=False).update(scopes=EVERYTHING)
    tokens.filter(read_only=True).update(scopes=READING)


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0003_members'),
    ]

    operations = [
        migrations.AddField(
            model_name='apitoken',
            name='created_by',
            field=models.CharField(blank=True, db_default='', max_length=254),
        ),
        migrations.AddField(
            model_name='apitoken',
            name='expires',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='apitoken',
            name='name',
            field=models.CharField(blank=True, db_default='', max_length=60),
        ),
        migrations.AddField(
            model_name='apitoken',
            name='revoked_by',
            field=models.CharField(blank=True, db_default='', max_length=254),
        ),
        migrations.AddField(
            model_name='apitoken',
            name='scopes',
            field=models.JSONField(default=list),
        ),
        migrations.RunPython(give_scopes, migrations.RunPython.noop),
    ]
