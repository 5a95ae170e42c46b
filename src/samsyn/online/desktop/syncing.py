"""The panels of the sync: how the office stands, and what went either way in a week."""

from __future__ import annotations

import datetime
from collections import Counter

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from samsyn.online.access import Here
from samsyn.online.freshness import standing
from samsyn.records import progress
from samsyn.records.tenant import snapshot
from samsyn.webkit.desktop.contents import Day, days
from samsyn.webkit.desktop.desk import Content
from samsyn.webkit.templatetags.webkit import moment

DAYS = 7


def state(at: Here) -> Content:
    """How the office stands, with what does not get on."""
    url = reverse("office", args=[at.company.pk])
    told = standing(at.tenant)
    return Content(
        "companies/state_panel.html", {"standing": told}, url, _("More about the office")
    )


def traffic(at: Here) -> Content:
    """Records from the office and to it in the last seven days, and when and by whom the last sync ran."""
    today = timezone.localdate()
    first = today - datetime.timedelta(days=DAYS - 1)
    began = timezone.make_aware(datetime.datetime.combine(first, datetime.time.min))
    since = began.astimezone(datetime.UTC).isoformat()
    with snapshot():
        hours = progress.hours(at.tenant, since)
    up: Counter[datetime.date] = Counter()
    down: Counter[datetime.date] = Counter()
    for one in hours:
        day = timezone.localtime(datetime.datetime.fromisoformat(one.at)).date()
        up[day] += one.up
        down[day] += one.down
    listed = [first + datetime.timedelta(days=n) for n in range(DAYS)]
    return days(
        [Day(formats.date_format(day, "SHORT_DATE_FORMAT"), up[day], down[day]) for day in listed],
        _facts(at, up.total(), down.total()),
    )


def _facts(at: Here, up: int, down: int) -> list[tuple[str, str]]:
    contact = standing(at.tenant).contact
    number = formats.number_format
    facts = [
        (_("From the office in 7 days"), number(up, force_grouping=True)),
        (_("To the office in 7 days"), number(down, force_grouping=True)),
    ]
    if contact.connected:
        facts.append((_("Last sync"), moment(contact.last_heard)))
        facts.append((_("By"), contact.computer or "\N{EN DASH}"))
    return facts
