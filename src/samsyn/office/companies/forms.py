"""The forms of companies, their databases and the registration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.office.companies import checks
from samsyn.office.companies.models import registration

# Any, throughout: as Django's forms have their arguments.

COUNTRIES = [
    ("SE", gettext_lazy("Sweden")),
    ("NO", gettext_lazy("Norway")),
    ("DK", gettext_lazy("Denmark")),
    ("FI", gettext_lazy("Finland")),
]
assert tuple(code for code, _words in COUNTRIES) == checks.COUNTRIES


def _text(label: Any, length: int, complete: str = "", *, required: bool = True) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": complete} if complete else {})
    return forms.CharField(label=label, max_length=length, required=required, widget=widget)


class CompanyDetails(forms.Form):
    """Who the company is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = self.fields
        fields["name"] = _text(gettext_lazy("Company name"), 120, "organization")
        fields["org_no"] = _text(gettext_lazy("Organisation number"), 30)
        fields["street"] = _text(gettext_lazy("Address"), 120, "street-address")
        fields["postal_code"] = _text(gettext_lazy("Postal code"), 12, "postal-code")
        fields["city"] = _text(gettext_lazy("Town"), 60, "address-level2")
        fields["country"] = forms.ChoiceField(label=gettext_lazy("Country"), choices=COUNTRIES)
        fields["phone"] = _text(gettext_lazy("Telephone"), 30, "tel")
        fields["phone"].widget.input_type = "tel"
        fields["email"] = _text(gettext_lazy("E-mail"), 254, "email")
        fields["email"].widget.input_type = "email"

    def clean(self) -> dict[str, Any]:
        """Each as its country writes it."""
        told = super().clean() or self.cleaned_data
        country = told.get("country", "SE")
        self._check(
            "org_no",
            lambda text: checks.org_no(text, country),
            _("This is no organisation number of that country: a digit is wrong or missing."),
        )
        self._check(
            "phone",
            lambda text: checks.phone(text, country),
            _(
                "This is no telephone number. Write it as it is dialled, or with + and country code."
            ),
        )
        self._check(
            "postal_code",
            lambda text: checks.postal_code(text, country),
            _("This is no postal code of that country."),
        )
        self._check("email", checks.email, _("This is no e-mail address."))
        return told

    def _check(self, name: str, check: Callable[[str], str], words: str) -> None:
        told = self.cleaned_data.get(name)
        if told:
            try:
                self.cleaned_data[name] = check(told)
            except checks.NotOne:
                self.add_error(name, words)


class Registering(forms.Form):
    """To whom the installation is registered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        known = registration()
        if known is not None:
            kwargs.setdefault(
                "initial",
                {"company": known.company, "contact": known.contact, "phone": known.phone},
            )
        super().__init__(*args, **kwargs)
        self.fields["company"] = _text(gettext_lazy("Company"), 120, "organization")
        self.fields["contact"] = _text(gettext_lazy("Contact person"), 120, "name")
        self.fields["phone"] = _text(gettext_lazy("Telephone"), 30, "tel")

    def clean_phone(self) -> str:
        """A telephone number of the Nordic countries, or with a country code."""
        told: str = self.cleaned_data["phone"]
        for country in checks.COUNTRIES:
            try:
                return checks.phone(told, country)
            except checks.NotOne:
                continue
        raise forms.ValidationError(_("This is no telephone number."))
