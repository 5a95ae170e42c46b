from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0010_progress'),
    ]

    operations = [
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('secret_hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('code_hash', models.CharField(max_length=64, unique=True)),
                ('asked', models.TextField()),
                ('address', models.CharField(max_length=64)),
                ('asked_at', models.CharField(max_length=32)),
                ('expires_s', models.BigIntegerField()),
                ('answer', models.CharField(max_length=8)),
                ('company_id', models.CharField(max_length=12, null=True)),
                ('company_name', models.CharField(max_length=200, null=True)),
                ('email', models.CharField(max_length=254, null=True)),
            ],
            options={
                'db_table': 'records_approval',
            },
        ),
        migrations.AddField(
            model_name='pairingcode',
            name='renews',
            field=models.CharField(max_length=12, null=True),
        ),
    ]
