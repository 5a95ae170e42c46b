from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0006_former_addresses'),
    ]

    operations = [
        migrations.AddField(
            model_name='company',
            name='second_factor',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
