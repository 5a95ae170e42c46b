"""The endpoints of webhooks; for tokens of superusers with the scope `webhooks`."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from samsyn.online.api import auth, hook_schemas, hooking
from samsyn.online.api.answers import json_answer, list_answer
from samsyn.online.api.bodies import json_body
from samsyn.online.api.description import REFUSALS, WRITE_REFUSALS, Limit, body_of
from samsyn.online.api.once import Made, once
from samsyn.online.errors import UnknownDelivery
from samsyn.online.grants import Access
from samsyn.online.slashes import name_in
from samsyn.online.webhooks import managing
from samsyn.records.tenant import Tenant
from samsyn.records.worker import in_reader, in_worker

router = Router()
ONE = "/companies/{company}/webhooks/{id}"


@router.get(
    "/companies/{company}/webhooks", response={200: hook_schemas.Webhooks, 304: None, **REFUSALS}
)
async def list_webhooks(request: HttpRequest, company: str) -> HttpResponse:
    """The company's webhooks."""
    return list_answer(request, await in_reader(hooking.all_shapes, _reader(request, company)))


@router.post(
    "/companies/{company}/webhooks",
    response={201: hook_schemas.NewWebhook, **WRITE_REFUSALS},
    openapi_extra=body_of(hook_schemas.WebhookBody),
)
async def create_webhook(request: HttpRequest, company: str) -> HttpResponse:
    """Make one: it is told of what happens from now on. An Idempotency-Key is not looked at: secrets are not kept."""
    access = _writer(request, company)
    told = hooking.checked(await json_body(request), whole=True)
    return json_answer(await in_worker(hooking.made, access, told), 201)


@router.get(ONE, response={200: hook_schemas.WebhookShape, 304: None, **REFUSALS})
async def read_webhook(request: HttpRequest, company: str, id: str) -> HttpResponse:
    """One webhook."""
    access = _reader(request, company)
    return list_answer(request, await in_reader(hooking.shape, access, name_in(id)))


@router.patch(
    ONE,
    response={200: hook_schemas.WebhookShape, **WRITE_REFUSALS},
    openapi_extra=body_of(hook_schemas.WebhookChange),
)
async def change_webhook(request: HttpRequest, company: str, id: str) -> HttpResponse:
    """Another name, address, other events or types; switch it on or off."""
    access = _writer(request, company)
    told = hooking.checked(await json_body(request), whole=False)
    return json_answer(await in_worker(hooking.changed, access, name_in(id), told))


@router.delete(ONE, response={204: None, **WRITE_REFUSALS})
async def remove_webhook(request: HttpRequest, company: str, id: str) -> HttpResponse:
    """Take it away with its log; what waits is not sent."""
    access = _writer(request, company)
    await in_worker(managing.remove, Tenant(access.company), name_in(id))
    return HttpResponse(status=204)


@router.post(f"{ONE}/secret", response={200: hook_schemas.Secret, **WRITE_REFUSALS})
async def change_secret(request: HttpRequest, company: str, id: str) -> HttpResponse:
    """Another secret; the old one signs beside it for 24 hours."""
    access = _writer(request, company)
    secret = await in_worker(managing.another_secret, Tenant(access.company), name_in(id))
    return json_answer({"secret": secret})


@router.post(f"{ONE}/test", response={200: hook_schemas.DeliveryShape, **WRITE_REFUSALS})
async def test_webhook(request: HttpRequest, company: str, id: str) -> HttpResponse:
    """Send it an event that says nothing, `webhook.test`, after what waits."""
    access, hook = _writer(request, company), name_in(id)

    def work() -> Made:
        sent = managing.try_out(Tenant(access.company), hook, access.by)
        return Made(hooking.delivery_shape(sent))

    return await once(request, access, work)


@router.get(
    f"{ONE}/deliveries",
    response={200: hook_schemas.Deliveries, 304: None, **REFUSALS},
)
async def list_deliveries(
    request: HttpRequest,
    company: str,
    id: str,
    before: Annotated[
        int | None, Query(ge=0, lt=2**62, description="`next` of the page before.")
    ] = None,
    limit: Limit = 100,
) -> HttpResponse:
    """What was sent to it and what it answered, the newest first; 500 messages of 30 days are kept."""
    access = _reader(request, company)
    told = await in_reader(hooking.log_shape, access, name_in(id), before, limit)
    return list_answer(request, told)


@router.post(
    f"{ONE}/deliveries/{{no}}/again", response={200: hook_schemas.DeliveryShape, **WRITE_REFUSALS}
)
async def send_again(request: HttpRequest, company: str, id: str, no: str) -> HttpResponse:
    """Send a message once more, under its own `webhook-id`, after what waits."""
    access, hook = _writer(request, company), name_in(id)
    if not (no.isascii() and no.isdigit() and len(no) < 16):
        raise UnknownDelivery(delivery=no[:40])
    number = int(no)

    def work() -> Made:
        sent = managing.again(Tenant(access.company), hook, number)
        return Made(hooking.delivery_shape(sent))

    return await once(request, access, work)


def _reader(request: HttpRequest, company: str) -> Access:
    access = auth.reader(request, company)
    access.need_scope("webhooks")
    access.need_superuser()
    return access


def _writer(request: HttpRequest, company: str) -> Access:
    auth.writer(request, company)
    return _reader(request, company)
