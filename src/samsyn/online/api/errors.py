"""What the REST API refuses, with the HTTP status that tells it."""

from __future__ import annotations

from typing import ClassVar

from samsyn.core.errors import SamsynError


class ApiError(SamsynError):
    """The root of the API's refusals. Nothing has changed when one is raised."""

    code: ClassVar[str] = "API_ERROR"
    status: ClassVar[int] = 400


class Unauthorized(ApiError):
    """No bearer token, or one that opens nothing."""

    code: ClassVar[str] = "UNAUTHORIZED"
    status: ClassVar[int] = 401


class ReadOnlyToken(ApiError):
    """The token, or the person it acts for, may only read."""

    code: ClassVar[str] = "READ_ONLY_TOKEN"
    status: ClassVar[int] = 403


class RateLimited(ApiError):
    """Too much was asked in too short a time; `policy`, `retry_after_s`."""

    code: ClassVar[str] = "RATE_LIMITED"
    status: ClassVar[int] = 429
    transient: ClassVar[bool] = True


class KeyReused(ApiError):
    """The Idempotency-Key was sent with another request before; `key`."""

    code: ClassVar[str] = "IDEMPOTENCY_KEY_REUSED"
    status: ClassVar[int] = 422


class KeyInUse(ApiError):
    """The first request with this Idempotency-Key is in work still; `key`."""

    code: ClassVar[str] = "IDEMPOTENCY_KEY_IN_USE"
    status: ClassVar[int] = 409
    transient: ClassVar[bool] = True


class AnswerTooLarge(ApiError):
    """The answer is too large to be kept for an Idempotency-Key, so nothing was done; `bytes`, `limit`."""

    code: ClassVar[str] = "ANSWER_TOO_LARGE"
    status: ClassVar[int] = 413


class MissingScope(ApiError):
    """The token was not given this; `scope`."""

    code: ClassVar[str] = "MISSING_SCOPE"
    status: ClassVar[int] = 403


class RoleTooLow(ApiError):
    """The role of the person that the token acts for does not allow it; `needed`, `type`."""

    code: ClassVar[str] = "ROLE_TOO_LOW"
    status: ClassVar[int] = 403


class BadJson(ApiError):
    """The body is not JSON; `reason`, `position`."""

    code: ClassVar[str] = "BAD_JSON"
    status: ClassVar[int] = 400


class BadShape(ApiError):
    """The body is JSON of another shape than expected; `where`, `expected`."""

    code: ClassVar[str] = "BAD_SHAPE"
    status: ClassVar[int] = 422


class WrongContentType(ApiError):
    """The body says that it is something else than JSON; `content_type`."""

    code: ClassVar[str] = "WRONG_CONTENT_TYPE"
    status: ClassVar[int] = 415


class BodyTooLarge(ApiError):
    """The body is larger than such bodies may be; `bytes`, `limit`."""

    code: ClassVar[str] = "BODY_TOO_LARGE"
    status: ClassVar[int] = 413


class BadParameter(ApiError):
    """A parameter of the address or a header cannot be read; `parameter`, `expected`."""

    code: ClassVar[str] = "BAD_PARAMETER"
    status: ClassVar[int] = 400


class UnknownParameter(ApiError):
    """The address has a parameter that the endpoint does not know; `parameter`, `known`."""

    code: ClassVar[str] = "UNKNOWN_PARAMETER"
    status: ClassVar[int] = 400


class Invalid(ApiError):
    """Values that the catalog does not allow; `errors` is a list of {field, code, detail}."""

    code: ClassVar[str] = "INVALID"
    status: ClassVar[int] = 422


class KeyTaken(ApiError):
    """A living record of the type has that key already; `key`, `record`."""

    code: ClassVar[str] = "KEY_TAKEN"
    status: ClassVar[int] = 409


class TypeLoading(ApiError):
    """The type's first load is not complete: it can be read, not written; `type`."""

    code: ClassVar[str] = "TYPE_LOADING"
    status: ClassVar[int] = 409


class TooManyOperations(ApiError):
    """A batch holds too many operations; `count`, `limit`."""

    code: ClassVar[str] = "TOO_MANY_OPERATIONS"
    status: ClassVar[int] = 413
