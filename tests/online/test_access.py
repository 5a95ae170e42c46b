"""Every page says who may open it, and opens for nobody else."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver


@pytest.fixture(scope="module")
def patterns() -> list[tuple[str, URLPattern]]:
    """Every address of the pages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
    import django

    django.setup()
    from samsyn.online import urls

    ours = [one for one in urls.urlpatterns if one not in urls.for_programs]
    return list(_all("", ours))


def _all(prefix: str, listed: list[URLPattern | URLResolver]) -> Iterator[tuple[str, URLPattern]]:
    for one in listed:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _all(route, one.url_patterns)
        else:
            yield route, one


def test_every_page_names_its_right(patterns: list[tuple[str, URLPattern]]) -> None:
    from samsyn.online.access import Right

    without = [r for r, p in patterns if not isinstance(getattr(p.callback, "right", None), Right)]
    assert without == []
    assert len(patterns) > 5


def test_a_page_of_a_company_opens_for_its_members_alone(
    patterns: list[tuple[str, URLPattern]],
) -> None:
    from samsyn.online.access import Right

    for route, pattern in patterns:
        right = getattr(pattern.callback, "right")  # noqa: B009 - set by page()
        assert ("<company>" in route) == (right in (Right.MEMBER, Right.SUPERUSER)), route
