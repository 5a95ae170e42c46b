"""The forms of members, invitations and roles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.online.companies.invitations import MAX_MESSAGE
from samsyn.online.companies.models import Company, OwnRole, Role
from samsyn.online.people.forms import email_field, new_password_field
from samsyn.webkit.registers.book import May

# Any, throughout: as Django's forms have their arguments.

LEVELS = [
    ("none", _("None")),
    ("read", _("Read")),
    ("write", _("Make and change")),
    ("full", _("Everything, also delete")),
]
assert [name for name, _words in LEVELS] == [level.name.lower() for level in May]


def role_choices(company: Company) -> list[tuple[str, Any]]:
    """The fixed roles and the company's own."""
    own = OwnRole.objects.filter(company=company).order_by("name")
    fixed = [(r.value, r.label) for r in (Role.STANDARD, Role.READ_ONLY, Role.SUPERUSER)]
    return [*fixed, *((role.id, role.name) for role in own)]


class Invite(forms.Form):
    """Whom to invite, with which role."""

    def __init__(self, company: Company, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = email_field(autocomplete="off")
        self.fields["role"] = forms.ChoiceField(label=_("Role"), choices=role_choices(company))
        self.fields["message"] = forms.CharField(
            label=_("Message"),
            max_length=MAX_MESSAGE,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("It stands first in the letter."),
        )


class ChangeRole(forms.Form):
    """Another role for a member."""

    def __init__(self, company: Company, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(label=_("Role"), choices=role_choices(company))


class NewPerson(forms.Form):
    """Name and password of somebody who is invited and has no Samsyn ID yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = forms.TextInput(attrs={"autocomplete": "name"})
        self.fields["name"] = forms.CharField(label=_("Your name"), max_length=200, widget=widget)
        self.fields["password"] = new_password_field(_("Choose a password"))


class EditRole(forms.Form):
    """A company's own role: a level for each register."""

    PREFIX = "type:"

    def __init__(self, types: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(label=_("Name of the role"), max_length=60)
        for name, words in types:
            self.fields[self.PREFIX + name] = forms.ChoiceField(label=words, choices=LEVELS)
        self.fields["otherwise"] = forms.ChoiceField(
            label=_("Registers that are added later"), choices=LEVELS, initial="none"
        )

    @property
    def levels(self) -> dict[str, str]:
        """The level of each register, after the check."""
        return {
            name.removeprefix(self.PREFIX): value
            for name, value in self.cleaned_data.items()
            if name.startswith(self.PREFIX)
        }
