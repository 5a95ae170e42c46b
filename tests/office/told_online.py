"""Whom the service of a company is told of, by a program that has users of every kind.

`python -m tests.office.told_online HOME`, in a process of its own: a test process has the service's settings already.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def _main(home: Path) -> None:
    from samsyn.office.startup import open_office

    open_office(home)
    from samsyn.office.companies.making import make_company
    from samsyn.office.people.admitting import admit
    from samsyn.office.people.granting import users_told
    from samsyn.office.people.models import User

    ours, others = (make_company(name, {"name": name}) for name in ("ours", "others"))
    anna, bo, cia, _dan = (
        User.objects.create(username=name, key=name, name=name, access=access, is_active=active)
        for name, access, active in (
            ("anna", "superuser", True), ("bo", "standard", True),
            ("cia", "superuser", True), ("dan", "standard", False),
        )
    )  # fmt: skip
    admit(anna, bo, [others.pk])
    admit(anna, cia, [])
    told = {one.alias: [user.name for user in users_told(one.pk)] for one in (ours, others)}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
