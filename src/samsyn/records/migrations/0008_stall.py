from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0007_restore'),
    ]

    operations = [
        migrations.AddField(
            model_name='connection',
            name='alarms',
            field=models.TextField(db_default='[]', default='[]'),
        ),
    ]
