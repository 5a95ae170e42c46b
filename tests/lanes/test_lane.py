"""Whose work a request is."""

from __future__ import annotations

import pytest

from samsyn.lanes.lane import Lane, lane_of

ID = "abcdefghij27"


@pytest.mark.parametrize(
    ("path", "secret", "company"),
    [
        (f"/c/{ID}/members", "", ID),
        (f"/c/{ID}", "", ID),
        (f"/c/{ID}x/members", "", ""),
        ("/id/sign-in", "", ""),
        ("/api/sync/v1/push", f"Bearer {ID}.connection.secret", ID),
        ("/api/v1/companies/zzzzzzzzzzzz/types", f"Bearer samsyn_{ID}_token_secret", ID),
        ("/api/v1/companies/zzzzzzzzzzzz/types", "", ""),
        ("/api/sync/v1/push", "Bearer nonsense", ""),
    ],
)
def test_a_request_is_of_the_company_that_its_secret_or_page_names(
    path: str, secret: str, company: str
) -> None:
    headers = [(b"host", b"x"), *([(b"authorization", secret.encode())] if secret else [])]
    assert lane_of(path, headers, "192.0.2.1") == Lane(company, "192.0.2.1")
