from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0005_groups'),
    ]

    operations = [
        migrations.AddField(
            model_name='connection',
            name='held',
            field=models.TextField(default='[]'),
        ),
    ]
