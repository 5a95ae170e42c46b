"""Collects what pages say, and keeps the files of translations (.po) in step with it.

`python3 dev.py translate` adds what is new, takes away what is gone and tells
what lacks its Swedish. It stands in for GNU gettext's xgettext and msgmerge.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib

SOURCE = Path(__file__).resolve().parents[1] / "src" / "samsyn"
LANGUAGE = "sv"
CALLS = {
    "_": "gettext",
    "gettext": "gettext",
    "gettext_lazy": "gettext",
    "ngettext": "ngettext",
    "ngettext_lazy": "ngettext",
    "pgettext": "pgettext",
    "pgettext_lazy": "pgettext",
    "npgettext": "npgettext",
}
WORDS_OF = {"gettext": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3}
"""How many texts a call has that says something by itself."""
STRING = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
IN_TEMPLATES = re.compile(rf"\b(n?p?gettext)\(({STRING}(?:,\s*{STRING})*)", re.DOTALL)


class Message(NamedTuple):
    """Something a page says: English, its plural and its context where it has them."""

    text: str
    plural: str = ""
    context: str | None = None


def catalogs() -> list[Path]:
    """The folders that have translations of their own, the innermost first."""
    found = {path.parents[2] for path in SOURCE.rglob(f"locale/{LANGUAGE}/LC_MESSAGES")}
    return sorted(found, key=lambda folder: (-len(folder.parts), str(folder)))


def po_file(folder: Path) -> Path:
    """Its Swedish."""
    return folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def messages() -> dict[Path, dict[Message, list[str]]]:
    """Every message of each folder, with the files it stands in."""
    folders = catalogs()
    found: dict[Path, dict[Message, list[str]]] = {folder: {} for folder in folders}
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("templates/**/*.*")]):
        folder = next((f for f in folders if path.is_relative_to(f)), None)
        if folder is None or "migrations" in path.parts:
            continue
        name = str(path.relative_to(SOURCE))
        for message in _of_python(path) if path.suffix == ".py" else _of_template(path):
            files = found[folder].setdefault(message, [])
            if name not in files:
                files.append(name)
    return found


def update() -> list[str]:
    """Bring the files in step; what still lacks its Swedish, as `file: message`."""
    missing: list[str] = []
    for folder, wanted in messages().items():
        path = po_file(folder)
        old = polib.pofile(str(path)) if path.exists() else polib.POFile()
        had = {key(entry): entry for entry in old if not entry.obsolete}
        new = polib.POFile(wrapwidth=0)
        new.metadata = {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Transfer-Encoding": "8bit",
            "Language": LANGUAGE,
            "Plural-Forms": "nplurals=2; plural=(n != 1);",
        }
        for message, files in wanted.items():
            entry = had.get(message) or _entry(message)
            entry.occurrences = [(file, "") for file in files]
            new.append(entry)
            if not entry.translated():
                missing.append(f"{path.relative_to(SOURCE)}: {message.text}")
        new.save(str(path))
    return missing


def key(entry: polib.POEntry) -> Message:
    """The message of an entry."""
    return Message(entry.msgid, entry.msgid_plural, entry.msgctxt)


def _entry(message: Message) -> polib.POEntry:
    made = polib.POEntry(msgid=message.text, msgctxt=message.context)
    if message.plural:
        made.msgid_plural = message.plural
        made.msgstr_plural = {0: "", 1: ""}
    return made


def _of_python(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        kind = CALLS.get(node.func.id)
        strings = [
            a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        if kind and len(strings) >= WORDS_OF[kind]:  # fewer: the words come from elsewhere
            yield _message(kind, strings)


def _of_template(path: Path) -> Iterator[Message]:
    from django.utils.translation.template import templatize

    for kind, listed in IN_TEMPLATES.findall(templatize(path.read_text("utf-8"))):
        strings = ast.literal_eval(f"[{listed}]")
        yield _message(kind, strings)


def _message(kind: str, strings: list[str]) -> Message:
    match kind:
        case "gettext":
            return Message(strings[0])
        case "ngettext":
            return Message(strings[0], strings[1])
        case "pgettext":
            return Message(strings[1], "", strings[0])
        case _:
            return Message(strings[1], strings[2], strings[0])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
    lacking = update()
    sys.stdout.writelines(f"{line}\n" for line in lacking)
    sys.stdout.write(f"{len(lacking)} messages lack their Swedish.\n")
