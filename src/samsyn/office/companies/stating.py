"""A company's details and to whom the installation is registered, as a command states them: checked as the pages do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.utils import timezone

from samsyn.core.errors import SamsynError
from samsyn.office.companies.forms import CompanyDetails, Registering
from samsyn.office.companies.models import CompanyDatabase, Registration


class DetailUnfit(SamsynError):
    """A detail that no company has, or that is not what it has to be: `detail`, `value`."""

    code: ClassVar[str] = "DETAIL_UNFIT"


def state_details(company: CompanyDatabase, told: Mapping[str, str]) -> None:
    """Some of the details; the others stay. Raises DetailUnfit."""
    checked = _checked(CompanyDetails({"name": company.name, **told}), told)
    CompanyDatabase.objects.filter(pk=company.pk).update(**checked)


def register_to(company: str, contact: str, phone: str) -> None:
    """Ends the evaluation. Raises DetailUnfit."""
    told = {"company": company, "contact": contact, "phone": phone}
    checked = _checked(Registering(told), told)
    Registration.objects.update_or_create(pk=1, defaults={**checked, "at": timezone.now()})


def _checked(form: forms.Form, told: Mapping[str, str]) -> dict[str, str]:
    """What was told, as its form keeps it; what was not told is not asked for."""
    for name, value in told.items():
        if name not in form.fields or name in form.errors:
            raise DetailUnfit(detail=name, value=value)
    return {name: form.cleaned_data[name] for name in told}
