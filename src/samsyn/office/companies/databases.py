"""The company databases of the installation, for what runs beside the pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import DatabaseError, connection

from samsyn.companydb.urls import CompanyUrl
from samsyn.office.companies.models import CompanyDatabase, Origin


def databases() -> Mapping[str, CompanyUrl]:
    """By id, without the sample company; none while the system database does not answer.

    The thread that asks keeps no connection to the system database.
    """
    try:
        listed = CompanyDatabase.objects.exclude(origin=Origin.SAMPLE)
        return {one.pk: one.url for one in listed}
    except DatabaseError:
        return {}
    finally:
        connection.close()
