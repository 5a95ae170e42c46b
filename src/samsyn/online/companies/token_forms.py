"""The form of a new API token: what it may do, and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.online.companies.expiry import end_of
from samsyn.online.companies.scopes import word_of
from samsyn.online.companies.tokens import MAX_NAME
from samsyn.webkit.registers.book import May

# Any, throughout: as Django's forms have their arguments.

LEVELS = [
    ("", _("Nothing")),
    ("read", _("Read")),
    ("write", _("Read, make and change")),
    ("delete", _("Everything, also delete")),
]
TROUBLE = [("", _("Nothing")), ("read", _("Read")), ("mend", _("Read and mend"))]
PERIODS = [
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("One year")),
    ("day", _("Until a day")),
    ("", _("No end")),
]


class NewTokenForm(forms.Form):
    """A token as a person asks for it; each register is offered as far as the person's role goes."""

    PREFIX = "type:"

    def __init__(
        self,
        registers: Sequence[tuple[str, str, May]],
        superuser: bool,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("What is the program called?"),
            max_length=MAX_NAME,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.fields["all"] = forms.ChoiceField(
            label=_("In all registers"), choices=LEVELS, required=False, initial="read"
        )
        for name, words, may in registers:
            self.fields[self.PREFIX + name] = forms.ChoiceField(
                label=words, choices=_more(may), required=False
            )
        self.fields["conflicts"] = _choice(_("Conflicts"), TROUBLE)
        self.fields["quarantine"] = _choice(_("Quarantine"), TROUBLE)
        self.fields["undo"] = forms.BooleanField(
            label=_("Take back online work of the last 7 days"), required=False
        )
        if superuser:
            self.fields["webhooks"] = forms.BooleanField(label=_("Manage webhooks"), required=False)
        self.fields["period"] = forms.ChoiceField(
            label=_("Good for"), choices=PERIODS, initial="365", required=False
        )
        self.fields["day"] = forms.DateField(
            label=_("Last day"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )

    def clean(self) -> dict[str, Any]:
        """Something must be allowed, and a day be told where one was chosen."""
        told = super().clean() or {}
        if not self.errors and not self.scopes:
            self.add_error("all", _("Choose at least one thing that the program may do."))
        if told.get("period") == "day" and not told.get("day") and "day" not in self.errors:
            self.add_error("day", _("Choose the last day."))
        return told

    @property
    def in_all(self) -> list[Any]:
        """The fields that come first."""
        return [self[name] for name in ("name", "all")]

    @property
    def single(self) -> list[Any]:
        """A field for each register."""
        return [self[name] for name in self.fields if name.startswith(self.PREFIX)]

    @property
    def beside(self) -> list[Any]:
        """What is about no register."""
        names = ("conflicts", "quarantine", "undo", "webhooks")
        return [self[name] for name in names if name in self.fields]

    @property
    def until(self) -> list[Any]:
        """For how long."""
        return [self[name] for name in ("period", "day")]

    @property
    def scopes(self) -> tuple[str, ...]:
        """What was chosen, after the check."""
        told = self.cleaned_data
        found = [told["all"]] if told.get("all") else []
        for name, value in told.items():
            if name.startswith(self.PREFIX) and value:
                found.append(f"{value}:{name.removeprefix(self.PREFIX)}")
        found += [f"{area}:{told[area]}" for area in ("conflicts", "quarantine") if told.get(area)]
        found += [name for name in ("undo", "webhooks") if told.get(name)]
        return tuple(found)

    def last_moment(self, now: dt.datetime) -> dt.datetime | None:
        """The end of its last day; None for none."""
        told = self.cleaned_data
        match told["period"]:
            case "":
                return None
            case "day":
                return end_of(told["day"])
            case days:
                return end_of(now.date() + dt.timedelta(days=int(days)))


def _choice(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)


def _more(may: May) -> list[tuple[str, Any]]:
    """What one register may be opened to beyond all of them, as far as the role goes."""
    words = dict(LEVELS)
    levels = [word_of(level) for level in May if May.READ <= level <= may]
    return [("", _("As in all registers")), *((name, words[name]) for name in levels)]
