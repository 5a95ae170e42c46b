"""The catalog: which record types and fields are kept the same, and how."""

from __future__ import annotations

import enum
import hashlib

import msgspec


class Kind(enum.Enum):
    """What a field holds, as a person and the REST API see it."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    REAL = "real"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    INTERVAL = "interval"
    BLOB = "blob"
    JSON = "json"
    UUID = "uuid"
    ENUM = "enum"
    ARRAY = "array"
    REFERENCE = "reference"
    OTHER = "other"


class Reference(msgspec.Struct, frozen=True, omit_defaults=True):
    """A field that points at a record: travels as that record's id.

    `column` names the field of the other type whose value the field holds,
    most often its key. `declared` is false for a reference found from names
    and values and accepted as a suggestion.
    """

    type: str
    column: str
    declared: bool = True


class Field(msgspec.Struct, frozen=True, omit_defaults=True):
    """One synced column.

    `name` is the column's name exactly as the database spelt it when it was
    attached first; `renamed` is its name now, where the program has given it
    another since. `storage` is what the engine needs to know to write the value back: the affinity on
    SQLite (TEXT, NUMERIC, INTEGER, REAL, BLOB), the full type on PostgreSQL
    (`numeric(10,2)`, `character varying(40)`, `public.mood`).
    """

    name: str
    kind: Kind
    storage: str
    label: str = ""
    required: bool = False
    """A person creating a record must give a value: NOT NULL without default."""
    nullable: bool = True
    read_only: bool = False
    """The office alone gives the value: generated columns and given numbers."""
    generated: bool = False
    """A computed column: sent up, never written."""
    has_default: bool = False
    max_length: int | None = None
    precision: int | None = None
    scale: int | None = None
    choices: tuple[str, ...] = ()
    reference: Reference | None = None
    renamed: str = ""

    @property
    def column(self) -> str:
        """The column's name in the database."""
        return self.renamed or self.name


class KeyGiver(enum.Enum):
    """Who chooses the key of a new record."""

    OFFICE = "office"
    """The database gives it (auto-increment, identity, sequence default)."""
    PERSON = "person"
    """Whoever creates the record gives it (natural, text, composite keys)."""


class Direction(enum.Enum):
    """On which sides people write records of a type; see docs/decisions/0021-directions.md."""

    BOTH = "both"
    UP = "up"
    """To online only: what the office has is shown there, and written at the office alone."""
    DOWN = "down"
    """From online only: written online, and shown at the office."""


class RecordType(msgspec.Struct, frozen=True, omit_defaults=True):
    """One synced table.

    `name` is unique in the catalog: the table's name as it was when it was
    attached first, or `schema.table` where two schemas hold tables of one
    name. `no` is the
    table's number in the company database's bookkeeping, given at attach and
    never reused. The order of `fields` is the order of the bits in the
    journal's masks (bit i is fields[i]), so it never changes while attached;
    `display` is the order in which people read them.
    """

    name: str
    no: int
    table: str
    key: tuple[str, ...]
    key_giver: KeyGiver
    fields: tuple[Field, ...]
    schema: str | None = None
    label: str = ""
    display: tuple[str, ...] = ()
    title: str | None = None
    """The field that names a record to people."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Fields that are decided together; each field is in one group at most."""
    online_wins: tuple[str, ...] = ()
    """Fields of which an unseen online write stands over the office's; none of a group."""
    direction: Direction = Direction.BOTH
    lacking: tuple[str, ...] = ()
    """What columns are called that are not synced though a new row needs them: only the database's own program makes one."""

    def field(self, name: str) -> Field:
        """The field of that name; KeyError where there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The names of the key's columns in the database."""
        return tuple(self.field(name).column for name in self.key)

    def field_of(self, column: str) -> str:
        """The name of the field that is kept in a column; the column's own where none is."""
        return next((f.name for f in self.fields if f.column == column), column)

    @property
    def shown(self) -> tuple[Field, ...]:
        """The fields in the order in which people read them; those that it does not name come last."""
        place = {name: n for n, name in enumerate(self.display)}
        return tuple(sorted(self.fields, key=lambda field: place.get(field.name, len(place))))

    def is_read_only(self, field: Field) -> bool:
        """Whether the office alone gives the value."""
        by_office = self.key_giver is KeyGiver.OFFICE and field.name in self.key
        return field.read_only or field.generated or by_office

    def is_required(self, field: Field) -> bool:
        """Whether a new record must have a value: also each part of a key that a person gives."""
        if self.is_read_only(field):
            return False
        by_person = self.key_giver is KeyGiver.PERSON and not field.has_default
        return field.required or (by_person and field.name in self.key)

    @property
    def only_read(self) -> bool:
        """Whether the office alone gives every value, so that nothing can be made or changed here."""
        return all(self.is_read_only(field) for field in self.fields)

    @property
    def fingerprint(self) -> str:
        """Changes exactly when something changes that a stored value depends on, or where it lies."""
        shape: list[object] = [
            self.name,
            self.key,
            [(f.name, f.kind, f.storage, f.reference) for f in self.fields],
        ]
        moved = {f.name: f.renamed for f in self.fields if f.renamed}
        if self.name not in (self.table, f"{self.schema}.{self.table}"):
            moved[""] = self.table
        if moved:
            shape.append(moved)
        return hashlib.blake2b(msgspec.json.encode(shape), digest_size=8).hexdigest()


class Catalog(msgspec.Struct, frozen=True):
    """All record types of one company database. `engine` is sqlite or postgresql."""

    engine: str
    types: tuple[RecordType, ...]

    def type(self, name: str) -> RecordType:
        """The record type of that name; KeyError where there is none."""
        for record_type in self.types:
            if record_type.name == name:
                return record_type
        raise KeyError(name)

    @property
    def fingerprint(self) -> str:
        """The fingerprints of all types as one."""
        parts = "".join(sorted(t.fingerprint for t in self.types))
        return hashlib.blake2b(parts.encode(), digest_size=8).hexdigest()
