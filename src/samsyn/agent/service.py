"""The service as the agent sees it: a port, and what can go wrong there."""

from __future__ import annotations

from typing import ClassVar, Protocol, TypeVar

from samsyn.core.errors import SamsynError
from samsyn.protocol.messages import (
    BatchAnswer,
    ChunkAnswer,
    Compare,
    Compared,
    Cursor,
    Digests,
    FixOrder,
    HeldReport,
    Hello,
    HelloAnswer,
    Identities,
    KnownRecords,
    Pull,
    QuarantineEntry,
    State,
)
from samsyn.protocol.restoring import (
    Begin,
    Begun,
    Look,
    Rejoin,
    Rejoined,
    Reopen,
    Reopening,
    Seen,
)

T = TypeVar("T")


class ServiceUnreachable(SamsynError):
    """Nobody answers at `online`: it is tried again by itself."""

    code: ClassVar[str] = "SERVICE_UNREACHABLE"
    transient: ClassVar[bool] = True


class ServiceTrouble(SamsynError):
    """The service answered with an error of its own (`status`): it is tried again by itself."""

    code: ClassVar[str] = "SERVICE_TROUBLE"
    transient: ClassVar[bool] = True


class ServiceRefused(SamsynError):
    """The service does not accept what was sent: `problem` is its stable code."""

    code: ClassVar[str] = "SERVICE_REFUSED"

    @property
    def problem(self) -> str:
        """The service's stable code."""
        return str(self.facts.get("problem", ""))


class UnsafeAddress(SamsynError):
    """`online` is neither HTTPS nor this machine."""

    code: ClassVar[str] = "UNSAFE_ADDRESS"


class Restoring(Protocol):
    """What is asked of the service when a connection is taken up again after a restore."""

    def look(self, message: Look) -> Seen:
        """How both sides stand, and a page of what came after the cut."""

    def begin(self, message: Begin) -> Begun:
        """Begins to carry out a restore of the office."""

    def reopen(self, message: Reopen) -> Reopening:
        """Carries out a page of a restore of the office."""

    def rejoin(self, message: Rejoin) -> Rejoined:
        """Goes on after a restore of the service."""


class Service(Protocol):
    """What the agent asks of the service; all may raise the errors above."""

    def hello(self, message: Hello) -> HelloAnswer:
        """Starts a session."""

    def push(
        self, body: bytes, fence: int, cursor: Cursor, age_ms: int | None = None
    ) -> BatchAnswer:
        """Sends a claimed batch under a fencing number; so old is the oldest change that was not sent, where that is known."""

    def load(self, body: bytes) -> ChunkAnswer:
        """Sends a chunk of a first load."""

    def pull(self, cursor: Cursor, floor: int, limit: int, fence: int) -> Pull:
        """Asks for online changes, and tells how far the holder of a fencing number has come."""

    def pull_type(self, type_name: str, since: int, cursor: Cursor, floor: int, limit: int) -> Pull:
        """Asks for online changes of one type after `since` up to the cursor: it was held and goes on."""

    def wait(self, since: int, cursor: Cursor) -> int:
        """Is held until the newest online change's number exceeds `since`, or for a while."""

    def digests(self, type_name: str) -> Digests:
        """Bucket digests of a type."""

    def identities(
        self, type_name: str, after: str, limit: int, bucket: int | None = None
    ) -> Identities:
        """A page of a type's records, in one bucket or all."""

    def compare(self, asked: Compare) -> Compared:
        """How single records stand."""

    def records(self, type_name: str, after: str, limit: int) -> KnownRecords:
        """A page of a type's records with their values."""

    def tell_held(self, report: HeldReport) -> None:
        """Tells which types wait for a person."""

    def state(self, cursor: int) -> State:
        """The service's view of the connection."""

    def fetch(self, name: str, type_: type[T]) -> T:
        """`conflicts`, `quarantine`, `ledger` or `undo/batches`, as the service tells them."""

    def mend(self, order: FixOrder) -> QuarantineEntry:
        """Carries out a fix for something in quarantine."""

    def ask(self, name: str, body: object, type_: type[T]) -> T:
        """What a person wants the service to do, and its answer."""

    def disconnect(self) -> None:
        """Ends the connection."""
