"""Opens the office program's home and system database for a process."""

from __future__ import annotations

import os
from pathlib import Path

import django

from samsyn.office.home import HOME_VARIABLE, SYSTEM_FILE, home
from samsyn.webkit.errors import HomeUnusable
from samsyn.webkit.home import prepare
from samsyn.webkit.languages import compile_languages
from samsyn.webkit.migrating import bring_up_to_date

SETTINGS = "samsyn.office.settings"


def open_office(folder: Path | None) -> None:
    """Set Django up for a home and bring its tables up to date.

    None leaves what the environment says. Errors: HomeUnusable, DatabaseUnusable.
    """
    if folder is not None:
        os.environ[HOME_VARIABLE] = str(folder)
    try:
        prepare(home())
        compile_languages(home())
        (home() / SYSTEM_FILE).touch(mode=0o600)
    except OSError as error:
        raise HomeUnusable(folder=str(home()), reason=error.strerror or str(error)) from error
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS  # whatever the shell has: it is ours
    django.setup()
    bring_up_to_date(home())
