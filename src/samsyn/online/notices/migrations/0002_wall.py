from django.db import migrations

from samsyn.records.walling import walled


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0001_notices'),
        ('records', '0012_wall'),
    ]

    operations = [
        walled("notice", "notice_setting"),
    ]
