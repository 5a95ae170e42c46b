"""The service's configuration: one list of keys, each from the environment, a TOML file or its default, checked at start."""

from __future__ import annotations

import difflib
import os
import tomllib
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from django.core.exceptions import ImproperlyConfigured

from samsyn.online.databases import database
from samsyn.online.errors import (
    BadSetting,
    ConfigurationUnreadable,
    UnknownSetting,
    UnknownVariable,
)
from samsyn.online.home import DATABASE_VARIABLE, HOME_VARIABLE
from samsyn.records.periods import ORDINARY_DAYS
from samsyn.webkit.leaked import is_list
from samsyn.webkit.mail_server import smtp_settings

PREFIX = "SAMSYN_ONLINE_"
FILE_VARIABLE = "SAMSYN_ONLINE_CONFIG"
FILE = "samsyn.toml"
"""The file's name in the service's home, where the environment names no other."""
LONGEST_DAYS = 36_500
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class Configuration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an operator may choose; docs/operating.md tells of each key.

    A path is absolute or begins where the process was started.
    """

    database: str = ""
    url: str = ""
    hosts: tuple[str, ...] = ("*",)
    """Nothing of ours is made from the Host header, so any name does unless the operator says."""
    host: str = "127.0.0.1"
    port: int = 8500
    shared_port: bool = False
    """Several processes listen on one port; the system shares the connections out. On PostgreSQL alone:
    on SQLite they would wake no offices of each other's, and count wrong passwords apart."""
    tls_cert: str = ""
    tls_key: str = ""
    behind_proxy: bool = False
    smtp: str = ""
    mail_from: str = "samsyn@localhost"
    time_zone: str = "Europe/Stockholm"
    log_format: str = "plain"
    log_level: str = "INFO"
    metrics_token: str = ""
    """Empty: only this machine itself may read the figures."""
    keep_days: int = ORDINARY_DAYS
    """How long changes and conflicts are kept at least."""
    deletion_days: int = 30
    """How long a company is kept after its office has disconnected, or after it asked to be deleted."""
    api_rate: int = 6_000
    """Requests a minute of one token at the REST API, in one process; 0: any number."""
    webhooks_private: bool = False
    """Whether webhooks may go to private addresses, and by http to this machine itself."""
    database_threads: int = 6
    """On PostgreSQL: so much work at once for programs, in one process."""
    leaked_passwords: str = ""
    """A file of the hashes of leaked passwords, none of which is taken (`webkit.leaked`)."""


class Told(msgspec.Struct, frozen=True):
    """A key as it stands, and where that comes from: a variable, the file, or empty for the default."""

    key: str
    value: str | int | bool | tuple[str, ...]
    place: str


SECRET = frozenset({"metrics_token"})
"""Never shown."""
WITH_PASSWORD = frozenset({"database", "smtp"})
"""Addresses of which the password is not shown."""


def file_of(folder: Path) -> Path | None:
    """The file that is read: the one that the environment names, or the home's where there is one."""
    named = os.environ.get(FILE_VARIABLE)
    if named:
        return Path(named).expanduser()
    own = folder / FILE
    return own if own.is_file() else None


def read(folder: Path, environment: Mapping[str, str] | None = None) -> Configuration:
    """The configuration of a service with that home; its errors are those of `told`, and BadSetting."""
    known = told(folder, environment)
    chosen = msgspec.convert({one.key: one.value for one in known}, Configuration)
    if chosen.shared_port and not chosen.database.startswith("postgres"):
        place = next(one.place for one in known if one.key == "shared_port")
        raise BadSetting(key="shared_port", value="true", place=place)
    return chosen


def told(folder: Path, environment: Mapping[str, str] | None = None) -> list[Told]:
    """Every key as it stands; BadSetting, UnknownSetting, UnknownVariable, ConfigurationUnreadable."""
    known = os.environ if environment is None else environment
    _all_known(known)
    file = file_of(folder)
    from_file = {} if file is None else _parsed(file)
    return [_told(key, known, from_file, file) for key in Configuration.__struct_fields__]


def shown(one: Told) -> str | int | bool | tuple[str, ...]:
    """A value without secrets."""
    if one.key in SECRET and one.value:
        return "…"
    if one.key in WITH_PASSWORD and isinstance(one.value, str):
        return _without_password(one.value)
    return one.value


def variable(key: str) -> str:
    """The variable of the environment that says the same."""
    return f"{PREFIX}{key.upper()}"


def _all_known(environment: Mapping[str, str]) -> None:
    """UnknownVariable for a slip of the pen: the key would silently stay as it is."""
    names = [FILE_VARIABLE, HOME_VARIABLE, *map(variable, Configuration.__struct_fields__)]
    for said in sorted(environment):
        if said.startswith(PREFIX) and said not in names:
            key = _near(said.removeprefix(PREFIX).lower(), Configuration.__struct_fields__)
            raise UnknownVariable(variable=said, near=variable(key) if key else "")


def _near(said: str, known: Sequence[str]) -> str:
    return next(iter(difflib.get_close_matches(said, known, 1)), "")


def _parsed(file: Path) -> dict[str, object]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigurationUnreadable(file=str(file), reason=reason) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationUnreadable(file=str(file), reason=str(error)) from error
    for key in found:
        if key not in Configuration.__struct_fields__:
            near = _near(key, Configuration.__struct_fields__)
            raise UnknownSetting(key=key, file=str(file), near=near)
    return found


def _told(
    key: str, environment: Mapping[str, str], from_file: Mapping[str, object], file: Path | None
) -> Told:
    default = _DEFAULTS[key]
    name = variable(key)
    if name in environment:
        return _checked(key, _from_text(environment[name], default), name)
    if key in from_file:
        return _checked(key, from_file[key], str(file))
    return Told(key, default, "")


def _from_text(text: str, default: object) -> object:
    """What a variable says, as the file would have it."""
    match default:
        case bool():
            return {"true": True, "1": True, "false": False, "0": False}.get(text.lower(), text)
        case int():
            return int(text) if text.isascii() and text.isdigit() else text
        case tuple():
            return [part.strip() for part in text.split(",") if part.strip()]
        case _:
            return text


def _checked(key: str, value: object, place: str) -> Told:
    """BadSetting for a value of another kind, or one that its rule refuses."""
    default = _DEFAULTS[key]
    if isinstance(default, tuple) and isinstance(value, list):
        value = tuple(value)
    if type(value) is not type(default) or not _RULES.get(key, _anything)(value):
        hidden = "…" if key in SECRET | WITH_PASSWORD else str(value)[:80]
        raise BadSetting(key=key, value=hidden, place=place)
    return Told(key, value, place)


_DEFAULTS: dict[str, str | int | bool | tuple[str, ...]] = msgspec.structs.asdict(Configuration())


def _anything(value: object) -> bool:
    return True


def _is_database(value: object) -> bool:
    try:
        database(str(value), Path())
    except ImproperlyConfigured:
        return False
    return True


def _is_smtp(value: object) -> bool:
    try:
        smtp_settings(str(value))
    except ImproperlyConfigured:
        return False
    return True


def _is_url(value: object) -> bool:
    parts = urlsplit(str(value))
    return not value or (parts.scheme in ("http", "https") and bool(parts.hostname))


def _is_zone(value: object) -> bool:
    return str(value) in zoneinfo.available_timezones()


def _is_file_or_none(value: object) -> bool:
    return not value or Path(str(value)).is_file()


def _between(least: int, most: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and least <= value <= most


def _one_of(*choices: str) -> Callable[[object], bool]:
    return lambda value: value in choices


_RULES: dict[str, Callable[[object], bool]] = {
    "database": _is_database,
    "url": _is_url,
    "hosts": lambda value: bool(value) and all(isinstance(v, str) and v for v in value),  # type: ignore[attr-defined]  # a tuple
    "host": bool,
    "port": _between(0, 65_535),
    "tls_cert": _is_file_or_none,
    "tls_key": _is_file_or_none,
    "smtp": _is_smtp,
    "mail_from": lambda value: "@" in str(value),
    "time_zone": _is_zone,
    "log_format": _one_of("plain", "json"),
    "log_level": _one_of(*LEVELS),
    "metrics_token": lambda value: not value or len(str(value)) >= 16,
    "keep_days": _between(ORDINARY_DAYS, LONGEST_DAYS),
    "deletion_days": _between(1, LONGEST_DAYS),
    "api_rate": _between(0, 10_000_000),
    "database_threads": _between(1, 64),
    "leaked_passwords": lambda value: not value or is_list(Path(str(value))),
}


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    user, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user.partition(':')[0]}:…@{host}").geturl()


assert variable("database") == DATABASE_VARIABLE, "the command line sets it under this name"
