"""The rows of projects, their members, activities and time sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

from samsyn.demo import talk
from samsyn.demo.company import Company, Contact, Project, Row, Subject, moment

_ROLES = ("Projektledare", "Säljare", "Montör", "Inköp", "Administration")


def project_rows(company: Company) -> Iterator[Row]:
    """The projects, oldest first."""
    for n, project in enumerate(company.projects):
        dice = company.dice(Subject.PROJECT, len(company.projects) + n)
        status, percent = _progress(company.today, project, dice)
        customer = project.customer
        yield (
            project.project_no,
            project.name,
            customer.contact_no if customer else None,
            project.members[0],
            project.project_type,
            status,
            project.starts_on.isoformat(),
            project.ends_on.isoformat() if dice.random() < 0.85 else None,
            percent,
            5000 * (2 + int(dice.random() ** 2 * 60)),
            None,
        )


def member_rows(company: Company) -> Iterator[Row]:
    """Who works in which project."""
    for project in company.projects:
        for place, employee_id in enumerate(project.members):
            yield project.project_no, employee_id, _ROLES[place]


def activity_rows(company: Company) -> Iterator[Row]:
    """What people did in the last year and plan for the next two months."""
    count = company.sizes.activities
    for n in range(count):
        dice = company.dice(Subject.ACTIVITY, n)
        day = company.workday((n + dice.random()) / count, 365, 60)
        hour, minute = 7 + int(dice.random() * 8), 15 * int(dice.random() * 4)
        done = day < company.today and dice.random() < 0.92
        contact = company.customer(dice) if dice.random() < 0.88 else None
        kind, subject, minutes = activity(contact, dice)
        end = dt.datetime.combine(day, dt.time(hour, minute)) + dt.timedelta(minutes=minutes)
        person = contact.first_person if contact and contact.persons else None
        project = company.projects[int(dice.random() * len(company.projects))]
        yield (
            n + 1,
            kind,
            subject,
            moment(day, hour, minute),
            moment(end.date(), end.hour, end.minute),
            False,
            ("Normal", "Normal", "Normal", "Hög", "Låg")[int(dice.random() * 5)],
            company.employee(dice).employee_id,
            contact.contact_no if contact else None,
            person if dice.random() < 0.7 else None,
            project.project_no if dice.random() < 0.1 else None,
            done,
            moment(end.date(), end.hour, end.minute) if done else None,
            _said(dice) if done and contact else None,
        )


def activity(contact: Contact | None, dice: Random) -> tuple[str, str, int]:
    """Type, subject and minutes of something to do, with the contact or in the house."""
    if contact is None:
        return talk.INTERNAL[int(dice.random() * len(talk.INTERNAL))]
    kind, subject, minutes = talk.ACTIVITIES[int(dice.random() * len(talk.ACTIVITIES))]
    return kind, subject.format(name=contact.name), minutes


def time_sheet_rows(company: Company) -> Iterator[Row]:
    """The hours of the last half year."""
    count = company.sizes.time_sheets
    for n in range(count):
        dice = company.dice(Subject.TIME_SHEET, n)
        project = company.projects[int(dice.random() * len(company.projects))]
        day = company.workday((n + dice.random()) / count, 180)
        age = (company.today - day).days
        note = int(dice.random() * len(talk.TIME_NOTES))
        status = _sheet_status(age, dice.random())
        yield (
            n + 1,
            project.members[int(dice.random() * len(project.members))],
            project.project_no,
            day.isoformat(),
            f"{(1 + int(dice.random() ** 1.3 * 16)) / 2:.2f}",
            {0: "Möte", 2: "Möte", 5: "Resa", 7: "Utbildning"}.get(note, "Arbete"),
            talk.TIME_NOTES[note],
            project.customer is not None and dice.random() < 0.9,
            status,
            project.members[0] if status in {"Godkänd", "Överförd"} else None,
        )


def _progress(today: dt.date, project: Project, dice: Random) -> tuple[str, int]:
    if project.starts_on > today:
        return "Planering", 0
    if project.ends_on < today:
        return "Klart", 100
    if dice.random() < 0.08:
        return "Vilande", 5 * int(dice.random() * 10)
    gone = (today - project.starts_on) / (project.ends_on - project.starts_on)
    return "Pågår", min(95, 5 * int(gone * 20))


def _said(dice: Random) -> str | None:
    if dice.random() > 0.3:
        return None
    return talk.ACTIVITY_NOTES[int(dice.random() * len(talk.ACTIVITY_NOTES))]


def _sheet_status(age_days: int, chance: float) -> str:
    if age_days > 40:
        return "Överförd" if chance < 0.97 else "Avvisad"
    if age_days > 7:
        return "Godkänd" if chance < 0.8 else "Obehandlad"
    return "Obehandlad"
