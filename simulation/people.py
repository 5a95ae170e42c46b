"""People online: they create, edit and delete records through the service's own unit of work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from samsyn.core.errors import SamsynError
from samsyn.core.record import Record
from samsyn.records.unit import Source, Unit, company_unit
from simulation.company import Company
from simulation.schema import COLUMNS, REFERENCES

Done = Callable[[], None]


class People:
    """Everybody who works online with one company."""

    def __init__(self, company: Company, fresh: Callable[[str], str]) -> None:
        self._company = company
        self._random = company.random
        self._fresh = fresh

    def act(self) -> None:
        """One unit of work of one to three records."""
        company = self._company
        alive = self._alive()
        done: list[Done] = []
        words: list[str] = []
        try:
            with company_unit(company.tenant, Source.REST, "Maria", company.clock.text()) as unit:
                for _ in range(self._random.choice((1, 1, 1, 1, 3))):
                    self._one(unit, alive, done, words)
        except SamsynError as error:
            company.trace(f"{company.name} online: {'; '.join(words)} is refused: {error.code}")
            return
        for tell in done:
            tell()
        company.trace(f"{company.name} online: {'; '.join(words)}")

    def _alive(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = self._company.tenant.rows(
            "SELECT id, type FROM records_record WHERE company_id = %(company)s AND alive"
            " ORDER BY id"
        )
        return found

    def _one(
        self, unit: Unit, alive: list[tuple[str, str]], done: list[Done], words: list[str]
    ) -> None:
        kind = self._random.random()
        if kind < 0.2 or not alive:
            self._create(unit, alive, done, words)
            return
        worked_on = self._company.types_worked_on()
        record, name = self._random.choice([one for one in alive if one[1] in worked_on] or alive)
        if kind < 0.32:
            words.append(f"delete {self._called(record)}")
            alive.remove((record, name))
            unit.delete(record)
            done.append(lambda: self._company.oracle.deleted(record))
            return
        self._edit(unit, record, name, alive, done, words)

    def _create(
        self, unit: Unit, alive: list[tuple[str, str]], done: list[Done], words: list[str]
    ) -> None:
        random = self._random
        name = random.choice(tuple(COLUMNS))
        text = self._fresh("online")
        fields: dict[str, Any] = dict.fromkeys(self._texts(unit, name)[:1], text)
        if name == "product":
            fields["code"] = random.choice(("C3", "D4", "E5", text))
            fields["price"] = random.choice((5.0, 6.789, 200000.0))
        if name == "orders":
            fields |= {"number": random.choice(("S1", "S3", "S4", text)), "status": "open"}
        if name == "line":
            fields |= {"orders": self._some(alive, "orders"), "no": random.randint(1, 4)}
        for (type_, field), target in REFERENCES.items():
            if type_ == name and field not in fields and random.random() < 0.5:
                fields[field] = self._some(alive, target)
        words.append(f"create {name} {self._told(fields)}")
        made = unit.create(name, fields, self._company.new_id())
        alive.append((made.id, name))
        done.append(lambda: self._company.oracle.created(made))

    def _edit(
        self,
        unit: Unit,
        record: str,
        name: str,
        alive: list[tuple[str, str]],
        done: list[Done],
        words: list[str],
    ) -> None:
        random = self._random
        texts = self._texts(unit, name)
        some = random.sample(texts, random.randint(1, len(texts))) if texts else []
        fields: dict[str, Any] = {field: self._fresh("online") for field in some}
        if not texts or random.random() < 0.2:
            fields |= self._harder(name, alive)
        words.append(f"edit {self._called(record)} {self._told(fields)}")
        before = unit.record(record)
        assert before is not None
        after = unit.edit(record, fields)
        done.append(lambda: self._edited(before, after))

    def _texts(self, unit: Unit, name: str) -> list[str]:
        """The texts of a type that the service knows; none where it does not know the type."""
        known = unit.types[name].names if name in unit.types else frozenset[str]()
        return [field for field in self._company.shape.known_online(name) if field in known]

    def _edited(self, before: Record, after: Record) -> None:
        if after is not before:
            self._company.oracle.edited(before, after)

    def _harder(self, name: str, alive: list[tuple[str, str]]) -> dict[str, Any]:
        """A field that the office may refuse or change, or that leads elsewhere."""
        random = self._random
        if name == "product":
            return {"price": random.choice((1.239, 3.0, 200000.0))}
        if name == "orders":
            number, status = random.choice(("S1", "S2", "S3")), random.choice(("open", "shut"))
            return random.choice(({"number": number}, {"status": status}))
        if name == "line":
            return random.choice(({"quantity": random.randint(1, 9)}, {"no": random.randint(1, 4)}))
        if name == "employee":
            return {"boss": self._some(alive, "employee")}
        return {"name": None}

    def _some(self, alive: list[tuple[str, str]], type_: str) -> str | None:
        return self._random.choice([*(r for r, t in alive if t == type_), None])

    def _called(self, record: str) -> str:
        page = self._company.oracle.by_id.get(record)
        return record[:6] if page is None else page.name

    def _told(self, fields: dict[str, Any]) -> str:
        references = {field for _, field in REFERENCES}
        return ", ".join(
            f"{n} = {self._called(v) if n in references and isinstance(v, str) else repr(v)}"
            for n, v in fields.items()
        )
