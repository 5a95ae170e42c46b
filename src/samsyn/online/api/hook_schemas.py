"""The shapes of webhooks as the OpenAPI description tells them."""

from __future__ import annotations

from typing import Literal

from ninja import Schema
from pydantic import Field

Event = Literal[
    "record.created",
    "record.changed",
    "record.deleted",
    "conflict.recorded",
    "quarantine.added",
    "quarantine.settled",
    "sync.changed",
]


class WebhookBody(Schema):
    """A webhook to be made."""

    name: str = Field(max_length=60)
    url: str = Field(max_length=2_000, description="https.")
    events: list[Event] = Field(min_length=1)
    types: list[str] = Field([], description="Record types; none: all, also those that come later.")


class WebhookChange(Schema):
    """What to change of a webhook; the rest stays."""

    name: str | None = Field(None, max_length=60)
    url: str | None = Field(None, max_length=2_000)
    events: list[Event] | None = None
    types: list[str] | None = None
    on: bool | None = Field(None, description="Switched on again it goes on where it was.")


class WebhookShape(Schema):
    """A webhook and how it does."""

    id: str
    name: str
    url: str
    events: list[Event]
    types: list[str]
    state: Literal["on", "off", "failed"] = Field(
        description="failed: switched off, because nothing was taken for five days or 410 was answered."
    )
    why: str | None = Field(description="Why the last attempt failed; null where it did not.")
    waiting: int = Field(description="Messages that are not taken yet.")
    attempts: int = Field(description="Attempts that failed since the last that did not.")
    failing_since: str | None
    next_try: str | None
    last_ok: str | None
    created: str
    created_by: str


class NewWebhook(WebhookShape):
    """A webhook with its secret, which is told only now."""

    secret: str = Field(description="whsec_ and a key in base64, as Standard Webhooks has it.")


class Webhooks(Schema):
    """The company's webhooks."""

    webhooks: list[WebhookShape]


class Secret(Schema):
    """A new secret; the old one signs beside it for 24 hours."""

    secret: str


class DeliveryShape(Schema):
    """A message to a webhook, and what came of it."""

    no: int
    message: str = Field(description="`webhook-id`: the same each time that it is sent.")
    event: str
    state: Literal["waiting", "sent", "dropped"]
    at: str
    attempts: int
    tried: str | None
    status: int | None = Field(description="What the receiver answered.")
    error: str | None = Field(description="Why nothing was answered.")
    duration_ms: int
    answer: str = Field(description="How the answer's body begins.")


class Deliveries(Schema):
    """A webhook's log, the newest first."""

    deliveries: list[DeliveryShape]
    next: int | None = Field(description="Ask again with this `before`; null on the last page.")
