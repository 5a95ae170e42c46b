"""`samsyn quarantine`: what one side does not take, why, and the fixes as commands to copy."""

from __future__ import annotations

import shlex
from typing import Any

import click

from samsyn.agent import clinic, lists
from samsyn.cli.looking import opened
from samsyn.cli.moments import local
from samsyn.cli.showing import Showing
from samsyn.cli.voice import OK, Voice, helped, spoken
from samsyn.companydb.rows import CompanyDb
from samsyn.core.clinic import Fix
from samsyn.protocol.messages import QuarantineEntry, Remedy

PLACEHOLDER = {Fix.EDIT.value: "--edit", Fix.NEW_KEY.value: "--new-key"}
FLAGS = {
    Fix.TAKE_OFFICE.value: "--take-office",
    Fix.MERGE_WITH.value: "--merge",
    Fix.WAIT.value: "--wait",
    Fix.RETRY.value: "--retry",
    Fix.SKIP.value: "--skip",
    Fix.SEND_AGAIN.value: "--retry",
}
FEW = 3
"""Fields of a fix that are named in its command."""


@click.command("quarantine", help=helped("QUARANTINE"))
@click.argument("url", metavar="URL")
@click.argument("number", metavar="[NUMBER]", required=False)
@click.option("--edit", multiple=True, metavar="FIELD=VALUE", help=helped("FIX_EDIT"))
@click.option("--take-office", is_flag=True, help=helped("FIX_TAKE_OFFICE"))
@click.option("--merge", is_flag=True, help=helped("FIX_MERGE"))
@click.option("--with", "other", metavar="KEY", help=helped("FIX_WITH"))
@click.option("--prefer", multiple=True, metavar="FIELD", help=helped("FIX_PREFER"))
@click.option("--new-key", multiple=True, metavar="FIELD=VALUE", help=helped("FIX_NEW_KEY"))
@click.option("--wait", is_flag=True, help=helped("FIX_WAIT"))
@click.option("--skip", is_flag=True, help=helped("FIX_SKIP"))
@click.option("--retry", is_flag=True, help=helped("FIX_RETRY"))
@spoken
def quarantine(
    url: str,
    number: str | None,
    edit: tuple[str, ...],
    take_office: bool,
    merge: bool,
    other: str | None,
    prefer: tuple[str, ...],
    new_key: tuple[str, ...],
    wait: bool,
    skip: bool,
    retry: bool,
    out: Voice,
) -> int:
    chosen = [
        fix
        for fix, wanted in (
            (Fix.EDIT, edit), (Fix.TAKE_OFFICE, take_office), (Fix.MERGE_WITH, merge),
            (Fix.NEW_KEY, new_key), (Fix.WAIT, wait), (Fix.SKIP, skip), (Fix.RETRY, retry),
        )
        if wanted
    ]  # fmt: skip
    if len(chosen) > 1 or ((other or prefer) and not merge):
        raise click.UsageError(out.word("FIX_ONE_AT_A_TIME"))
    if number is None and chosen and chosen != [Fix.RETRY]:
        raise click.UsageError(out.word("FIX_WHICH"))
    with opened(url) as db:
        if number is None:
            return _retry_all(db, url, out) if retry else _list(db, url, out)
        if not chosen:
            return _show(db, url, number, out)
        return _mend(db, url, number, chosen[0], _texts(edit + new_key, out), other, prefer, out)


def _texts(given: tuple[str, ...], out: Voice) -> dict[str, str]:
    texts = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise click.UsageError(out.word("FIX_FIELD_VALUE", text=text))
        texts[name] = value
    return texts


def _retry_all(db: CompanyDb, url: str, out: Voice) -> int:
    count = lists.retry(db)
    out.data({"retried": count})
    out.say("QUARANTINE_RETRY" if count else "QUARANTINE_NONE", count=count, url=url)
    return OK


def _list(db: CompanyDb, url: str, out: Voice) -> int:
    entries = clinic.numbered(lists.quarantine(db))
    telling = _Telling(db, url, out)
    out.data([telling.data(number, entry) for number, entry in entries.items()])
    if not entries:
        out.say("QUARANTINE_NONE")
    for number, entry in entries.items():
        telling.say(number, entry)
    return OK


def _show(db: CompanyDb, url: str, number: str, out: Voice) -> int:
    entry = clinic.find(db, number)
    telling = _Telling(db, url, out)
    out.data(telling.data(number, entry))
    telling.say(number, entry)
    return OK


def _mend(
    db: CompanyDb,
    url: str,
    number: str,
    fix: Fix,
    texts: dict[str, str],
    other: str | None,
    prefer: tuple[str, ...],
    out: Voice,
) -> int:
    entry = clinic.find(db, number)
    telling = _Telling(db, url, out)
    if fix is Fix.RETRY and entry.side == "online":
        fix = Fix.SEND_AGAIN
    record = None if other is None else telling.holder(entry, other)
    done = clinic.mend(db, number, fix, texts, record, prefer)
    out.data(telling.data(number, done))
    out.say(f"FIXED_{fix.value.upper()}", title=telling.title(done), waits_for=done.waits_for)
    if fix is not Fix.WAIT:
        out.say("FIXED_NEXT", url=shlex.quote(url))
    return OK


class _Telling:
    """Tells entries of one database."""

    def __init__(self, db: CompanyDb, url: str, out: Voice) -> None:
        self._showing = Showing(db)
        self._url, self._out = shlex.quote(url), out

    def title(self, entry: QuarantineEntry) -> str:
        """What people call the record."""
        if entry.title is not None and entry.key is None:
            return entry.title
        return self._showing.title(entry.type, entry.record, entry.key)

    def holder(self, entry: QuarantineEntry, text: str) -> str:
        """The id of the record in the way that a person names by its key, its title or its id."""
        for holder in entry.holders:
            title = self._showing.title(entry.type, holder.record, None)
            if text in (holder.record, holder.title, title, self._showing.here(entry.type, holder)):
                return holder.record
        return text

    def data(self, number: str, entry: QuarantineEntry) -> dict[str, Any]:
        """An entry for programs."""
        told = self._showing.quarantined(entry, self._out)
        fixes = [
            {
                "fix": remedy.fix,
                "fields": list(remedy.fields),
                "record": remedy.record,
                "title": remedy.title,
                "command": self._command(number, entry, remedy),
            }
            for remedy in entry.fixes
        ]
        return {"number": number, **told, "fixes": fixes}

    def say(self, number: str, entry: QuarantineEntry) -> None:
        """An entry for people."""
        if not self._out.talks:
            return
        told = self._showing.quarantined(entry, self._out)
        side = entry.side.upper()
        self._out.say(
            f"QUARANTINED_{side}",
            number=number,
            title=self.title(entry),
            type=entry.type,
            since=local(entry.since),
        )
        self._out.line(f"      {told['reason']}")
        at_stake = {name for remedy in entry.fixes[:2] for name in remedy.fields}
        for value in told["values"]:
            if not at_stake or value["field"] in at_stake:
                shown = {name: self._showing.text(text) for name, text in value.items()}
                self._out.line("      " + self._out.word("BOTH_VALUES", **shown))
        if entry.state != "open":
            self._out.line("      " + self._state(entry))
        else:
            self._fixes(number, entry)
        self._out.line("")

    def _state(self, entry: QuarantineEntry) -> str:
        at = "" if entry.fixed_at is None else local(entry.fixed_at)
        what = "" if entry.fix is None else self._out.word(f"CHOSEN_{entry.fix.upper()}")
        code = f"ENTRY_{entry.state.upper()}"
        return self._out.word(code, what=what, by=entry.fixed_by, at=at)

    def _fixes(self, number: str, entry: QuarantineEntry) -> None:
        lines = [
            (self._words(entry, remedy), self._command(number, entry, remedy))
            for remedy in entry.fixes
        ]
        width = max((len(words) for words, _ in lines), default=0)
        for words, command in lines:
            self._out.line(f"        {words:<{width}}   {command or ''}".rstrip())

    def _words(self, entry: QuarantineEntry, remedy: Remedy) -> str:
        title = remedy.title
        if remedy.record is not None and title is None:
            title = self._showing.title(entry.type, remedy.record, None)
        code = f"FIX_{remedy.fix.upper()}"
        return self._out.word(code, title=title or entry.waits_for, fields=list(remedy.fields))

    def _command(self, number: str, entry: QuarantineEntry, remedy: Remedy) -> str | None:
        """What to write on the command line; None for what is done in the office's program."""
        start = f"samsyn quarantine {self._url} {number}"
        if remedy.fix in PLACEHOLDER:
            option, value = PLACEHOLDER[remedy.fix], self._out.word("VALUE")
            given = [f"{option} {shlex.quote(name)}={value}" for name in remedy.fields[:FEW]]
            return f"{start} {' '.join(given)}"
        flag = FLAGS.get(remedy.fix)
        if flag is None:
            return None
        merges = [other for other in entry.fixes if other.fix == Fix.MERGE_WITH.value]
        if remedy.fix == Fix.MERGE_WITH.value and len(merges) > 1:
            return f"{start} {flag} --with {remedy.record}"
        return f"{start} {flag}"
