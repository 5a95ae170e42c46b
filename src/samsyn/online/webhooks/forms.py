"""The form of a webhook: where to, and of what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.online.webhooks.managing import MAX_NAME, Wanted
from samsyn.online.webhooks.targets import MAX_URL
from samsyn.online.webhooks.words import EVENTS

# Any, throughout: as Django's forms have their arguments.


class WebhookForm(forms.Form):
    """A webhook as a person asks for it."""

    def __init__(self, registers: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name"),
            max_length=MAX_NAME,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.fields["url"] = forms.CharField(
            label=_("Address of the receiver"),
            max_length=MAX_URL,
            widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
        )
        self.fields["events"] = forms.MultipleChoiceField(
            label=_("Tell it when"),
            choices=list(EVENTS.items()),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one.")},
        )
        self.fields["types"] = forms.MultipleChoiceField(
            label=_("Only of these registers"),
            help_text=_("None chosen: of all, also those that come later."),
            choices=list(registers),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    @property
    def wanted(self) -> Wanted:
        """What was asked for, after the check."""
        told = self.cleaned_data
        return Wanted(told["name"], told["url"].strip(), told["events"], told["types"])
