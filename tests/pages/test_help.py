"""Help: every topic in both languages, every page with its topic, every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from samsyn.office.help import HELP as OFFICE
from samsyn.online.help import HELP as ONLINE
from samsyn.webkit.help.pages import Help
from samsyn.webkit.help.topics import find, topics
from tests.office.routes import routes

LANGUAGES = ("en", "sv")
PROGRAMS = [pytest.param(OFFICE, id="office"), pytest.param(ONLINE, id="online")]


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_topic_is_there_in_both_languages(program: Help) -> None:
    english, swedish = ([one.slug for one in topics(program.folders, code)] for code in LANGUAGES)
    assert english == swedish
    assert len(set(english)) == len(english) > 12


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_page_that_names_a_topic_names_one_that_is_there(program: Help) -> None:
    slugs = {one.slug for one in topics(program.folders, "en")}
    assert set(program.places.values()) <= slugs


def test_the_pages_with_topics_are_pages_of_their_program() -> None:
    office = {one.name for one in routes()}
    online = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert OFFICE.places.keys() - office == set()
    assert ONLINE.places.keys() - online == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("program", PROGRAMS)
def test_every_link_in_the_help_leads_to_a_topic_or_a_page(program: Help, language: str) -> None:
    slugs = {one.slug for one in topics(program.folders, language)}
    for topic in topics(program.folders, language):
        for target in re.findall(r'href="([^"]*)"', topic.html):
            assert target in slugs or target == "/developers", (topic.slug, target)


def test_a_search_finds_all_words_and_prefers_titles() -> None:
    found = [hit.topic.slug for hit in find(ONLINE.folders, "sv", "karantän")]
    assert found[0] == "quarantine"
    assert find(ONLINE.folders, "sv", "karantän finnsintealls") == []
    assert find(ONLINE.folders, "en", "") == []
    assert all("code" in hit.excerpt for hit in find(ONLINE.folders, "en", "code"))


def test_what_stands_in_a_topic_is_text_and_no_html(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "10-x.md").write_text("# X\n<script>alert(1)</script> **b**\n")
    assert "<script" not in topics((tmp_path,), "en")[0].html


def test_a_page_leads_to_the_help_about_it(service: None) -> None:
    page = Client().get(reverse("account_login"))
    assert f'rel="help" href="{reverse("help_topic", args=["samsyn-id"])}"' in page.content.decode()
    assert Client().get(reverse("help_topic", args=["samsyn-id"])).status_code == 200
    assert Client().get(reverse("help_topic", args=["nothing"])).status_code == 404
    listed = Client().get(reverse("help"), {"q": "passkey"}).content.decode()
    assert reverse("help_topic", args=["second-factor"]) in listed
    assert reverse("help_topic", args=["orders"]) not in listed
