from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0008_stall'),
    ]

    operations = [
        migrations.AddField(
            model_name='company',
            name='trimmed_online',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='company',
            name='checkpoint',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='connection',
            name='trimmed_batch',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='connection',
            name='trimmed_link_batch',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='connection',
            name='trimmed_link_cursor',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='connection',
            name='trimmed_link_at',
            field=models.CharField(max_length=32, null=True),
        ),
    ]
