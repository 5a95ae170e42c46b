"""How Samsyn IDs differ from what allauth does by itself: our words, our addresses."""

from __future__ import annotations

import base64
import functools
from typing import Any, ClassVar, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from samsyn.online.addresses import absolute
from samsyn.online.companies.accounts import clean_email
from samsyn.online.companies.models import Person
from samsyn.online.connecting import coming_back
from samsyn.online.errors import BadEmail
from samsyn.webkit import security_log
from samsyn.webkit.security_log import Event

Words = dict[str, str | Promise]
PRODUCT = "Samsyn"
THROTTLED = ("too_many_login_attempts", "rate_limited")


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's hooks for signing in and up."""

    error_messages: ClassVar[Words] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This Samsyn ID is closed. Ask whoever runs the service."),
        "email_password_mismatch": _(
            "The e-mail address and the password do not belong together. Check both and try again."
        ),
        "too_many_login_attempts": _(
            "Too many attempts to sign in. Wait five minutes and try again."
        ),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your password."),
        "email_taken": _("This address cannot be used. Choose another one."),
        "duplicate_email": _("This is your address already."),
        "same_as_current": _("This is your address already."),
        "rate_limited": _("Too many attempts. Wait a little and try again."),
        "invalid_password_reset": _("The link is used or too old. Ask for a new one."),
    }

    def validation_error(self, code: str, *args: object) -> ValidationError:
        """Why a form is refused; that somebody tries too often is logged."""
        if code in THROTTLED:
            security_log.told(Event.THROTTLED, what=code)
        # allauth has no types
        return cast(ValidationError, super().validation_error(code, *args))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Under what wrong passwords are counted: the address alone.

        allauth puts the request's Host before it, which whoever tries passwords
        chooses. Any: as allauth has it.
        """
        return str(credentials.get("email", "")).lower()

    def clean_email(self, email: str) -> str:
        """The address in the one form under which people are kept."""
        try:
            return clean_email(email)
        except BadEmail as error:
            raise self.validation_error("email_taken") from error

    def save_user(
        self, request: HttpRequest, user: Person, form: Any, commit: bool = True
    ) -> Person:  # Any: a form of allauth
        """The person of a sign-up form, in the language of the page."""
        user.name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit)  # type: ignore[no-any-return]  # untyped

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Confirm an address, unless it is that of another person: allauth looks at confirmed ones alone.

        Any: a class of allauth.
        """
        others = Person.objects.filter(email=email_address.email.lower())
        if others.exclude(pk=email_address.user_id).exists():
            told = {"email": email_address.email}
            failed = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, failed, told)
            return False
        return bool(super().confirm_email(request, email_address))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """The link in the e-mail. Any: a class of allauth."""
        return absolute(reverse("account_confirm_email", args=[emailconfirmation.key]), request)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the e-mail."""
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return absolute(path, context.request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where one comes to after signing in: to an office's question, if that was what one came for."""
        return coming_back.kept(request) or str(super().get_login_redirect_url(request))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Where one comes to after a new password."""
        return reverse("account")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        """On to signing in, or to the account. Any: a class of allauth."""
        return reverse("account_email" if self.request.user.is_authenticated else "account_login")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """One of our letters. Any: what a template shows."""
        told = {
            "product": PRODUCT,
            "forgotten_url": absolute(reverse("account_reset_password"), self.request),
            "sign_up_url": absolute(reverse("account_signup"), self.request),
            "sign_in_url": absolute(reverse("account_login"), self.request),
        }
        super().send_mail(template_prefix, email, {**told, **context})


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's hooks for the second factor."""

    error_messages: ClassVar[Words] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is wrong or too old. Type the one that is shown now."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        """A secret as the database keeps it; the key is in the home, not there."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """What the app on the telephone shows."""
        return PRODUCT

    def generate_authenticator_name(self, user: Person, type: Any) -> str:
        """A name to begin with. Any: an enum of allauth."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The name of the site that a passkey belongs to: its own address, without the port."""
        host: str = context.request.get_host()
        return {"id": host.partition(":")[0], "name": PRODUCT}


@functools.cache
def _cipher() -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"samsyn second factor")
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))
