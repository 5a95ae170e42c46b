"""The forms by which an office's question is found and answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.online.companies.accounts import MAX_NAME, clean_name
from samsyn.online.connecting.choosing import Choice
from samsyn.online.errors import BadName

# Any, throughout: as Django's forms have their arguments.

NEW = "new"


class CodeForm(forms.Form):
    """The code that stands on the screen at the office."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "class": "code-input",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        help_text=_("As the office shows it, for example K7QF-2M9X."),
    )


class CompanyForm(forms.Form):
    """Which company online the office connects to: one of the person's own, or a new one."""

    def __init__(
        self, listed: Sequence[Choice], proposed: str, may_make: bool, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.listed = [choice for choice in listed if choice.free]
        options: list[tuple[str, Any]] = [(c.company.pk, c.company.name) for c in self.listed]
        if may_make:
            options.append((NEW, _("A new company")))
        self.fields["company"] = forms.ChoiceField(
            label=_("Company online"),
            choices=options,
            widget=forms.RadioSelect,
            initial=_first(self.listed, proposed, may_make),
            error_messages={"required": _("Choose the company.")},
        )
        if may_make:
            self.fields["name"] = forms.CharField(
                label=_("Name of the new company"),
                max_length=MAX_NAME,
                required=False,
                initial=proposed,
            )

    def clean(self) -> dict[str, Any]:
        """A new company has a name."""
        told = super().clean() or {}
        if told.get("company") == NEW:
            try:
                told["name"] = clean_name(told.get("name", ""))
            except BadName:
                self.add_error("name", _("Give the new company a name."))
        return told


def _first(listed: Sequence[Choice], proposed: str, may_make: bool) -> str | None:
    """The company of the office's own name; else the person chooses."""
    same = [c.company.pk for c in listed if c.company.name.casefold() == proposed.casefold()]
    if len(same) == 1:
        return same[0]
    return NEW if may_make and not listed else None
