"""The outbox: e-mail to read on this machine, where no mail server is set."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from samsyn.online.addresses import is_loopback, is_loopback_host
from samsyn.online.mail.models import OutgoingMail

LINK = re.compile(r"https?://[^\s<>&]+")
SHOWN = 50


def outbox(request: HttpRequest) -> HttpResponse:
    """The newest messages; there is no such page for anybody but this machine itself."""
    here = is_loopback(request.META.get("REMOTE_ADDR", "")) and is_loopback_host(request.get_host())
    if not settings.SAMSYN_OUTBOX_PAGE or settings.SAMSYN_SMTP or not here:
        raise Http404
    mails = [
        {"to": m.to, "subject": m.subject, "created": m.created, "text": linked(m.text)}
        for m in OutgoingMail.objects.order_by("-pk")[:SHOWN]
    ]
    return render(request, "mail/outbox.html", {"mails": mails})


def linked(text: str) -> SafeString:
    """The text with its addresses as links."""
    parts, end = [], 0
    for found in LINK.finditer(text):
        url = escape(found.group())
        parts += [escape(text[end : found.start()]), f'<a href="{url}">{url}</a>']
        end = found.end()
    return mark_safe("".join([*parts, escape(text[end:])]))  # nosec # each part is escaped
