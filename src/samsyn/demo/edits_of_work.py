"""Small edits of activities, time sheets and projects."""

from __future__ import annotations

import datetime as dt
from random import Random

from samsyn.demo import talk
from samsyn.demo.company import moment, utc_moment
from samsyn.demo.desk import Desk
from samsyn.demo.picking import any_employee, any_of, whole
from samsyn.demo.telling import Happening


def activity_done(desk: Desk, dice: Random, now: dt.datetime) -> Happening | None:
    """Somebody ticks off an activity, with a note."""
    who = "(SELECT first_name FROM employees e WHERE e.employee_id = activities.employee_id)"
    found = any_of(
        desk, dice, "activities", f"activity_id, subject, contact_no, {who}", "done = FALSE"
    )
    if found is None:
        return None
    activity_id, subject, contact_no, first_name = found
    note = dice.choice(talk.ACTIVITY_NOTES) if contact_no is not None else None
    desk.write(
        "UPDATE activities SET done = TRUE, done_at = ?, notes = coalesce(?, notes)"
        " WHERE activity_id = ?",
        utc_moment(now),
        note,
        whole(activity_id),
    )
    return Happening(
        "activities",
        whole(activity_id),
        f"Done by {first_name}: {subject}",
        f"Klart av {first_name}: {subject}",
    )


def activity_planned(desk: Desk, dice: Random, now: dt.datetime) -> Happening | None:
    """Somebody plans to do something with a contact."""
    contact, employee = any_of(desk, dice, "contacts", "contact_no, name"), any_employee(desk, dice)
    if contact is None or employee is None:
        return None
    kind, pattern, minutes = dice.choice(talk.ACTIVITIES)
    subject = pattern.format(name=contact[1])
    day = _weekday(now.date() + dt.timedelta(days=dice.randint(1, 21)))
    hour, minute = dice.randint(7, 14), dice.choice((0, 15, 30, 45))
    end = dt.datetime.combine(day, dt.time(hour, minute)) + dt.timedelta(minutes=minutes)
    activity_id = desk.enter(
        "activities",
        {
            "activity_type": kind,
            "subject": subject,
            "starts_at": moment(day, hour, minute),
            "ends_at": moment(end.date(), end.hour, end.minute),
            "employee_id": employee[0],
            "contact_no": whole(contact[0]),
        },
    )
    return Happening(
        "activities",
        activity_id,
        f"Planned by {employee[1]} for {day}: {subject}",
        f"Planerat av {employee[1]} till {day}: {subject}",
    )


def hours_entered(desk: Desk, dice: Random, now: dt.datetime) -> Happening | None:
    """Somebody enters hours on a project."""
    project = any_of(desk, dice, "projects", "project_no, name", "status = ?", "Pågår")
    employee = any_employee(desk, dice)
    if project is None or employee is None:
        return None
    half_hours = dice.randint(1, 16)
    time_sheet_id = desk.enter(
        "time_sheets",
        {
            "employee_id": employee[0],
            "project_no": whole(project[0]),
            "work_date": now.date().isoformat(),
            "hours": f"{half_hours / 2:.2f}",
            "description": dice.choice(talk.TIME_NOTES),
        },
    )
    hours = f"{half_hours / 2:g}"
    return Happening(
        "time_sheets",
        time_sheet_id,
        f"{employee[1]} worked {hours} h on {project[1]}",
        f"{employee[1]} arbetade {hours.replace('.', ',')} tim med {project[1]}",
    )


def hours_approved(desk: Desk, dice: Random, now: dt.datetime) -> Happening | None:
    """A project's manager approves hours."""
    found = any_of(
        desk,
        dice,
        "time_sheets",
        "time_sheet_id, work_date,"
        " (SELECT name FROM projects p WHERE p.project_no = time_sheets.project_no),"
        " (SELECT manager_id FROM projects p WHERE p.project_no = time_sheets.project_no)",
        "status = ?",
        "Obehandlad",
    )
    if found is None:
        return None
    time_sheet_id, day, project, manager_id = found
    desk.write(
        "UPDATE time_sheets SET status = ?, approved_by = ? WHERE time_sheet_id = ?",
        "Godkänd",
        whole(manager_id),
        whole(time_sheet_id),
    )
    return Happening(
        "time_sheets",
        whole(time_sheet_id),
        f"Hours of {day} on {project} approved",
        f"Timmar den {day} på {project} godkända",
    )


def project_advanced(desk: Desk, dice: Random, now: dt.datetime) -> Happening | None:
    """A project has come further, perhaps to its end."""
    found = any_of(desk, dice, "projects", "project_no, name, percent_done", "status = ?", "Pågår")
    if found is None:
        return None
    project_no, name, percent = whole(found[0]), found[1], min(100, whole(found[2]) + 5)
    desk.write(
        "UPDATE projects SET percent_done = ?, status = ? WHERE project_no = ?",
        percent,
        "Klart" if percent == 100 else "Pågår",
        project_no,
    )
    return Happening(
        "projects",
        project_no,
        f"Project {project_no}, {name}: {percent} % done",
        f"Projekt {project_no}, {name}: {percent} % klart",
    )


def _weekday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=max(0, day.weekday() - 4))
