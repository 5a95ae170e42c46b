from django.db import migrations

from samsyn.records.walling import walled


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0011_approval'),
    ]

    operations = [
        walled(
            'records_company',
            'records_known_catalog',
            'records_type',
            'records_record',
            'records_change',
            'records_conflict',
            'records_quarantine',
            'records_connection',
            'records_link',
            'records_restore',
            'records_taken',
            'records_traffic',
            'records_office_people',
        ),
    ]
