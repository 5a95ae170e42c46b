"""The agent as a child process of the bench: does what each line on standard input says."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from samsyn.agent import lease
from samsyn.agent.clock import now_text
from samsyn.agent.greeting import NotConnected
from samsyn.agent.http import HttpService
from samsyn.agent.runner import Runner
from samsyn.agent.session import Session
from samsyn.agent.verify import verify
from samsyn.cli.collector import collect_seldom
from samsyn.companydb import books
from samsyn.companydb.connect import open_company_db
from samsyn.companydb.rows import CompanyDb
from samsyn.companydb.urls import CompanyUrl, parse


class CountedService(HttpService):
    """Counts requests and the bytes of their bodies."""

    requests = 0
    sent_bytes = 0

    def _request(self, method: str, asked: str, body: bytes | None, told: dict[str, str]) -> bytes:
        self.requests += 1
        self.sent_bytes += len(body or b"")
        return super()._request(method, asked, body, told)


class Agent:
    """What the bench asks of an agent."""

    def __init__(self, url: CompanyUrl) -> None:
        self._url = url
        self._service: CountedService | None = None
        self._runner: Runner | None = None
        self._thread: threading.Thread | None = None

    def sync(self) -> dict[str, Any]:  # Any: as JSON has it
        """From nothing to rest, as `samsyn sync` does."""
        return self._in_session(lambda session, db: session.exchange().up)

    def verify(self) -> dict[str, Any]:
        """Compares every record on both sides."""

        def work(session: Session, db: CompanyDb) -> int:
            assert self._service is not None

            def rest() -> None:
                session.exchange()

            proof = verify(db, self._service, rest, now_text())
            assert proof.identical, proof.differences[:5]
            return proof.records

        return self._in_session(work)

    def run(self) -> dict[str, Any]:
        """Starts an agent that keeps going, and waits until it rests."""
        rests = threading.Event()

        def listener(heard: Any) -> None:
            if heard.state == "in_sync":
                rests.set()

        self._runner = Runner(
            self._url, lease.this_computer(), listener=listener, service=self._connected
        )
        self._thread = threading.Thread(target=self._runner.run, daemon=True)
        self._thread.start()
        if not rests.wait(60):
            raise RuntimeError("the agent does not come to rest")
        return {}

    def counts(self) -> dict[str, Any]:
        """What was asked of the service so far."""
        assert self._service is not None
        return {"requests": self._service.requests, "sent": self._service.sent_bytes}

    def stop(self) -> dict[str, Any]:
        """Stops what `run` started."""
        assert self._runner is not None
        assert self._thread is not None
        self._runner.stop()
        self._thread.join(10)
        return {}

    def _in_session(self, work: Callable[[Session, CompanyDb], int]) -> dict[str, Any]:
        started = time.perf_counter()
        db = open_company_db(self._url)
        fence = lease.acquire(db, lease.this_computer())
        service = self._connected(db)
        session = Session(db, service, fence, "bench")
        session.hello()
        done = work(session, db)
        seconds = time.perf_counter() - started
        lease.release(db, fence)
        db.close()
        return {"seconds": seconds, "sent": service.sent_bytes, "records": done}

    def _connected(self, db: CompanyDb) -> CountedService:
        connection = books.connection(db)
        if connection is None:
            raise NotConnected()
        self._service = CountedService(connection.online, connection.secret)
        return self._service


def main() -> None:
    """Serves the bench until standard input ends."""
    collect_seldom()  # as the command does
    agent = Agent(parse(sys.argv[1]))
    _say({"ready": True})
    for line in sys.stdin:
        _say(getattr(agent, line.strip())())


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
