"""The forms of users and their rights."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.office.people.admitting import admit, companies_of, kept_out
from samsyn.office.people.keeping import access_choices, access_of, give_access, keep
from samsyn.office.people.models import Template, User, key_of
from samsyn.office.people.rights import AREA_WORDS, Profile

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


class EditUser(UserForm):
    """A user: names, access, whether he may sign in."""

    class Meta:
        model = User
        fields = ("name", "username", "email", "is_active")

    def __init__(self, by: User, user: User, data: Any = None, like: User | None = None) -> None:
        super().__init__(data, instance=user)
        self.by, self.before = by, User.objects.filter(pk=user.pk).first()
        fields = self.fields
        fields["username"].widget.attrs |= {"autocapitalize": "none", "autocomplete": "off"}
        fields["email"] = forms.EmailField(
            label=gettext_lazy("E-mail"), max_length=254, required=False
        )
        fields["is_active"].label = gettext_lazy("May sign in")
        fields["access"] = forms.ChoiceField(
            label=gettext_lazy("Access"), choices=access_choices(by), initial=access_of(user)
        )
        self.order_fields(["name", "username", "email", "access", "is_active"])
        self._add_companies(like or self.before)

    def _add_companies(self, like: User | None) -> None:
        """A box for each company, where there are several; ticked is open."""
        listed = list(companies_of(self.by).order_by("name"))
        if len(listed) < 2:
            return
        out = kept_out().get(like.pk, frozenset()) if like is not None else frozenset[str]()
        self.fields["companies"] = forms.MultipleChoiceField(
            label=gettext_lazy("Companies"),
            choices=[(one.pk, one.name) for one in listed],
            initial=[one.pk for one in listed if one.pk not in out],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text=gettext_lazy("Those that the user may open. A superuser opens all."),
        )

    def clean_username(self) -> str:
        """One that is free."""
        return free_username(self.cleaned_data["username"], self.before)

    def let_in(self) -> None:
        """The companies that were chosen are open to the user, who is kept already."""
        if "companies" in self.fields:
            admit(self.by, self.instance, self.cleaned_data["companies"])
        elif self.before is None:
            admit(self.by, self.instance, list(companies_of(self.by).values_list("pk", flat=True)))

    def save(self, commit: bool = True) -> User:
        """The user, kept; ValidationError is no matter here: `keeping.keep` raises what is wrong."""
        user = self.instance
        user.key = key_of(user.username)
        give_access(user, self.cleaned_data["access"])
        if commit:
            keep(user)
        return user


class EditProfile(forms.Form):
    """A level for each register and for each part of the settings."""

    REGISTER, AREA = "register:", "area:"

    def __init__(
        self, registers: Sequence[tuple[str, str]], kept: Profile, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        for name, words in registers:
            level = kept.registers.get(name, kept.registers_otherwise)
            self.fields[self.REGISTER + name] = _level(words, level)
        others = gettext_lazy("All other registers")
        self.fields["otherwise"] = _level(others, kept.registers_otherwise)
        for area, told in AREA_WORDS.items():
            level = kept.areas.get(area.value, "none")
            self.fields[self.AREA + area.value] = _level(told, level)

    @property
    def of_registers(self) -> list[forms.BoundField]:
        """The controls of registers, the rest of them last."""
        return [self[name] for name in self.fields if name.startswith(self.REGISTER)] + [
            self["otherwise"]
        ]

    @property
    def of_areas(self) -> list[forms.BoundField]:
        """The controls of the settings."""
        return [self[name] for name in self.fields if name.startswith(self.AREA)]

    @property
    def profile(self) -> Profile:
        """The profile, after the check; registers of other companies stay as they were."""
        told = self.cleaned_data
        return Profile(
            {**self.kept.registers, **self._under(self.REGISTER)},
            told["otherwise"],
            self._under(self.AREA),
        )

    def _under(self, prefix: str) -> dict[str, str]:
        told = self.cleaned_data.items()
        return {name.removeprefix(prefix): value for name, value in told if name.startswith(prefix)}


class EditTemplate(EditProfile):
    """An access template: a name, and its levels."""

    def __init__(self, template: Template, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.template = template
        self.fields["name"] = forms.CharField(
            label=gettext_lazy("Name of the template"), max_length=60, initial=template.name
        )
        self.order_fields(["name"])

    def clean_name(self) -> str:
        """One that is free."""
        told: str = self.cleaned_data["name"].strip()
        if Template.objects.filter(name=told).exclude(pk=self.template.pk).exists():
            raise ValidationError(_("There is a template of that name."))
        return told


class OwnSettings(UserForm):
    """What a user chooses for himself."""

    class Meta:
        model = User
        fields = ("name", "email", "language", "theme", "time_zone", "start_page")

    def __init__(self, registers: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = self.fields
        fields["email"] = forms.EmailField(
            label=gettext_lazy("E-mail"), max_length=254, required=False
        )
        fields["language"] = forms.ChoiceField(
            label=gettext_lazy("Language"),
            choices=[("", gettext_lazy("As the browser asks")), *settings.LANGUAGES],
            required=False,
        )
        fields["theme"] = forms.ChoiceField(
            label=gettext_lazy("Colours"), choices=THEME_WORDS, required=False
        )
        zones = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone)
        fields["time_zone"] = forms.ChoiceField(
            label=gettext_lazy("Time zone"),
            choices=[("", settings.WEBKIT_TIME_ZONE), *((zone, zone) for zone in zones)],
            required=False,
        )
        fields["start_page"] = forms.ChoiceField(
            label=gettext_lazy("Begin with"),
            choices=[("", gettext_lazy("The start page")), *registers],
            required=False,
        )


THEME_WORDS = [
    ("", gettext_lazy("As the computer is set")),
    ("light", gettext_lazy("Light")),
    ("dark", gettext_lazy("Dark")),
]
LEVELS = [
    ("none", gettext_lazy("None")),
    ("read", gettext_lazy("Read")),
    ("write", gettext_lazy("Make and change")),
    ("full", gettext_lazy("Everything, also delete")),
]


def _level(label: Any, initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=LEVELS, initial=initial)
