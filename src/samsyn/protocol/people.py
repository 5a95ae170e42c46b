"""What an office tells of the users of its own program: who they are and what they may do there. No passwords."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Name = Annotated[str, Meta(max_length=200)]
Level = Literal["none", "read", "write", "full"]
MAX_USERS, MAX_LEVELS = 1_000, 1_000


class OfficeUser(msgspec.Struct, frozen=True, omit_defaults=True):
    """A user of the office's program, with a level for each register by the name of its record type.

    `otherwise` is the level in registers that are not named; a superuser has
    everything, whatever the levels say.
    """

    name: Name
    email: Annotated[str, Meta(max_length=254)] = ""
    superuser: bool = False
    levels: Annotated[dict[Name, Level], Meta(max_length=MAX_LEVELS)] = {}
    otherwise: Level = "none"


class OfficeUsers(msgspec.Struct, frozen=True):
    """All users of the office's program, from the holder of a fencing number; what was told before is forgotten."""

    fence: int
    users: Annotated[tuple[OfficeUser, ...], Meta(max_length=MAX_USERS)]
