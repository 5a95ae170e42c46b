"""The facts of one demo company: who its people, customers and projects are, from a seed."""

from __future__ import annotations

import datetime as dt
import enum
from array import array
from collections.abc import Iterator, Sequence
from random import Random

import msgspec

from samsyn.demo import goods, numbers, people, places, talk
from samsyn.demo.firms import firm_name

OWN_NAME = "Norrsken Handel AB"
OWN_DOMAIN = "norrsken-handel.example"
OWN_DETAILS = {
    "org_no": "559912-3451",
    "street": "Norrskensgatan 4",
    "postal_code": "113 30",
    "city": "Stockholm",
    "country": "SE",
    "phone": "08-465 004 00",
    "email": f"info@{OWN_DOMAIN}",
}
"""As the office program keeps them; the telephone number is one of those that nobody has."""
DEFAULT_SEED = 1973
DEFAULT_CONTACTS = 400
FIRST_CONTACT_NO = 10001
FIRST_ORDER_NO = 1001
FIRST_PROJECT_NO = 501

Value = int | float | str | bool | None
Row = tuple[Value, ...]
"""One row's values in the order of its table's columns: money as text, dates as ISO 8601 text."""

_CURRENCIES = {"SE": "SEK", "NO": "NOK", "DK": "DKK", "FI": "EUR"}
_TAPERS_AT = 3000


class Sizes(msgspec.Struct, frozen=True):
    """How many records of the kinds that grow with the company."""

    contacts: int
    employees: int
    projects: int
    orders: int
    activities: int
    time_sheets: int
    persons: bool = True
    """Whether firms have contact persons."""

    @classmethod
    def for_contacts(cls, contacts: int) -> Sizes:
        """A company with that many contacts: a large one has fewer of the rest for each."""
        return cls(
            contacts=contacts,
            employees=min(8 + contacts // 60, 60),
            projects=min(4 + contacts // 16, 300) if contacts else 4,
            orders=_tapered(contacts * 3 // 2),
            activities=_tapered(contacts * 2),
            time_sheets=_tapered(contacts * 2),
        )

    @classmethod
    def contacts_only(cls, contacts: int) -> Sizes:
        """A large contact register quickly, and of the rest only what it points at."""
        return cls(contacts, 60, 0, 0, 0, 0, persons=False)


class Subject(enum.IntEnum):
    """What a throw of dice is about: each record has dice of its own."""

    EMPLOYEE = 1
    CONTACT = 2
    PERSON = 3
    PRODUCT = 4
    PROJECT = 5
    ORDER = 6
    ACTIVITY = 7
    TIME_SHEET = 8
    STEP = 9


class Employee(msgspec.Struct, frozen=True):
    """A person on the payroll."""

    employee_id: int
    initials: str
    name: people.Name
    job_title: str
    department: str
    hourly_kronor: int
    manager_id: int | None
    email: str


class Contact(msgspec.Struct, frozen=True):
    """A firm or private person in the contact register."""

    contact_no: int
    name: str
    org_no: str | None
    contact_type: str
    country: str
    address: places.Address
    domain: str | None
    currency: str
    discount_percent: int
    first_person: int
    """The id of its first contact person, where it has any."""
    persons: int

    @property
    def buys(self) -> bool:
        """Orders are entered for it."""
        return self.contact_type != "Leverantör"


class Project(msgspec.Struct, frozen=True):
    """A piece of work for a customer, or for the firm itself where there is none."""

    project_no: int
    name: str
    project_type: str
    customer: Contact | None
    members: tuple[int, ...]
    """Employee ids; the first one is the manager."""
    starts_on: dt.date
    ends_on: dt.date


class Company:
    """Everything about the company that more than one table needs.

    Any contact can be made again from its place in the register, so nothing
    of the size of the company is held except eight bytes for each contact.
    """

    def __init__(self, seed: int, sizes: Sizes, today: dt.date) -> None:
        self.seed = seed
        self.sizes = sizes
        self.today = today
        self._shift = _mixed(seed, 0) % 100_000
        self._place_in_country, self._first_person = self._count()
        self.employees = _employees(self)
        self.products = goods.catalogue(seed)
        self.suppliers = [
            FIRST_CONTACT_NO + i
            for i in range(min(sizes.contacts, 400))
            if self._kind(i)[1] == "Leverantör"
        ]
        self.projects = [_project(self, n) for n in range(sizes.projects)]

    def dice(self, subject: Subject, n: int) -> Random:
        """The dice of the nth record of its kind."""
        return Random((abs(self.seed) << 48) | (subject << 40) | n)

    def contact(self, n: int, dice: Random | None = None) -> Contact:
        """The nth contact of the register; dice handed in go on to throw the rest of its row."""
        country, contact_type, persons = self._kind(n)
        dice = dice or self.dice(Subject.CONTACT, n)
        private = contact_type == "Privatperson"
        name = str(people.person(country, dice)) if private else self.firm_name(n, country)
        return Contact(
            contact_no=FIRST_CONTACT_NO + n,
            name=name,
            org_no=None if private else self._org_no(n, country),
            contact_type=contact_type,
            country=country,
            address=places.address(country, dice),
            domain=None if private else domain(name),
            currency=_CURRENCIES[country],
            discount_percent=0 if private else (0, 0, 0, 5, 5, 10, 15)[int(dice.random() * 7)],
            first_person=self._first_person[n],
            persons=persons,
        )

    def firm_name(self, n: int, country: str) -> str:
        """The name of the nth contact, when it is a firm."""
        return firm_name(country, self._place_in_country[n], self._shift)

    def staffed(self) -> Iterator[tuple[int, str, int]]:
        """The contacts with contact persons: place in the register, country, how many persons."""
        for n in range(self.sizes.contacts):
            country, _, persons = self._kind(n)
            if persons:
                yield n, country, persons

    def customer(self, dice: Random) -> Contact:
        """One of the contacts that buy; the early ones buy most."""
        for _ in range(20):
            found = self.contact(int(dice.random() ** 1.5 * self.sizes.contacts))
            if found.buys:
                return found
        return self.contact(0)

    def employee(self, dice: Random, department: str | None = None) -> Employee:
        """One of the employees, of the department if there is such."""
        there = [e for e in self.employees if department in (None, e.department)]
        return there[int(dice.random() * len(there))]

    def workday(self, share: float, days_back: int, days_ahead: int = 0) -> dt.date:
        """The day at a share of the way from so many days back to so many ahead, no weekend."""
        day = self.today + dt.timedelta(days=int(share * (days_back + days_ahead)) - days_back)
        return day - dt.timedelta(days=max(0, day.weekday() - 4))

    def _kind(self, n: int) -> tuple[str, str, int]:
        """Country, type and number of contact persons of the nth contact."""
        bits = _mixed(self.seed, n + 1)
        chance = bits % 100
        if chance >= 85:
            return "SE", "Privatperson", 0
        kind = "Kund" if chance < 68 else "Leverantör" if chance < 80 else "Partner"
        abroad = (bits >> 8) % 100
        country = "SE" if abroad < 80 else "NO" if abroad < 89 else "FI" if abroad < 95 else "DK"
        return country, kind, (0, 1, 1, 2)[(bits >> 16) % 4] if self.sizes.persons else 0

    def _org_no(self, n: int, country: str) -> str:
        return numbers.org_no(country, self._place_in_country[n], self._shift)

    def _count(self) -> tuple[Sequence[int], Sequence[int]]:
        """For each contact: its number among those of its country, and its first person's id."""
        place_in_country, first_person = array("I"), array("I")
        seen = dict.fromkeys(people.COUNTRIES, 0)
        next_person = 1
        for n in range(self.sizes.contacts):
            country, _, persons = self._kind(n)
            place_in_country.append(seen[country])
            first_person.append(next_person)
            seen[country] += 1
            next_person += persons
        return place_in_country, first_person


def domain(firm: str) -> str:
    """The internet domain of a firm, below one that is reserved for examples."""
    words = [w for w in firm.split() if w.rstrip(",") not in {"AB", "AS", "ApS", "Oy", "i"}]
    return f"{people.mailbox(*words)}.example"


def money(ore: int) -> str:
    """Hundredths as the text of an amount."""
    return f"{ore // 100}.{ore % 100:02}"


def moment(day: dt.date, hour: int, minute: int = 0) -> str:
    """A time of that day in UTC."""
    return f"{day.isoformat()}T{hour:02}:{minute:02}:00Z"


def utc_moment(now: dt.datetime) -> str:
    """An aware time as the rows hold it."""
    return now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _tapered(records: int) -> int:
    return records if records <= _TAPERS_AT else _TAPERS_AT + (records - _TAPERS_AT) // 8


def _mixed(seed: int, n: int) -> int:
    """Sixty-four well mixed bits of a seed and a number (the finaliser of SplitMix64)."""
    bits = (abs(seed) * 0x9E3779B97F4A7C15 + n * 0xD1B54A32D192ED03) & 0xFFFFFFFFFFFFFFFF
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    return bits ^ (bits >> 31)


def _employees(company: Company) -> list[Employee]:
    staff: list[Employee] = []
    for n in range(company.sizes.employees):
        dice = company.dice(Subject.EMPLOYEE, n)
        name = people.person("SE", dice)
        while _confusing(name, staff):
            name = people.person("SE", dice)
        place = n if n < len(talk.POSITIONS) else 4 + (n - 4) % (len(talk.POSITIONS) - 4)
        title, department, kronor = talk.POSITIONS[place]
        staff.append(
            Employee(
                employee_id=n + 1,
                initials=_initials(name, {e.initials for e in staff}),
                name=name,
                job_title=title,
                department=department,
                hourly_kronor=kronor + 10 * int(dice.random() * 5),
                manager_id=_manager(n, department),
                email=f"{people.mailbox(name.first)}.{people.mailbox(name.last)}@{OWN_DOMAIN}",
            )
        )
    return staff


def _confusing(name: people.Name, staff: list[Employee]) -> bool:
    """Whether somebody has the name; among the first thirty even the first or the last one."""
    early = any(name.first == e.name.first or name.last == e.name.last for e in staff[:30])
    return early or any(name == e.name for e in staff)


def _manager(n: int, department: str) -> int | None:
    """The head of the department; the heads and small departments answer to the director."""
    if n == 0:
        return None
    heads = {"Försäljning": 2, "Ekonomi": 3, "Lager": 4, "Service": 4}
    return heads.get(department, 1) if n >= 4 else 1


def _initials(name: people.Name, taken: set[str]) -> str:
    first, last = name.first.upper(), name.last.upper()
    for letter in last[1:] + "123456789":
        if (short := first[0] + last[0] + letter) not in taken:
            return short
    raise AssertionError(name)


def _project(company: Company, n: int) -> Project:
    dice = company.dice(Subject.PROJECT, n)
    starts_on = company.workday((n + dice.random()) / company.sizes.projects, 540, 60)
    ends_on = starts_on + dt.timedelta(days=30 + int(dice.random() * 240))
    count = min(len(company.employees), 2 + int(dice.random() * 3))
    members = tuple(e.employee_id for e in dice.sample(company.employees, count))
    inside = n // 6 if n % 6 == 0 or not company.sizes.contacts else None
    if inside is not None:
        years, which = divmod(inside, len(talk.INTERNAL_PROJECTS))
        name = talk.INTERNAL_PROJECTS[which] + (f", etapp {years + 1}" if years else "")
        kind, customer = "Intern", None
    else:
        customer = company.customer(dice)
        pattern, kind = talk.PROJECTS[int(dice.random() * len(talk.PROJECTS))]
        name = pattern.format(name=customer.name)
    return Project(FIRST_PROJECT_NO + n, name, kind, customer, members, starts_on, ends_on)
