"""The forms of Samsyn IDs, with our words."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING, Any

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from samsyn.online.companies.models import Member, Person

# Any, throughout: as Django's forms have their arguments; allauth has no types.


if TYPE_CHECKING:
    ProfileForm = forms.ModelForm[Person]
else:
    ProfileForm = forms.ModelForm


def email_field(label: Any = None, autocomplete: str = "username") -> forms.EmailField:
    """An e-mail address that the browser may fill in."""
    widget = forms.EmailInput(attrs={"autocomplete": autocomplete, "autocapitalize": "none"})
    return forms.EmailField(label=label or _("E-mail address"), max_length=254, widget=widget)


def password_field(label: Any, autocomplete: str = "current-password") -> forms.CharField:
    """A password that the browser may keep."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=500, widget=widget)


def new_password_field(label: Any) -> forms.CharField:
    """A password to be chosen, with the rules."""
    field = password_field(label, "new-password")
    field.help_text = _(
        "At least 12 characters. No common password, and nothing like your name or address."
    )
    return field


def code_field(label: Any) -> forms.CharField:
    """A code of a second factor."""
    attributes = {
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
        "class": "code-input",
        "autocapitalize": "none",
    }
    return forms.CharField(label=label, max_length=20, widget=forms.TextInput(attrs=attributes))


class SignIn(account.LoginForm):  # type: ignore[misc]  # untyped
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = email_field()
        self.fields["password"] = password_field(_("Password"))
        self.fields["remember"].label = _("Stay signed in on this computer for two weeks")
        self.order_fields(["login", "password", "remember"])


class SignUp(account.SignupForm):  # type: ignore[misc]  # untyped
    """Name, e-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = forms.TextInput(attrs={"autocomplete": "name"})
        self.fields["name"] = forms.CharField(label=_("Your name"), max_length=200, widget=widget)
        self.fields["email"] = email_field()
        self.fields["password1"] = new_password_field(_("Choose a password"))
        self.order_fields(["name", "email", "password1"])


class Forgotten(account.ResetPasswordForm):  # type: ignore[misc]  # untyped
    """Where to send the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = email_field()


class NewPassword(account.ResetPasswordKeyForm):  # type: ignore[misc]  # untyped
    """A new password, after the link in the e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"] = new_password_field(_("New password"))
        self.fields["password2"] = password_field(_("The new password once more"), "new-password")


class ChangePassword(account.ChangePasswordForm):  # type: ignore[misc]  # untyped
    """The present password and the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = password_field(_("Present password"))
        self.fields["password1"] = new_password_field(_("New password"))
        self.fields["password2"] = password_field(_("The new password once more"), "new-password")


class ChangeEmail(account.AddEmailForm):  # type: ignore[misc]  # untyped
    """The new address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = email_field(_("New e-mail address"), "email")


class Reauthenticate(account.ReauthenticateForm):  # type: ignore[misc]  # untyped
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = password_field(_("Password"))


class Code(factor.AuthenticateForm):  # type: ignore[misc]  # untyped
    """A code from the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(_("Code from the app, or a recovery code"))


class CodeAgain(factor.ReauthenticateForm):  # type: ignore[misc]  # untyped
    """The same, to confirm that it is still the same person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(_("Code from the app, or a recovery code"))


class ActivateTotp(ActivateTOTPForm):  # type: ignore[misc]  # untyped
    """The first code that the app shows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(_("The code that the app shows now"))


class AddPasskey(webauthn.AddWebAuthnForm):  # type: ignore[misc]  # untyped
    """A name for the new passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name"),
            max_length=100,
            required=False,
            help_text=_("Something you will know it by, such as the name of the computer."),
        )
        self.fields["passwordless"].label = _("Sign in with it alone, without a password")
        self.fields["passwordless"].help_text = ""
        self.fields["passwordless"].initial = True
        self.order_fields(["name", "passwordless", "credential"])


class RenamePasskey(webauthn.EditWebAuthnForm):  # type: ignore[misc]  # untyped
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].max_length = 100


class Profile(ProfileForm):
    """Who one is, and how one wants the pages."""

    class Meta:
        model = Person
        fields = ("name", "language", "time_zone", "theme", "default_company")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_widget = forms.TextInput(attrs={"autocomplete": "name"})
        self.fields["name"] = forms.CharField(
            label=_("Name"), max_length=200, widget=name_widget, help_text=_("Others see it.")
        )
        self.fields["language"] = _choice(
            _("Language"), [("", _("As the browser asks")), *settings.LANGUAGES]
        )
        zones = sorted(z for z in zoneinfo.available_timezones() if "/" in z)
        own = settings.WEBKIT_TIME_ZONE
        self.fields["time_zone"] = _choice(
            _("Time zone"), [("", own), *((z, z) for z in zones if z != own)]
        )
        self.fields["theme"] = _choice(
            _("Colours"),
            [("", _("As the computer is set")), ("light", _("Light")), ("dark", _("Dark"))],
        )
        members = Member.objects.filter(person_id=self.instance.pk).select_related("company")
        companies = sorted((m.company.name, m.company_id) for m in members)
        self.fields["default_company"] = _choice(
            _("Company to begin with"),
            [("", _("Let me choose")), *((pk, name) for name, pk in companies)],
        )


class Delete(forms.Form):
    """The person's own address, typed, so that nothing is deleted by a slip."""

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["typed"] = email_field(_("Type your e-mail address to confirm"), "off")

    def clean_typed(self) -> str:
        """It must be the same."""
        typed: str = self.cleaned_data["typed"]
        if typed.strip().lower() != self.email:
            raise forms.ValidationError(_("This is not your address."))
        return typed


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)
