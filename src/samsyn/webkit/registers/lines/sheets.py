"""Which register holds the lines of another one's records, and which of its fields say how much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from samsyn.core.catalog import Field, Kind, RecordType
from samsyn.webkit.desktop.meaning import AMOUNTS, CURRENCIES, plain
from samsyn.webkit.registers.book import Register

QUANTITIES = "quantity qty antal count pieces hours timmar menge kvantitet".split()
PRICES = "unitprice price apris pris àpris styckpris einzelpreis preis".split()
DISCOUNTS = "discountpercent discount rabatt rabattprocent".split()
NUMBERS = "lineno linenumber line radnr rad rownr rowno position pos sequence".split()
TEXTS = "text description benämning benamning name beskrivning".split()
RECKONED = "netamount vatamount taxamount totalamount nettobelopp momsbelopp totalbelopp net vat total sum summa netto brutto".split()
"""Names of a record's sums, which the office's program reckons from the lines."""
_SUMS = (Kind.DECIMAL, Kind.REAL, Kind.INTEGER)


class Sheet(msgspec.Struct, frozen=True):
    """The lines of a register's records."""

    register: Register
    parent: Field
    """The reference to the record that a line belongs to."""
    quantity: Field
    amount: Field
    price: Field | None = None
    discount: Field | None = None
    number: Field | None = None
    text: Field | None = None
    product: Field | None = None

    @property
    def columns(self) -> tuple[Field, ...]:
        """What is shown of a line: the number first, then as people read them, the amount last."""
        hidden = {self.parent.name, self.amount.name}
        record_type = self.register.type
        hidden |= {
            name for name in record_type.key if record_type.is_read_only(record_type.field(name))
        }
        shown = [f for f in record_type.shown if f.name not in hidden and f.kind is not Kind.BLOB]
        shown.sort(key=lambda field: field is not self.number)
        return tuple(shown)

    @property
    def may_add(self) -> bool:
        """Whether the person may write lines."""
        return self.register.makes and not self.register.type.is_read_only(self.parent)


def sheet_of(record_type: RecordType, registers: Sequence[Register]) -> Sheet | None:
    """The register whose records are lines of this one's: each belongs to one, and has a quantity and an amount."""
    for register in registers:
        found = _sheet(record_type, register)
        if found is not None:
            return found
    return None


def reckoned_fields(record_type: RecordType) -> tuple[Field, ...]:
    """The sums of a record that the office's program reckons from its lines."""
    return tuple(f for f in record_type.shown if f.kind in _SUMS and plain(f.name) in RECKONED)


def currency_field(record_type: RecordType) -> Field | None:
    """The field that says in which currency a record's amounts are."""
    return _called(record_type.fields, CURRENCIES, (Kind.TEXT, Kind.ENUM))


def price_of(product: RecordType) -> Field | None:
    """The field of a product that holds its price."""
    return _called(product.fields, ("price", "salesprice", *PRICES), _SUMS)


def _sheet(record_type: RecordType, register: Register) -> Sheet | None:
    fields = register.type.fields
    parent = next((f for f in fields if _is_parent(register.type, f, record_type.name)), None)
    quantity = _called(fields, QUANTITIES, _SUMS)
    amount = _called(fields, ("amount", "linetotal", "radbelopp", *AMOUNTS), _SUMS)
    if parent is None or quantity is None or amount is None:
        return None
    products = (f for f in fields if f.kind is Kind.REFERENCE and f is not parent)
    return Sheet(
        register,
        parent,
        quantity,
        amount,
        price=_called(fields, PRICES, _SUMS),
        discount=_called(fields, DISCOUNTS, _SUMS),
        number=_called(fields, NUMBERS, (Kind.INTEGER,)),
        text=_called(fields, TEXTS, (Kind.TEXT,)),
        product=next(products, None),
    )


def _is_parent(line: RecordType, field: Field, name: str) -> bool:
    """A line cannot be without its record."""
    if field.reference is None or field.reference.type != name or line.name == name:
        return False
    return line.is_required(field) or not field.nullable or field.name in line.key


def _called(fields: Iterable[Field], names: Sequence[str], kinds: Sequence[Kind]) -> Field | None:
    known = {plain(field.name): field for field in fields if field.kind in kinds}
    return next((known[name] for name in names if name in known), None)
