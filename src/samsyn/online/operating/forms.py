"""The forms of the operator's pages, and of a company's end."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.online.companies.accounts import MAX_NAME
from samsyn.records.periods import ORDINARY_DAYS

# Any: as Django's forms have their arguments.


class Suspend(forms.Form):
    """Why a company is suspended."""

    why = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Its members read it when they open the company."),
    )


class Rename(forms.Form):
    """Another name."""

    name = forms.CharField(label=_("Name"), max_length=MAX_NAME)


class Keep(forms.Form):
    """How long a company's changes are kept."""

    days = forms.IntegerField(
        label=_("Days that changes and conflicts are kept"),
        min_value=ORDINARY_DAYS,
        max_value=36_500,
        required=False,
        help_text=_("Empty: as the service does."),
    )


class End(forms.Form):
    """The day on which a company is deleted."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, today: datetime.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> datetime.date:
        """A day to come."""
        day: datetime.date = self.cleaned_data["day"]
        if day < self.today:
            raise forms.ValidationError(_("Choose a day to come."))
        return day


class ByName(forms.Form):
    """Whoever wants a company deleted writes its name."""

    def __init__(self, name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        self.fields["name"] = forms.CharField(
            label=_("The company's name"),
            max_length=MAX_NAME,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )

    def clean_name(self) -> str:
        """The name as it is."""
        told: str = self.cleaned_data["name"].strip()
        if told.casefold() != self.name.casefold():
            raise forms.ValidationError(_("This is not the company's name."))
        return told
