from django.db import migrations, models

from samsyn.records.walling import walled


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0016_marks'),
    ]

    operations = [
        migrations.AddField(
            model_name='storedtype',
            name='referenced',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('pk', models.CompositePrimaryKey('company_id', 'target', 'record_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('company_id', models.CharField(max_length=12)),
                ('target', models.CharField(max_length=32)),
                ('record_id', models.CharField(max_length=32)),
            ],
            options={
                'db_table': 'records_reference',
            },
        ),
        walled('records_reference'),
    ]
