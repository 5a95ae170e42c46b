"""The forms of users and their rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.office.people.models import User, key_of

# Any, throughout: as Django's forms have their arguments.

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:
    UserForm = forms.ModelForm

MAX_PASSWORD = 500


def username_field() -> forms.CharField:
    """A user name that the browser may fill in."""
    widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
    return forms.CharField(label=gettext_lazy("User name"), max_length=60, widget=widget)


def password_field(label: Any, autocomplete: str = "current-password") -> forms.CharField:
    """A password that the browser may keep."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=MAX_PASSWORD, widget=widget)


def new_password_field(label: Any) -> forms.CharField:
    """A password to be chosen, with the rules."""
    field = password_field(label, "new-password")
    field.help_text = gettext_lazy(
        "At least 12 characters. No common password, and nothing like your name."
    )
    return field


def free_username(username: str, but_not: User | None = None) -> str:
    """The user name, tidied; ValidationError where another user has it."""
    told = " ".join(username.split())
    taken = User.objects.filter(key=key_of(told))
    if but_not is not None:
        taken = taken.exclude(pk=but_not.pk)
    if taken.exists():
        raise ValidationError(_("Another user has this name."))
    return told


class SignIn(forms.Form):
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"] = username_field()
        self.fields["password"] = password_field(gettext_lazy("Password"))


class FirstUser(forms.Form):
    """The first superuser of an installation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = forms.TextInput(attrs={"autocomplete": "name"})
        label = gettext_lazy("Your name")
        self.fields["name"] = forms.CharField(label=label, max_length=120, widget=widget)
        self.fields["username"] = username_field()
        self.fields["password"] = new_password_field(gettext_lazy("Choose a password"))

    def clean_username(self) -> str:
        """One that is free."""
        return free_username(self.cleaned_data["username"])

    def clean(self) -> dict[str, Any]:
        """The password by the rules."""
        told = super().clean() or self.cleaned_data
        check_password(
            self, "password", User(username=told.get("username", ""), name=told.get("name", ""))
        )
        return told


class OwnPassword(forms.Form):
    """A user's own new password."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["now"] = password_field(gettext_lazy("Your password now"))
        self.fields["password"] = new_password_field(gettext_lazy("New password"))
        again = gettext_lazy("The new password once more")
        self.fields["again"] = password_field(again, "new-password")

    def clean(self) -> dict[str, Any]:
        """The old one is right, the new one by the rules and twice the same."""
        told = super().clean() or self.cleaned_data
        if "now" in told and not self.user.check_password(told["now"]):
            self.add_error("now", _("This is not your password."))
        if told.get("password") and told.get("password") == told.get("now"):
            self.add_error("password", _("Choose another one than you have."))
        if "again" in told and told.get("password") != told["again"]:
            self.add_error("again", _("The two are not the same."))
        check_password(self, "password", self.user)
        return told


def check_password(form: forms.Form, name: str, user: User) -> None:
    """Put what is wrong with a new password beside it."""
    password = form.cleaned_data.get(name)
    if password:
        try:
            validate_password(password, user)  # type: ignore[arg-type]  # the checker knows one user model, the service's
        except ValidationError as error:
            form.add_error(name, error)
