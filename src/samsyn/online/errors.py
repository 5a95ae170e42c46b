"""What may go wrong in keeping the service's companies; for running it see `webkit.errors`."""

from __future__ import annotations

from typing import ClassVar

from samsyn.core.errors import SamsynError


class BadDatabaseUrl(SamsynError):
    """The database's URL is neither a PostgreSQL nor an SQLite one."""

    code: ClassVar[str] = "BAD_DATABASE_URL"


class ConfigurationUnreadable(SamsynError):
    """The file of the configuration cannot be read: `file`, `reason`."""

    code: ClassVar[str] = "CONFIGURATION_UNREADABLE"


class UnknownSetting(SamsynError):
    """The file has a key that there is none of: `key`, `file`, and what may have been meant in `near`."""

    code: ClassVar[str] = "UNKNOWN_SETTING"


class UnknownVariable(SamsynError):
    """The environment says a key that there is none of: `variable`, and what may have been meant in `near`."""

    code: ClassVar[str] = "UNKNOWN_VARIABLE"


class BadSetting(SamsynError):
    """A key has a value that it cannot have: `key`, `value` (never a secret), and its `place`."""

    code: ClassVar[str] = "BAD_SETTING"


class UnknownCompany(SamsynError):
    """There is no such company, or the asker may not know that there is."""

    code: ClassVar[str] = "UNKNOWN_COMPANY"
    status: ClassVar[int] = 404


class BadEmail(SamsynError):
    """Not an e-mail address."""

    code: ClassVar[str] = "BAD_EMAIL"


class BadName(SamsynError):
    """A name that is empty, too long or holds control characters."""

    code: ClassVar[str] = "BAD_NAME"
    status: ClassVar[int] = 422


class UnknownPerson(SamsynError):
    """Nobody has that e-mail address."""

    code: ClassVar[str] = "UNKNOWN_PERSON"


class UnknownMember(SamsynError):
    """The person is not, or no longer, a member of the company."""

    code: ClassVar[str] = "UNKNOWN_MEMBER"


class UnknownRole(SamsynError):
    """The company has no such role."""

    code: ClassVar[str] = "UNKNOWN_ROLE"


class LastSuperuser(SamsynError):
    """The company would be left without a superuser."""

    code: ClassVar[str] = "LAST_SUPERUSER"


class MemberAlready(SamsynError):
    """The address belongs to a member."""

    code: ClassVar[str] = "MEMBER_ALREADY"


class SecondFactorNeeded(SamsynError):
    """The company opens to those with a second factor alone, and the person has none; `person`."""

    code: ClassVar[str] = "SECOND_FACTOR_NEEDED"
    status: ClassVar[int] = 403


class BadInvitation(SamsynError):
    """The invitation is unknown, used, withdrawn or too old; `why` is one of these words."""

    code: ClassVar[str] = "BAD_INVITATION"


class UnknownScope(SamsynError):
    """A scope that tokens do not have, or none at all; `scope`, `known`."""

    code: ClassVar[str] = "UNKNOWN_SCOPE"


class BadExpiry(SamsynError):
    """A day on which a token is to end that has passed, or lies too far away; `expires`."""

    code: ClassVar[str] = "BAD_EXPIRY"


class TooManyTokens(SamsynError):
    """The member has so many tokens that no more are made; `limit`."""

    code: ClassVar[str] = "TOO_MANY_TOKENS"


class BadWebhookUrl(SamsynError):
    """An address to which no message goes; `why`."""

    code: ClassVar[str] = "BAD_WEBHOOK_URL"
    status: ClassVar[int] = 422


class BadEvents(SamsynError):
    """No event, or one that there is not, or too many types; `known`."""

    code: ClassVar[str] = "BAD_EVENTS"
    status: ClassVar[int] = 422


class TooManyWebhooks(SamsynError):
    """The company has so many webhooks that no more are made; `limit`."""

    code: ClassVar[str] = "TOO_MANY_WEBHOOKS"
    status: ClassVar[int] = 409


class UnknownWebhook(SamsynError):
    """The company has no such webhook; `webhook`."""

    code: ClassVar[str] = "UNKNOWN_WEBHOOK"
    status: ClassVar[int] = 404


class UnknownDelivery(SamsynError):
    """The webhook's log has no such message, or no longer; `delivery`."""

    code: ClassVar[str] = "UNKNOWN_DELIVERY"
    status: ClassVar[int] = 404


class PeriodTooShort(SamsynError):
    """A period of keeping under the least one; `days`, `limit`."""

    code: ClassVar[str] = "PERIOD_TOO_SHORT"


class BadPeriod(SamsynError):
    """No period such as 90d; `period`."""

    code: ClassVar[str] = "BAD_PERIOD"


class BadDay(SamsynError):
    """Not a day to come, such as 2027-06-30 or 30d; `day`."""

    code: ClassVar[str] = "BAD_DAY"
