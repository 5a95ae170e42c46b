from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0004_token_scopes'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='apitoken',
            name='read_only',
        ),
    ]
