"""Idempotency-Key: a request that is sent again has one effect and one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.online.conftest import Company
from tests.online.office import rid
from tests.online.running import Answer, Program, records


def keyed(program: Program, path: str, body: object, key: str) -> Answer:
    """A POST with a key."""
    return program.send("POST", path, body, {"Idempotency-Key": key})


def head(company: Company) -> int:
    """The number of the company's last change."""
    return int(company.program.get("changes", limit=1)["head"])


def test_a_repeated_request_gets_the_first_answer_and_does_nothing(company: Company) -> None:
    path, body = records("contacts"), {"fields": {"name": "En gång"}}
    first = keyed(company.program, path, body, "order-1")
    before = head(company)
    again = keyed(company.program, path, body, "order-1")
    quoted = keyed(company.program, path, body, '"order-1"')
    assert first.status == again.status == quoted.status == 201
    assert first.body == again.body == quoted.body
    assert first.headers["ETag"] == again.headers["ETag"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert head(company) == before


def test_the_same_key_with_another_request_is_refused(company: Company) -> None:
    path = records("contacts")
    assert keyed(company.program, path, {"name": "A"}, "order-2").status == 201
    before = head(company)
    told = keyed(company.program, path, {"name": "B"}, "order-2")
    told.refused(422, "IDEMPOTENCY_KEY_REUSED")
    batch: dict[str, object] = {"operations": []}
    keyed(company.program, "batch", batch, "order-2").refused(422, "IDEMPOTENCY_KEY_REUSED")
    assert head(company) == before


def test_keys_are_each_tokens_own(company: Company, other: Company) -> None:
    second = company.new_program()
    path, body = records("contacts"), {"name": "Var sin"}
    made = [
        keyed(p, path, body, "same").json["id"] for p in (company.program, second, other.program)
    ]
    assert len(set(made)) == 3


def test_a_refusal_is_not_kept_for_nothing_has_happened(company: Company) -> None:
    path = records("contacts")
    keyed(company.program, path, {"name": None}, "order-3").refused(422, "INVALID")
    assert keyed(company.program, path, {"name": "Rätt nu"}, "order-3").status == 201


def test_batches_and_undo_have_keys_too(company: Company) -> None:
    todo = {"operations": [{"op": "create", "type": "contacts", "fields": {"name": "I bunt"}}]}
    made = keyed(company.program, "batch", todo, "batch-1").json
    assert keyed(company.program, "batch", todo, "batch-1").json == made
    number = company.program.get("changes", since=head(company) - 1)["changes"][0]["batch"]
    undone = keyed(company.program, "undo", {"batch": number}, "undo-1").json
    assert undone["done"] == 1
    assert keyed(company.program, "undo", {"batch": number}, "undo-1").json == undone
    gone = made["results"][0]["id"]
    company.program.send("GET", records("contacts", gone)).refused(404, "UNKNOWN_RECORD")


def test_many_at_once_have_one_effect(company: Company) -> None:
    """Each is answered alike, or told that the first is in work."""
    body = {"fields": {"name": "Samtidigt"}}
    before = head(company)
    programs = [Program(company.program.url, company.id, company.program.token) for _ in range(6)]
    with ThreadPoolExecutor(6) as many:
        answers = list(many.map(lambda p: keyed(p, records("contacts"), body, "race"), programs))
    good = [answer.json["id"] for answer in answers if answer.status == 201]
    assert len(set(good)) == 1
    for answer in answers:
        if answer.status != 201:
            answer.refused(409, "IDEMPOTENCY_KEY_IN_USE")
            assert answer.headers["Retry-After"] == "1"
    assert head(company) == before + 1


def test_a_key_that_is_none_is_told(company: Company) -> None:
    for key in ("", "x" * 256, "a\tb"):
        told = keyed(company.program, records("contacts"), {"name": "x"}, key)
        told.refused(400, "BAD_PARAMETER")


def test_lists_have_tags_and_travel_once(company: Company) -> None:
    for path in ("types", records("contacts"), "changes", "conflicts", "quarantine", "held"):
        first = company.program.send("GET", path)
        assert first.status == 200
        told = {"If-None-Match": f'W/{first.headers["ETag"]}, "other"'}
        again = company.program.send("GET", path, headers=told)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    told = {"If-None-Match": company.program.send("GET", records("contacts")).headers["ETag"]}
    company.program.send("PATCH", records("contacts", rid(3)), {"phone": "08-1"})
    assert company.program.send("GET", records("contacts"), headers=told).status == 200
