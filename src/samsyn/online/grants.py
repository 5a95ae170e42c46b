"""What a request may do in a company: the rights of its person, and the scopes of its token where it has one."""

from __future__ import annotations

import msgspec

from samsyn.online.api.errors import MissingScope, ReadOnlyToken, RoleTooLow
from samsyn.online.companies.rights import Rights
from samsyn.online.companies.scopes import Scopes, word_of
from samsyn.records.errors import UnknownType
from samsyn.webkit.registers.book import May


class Access(msgspec.Struct, frozen=True):
    """In which company, on whose behalf, and how far; a page has no scopes, the person's rights alone."""

    company: str
    by: str
    """The person's e-mail address, as the change log shows it."""
    rights: Rights
    scopes: Scopes | None = None
    token: str = ""
    """The part of the token that names it."""
    stale: bool = False
    """The time of its last use is to be written anew."""

    def level(self, record_type: str) -> May:
        """What may be done in a register: what both the person and the token may."""
        own = self.rights.level(record_type)
        return own if self.scopes is None else min(own, self.scopes.level(record_type))

    def sees(self, record_type: str) -> bool:
        """Whether the register is there for who asks."""
        return self.level(record_type) >= May.READ

    def need(self, record_type: str, level: May) -> None:
        """Refuse what is too much in a register: UnknownType, MissingScope, RoleTooLow.

        A register that cannot be read is answered as one that is not there.
        """
        if not self.sees(record_type):
            raise UnknownType(type=record_type)
        if self.level(record_type) >= level:
            return
        if self.scopes is not None and self.scopes.level(record_type) < level:
            raise MissingScope(scope=f"{word_of(level)}:{record_type}")
        raise RoleTooLow(needed=word_of(level), type=record_type)

    def need_scope(self, scope: str) -> None:
        """MissingScope where the token was not given this."""
        if self.scopes is not None and not self.scopes.allows(scope):
            raise MissingScope(scope=scope)

    def need_superuser(self) -> None:
        """RoleTooLow for everybody else."""
        if not self.rights.superuser:
            raise RoleTooLow(needed="superuser", type="")

    @property
    def read_only(self) -> bool:
        """Whether nothing at all can be changed."""
        levels = (self.rights.otherwise, *self.rights.levels.values())
        writes = self.scopes is None or self.scopes.writes
        return max(levels) < May.WRITE or not writes

    def need_writing(self) -> None:
        """ReadOnlyToken where nothing at all can be changed."""
        if self.read_only:
            raise ReadOnlyToken()
