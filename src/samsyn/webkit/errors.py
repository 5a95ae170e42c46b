"""What may go wrong in starting and serving either program."""

from __future__ import annotations

from typing import ClassVar

from samsyn.core.errors import SamsynError


class TlsRequired(SamsynError):
    """The address can be reached from other machines and would be served without TLS."""

    code: ClassVar[str] = "TLS_REQUIRED"


class TlsFiles(SamsynError):
    """The certificate or its key cannot be used."""

    code: ClassVar[str] = "TLS_FILES"


class AddressTaken(SamsynError):
    """The address and port cannot be listened on."""

    code: ClassVar[str] = "ADDRESS_TAKEN"
    transient: ClassVar[bool] = True


class DatabaseUnusable(SamsynError):
    """The program's own database cannot be opened or brought up to date."""

    code: ClassVar[str] = "DATABASE_UNUSABLE"
    transient: ClassVar[bool] = True


class HomeUnusable(SamsynError):
    """The program's folder cannot be made or written to."""

    code: ClassVar[str] = "HOME_UNUSABLE"
