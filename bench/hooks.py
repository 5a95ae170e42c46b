"""What hundreds of webhooks cost a service: at rest, and when something is to be told to all of them."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Sequence

from bench.companies import TYPE, record_id
from bench.figures import Figure
from bench.processes import Child
from bench.run import Run
from bench.service import AT_ONCE, Company, serving
from bench.wire import Wire, timed

HOOKS = "webhooks, one of each company"
WATCHED_S = 15.0
PATIENCE_S = 120.0
ANSWER = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


class Receiver:
    """Takes every message, and says when so many have come."""

    def __init__(self, awaited: int) -> None:
        self.came, self._awaited = 0, awaited
        self.all_came = asyncio.Event()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One message."""
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next(int(h.split(b":")[1]) for h in lines if h.startswith(b"content-length:"))
        await reader.readexactly(length)
        writer.write(ANSWER)
        await writer.drain()
        writer.close()
        self.came += 1
        if self.came == self._awaited:
            self.all_came.set()


def webhooks(run: Run, count: int) -> list[Figure]:
    """So many companies with a webhook each."""
    run.say(f"{count} webhooks")
    os.environ["SAMSYN_ONLINE_WEBHOOKS_PRIVATE"] = "true"  # the receiver is here
    with serving(run, count) as (service, url, companies):
        return asyncio.run(_measured(run, service, url, companies))


async def _measured(
    run: Run, service: Child, url: str, companies: Sequence[Company]
) -> list[Figure]:
    receiver = Receiver(len(companies))
    server = await asyncio.start_server(receiver.take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    body = json.dumps(
        {"name": "bench", "url": f"http://127.0.0.1:{port}/", "events": ["record.changed"]}
    ).encode()
    for start in range(0, len(companies), AT_ONCE):
        some = companies[start : start + AT_ONCE]
        await asyncio.gather(*(_asked(url, one, "POST", "webhooks", body) for one in some))
    await asyncio.sleep(2 * WATCHED_S / 5)
    cpu, at = service.cpu_s, time.perf_counter()
    await asyncio.sleep(WATCHED_S)
    share = 100 * (service.cpu_s - cpu) / (time.perf_counter() - at)
    began = time.perf_counter()
    edit = json.dumps({"fields": {"phone": "08-1"}}).encode()
    path = f"records/{TYPE}/{record_id(1)}"
    for start in range(0, len(companies), AT_ONCE):
        some = companies[start : start + AT_ONCE]
        await asyncio.gather(*(_asked(url, one, "PATCH", path, edit) for one in some))
    await asyncio.wait_for(receiver.all_came.wait(), PATIENCE_S)
    told_s = time.perf_counter() - began
    server.close()
    return [
        run.figure(HOOKS, "webhooks", len(companies)),
        run.figure(HOOKS, "service at rest", share, "% of a core"),
        run.figure(HOOKS, "a change of each company, until all are told", told_s, "s"),
    ]


async def _asked(url: str, company: Company, method: str, path: str, body: bytes) -> None:
    line = Wire(url, company.token)
    await timed(line, method, f"{company.api}/{path}", body)
    line.close()
