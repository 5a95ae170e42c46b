"""What a person writes to name a company database, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import quote, unquote

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict

from samsyn.core.errors import SamsynError

Engine: TypeAlias = Literal["sqlite", "postgresql"]

POSTGRES_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
SECRETS = frozenset({"password", "sslpassword", "passfile", "oauth_client_secret"})


class UrlUnreadable(SamsynError):
    """The text names no database: `url` (without secrets) and `reason`."""

    code = "URL_UNREADABLE"


class EngineUnknown(SamsynError):
    """A database of another kind: `scheme`."""

    code = "ENGINE_UNKNOWN"


class SqliteUrl(msgspec.Struct, frozen=True):
    """A SQLite file; `path` is absolute."""

    path: str

    @property
    def engine(self) -> Engine:
        return "sqlite"

    @property
    def text(self) -> str:
        """The one form in messages: the path as it is."""
        return self.path


class PostgresUrl(msgspec.Struct, frozen=True):
    """A PostgreSQL database; `conninfo` is what libpq takes and may hold a password."""

    conninfo: str

    @property
    def engine(self) -> Engine:
        return "postgresql"

    @property
    def text(self) -> str:
        """The one form in messages: never with a password."""
        return _without_secrets(conninfo_to_dict(self.conninfo))

    def __repr__(self) -> str:
        return f"PostgresUrl({self.text})"


CompanyUrl: TypeAlias = SqliteUrl | PostgresUrl


def parse(text: str) -> CompanyUrl:
    """The database that a path, `sqlite:///…` or `postgresql://…` names.

    As elsewhere, `sqlite:///a.db` is relative and `sqlite:////a.db` absolute.
    Raises UrlUnreadable and EngineUnknown.
    """
    scheme, found, rest = text.partition("://")
    if not found or "/" in scheme or "\\" in scheme:
        return _file(text)
    if scheme == "sqlite":
        if not rest.startswith("/"):
            raise UrlUnreadable(url=text, reason="path_missing")
        return _file(unquote(rest[1:]))
    if scheme in POSTGRES_SCHEMES:
        return _postgres(f"postgresql://{rest}")
    raise EngineUnknown(scheme=scheme)


def _file(path: str) -> SqliteUrl:
    if not path.strip() or path == ":memory:" or "\0" in path:
        raise UrlUnreadable(url=path, reason="path_missing")
    try:
        path.encode()
        return SqliteUrl(str(Path(path).expanduser().resolve()))
    except UnicodeEncodeError:
        told = path.encode(errors="backslashreplace").decode()
        raise UrlUnreadable(url=told, reason="path_not_unicode") from None
    except (OSError, RuntimeError) as cause:  # a ring of links, a home that nobody has
        raise UrlUnreadable(url=path, reason="path_leads_nowhere") from cause


def _postgres(conninfo: str) -> PostgresUrl:
    try:
        conninfo_to_dict(conninfo)
    except psycopg.ProgrammingError:
        # The cause quotes the text, password and all: it stays unsaid.
        raise UrlUnreadable(url="postgresql://…", reason="not_understood") from None
    return PostgresUrl(conninfo)


def _without_secrets(parts: Mapping[str, object]) -> str:
    told = {name: str(value) for name, value in parts.items() if name not in SECRETS}
    user = told.pop("user", "")
    host = told.pop("host", "")
    port = told.pop("port", "")
    database = told.pop("dbname", "")
    if host.startswith("/"):
        told["host"], host = host, ""
    options = "&".join(f"{name}={quote(value, safe='/')}" for name, value in sorted(told.items()))
    return "".join(
        [
            "postgresql://",
            f"{quote(user, safe='')}@" if user else "",
            f"[{host}]" if ":" in host else host,
            f":{port}" if port else "",
            f"/{quote(database, safe='')}",
            f"?{options}" if options else "",
        ]
    )
