"""What whoever runs the service sees of it: figures for Prometheus, and a log in which a request is found again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from samsyn.online.configuration import FILE
from samsyn.online.observing import ROOMS, room_of
from samsyn.protocol import PATH
from tests.online.conftest import Company
from tests.online.running import Service, records

TOKEN = "a-token-of-sixteen-or-more"
LINE = re.compile(r'(# TYPE \w+ (counter|gauge|histogram)|\w+(\{(\w+="[^"]*",?)+\})? [0-9.e+-]+)')


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that logs everything as JSON and gives figures by a token."""
    home: Path = tmp_path_factory.mktemp("home")
    (home / FILE).write_text(
        f'log_format = "json"\nlog_level = "DEBUG"\nmetrics_token = "{TOKEN}"\n'
    )
    started = Service(home, "")
    started.start()
    yield started
    if started.process is not None:
        started.stop()


def get(service: Service, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return urllib3.request("GET", service.url + path, headers=told, retries=False, timeout=30)


def test_the_figures_are_for_who_has_the_token_and_name_no_company(service: Service) -> None:
    made = Company(service)
    made.load_all()
    made.program.create("contacts", name="Ny")
    assert get(service, "/metrics").status == 404
    assert get(service, "/metrics", Authorization="Bearer nonsense").status == 404
    answer = get(service, "/metrics", Authorization=f"Bearer {TOKEN}")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    text = answer.data.decode()
    assert [line for line in text.splitlines() if not LINE.fullmatch(line)] == []
    assert made.id not in text
    figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")
    assert float(figures['samsyn_requests_total{interface="rest",status="2xx"}']) >= 1
    assert float(figures['samsyn_requests_total{interface="sync",status="2xx"}']) >= 4
    assert float(figures["samsyn_companies"]) == 1
    assert float(figures["samsyn_online_writes_total"]) == 1
    counted = float(figures['samsyn_request_seconds_count{interface="sync"}'])
    assert float(figures['samsyn_request_seconds_bucket{interface="sync",le="+Inf"}']) == counted
    assert figures["samsyn_database_up"] == "1"


def test_every_kind_of_address_has_its_name_and_no_stranger_makes_new_ones() -> None:
    assert room_of(f"{PATH}/wait") == "held"
    assert room_of(f"{PATH}/push") == "sync"
    assert {room_of(f"/{'x' * n}") for n in range(9)} == {"pages"}
    assert len({room for _, room in ROOMS}) <= 10


def test_a_request_is_found_again_by_its_own_id_and_by_the_sync_it_belongs_to(
    service: Service,
) -> None:
    told = get(service, "/health/ready", X_Request_Id="proxy-4711", Samsyn_Sync="sync.1")
    assert told.headers["X-Request-Id"] == "proxy-4711"
    made = get(service, "/health/ready", X_Request_Id="not an id\u00a7").headers["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{12}", made)
    bad = Company(service)
    refused = bad.program.send("GET", records("none"))
    assert refused.status == 404
    _, log = service.stop()
    lines = [json.loads(line) for line in log.splitlines()]
    assert all(line["at"].endswith("Z") and line["level"] and line["logger"] for line in lines)
    found = {line["request"]: line for line in lines if line["logger"] == "samsyn.request"}
    one = found["proxy-4711"]
    assert (one["sync"], one["path"], one["status"]) == ("sync.1", "/health/ready", 200)
    assert one["ms"] >= 0
    assert "sync" not in found[made]
    assert found[refused.headers["X-Request-Id"]]["status"] == 404
    assert bad.office.secret not in log
    assert str(bad.program.token) not in log
