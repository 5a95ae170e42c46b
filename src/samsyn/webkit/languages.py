"""Turns the translations that people write (.po) into what gettext reads (.mo), at start, in a folder of its own.

Why not in the source tree or at build: docs/decisions/0019-web-foundation.md.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[1]


def sources() -> dict[str, list[Path]]:
    """The files with translations of all parts of Samsyn, by language."""
    found: dict[str, list[Path]] = {}
    for path in sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/django.po")):
        found.setdefault(path.parents[1].name, []).append(path)
    return found


def locale_folder(home: Path) -> Path:
    """Where the compiled translations of exactly these sources lie; another version has its own."""
    digest = hashlib.sha256()
    for paths in sources().values():
        for path in paths:
            digest.update(path.read_bytes())
    return home / "locale" / digest.hexdigest()[:16]


def compile_languages(home: Path) -> None:
    """Write the compiled translations where they are missing; harmless to repeat, also at once."""
    folder = locale_folder(home)
    for language, paths in sources().items():
        target = folder / language / "LC_MESSAGES" / "django.mo"
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{os.getpid()}.{secrets.token_hex(4)}")
        draft.write_bytes(merged(paths).to_binary())
        os.replace(draft, target)


def merged(paths: Iterable[Path]) -> polib.POFile:
    """The translations of several files as one."""
    whole = polib.POFile()
    for path in paths:
        part = polib.pofile(str(path))
        whole.metadata = part.metadata
        whole.extend(part)
    return whole
