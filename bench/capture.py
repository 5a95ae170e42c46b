"""What capture costs the office's own program."""

from __future__ import annotations

import time
from collections.abc import Callable

from bench.databases import TABLE
from bench.figures import Figure, at_most
from bench.office import KEY, Program, contact_no, program, set_field
from bench.run import Run

CAPTURE = "a write with capture on"
TOGETHER, SINGLE = 5_000, 300
ROUNDS = 9
"""The quickest of each side counts: whatever else the machine does only makes a round slower."""


def capture(run: Run) -> list[Figure]:
    """Inserts, updates of one field and deletes, with and without capture."""
    run.say("what capture costs a write")
    engine = run.pair.office
    plain = program(run.databases.company(engine, run.records, captured=False))
    captured = program(run.databases.company(engine, run.records))
    works: list[tuple[str, Callable[[Program, int], float]]] = [
        (f"{TOGETHER:,} in one transaction", _together),
        (f"{SINGLE} transactions of one", _single),
    ]
    figures = []
    for how, work in works:
        for what, place in (("insert", 0), ("update of a field", 1), ("delete", 2)):
            times = [(work(plain, place), work(captured, place)) for _ in range(ROUNDS)]
            plain_s, captured_s = (min(side) for side in zip(*times, strict=True))
            ratio = captured_s / plain_s
            rows = TOGETHER if work is _together else SINGLE
            figures.append(
                run.figure(
                    CAPTURE,
                    f"{what}, {how}",
                    1e6 * captured_s / rows,
                    "µs",
                    ratio,
                    at_most(ratio, 1.3),
                )
            )
    plain.close()
    captured.close()
    return figures


def _together(program: Program, what: int) -> float:
    return _step(program, what, [list(range(TOGETHER))])


def _single(program: Program, what: int) -> float:
    return _step(program, what, [[place] for place in range(SINGLE)])


def _step(program: Program, what: int, transactions: list[list[int]]) -> float:
    """Seconds for one kind of write; what it needs or leaves is put right outside the time."""
    places = [place for transaction in transactions for place in transaction]
    if what == 2:
        _insert(program, [places])
    started = time.perf_counter()
    if what == 0:
        _insert(program, transactions)
    elif what == 1:
        mark = f"{started}"
        for some in transactions:
            set_field(program, "phone", {contact_no(place): mark for place in some})
    else:
        _delete(program, transactions)
    seconds = time.perf_counter() - started
    if what == 0:
        _delete(program, [places])
    return seconds


def _insert(program: Program, transactions: list[list[int]]) -> None:
    (row,) = program.rows(f"SELECT * FROM {TABLE} WHERE {KEY} = {contact_no(0)}")
    marks = ", ".join(["%s"] * len(row))
    for places in transactions:
        rows = [(5_000_000 + place, row[1], None, *row[3:]) for place in places]
        program.change(f"INSERT INTO {TABLE} VALUES ({marks})", rows)


def _delete(program: Program, transactions: list[list[int]]) -> None:
    for places in transactions:
        keys = [(5_000_000 + place,) for place in places]
        program.change(f"DELETE FROM {TABLE} WHERE {KEY} = %s", keys)
