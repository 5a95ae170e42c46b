"""The outbox: e-mail to read on this machine, where no mail server is set."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from samsyn.online.addresses import is_loopback, is_loopback_host
from samsyn.online.mail.models import OutgoingMail

LINK = re.compile(r"https?://[^\s<>&]+")
SHOWN = 50


def outbox(request: HttpRequest) -> HttpResponse:
    """The newest messages; there is no such page for anybody but this machine itself."""
    if not _is_shown(request):
        raise Http404
    mails = [
        {"to": m.to, "subject": m.subject, "created": m.created, "text": linked(m.text)}
        for m in OutgoingMail.objects.order_by("-pk")[:SHOWN]
    ]
    return render(request, "mail/outbox.html", {"mails": mails})


def found_at(request: HttpRequest) -> dict[str, str]:
    """The context processor: `outbox_url`, empty where letters go out or somebody elsewhere asks."""
    return {"outbox_url": reverse("outbox") if _is_shown(request) else ""}


def _is_shown(request: HttpRequest) -> bool:
    if not settings.SAMSYN_OUTBOX_PAGE or settings.SAMSYN_SMTP:
        return False
    here = is_loopback(request.META.get("REMOTE_ADDR", ""))
    return here and is_loopback_host(request.get_host())


def linked(text: str) -> SafeString:
    """The text with its addresses as links."""
    parts, end = [], 0
    for found in LINK.finditer(text):
        url = escape(found.group())
        parts += [escape(text[end : found.start()]), f'<a href="{url}">{url}</a>']
        end = found.end()
    return mark_safe("".join([*parts, escape(text[end:])]))  # nosec # each part is escaped
