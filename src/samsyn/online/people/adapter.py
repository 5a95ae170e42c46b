"""How Samsyn IDs differ from what allauth does by itself: our words, our addresses."""

from __future__ import annotations

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's hooks."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This Samsyn ID is closed. Ask whoever runs the service."),
        "email_password_mismatch": _(
            "The e-mail address and the password do not belong together. Check both and try again."
        ),
        "too_many_login_attempts": _(
            "Too many attempts to sign in. Wait five minutes and try again."
        ),
    }
