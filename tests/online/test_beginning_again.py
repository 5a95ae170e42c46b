"""SIGHUP: the program begins again in the same process, and nobody who connects meanwhile is turned away."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import urllib3

from samsyn.online.configuration import FILE
from tests.online.running import Service


def test_on_sighup_the_service_begins_again_on_the_same_port_with_its_new_configuration(
    tmp_path: Path,
) -> None:
    service = Service(tmp_path, "")
    service.start()
    process = service.process
    assert process is not None
    assert process.stdout is not None
    (tmp_path / FILE).write_text('time_zone = "Europe/Helsinki"\n')
    process.send_signal(signal.SIGHUP)
    never_refused = urllib3.Retry(connect=0, read=2)  # a connection may close as a request comes
    for _ in range(20):  # before, during and after: answered by the one or the other
        answer = urllib3.request(
            "GET", f"{service.url}/health/live", timeout=30, retries=never_refused
        )
        assert answer.status == 200
    again = json.loads(process.stdout.readline())
    assert again == {"url": service.url, "ready": True}
    assert service.stop() == (0, "")
