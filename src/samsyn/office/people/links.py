"""Which employee of a company database a user is."""

from __future__ import annotations

from samsyn.office.people.models import EmployeeLink


def employee_id(company: str, user: str) -> str | None:
    """The record id of the employee that a user is linked to; None where he is to none."""
    found = EmployeeLink.objects.filter(company_id=company, user_id=user)
    return found.values_list("employee", flat=True).first()
