"""The service over HTTP."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import quote, urlsplit

import msgspec
import urllib3

from samsyn.agent.answers import check_page
from samsyn.agent.service import (
    ServiceRefused,
    ServiceTrouble,
    ServiceUnreachable,
    UnsafeAddress,
)
from samsyn.core.errors import SamsynError
from samsyn.protocol import PATH, wire
from samsyn.protocol.approval import Answered, Ask, Asked, Watch
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
    PairAnswer,
    PairRequest,
    Pull,
    QuarantineEntry,
    State,
    Wait,
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

CONNECT_S = 5.0
READ_S = 120.0
ASIDE = frozenset({"wait", "held"})
"""Requests of other threads, or that no step waits for."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def checked_address(online: str) -> str:
    """The service's address without a trailing slash. Raises UnsafeAddress."""
    parts = urlsplit(online)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return online.rstrip("/")
    raise UnsafeAddress(online=online)


class HttpService:
    """See `service.Service`. One instance may be used by several threads."""

    def __init__(self, online: str, secret: str | None = None, *, read_s: float = READ_S) -> None:
        self.asking = ""
        """The request that is under way, while the session waits for it."""
        self._online = checked_address(online)
        self._secret = secret
        self._session = ""
        self._pool = urllib3.PoolManager(
            maxsize=4, retries=False, timeout=urllib3.Timeout(connect=CONNECT_S, read=read_s)
        )

    def ask_approval(self, told: Ask) -> Asked:
        """Asks for a person's approval; the codes."""
        return self._told(self._post("approval", wire.encode(told)), Asked)

    def watch_approval(self, told: Watch) -> Answered:
        """What the person has said by now, or says while the request is held."""
        return self._told(self._post("approval/wait", wire.encode(told)), Answered)

    def pair(self, request: PairRequest) -> PairAnswer:
        """Redeems a pairing code."""
        return self._told(self._post("pair", wire.encode(request)), PairAnswer)

    def hello(self, message: Hello) -> HelloAnswer:
        self._session = wire.session_name(message.next_link)
        return self._told(self._post("hello", wire.encode(message)), HelloAnswer)

    def push(
        self, body: bytes, fence: int, cursor: Cursor, age_ms: int | None = None
    ) -> BatchAnswer:
        age = "" if age_ms is None else f"&age_ms={age_ms}"
        asked = f"push?fence={fence}{age}&cursor={_marked(cursor)}"
        return self._told(self._post(asked, body), BatchAnswer)

    def load(self, body: bytes) -> ChunkAnswer:
        return self._told(self._post("load", body), ChunkAnswer)

    def pull(self, cursor: Cursor, floor: int, limit: int, fence: int) -> Pull:
        asked = f"pull?since={_marked(cursor)}&floor={floor}&limit={limit}"
        return self._page(f"{asked}&fence={fence}")

    def pull_type(self, type_name: str, since: int, cursor: Cursor, floor: int, limit: int) -> Pull:
        asked = f"pull?type={quote(type_name, safe='')}&since={since}&upto={_marked(cursor)}"
        return self._page(f"{asked}&floor={floor}&limit={limit}")

    def wait(self, since: int, cursor: Cursor) -> int:
        asked = f"wait?since={since}&cursor={_marked(cursor)}"
        return self._told(self._get(asked), Wait).online_head

    def digests(self, type_name: str) -> Digests:
        return self._told(self._get(f"digests?type={quote(type_name, safe='')}"), Digests)

    def identities(
        self, type_name: str, after: str, limit: int, bucket: int | None = None
    ) -> Identities:
        asked = f"identities?type={quote(type_name, safe='')}&after={after}&limit={limit}"
        within = "" if bucket is None else f"&bucket={bucket}"
        return self._told(self._get(asked + within), Identities)

    def compare(self, asked: Compare) -> Compared:
        return self._told(self._post("compare", wire.encode(asked)), Compared)

    def records(self, type_name: str, after: str, limit: int) -> KnownRecords:
        asked = f"records?type={quote(type_name, safe='')}&after={after}&limit={limit}"
        return self._told(self._get(asked), KnownRecords)

    def tell_held(self, report: HeldReport) -> None:
        self._post("held", wire.encode(report))

    def state(self, cursor: int) -> State:
        return self._told(self._get(f"state?cursor={cursor}"), State)

    def fetch(self, name: str, type_: type[T]) -> T:
        return self._told(self._get(name), type_)

    def mend(self, order: FixOrder) -> QuarantineEntry:
        return self._told(self._post("quarantine/fix", wire.encode(order)), QuarantineEntry)

    def ask(self, name: str, body: object, type_: type[T]) -> T:
        return self._told(self._post(name, wire.encode(body)), type_)

    def look(self, message: Look) -> Seen:
        return self._told(self._post("restore/look", wire.encode(message)), Seen)

    def begin(self, message: Begin) -> Begun:
        return self._told(self._post("restore/begin", wire.encode(message)), Begun)

    def reopen(self, message: Reopen) -> Reopening:
        return self._told(self._post("restore/reopen", wire.encode(message)), Reopening)

    def rejoin(self, message: Rejoin) -> Rejoined:
        return self._told(self._post("restore/rejoin", wire.encode(message)), Rejoined)

    def disconnect(self) -> None:
        self._post("disconnect", b"{}")

    def close(self) -> None:
        """Closes the kept connections."""
        self._pool.clear()

    # --- requests ---

    def _page(self, asked: str) -> Pull:
        page = self._told(self._get(asked), Pull)
        check_page(page)
        return page

    def _told(self, body: bytes, type_: type[T]) -> T:
        """The message in an answer. One that was cut or garbled on its way is asked for again."""
        try:
            return wire.decode(body, type_)
        except wire.BadBody as error:
            raise ServiceTrouble(status=200, problem=error.code, asked="") from error

    def _get(self, asked: str) -> bytes:
        return self._request("GET", asked, None, {})

    def _post(self, asked: str, plain: bytes) -> bytes:
        body, encoding = wire.compress(plain)
        headers = {"Content-Type": wire.JSON_TYPE}
        if encoding is not None:
            headers["Content-Encoding"] = encoding
        return self._request("POST", asked, body, headers)

    def _request(self, method: str, asked: str, body: bytes | None, told: dict[str, str]) -> bytes:
        headers = {"Accept-Encoding": "zstd", **told}
        if self._secret is not None:
            headers["Authorization"] = f"Bearer {self._secret}"
        if self._session:
            headers[wire.SESSION_HEADER] = self._session
        name = asked.partition("?")[0]
        if name not in ASIDE:
            self.asking = name
        try:
            answer = self._pool.request(
                method,
                f"{self._online}{PATH}/{asked}",
                body=body,
                headers=headers,
                decode_content=False,
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise ServiceUnreachable(online=self._online, reason=_reason(error)) from error
        finally:
            if name not in ASIDE:
                self.asking = ""
        try:
            plain = wire.decompress(answer.data, answer.headers.get("Content-Encoding"))
        except SamsynError as error:
            raise ServiceTrouble(status=answer.status, problem=error.code, asked=name) from error
        if answer.status == 200:
            return plain
        raise _trouble(answer.status, plain, name)


def _marked(cursor: Cursor) -> str:
    """The cursor's number as a value in an address, and its mark beside it where it has one."""
    mark = f"&mark={quote(cursor.mark, safe='')}" if cursor.mark else ""
    return f"{cursor.number}{mark}"


def _trouble(status: int, body: bytes, asked: str) -> ServiceRefused | ServiceTrouble:
    try:
        problem = msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        problem = {}
    code = problem.get("code")
    if not isinstance(code, str):
        code = ""
    if status >= 500 or status == 429 or not code:  # without a code it was not the service
        return ServiceTrouble(status=status, problem=code or f"HTTP_{status}", asked=asked)
    known = ("type", "title", "status", "code")
    facts = {k: v for k, v in problem.items() if k not in known}
    return ServiceRefused(problem=code, status=status, asked=asked, **facts)


def _reason(error: Exception) -> str:
    return type(error).__name__
