"""The numbers of chunks: which of a hello follow on what the service has taken (FM21, FM22)."""

from __future__ import annotations

import msgspec
import pytest

from samsyn.protocol.messages import ChunkAnswer, Chunks
from samsyn.records import connections
from samsyn.records.errors import ChunkStale, StateDiverged
from samsyn.records.hello import hello
from samsyn.records.load import load
from samsyn.records.tenant import Tenant
from tests.records.office import AT, Office, loaded, record


@pytest.fixture
def office(tenant: Tenant) -> Office:
    one = Office.paired(tenant)
    one.hello()
    return one


def send(office: Office, number: int, after_batch: int = 0) -> ChunkAnswer:
    """A chunk under a number."""
    whole = msgspec.json.decode(office.chunk(loaded(1, name="Berg"), after_batch=after_batch))
    return load(office.caller, msgspec.json.encode({**whole, "number": number}), AT)


def taken(office: Office) -> int:
    return connections.state(office.caller).chunk


def greet(office: Office, chunks: Chunks | None) -> None:
    """A hello that tells these numbers, or none."""
    told = office.hello_message("link-2")
    hello(office.caller, msgspec.structs.replace(told, chunks=chunks), AT)


def test_the_highest_number_that_was_taken_is_kept_fm6(office: Office) -> None:
    for number, now in ((3, 3), (7, 7), (0, 7), (8, 8)):
        assert send(office, number).number == number
        assert taken(office) == now


def test_a_chunk_of_an_older_program_has_no_number_and_its_rows_tell_none_fm21(
    office: Office,
) -> None:
    """They are judged as before there were numbers."""
    whole = msgspec.json.decode(office.chunk(loaded(1, name="Berg")))
    whole.pop("number", None)
    assert load(office.caller, msgspec.json.encode(whole), AT).number == 0
    assert taken(office) == 0
    assert office.tenant.rows(
        "SELECT chunk FROM records_change WHERE company_id = %(company)s"
    ) == [(None,)]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_chunk_that_comes_late_or_twice_is_refused_fm6(office: Office, number: int) -> None:
    """It tells how the rows stood before what a later one told, which no batch has told either."""
    late = msgspec.json.decode(office.chunk(loaded(1, name="Berg")))
    send(office, 3)
    office.load(loaded(1, name="Alm"))
    with pytest.raises(ChunkStale):
        load(office.caller, msgspec.json.encode({**late, "number": number}), AT)
    assert record(office.tenant, 1).fields["name"] == "Alm"
    assert taken(office) == 3


def test_a_chunk_that_is_refused_counts_for_none(office: Office) -> None:
    with pytest.raises(ChunkStale):
        send(office, 4, after_batch=9)
    assert taken(office) == 0


@pytest.mark.parametrize("chunks", [None, Chunks(5, 5), Chunks(9, 5), Chunks(5, 0)])
def test_what_was_taken_lies_between_what_was_heard_and_what_was_read(
    office: Office, chunks: Chunks | None
) -> None:
    send(office, 5)
    greet(office, chunks)


@pytest.mark.parametrize(
    ("chunks", "told"), [(Chunks(4, 0), 4), (Chunks(), 0), (Chunks(6, 6), 6), (Chunks(9, 6), 6)]
)
def test_else_one_side_was_put_back_fm21_fm22(office: Office, chunks: Chunks, told: int) -> None:
    send(office, 5)
    with pytest.raises(StateDiverged) as refused:
        greet(office, chunks)
    assert refused.value.facts == {"what": "chunk", "office": told, "online": 5}


def test_the_rows_of_the_log_tell_the_chunk_that_brought_them(office: Office) -> None:
    send(office, 5)
    send(office, 6)  # the same row as it stands: nothing new
    office.push(office.put(1, name="Alm"))
    rows = office.tenant.rows(
        "SELECT chunk, batch FROM records_change WHERE company_id = %(company)s ORDER BY seq"
    )
    assert rows == [(5, None), (None, 1)]
