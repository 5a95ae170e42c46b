"""The forms of Samsyn IDs, with our words."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _


def email_field() -> forms.EmailField:
    """An e-mail address that the browser may fill in."""
    widget = forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
    return forms.EmailField(label=_("E-mail address"), max_length=254, widget=widget)


def password_field(label: Any, autocomplete: str) -> forms.CharField:  # Any: lazy text
    """A password that the browser may keep."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, widget=widget)


class SignIn(LoginForm):  # type: ignore[misc]  # allauth has no types
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as forms have it
        super().__init__(*args, **kwargs)
        self.fields["login"] = email_field()
        self.fields["password"] = password_field(_("Password"), "current-password")
        self.fields["remember"].label = _("Stay signed in on this computer for two weeks")
        self.order_fields(["login", "password", "remember"])
