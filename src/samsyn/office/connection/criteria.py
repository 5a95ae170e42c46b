"""What must be true before a company database is connected: a pure decider over facts that others look up."""

from __future__ import annotations

import enum

import msgspec

Version = tuple[int, int, int]
RACE = ((3, 7, 0), (3, 51, 2))
"""SQLite from the first to the last of these loses a commit when several processes use a WAL file and it is reset."""
CLOCK_S = 120.0
"""A clock that is further off than this is told: times in lists look wrong. Nothing is decided by it."""


class State(enum.Enum):
    """How a criterion stands."""

    MET = "met"
    UNMET = "unmet"
    """It keeps from connecting."""
    TOLD = "told"
    """Worth knowing, and no obstacle."""


class Place(enum.Enum):
    """Where a criterion is mended; the pages know the address."""

    USERS = "users"
    OWN_LINK = "own_link"
    EMPLOYEE = "employee"
    COMPANY = "company"
    REGISTRATION = "registration"
    DATABASES = "databases"
    ATTACH = "attach"
    SERVICE = "service"
    NOWHERE = "nowhere"


class Criterion(msgspec.Struct, frozen=True):
    """One criterion: a stable code, how it stands, the facts for its words, where it is mended."""

    code: str
    state: State
    place: Place = Place.NOWHERE
    facts: dict[str, str] = {}

    @property
    def met(self) -> bool:
        """Whether it keeps nobody from connecting."""
        return self.state is not State.UNMET


class Who(msgspec.Struct, frozen=True):
    """The user who wants to connect."""

    name: str
    registered: bool
    superuser: bool
    employee: str | None
    """The name of the employee that the user is linked to; None where there is no link, or the employee is gone."""
    email: str
    """The employee's e-mail address."""
    email_valid: bool


class Details(msgspec.Struct, frozen=True):
    """Which of the company's details are filled in, and valid."""

    name: bool
    address: bool
    phone: bool
    email: bool
    org_no: bool


class Fit(msgspec.Struct, frozen=True):
    """Whether the database can be kept the same: how many types are attached, or why it cannot be opened."""

    types: int
    trouble: str = ""


class Reached(msgspec.Struct, frozen=True):
    """The service as it answered: `why` it did not, and how many seconds its clock is ahead."""

    address: str
    why: str = ""
    """A stable code; empty where it answered."""
    ahead_s: float | None = None


class Libraries(msgspec.Struct, frozen=True):
    """The SQLite versions that write the file; None where it is no SQLite file."""

    own: Version | None
    last: Version | None
    """The one that wrote the file last, as the file itself tells; it may be another program's."""
    wal: bool


class Facts(msgspec.Struct, frozen=True):
    """All that is looked up."""

    who: Who
    details: Details
    registered: bool
    sample: bool
    allowed: int | None
    """How many databases of the installation may be connected; None for any number."""
    others: tuple[str, ...]
    """The other connected databases, by name."""
    fit: Fit
    service: Reached
    sqlite: Libraries


def criteria(facts: Facts) -> tuple[Criterion, ...]:
    """Every criterion, in the order in which they are shown."""
    return (
        *_of_the_user(facts.who),
        *_of_the_company(facts.details),
        *_of_the_installation(facts),
        _fit(facts.fit),
        *_of_the_service(facts.service),
        *_of_sqlite(facts.sqlite),
    )


def all_met(listed: tuple[Criterion, ...]) -> bool:
    """Whether nothing keeps from connecting."""
    return all(one.met for one in listed)


def _of_the_user(who: Who) -> tuple[Criterion, ...]:
    employee = {"employee": who.employee or ""}
    return (
        _one("REGISTERED_USER", who.registered, Place.USERS, {"user": who.name}),
        _one("SUPERUSER", who.superuser, Place.USERS, {"user": who.name}),
        _one("LINKED_TO_EMPLOYEE", who.employee is not None, Place.OWN_LINK, employee),
        _one(
            "EMPLOYEE_EMAIL",
            who.employee is not None and who.email_valid,
            Place.EMPLOYEE if who.employee is not None else Place.OWN_LINK,
            employee | {"email": who.email},
        ),
    )


def _of_the_company(details: Details) -> tuple[Criterion, ...]:
    return (
        _one("COMPANY_NAME", details.name, Place.COMPANY),
        _one("COMPANY_ADDRESS", details.address, Place.COMPANY),
        _one("COMPANY_PHONE", details.phone, Place.COMPANY),
        _one("COMPANY_EMAIL", details.email, Place.COMPANY),
        _one("COMPANY_ORG_NO", details.org_no, Place.COMPANY),
    )


def _of_the_installation(facts: Facts) -> tuple[Criterion, ...]:
    room = facts.allowed is None or len(facts.others) < facts.allowed
    others = {"others": ", ".join(facts.others), "allowed": str(facts.allowed or "")}
    return (
        _one("REGISTRATION", facts.registered, Place.REGISTRATION),
        _one("NOT_EVALUATION", facts.registered, Place.REGISTRATION),
        _one("NOT_SAMPLE", not facts.sample, Place.DATABASES),
        _one("ROOM_FOR_ONE_MORE", room, Place.DATABASES, others),
    )


def _fit(fit: Fit) -> Criterion:
    told = {"types": str(fit.types), "trouble": fit.trouble}
    return _one("DATABASE_FIT", fit.types > 0 and not fit.trouble, Place.ATTACH, told)


def _of_the_service(service: Reached) -> tuple[Criterion, ...]:
    told = {"address": service.address, "why": service.why}
    reached = _one("SERVICE_REACHED", not service.why, Place.SERVICE, told)
    if service.ahead_s is None:
        return (reached,)
    near = abs(service.ahead_s) <= CLOCK_S
    off = {"seconds": str(round(abs(service.ahead_s)))}
    return (reached, Criterion("CLOCKS", State.MET if near else State.TOLD, facts=off))


def _of_sqlite(sqlite: Libraries) -> tuple[Criterion, ...]:
    if sqlite.own is None:
        return ()
    own = _one("OWN_SQLITE", not _loses(sqlite.own), facts={"version": _dotted(sqlite.own)})
    if sqlite.last is None:
        return (own,)
    risky = sqlite.wal and _loses(sqlite.last)
    told = {"version": _dotted(sqlite.last)}
    return (own, Criterion("OTHER_SQLITE", State.TOLD if risky else State.MET, facts=told))


def _loses(version: Version) -> bool:
    return RACE[0] <= version <= RACE[1]


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))


def _one(
    code: str, met: bool, place: Place = Place.NOWHERE, facts: dict[str, str] | None = None
) -> Criterion:
    return Criterion(code, State.MET if met else State.UNMET, place, facts or {})
