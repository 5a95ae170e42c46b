"""Where messages go, and where never: nothing inside the service's own network, nobody followed further."""

from __future__ import annotations

import socket
import threading

import pytest
from django.test import override_settings

from samsyn.online.errors import BadWebhookUrl
from samsyn.online.webhooks.sending import post
from samsyn.online.webhooks.targets import addresses_of, is_allowed, target
from tests.webhooks.receiver import Receiver

PRIVATE = override_settings(SAMSYN_WEBHOOKS_PRIVATE=True)
HEADERS = {"webhook-id": "msg_1"}


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.com/", "HTTPS_NEEDED"),
        ("ftp://example.com/", "NOT_AN_ADDRESS"),
        ("https://", "NOT_AN_ADDRESS"),
        ("example.com", "NOT_AN_ADDRESS"),
        ("https://example.com:0/", "NOT_AN_ADDRESS"),
        ("https://example.com:x/", "NOT_AN_ADDRESS"),
        ("https://exa mple.com/", "NOT_AN_ADDRESS"),
        ("https://example.com/\r\nHost: x", "NOT_AN_ADDRESS"),
        ("https://user:pass@example.com/", "NO_PASSWORD_IN_IT"),
        ("https://example.com/#part", "NO_PASSWORD_IN_IT"),
        ("https://127.0.0.1/", "PRIVATE_ADDRESS"),
        ("https://127.1/", "PRIVATE_ADDRESS"),
        ("https://0x7f000001/", "PRIVATE_ADDRESS"),
        ("https://2130706433/", "PRIVATE_ADDRESS"),
        ("https://10.1.2.3/", "PRIVATE_ADDRESS"),
        ("https://169.254.169.254/latest/meta-data/", "PRIVATE_ADDRESS"),
        ("https://[::1]/", "PRIVATE_ADDRESS"),
        ("https://[::ffff:10.0.0.1]/", "PRIVATE_ADDRESS"),
        ("https://[fd00::1]/", "PRIVATE_ADDRESS"),
        ("https://[64:ff9b::a00:1]/", "PRIVATE_ADDRESS"),
        ("https://[2002:a00:1::]/", "PRIVATE_ADDRESS"),
    ],
)
def test_an_address_that_is_none_or_lies_inside_is_refused(url: str, why: str) -> None:
    with pytest.raises(BadWebhookUrl) as told:
        target(url)
    assert told.value.facts["why"] == why


def test_a_public_address_is_taken_apart() -> None:
    where = target("https://Example.com:8443/a?b=c")
    assert (where.secure, where.host, where.port, where.path) == (
        True,
        "example.com",
        8443,
        "/a?b=c",
    )
    assert target("https://example.com").path == "/"


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "100.64.0.1", "192.168.1.1", "172.16.0.1", "224.0.0.1", "240.0.0.1", "fe80::1%eth0",
     "2001::1", "ff02::1", "::", "not an address"],
)  # fmt: skip
def test_no_address_inside_is_ever_allowed(address: str) -> None:
    assert not is_allowed(address)


def test_a_name_is_checked_by_what_it_stands_for_when_it_is_used() -> None:
    """`localhost` looks like any name: only looking it up tells."""
    where = target("https://localhost/hook")
    with pytest.raises(BadWebhookUrl):
        addresses_of(where)
    assert post("https://localhost/hook", b"{}", HEADERS).error == "PRIVATE_ADDRESS"


@PRIVATE
def test_a_message_arrives_and_its_answer_is_kept(receiver: Receiver) -> None:
    tried = post(receiver.url, b'{"a":1}', HEADERS)
    assert (tried.status, tried.good, tried.answer) == (200, True, "answered 200")
    assert receiver.got[0].body == b'{"a":1}'
    assert receiver.got[0].headers["host"].startswith("127.0.0.1:")


@PRIVATE
def test_nobody_is_followed_to_another_address(receiver: Receiver) -> None:
    receiver.location, receiver.answers = receiver.url, [307]
    tried = post(receiver.url, b"{}", HEADERS)
    assert (tried.status, tried.good) == (307, False)
    assert len(receiver.got) == 1


@PRIVATE
def test_what_cannot_be_reached_is_told_in_a_word(receiver: Receiver) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert post(closed, b"{}", HEADERS).error == "REFUSED"
    secure = receiver.url.replace("http:", "https:")
    assert post(secure, b"{}", HEADERS).error in ("TLS_FAILED", "BROKEN_OFF")
    assert post("https://name.invalid/", b"{}", HEADERS).error == "UNKNOWN_HOST"


@PRIVATE
@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_receiver_that_answers_drop_by_drop_is_left_in_time(first: bytes) -> None:
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            with server.accept()[0] as connected:
                try:
                    connected.sendall(first)
                    while not done.wait(0.05):
                        connected.sendall(b"a")
                except OSError:
                    pass

        dripping = threading.Thread(target=drip)
        dripping.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        tried = post(url, b"{}", HEADERS, whole_s=0.4)
        done.set()
        dripping.join()
    assert (tried.status, tried.error) == (None, "TIMEOUT")
    assert tried.duration_ms < 3_000
