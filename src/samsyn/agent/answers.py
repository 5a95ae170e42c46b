"""What an answer of the service must be before anything is done with it; else it is asked for again."""

from __future__ import annotations

import re

from samsyn.agent.service import ServiceTrouble
from samsyn.protocol import wire
from samsyn.protocol.messages import Batch, BatchAnswer, Pull

RECORD_ID = re.compile(r"[0-9a-f]{32}")


def check_answer(sent: Batch, answer: BatchAnswer) -> None:
    """ServiceTrouble where it cannot be the answer to this batch."""
    told = [*(o.index for o in answer.outcomes), *(r.index for r in answer.refusals)]
    if answer.number != sent.number or not all(0 <= n < len(sent.changes) for n in told):
        raise ServiceTrouble(status=200, problem=wire.BadBody.code, asked="push")


def check_page(page: Pull) -> None:
    """ServiceTrouble where it names a record by what is no id."""
    named = (*(change.id for change in page.changes), *(one.record for one in page.send_again))
    if not all(map(RECORD_ID.fullmatch, named)):
        raise ServiceTrouble(status=200, problem=wire.BadBody.code, asked="pull")
