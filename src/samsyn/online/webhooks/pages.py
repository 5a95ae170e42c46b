"""The pages of webhooks. For superusers."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.core.errors import SamsynError
from samsyn.online.access import Here, here
from samsyn.online.errors import (
    BadName,
    BadWebhookUrl,
    TooManyWebhooks,
    UnknownDelivery,
    UnknownWebhook,
)
from samsyn.online.registers.labels import labels
from samsyn.online.webhooks import hooks, managing, queue
from samsyn.online.webhooks.forms import WebhookForm
from samsyn.online.webhooks.hooks import FAILED, ON, Hook
from samsyn.online.webhooks.queue import WAITING, Delivery
from samsyn.online.webhooks.words import EVENTS, address_words, event_words, why_words
from samsyn.webkit.fragments import page

ROWS = 50


def listed(request: HttpRequest) -> HttpResponseBase:
    """The company's webhooks and how they do."""
    at = here(request)
    rows = [_row(at, hook) for hook in hooks.hooks(at.tenant)]
    return render(request, "webhooks/list.html", {"hooks": rows})


def new(request: HttpRequest) -> HttpResponseBase:
    """Make one; its secret is told once."""
    at = here(request)
    form = WebhookForm(_registers(at), request.POST or None, initial={"events": list(EVENTS)[:3]})
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = managing.create(at.tenant, form.wanted, at.person.email)
        except (BadName, BadWebhookUrl, TooManyWebhooks) as error:
            _blame(form, error)
        else:
            told = {"hook": made, "secret": secret, "title": _("The webhook is made")}
            return render(request, "webhooks/secret.html", told)
    cancel = reverse("webhooks", args=[at.company.pk])
    told = {"form": form, "title": _("New webhook"), "cancel_url": cancel}
    return render(request, "webhooks/form.html", told)


def one(request: HttpRequest, webhook: str) -> HttpResponseBase:
    """One of them, with its log."""
    at, hook = _found(request, webhook)
    before = request.GET.get("before", "")
    place = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    found = queue.log(at.tenant, hook.id, place, ROWS + 1)
    labels = dict(_registers(at))
    row = _row(at, hook)
    told = {
        **row,
        "one": row,
        "events": [EVENTS[event] for event in hook.events],
        "types": [labels.get(name, name) for name in hook.types],
        "hook": hook,
        "log": [_line(entry) for entry in found[:ROWS]],
        "next": found[ROWS - 1].no if len(found) > ROWS else None,
        "live": place is None and any(entry.state == WAITING for entry in found),
    }
    return page(request, "webhooks/one.html", told, block="log")


def change(request: HttpRequest, webhook: str) -> HttpResponseBase:
    """Another address, other events."""
    at, hook = _found(request, webhook)
    initial = {"name": hook.name, "url": hook.url, "events": hook.events, "types": hook.types}
    form = WebhookForm(_registers(at), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            managing.change(at.tenant, hook.id, form.wanted)
        except (BadName, BadWebhookUrl) as error:
            _blame(form, error)
        else:
            messages.success(request, _("The webhook is changed."))
            return redirect("webhook", at.company.pk, hook.id)
    cancel = reverse("webhook", args=[at.company.pk, hook.id])
    told = {"form": form, "title": hook.name, "cancel_url": cancel}
    return render(request, "webhooks/form.html", told)


@require_POST
def try_out(request: HttpRequest, webhook: str) -> HttpResponseBase:
    """Send a test."""
    at, hook = _found(request, webhook)
    if hook.state == ON:
        managing.try_out(at.tenant, hook.id, at.person.email)
        messages.success(request, _("A test is on its way. The log below tells what came of it."))
    return redirect("webhook", at.company.pk, hook.id)


@require_POST
def switch(request: HttpRequest, webhook: str) -> HttpResponseBase:
    """On or off."""
    at, hook = _found(request, webhook)
    on = request.POST.get("on") == "yes"
    managing.switch(at.tenant, hook.id, on)
    messages.success(
        request,
        _("The webhook is on, and goes on where it was.") if on else _("The webhook is off."),
    )
    return redirect("webhook", at.company.pk, hook.id)


def secret(request: HttpRequest, webhook: str) -> HttpResponseBase:
    """Another secret."""
    at, hook = _found(request, webhook)
    if request.method == "POST":
        told = {
            "hook": hook,
            "secret": managing.another_secret(at.tenant, hook.id),
            "title": _("The new secret"),
            "both": True,
        }
        return render(request, "webhooks/secret.html", told)
    told = {
        "title": _("Make a new secret for %(name)s?") % {"name": hook.name},
        "words": [_("For 24 hours messages are signed with both, so that nothing is refused.")],
        "action": _("Make a new secret"),
        "cancel_url": reverse("webhook", args=[at.company.pk, hook.id]),
    }
    return render(request, "webkit/confirm.html", told)


def remove(request: HttpRequest, webhook: str) -> HttpResponseBase:
    """Take it away."""
    at, hook = _found(request, webhook)
    if request.method == "POST":
        managing.remove(at.tenant, hook.id)
        messages.success(request, _("The webhook is removed."))
        return redirect("webhooks", at.company.pk)
    told = {
        "title": _("Remove the webhook %(name)s?") % {"name": hook.name},
        "words": [_("Its log goes too, and what waits is not sent.")],
        "action": _("Remove"),
        "danger": True,
        "cancel_url": reverse("webhook", args=[at.company.pk, hook.id]),
    }
    return render(request, "webkit/confirm.html", told)


def delivery(request: HttpRequest, webhook: str, delivery: str) -> HttpResponseBase:
    """One message: what was sent and what was answered."""
    _at, hook, kept = _found_delivery(request, webhook, delivery)
    body = json.dumps(json.loads(kept.body), indent=2, ensure_ascii=False)
    told = {"hook": hook, "one": _line(kept), "body": body, "answer": kept.answer}
    return render(request, "webhooks/delivery.html", told)


@require_POST
def again(request: HttpRequest, webhook: str, delivery: str) -> HttpResponseBase:
    """Send a message once more."""
    at, hook, kept = _found_delivery(request, webhook, delivery)
    if hook.state == ON:
        managing.again(at.tenant, hook.id, kept.no)
        messages.success(request, _("The message is sent once more."))
    return redirect("webhook", at.company.pk, hook.id)


def _found(request: HttpRequest, webhook: str) -> tuple[Here, Hook]:
    at = here(request)
    try:
        return at, hooks.hook(at.tenant, webhook)
    except UnknownWebhook as error:
        raise Http404 from error


def _found_delivery(
    request: HttpRequest, webhook: str, delivery: str
) -> tuple[Here, Hook, Delivery]:
    at, hook = _found(request, webhook)
    if not (delivery.isascii() and delivery.isdigit() and len(delivery) < 16):
        raise Http404
    try:
        return at, hook, queue.delivery(at.tenant, hook.id, int(delivery))
    except UnknownDelivery as error:
        raise Http404 from error


def _registers(at: Here) -> list[tuple[str, str]]:
    return list(labels(at.tenant).items())


def _blame(form: WebhookForm, error: SamsynError) -> None:
    match error:
        case BadWebhookUrl():
            form.add_error("url", address_words(str(error.facts["why"])))
        case TooManyWebhooks():
            words = _("The company has %(limit)s webhooks, which is the most.")
            form.add_error(None, words % error.facts)
        case _:
            form.add_error("name", _("A name has letters or digits that can be read."))


def _row(at: Here, hook: Hook) -> dict[str, Any]:  # Any: whatever the template shows
    return {
        "id": hook.id,
        "name": hook.name,
        "url": hook.url,
        "state": hook.state,
        "failing": hook.state == ON and hook.attempts > 0,
        "failed": hook.state == FAILED,
        "why": why_words(hook.why) if hook.why else "",
        "next_try": hook.next_try,
        "failing_since": hook.failing_since,
        "waiting": queue.waiting(at.tenant, hook.id),
        "last_ok": hook.last_ok,
    }


def _line(kept: Delivery) -> dict[str, Any]:  # Any: whatever the template shows
    failed = kept.error or (f"HTTP_{kept.status}" if kept.status is not None else "")
    good = kept.state == queue.SENT
    return {
        "no": kept.no,
        "message": kept.message,
        "event": event_words(kept.event),
        "at": kept.at,
        "tried": kept.tried,
        "state": kept.state,
        "attempts": kept.attempts,
        "status": kept.status,
        "why": why_words(failed) if failed and not good else "",
        "duration_ms": kept.duration_ms,
        "answer": kept.answer[:200],
    }
