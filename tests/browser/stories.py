"""Stories of an office and a service beside it: who is at which browser, and what they do in each of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests.browser.chromium import TO_SEE, Visitor
from tests.office.connecting import Member, Ready, beside
from tests.office.running import PASSWORD, Office
from tests.online.running import Program, Service


class Story:
    """Anna at browsers of both programs, in one language."""

    def __init__(self, chromium: Browser, shots: Path, language: str) -> None:
        self.language, self.shots = language, shots
        self._chromium = chromium
        self._visitors: list[Visitor] = []

    def at(self, url: str, **options: Any) -> Visitor:  # Any: what Playwright's contexts take
        """A browser at a program."""
        made = Visitor(self._chromium, url, self.shots, language=self.language, **options)
        self._visitors.append(made)
        return made

    def signed_in(self, office: Office, **options: Any) -> Visitor:
        """A browser at the office, where Anna has signed in."""
        anna = self.at(office.url, **options)
        signs_in(anna, office)
        return anna

    def look(self, anna: Visitor, name: str) -> None:
        """The page as everybody sees it; in the language with the longer words, unless somebody looks himself."""
        if self.language == "sv" or TO_SEE:
            anna.look(f"so-{name}-{self.language}")

    def close(self) -> None:
        """All browsers."""
        for one in self._visitors:
            one.context.close()


def signs_in(anna: Visitor, office: Office) -> None:
    """Signs in by the form, where the page asks for it."""
    anna.url = office.url
    anna.go(f"{office.url}/sign-in")
    if anna.page.locator("main [name=username]").count():
        anna.fill(username="anna", password=PASSWORD)
        anna.send()
    anna.page.locator("details.menu.person").wait_for()


class Connected:
    """A company that is connected: its office and service, its first user, and a program online."""

    def __init__(self, service: Service, office: Office) -> None:
        self.service, self.office = service, office
        self.ready = Ready(office)
        self.member = Member(service, "anna@example.com", "Berg online")
        self.ready.connects(self.member)
        self.ready.rests()
        told = service.command(
            "create-token", "--company", self.member.company, "--email", self.member.email
        )
        self.online = Program(service.url, self.member.company, told["token"])

    def sql(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """What any program does to the company database."""
        return self.ready.sql(sql, *values)

    def employee(self) -> str:
        """The online address of Anna as an employee."""
        listed = self.online.get("records/employees")["records"]
        [anna] = [one["id"] for one in listed if one["fields"]["initials"] == "AB"]
        return f"records/employees/{anna}"

    def city_online(self, city: str) -> None:
        """Anna moves, online."""
        answer = self.online.send("PATCH", self.employee(), {"fields": {"city": city}})
        assert answer.status == 200, answer.body

    def cities(self) -> tuple[object, object]:
        """Where Anna lives, at the office and online."""
        [(here,)] = self.sql("SELECT city FROM employees WHERE initials = 'AB'")
        return here, self.online.get(self.employee())["fields"]["city"]


@contextmanager
def connected_company(home: Path) -> Iterator[Connected]:
    """Both programs and the company, until the block ends."""
    with beside(home) as (service, office):
        yield Connected(service, office)
