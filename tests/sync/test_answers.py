"""What the service answers is looked at before anything is done with it: ids, numbers, places."""

from __future__ import annotations

import pytest

from samsyn.agent.answers import check_answer, check_page
from samsyn.agent.service import ServiceTrouble
from samsyn.core.changes import Delete, OnlineChange, Operation
from samsyn.core.merge import Status
from samsyn.protocol.messages import Batch, BatchAnswer, Named, Outcome, Pull, Refusal

SENT = Batch(
    number=7,
    previous="",
    floor=0,
    fingerprint="",
    changes=(Delete("t", "a" * 32, 0), Delete("t", "b" * 32, 0)),
)
GOOD, LONG, SHORT = "0123456789abcdef" * 2, "a" * 33, "a" * 31
NO_IDS = ("", SHORT, LONG, GOOD.upper(), "g" * 32, f"{GOOD}\n", f" {GOOD}", "'; DROP TABLE t; --")


def answer(
    number: int = 7, outcomes: tuple[int, ...] = (), refused: tuple[int, ...] = ()
) -> BatchAnswer:
    """An answer that tells of these changes."""
    return BatchAnswer(
        number=number,
        online_head=0,
        outcomes=tuple(Outcome(n, Status.UNCHANGED) for n in outcomes),
        refusals=tuple(Refusal(n, "NO", "no") for n in refused),
    )


@pytest.mark.parametrize(
    "told", [answer(), answer(outcomes=(0, 1)), answer(refused=(1, 0)), answer(7, (0,), (1,))]
)
def test_what_tells_of_the_batch_that_was_sent_is_an_answer(told: BatchAnswer) -> None:
    check_answer(SENT, told)


@pytest.mark.parametrize(
    "told",
    [
        answer(6),
        answer(8),
        answer(outcomes=(2,)),
        answer(outcomes=(-1,)),
        answer(outcomes=(0, 1, 2)),
        answer(refused=(2,)),
        answer(refused=(-1,)),
        answer(7, (0,), (9,)),
    ],
)
def test_what_tells_of_another_batch_or_place_is_asked_for_again_fm6(told: BatchAnswer) -> None:
    with pytest.raises(ServiceTrouble) as raised:
        check_answer(SENT, told)
    assert raised.value.transient
    assert raised.value.facts == {"status": 200, "problem": "BAD_BODY", "asked": "push"}


def page(changes: tuple[str, ...] = (), again: tuple[str, ...] = ()) -> Pull:
    """A page about these records."""
    return Pull(
        since=0,
        upto=1,
        online_head=1,
        included_batch=0,
        changes=tuple(OnlineChange(Operation.UPDATE, "t", i) for i in changes),
        more=False,
        send_again=tuple(Named("t", i) for i in again),
    )


def test_a_page_names_records_by_their_ids() -> None:
    check_page(page())
    check_page(page((GOOD, "f" * 32), (GOOD,)))


@pytest.mark.parametrize("bad", NO_IDS)
def test_a_page_that_names_one_by_anything_else_is_asked_for_again_fm6(bad: str) -> None:
    for told in (
        page((GOOD, bad)),
        page((bad, GOOD)),
        page((), (bad,)),
        page((GOOD,), (GOOD, bad)),
    ):
        with pytest.raises(ServiceTrouble) as raised:
            check_page(told)
        assert raised.value.facts == {"status": 200, "problem": "BAD_BODY", "asked": "pull"}
