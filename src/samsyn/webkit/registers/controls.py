"""One field of a form: what the template draws and the browser sends back."""

from __future__ import annotations

import re

import msgspec

from samsyn.core.catalog import Field, Kind
from samsyn.webkit.registers.showing import Value

_MAIL = re.compile(r"e-?(mail|post)", re.IGNORECASE)
_PHONE = re.compile(r"phone|mobile|telefon|mobil|fax", re.IGNORECASE)
_WEB = re.compile(r"www|web|homepage|hemsida|url", re.IGNORECASE)


class Choice(msgspec.Struct, frozen=True):
    """A value of a list, and what it is called."""

    value: str
    label: str


class Control(msgspec.Struct):
    """One field of a form, as the template draws it."""

    field: Field
    kind: str
    """text, area, number, select, yes_no, date, datetime, time, file, pick; shown where it is only read."""
    label: str
    required: bool
    value: str = ""
    was: str = ""
    """What the control showed when the form was opened."""
    picked: str = ""
    """Of a reference: what the chosen record is called."""
    choices: tuple[Choice, ...] = ()
    error: str = ""
    theirs: str = ""
    """What somebody else has written meanwhile, where that differs."""
    has_file: bool = False
    pick_url: str = ""
    """Where suggestions for a reference come from."""
    prefix: str = ""
    """Before its names, where a page has several records."""
    zoned: bool = False
    """Of a moment: whether it is stored with a zone."""
    drafted: bool = False
    """Whether the value comes from a draft and differs from what is kept."""
    shown: Value | None = None
    """Of a field that is only read: what stands there."""

    @property
    def name(self) -> str:
        """The name that the browser sends the value under."""
        return f"{self.prefix}v:{self.field.name}"

    @property
    def was_name(self) -> str:
        """The name under which what was shown comes back."""
        return f"{self.prefix}was:{self.field.name}"

    @property
    def text_name(self) -> str:
        """Of a reference that is typed: the text."""
        return f"{self.prefix}t:{self.field.name}"

    @property
    def names(self) -> tuple[str, ...]:
        """All names under which the browser sends text of it."""
        return (self.name, self.was_name, self.text_name)

    @property
    def takes_text(self) -> bool:
        """Whether a person writes or chooses in it."""
        return self.kind not in ("file", "shown")

    @property
    def away_name(self) -> str:
        """Of a file: that it is to be taken away."""
        return f"{self.prefix}away:{self.field.name}"

    @property
    def id(self) -> str:
        """The id of the control in the page."""
        told = self.prefix + self.field.name
        return "f-" + re.sub(r"[^A-Za-z0-9_-]", lambda m: f"_{ord(m[0]):x}_", told)

    @property
    def type(self) -> str:
        """The browser's type of a text control: it gives a fitting keyboard on a phone."""
        told = f"{self.field.name} {self.field.label}"
        if self.kind != "text" or self.field.kind is not Kind.TEXT:
            return "text"
        if _MAIL.search(told):
            return "email"
        return "tel" if _PHONE.search(told) else "url" if _WEB.search(told) else "text"

    @property
    def unlisted(self) -> bool:
        """Of a reference that is chosen from a list: what it holds is not in the list."""
        return bool(self.value) and all(choice.value != self.value for choice in self.choices)

    @property
    def wide(self) -> bool:
        """Whether it takes the whole width of the form."""
        return self.kind == "area"
