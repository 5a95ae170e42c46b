"""Rates: how much a token and an address may ask, and how they are told."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from samsyn.online.api import rates
from samsyn.online.api.rates import Buckets, Policy, network_of
from tests.online.conftest import Company
from tests.online.running import Program, running


class Clock:
    """A time that goes when it is told."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_its_quota_at_once_and_then_evenly() -> None:
    clock = Clock()
    buckets = Buckets(Policy("token", 60, 60), clock)
    assert [buckets.take("a").left for _ in range(60)] == list(reversed(range(60)))
    refused = buckets.take("a")
    assert (refused.allowed, refused.left, refused.wait_s, refused.full_in_s) == (False, 0, 1, 60)
    assert buckets.take("b").allowed
    clock.now += 2
    assert [buckets.take("a").allowed for _ in range(3)] == [True, True, False]
    clock.now += 1_000
    assert buckets.take("a").left == 59


def test_standing_is_told_as_the_draft_standard_has_it() -> None:
    standing = Buckets(Policy("token", 60, 60), Clock()).take("a")
    assert standing.policy.told == '"token";q=60;w=60'
    assert standing.told == '"token";r=59;t=1'


def test_a_costly_request_takes_what_is_left() -> None:
    buckets = Buckets(Policy("address", 150, 60), Clock())
    assert buckets.take("a", 100).left == 50
    assert buckets.take("a", 100).left == 0
    assert not buckets.take("a").allowed


def test_buckets_are_bounded() -> None:
    buckets = Buckets(Policy("token", 60, 60), Clock())
    for number in range(rates.MOST + 10):
        buckets.take(str(number))
    assert len(buckets._kept) == rates.MOST


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_a_network_of_ipv6_is_one_asker(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A company at a service that allows ten requests a minute."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SAMSYN_ONLINE_API_RATE", "10")
        with running(tmp_path_factory.mktemp("strict")) as service:
            yield Company(service)


def test_a_token_that_asks_too_much_is_told_when_to_come_back(strict: Company) -> None:
    answers = [strict.program.send("GET", "status") for _ in range(11)]
    assert [answer.status for answer in answers] == [200] * 10 + [429]
    first, last = answers[0], answers[-1]
    assert first.headers["RateLimit-Policy"] == '"token";q=10;w=60'
    assert re.fullmatch(r'"token";r=9;t=\d+', first.headers["RateLimit"])
    told = last.refused(429, "RATE_LIMITED")
    assert re.fullmatch(r'"token";r=0;t=\d+', last.headers["RateLimit"])
    assert 1 <= int(last.headers["Retry-After"]) <= 6
    assert told["retry_after_s"] == int(last.headers["Retry-After"])


def test_guessing_tokens_shuts_the_address_out_of_the_rest_api_alone(strict: Company) -> None:
    guess = Program(strict.program.url, strict.id, "samsyn_no_token")
    guess.send("GET", "status").refused(401, "UNAUTHORIZED")
    answer = guess.send("GET", "status")
    answer.refused(429, "RATE_LIMITED")
    assert answer.headers["RateLimit-Policy"] == '"address";q=20;w=60'
    live = guess.pool.request("GET", f"{strict.program.url}/health/live")
    assert live.status == 200
    assert "RateLimit" not in live.headers
