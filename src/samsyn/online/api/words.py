"""The API's codes in words, for the developer who reads the answer."""

from __future__ import annotations

from collections.abc import Mapping

PROBLEMS: dict[str, str] = {
    "UNAUTHORIZED": "Send a valid API token: Authorization: Bearer TOKEN.",
    "READ_ONLY_TOKEN": "This token may read and not write.",
    "RATE_LIMITED": "Too many requests: ask again in {retry_after_s} s. RateLimit tells how much is left.",
    "IDEMPOTENCY_KEY_REUSED": "The Idempotency-Key was sent with another request before. Use a new key for each.",
    "IDEMPOTENCY_KEY_IN_USE": "The first request with this Idempotency-Key is in work still: ask again in a moment.",
    "ANSWER_TOO_LARGE": "The answer is too large to be kept for an Idempotency-Key; nothing was done. Send less at once.",
    "BAD_WEBHOOK_URL": "Nothing is sent to that address: {why}. It is an https address that everybody can reach.",
    "BAD_EVENTS": "Choose at least one of {known}, each once, and at most 200 types.",
    "BAD_NAME": "A name has 1 to {limit} printable characters.",
    "TOO_MANY_WEBHOOKS": "The company has {limit} webhooks, which is the most.",
    "UNKNOWN_WEBHOOK": "There is no such webhook.",
    "UNKNOWN_DELIVERY": "The webhook's log has no such message, or no longer.",
    "MISSING_SCOPE": "The token lacks the scope {scope}.",
    "ROLE_TOO_LOW": "The role of the person whom the token acts for does not allow this; needed is: {needed} {type}",
    "UNKNOWN_COMPANY": "There is no such company.",
    "UNKNOWN_TYPE": "The company has no record type of that name that this token may read.",
    "UNKNOWN_RECORD": "There is no such record.",
    "TYPE_FROM_OFFICE": "Records of {type} are written at the office alone, and can be read here.",
    "RECORD_EXISTS": "A record with that id is there, or was before it was deleted.",
    "VERSION_MISMATCH": "The record has changed: it is at version {version}, not {wanted}. Read it again.",
    "BAD_JSON": "The body is not JSON: {reason}.",
    "BAD_SHAPE": "{where}: expected {expected}.",
    "WRONG_CONTENT_TYPE": "Send the body as application/json.",
    "BODY_TOO_LARGE": "The body has {bytes} bytes; at most {limit} are taken.",
    "UNKNOWN_PARAMETER": "There is no parameter {parameter} here. There are: {known}.",
    "BAD_PARAMETER": "{parameter}: expected {expected}.",
    "BAD_QUERY": "The query cannot be read: {detail}.",
    "INVALID": "Some fields have values that cannot be stored; see errors.",
    "KEY_TAKEN": "A record of the type has that key already.",
    "TYPE_LOADING": "The first load of this type is not complete; it can be read, and written when it is.",
    "TOO_MANY_OPERATIONS": "A batch holds at most {limit} operations; this one has {count}.",
    "UNKNOWN_FIELD": "The type {type} has no field {field}.",
    "UNKNOWN_QUARANTINE_ENTRY": "Nothing in quarantine has that id.",
    "UNKNOWN_FIX": "There is no fix of that name. Known are: {known}.",
    "FIX_DOES_NOT_APPLY": "{fix} does not apply to this entry; these do: {fixes}.",
    "FIX_INCOMPLETE": "{fix} needs {needs} in the body.",
    "QUARANTINE_SETTLED": "The change left quarantine at {at}; nothing is left to be mended.",
    "UNKNOWN_CONFLICT": "There is no such conflict.",
    "NO_LONGER_KEPT": "That is so long ago that it is no longer kept.",
    "CHANGED_SINCE": "Somebody has changed it since; send anyway to write the value all the same.",
    "CANNOT_REAPPLY": "The value cannot be written once more: {why}.",
    "BAD_UNDO": "What to undo cannot be read: {detail}. Send by, batch or hour (2026-11-23T14, in UTC).",
    "UNDO_TOO_LARGE": "That is more than {limit} changes: choose a batch or an hour.",
    "OFFICE_NOT_HEARD": "Online changes wait since {since}, and the office has not been heard since {last_heard}:"
    " see whether its computer is on and its agent runs (samsyn status).",
    "OFFICE_TAKES_NOTHING": "The office is heard, and has taken no online change since {since}:"
    " its agent tells why (samsyn status).",
    "OFFICE_STALLED": "The office says that something waits there since {since}: {office_code}"
    " (samsyn status tells more).",
    "STORE_BUSY": "The service's database is busy; try again.",
    "SECOND_FACTOR_NEEDED": "The company opens to members with a second factor alone, and {person}, for whom the"
    " token acts, has none.",
    "COMPANY_SUSPENDED": "The service has suspended the company since {since}; nothing is lost.",
}
FIELDS: dict[str, str] = {
    "UNKNOWN_FIELD": "the type has no such field",
    "READ_ONLY": "the office alone gives this value",
    "REQUIRED": "a value is required",
    "NOT_NULL": "cannot be null",
    "WRONG_TYPE": "expected {expected}",
    "TOO_LONG": "longer than {limit}",
    "TOO_LARGE": "outside the range that can be stored",
    "TOO_PRECISE": "more digits than can be stored",
    "NOT_A_CHOICE": "not one of the choices",
    "NOT_A_DATE": "not a date (YYYY-MM-DD)",
    "NOT_A_DATETIME": "not a date and time (YYYY-MM-DDTHH:MM:SS)",
    "NOT_A_TIME": "not a time (HH:MM:SS)",
    "NOT_A_DECIMAL": "not a decimal number",
    "NOT_AN_INTERVAL": "not an ISO 8601 duration",
    "NOT_A_UUID": "not a UUID",
    "NOT_BASE64": "not base64",
    "NOT_JSON": "not the text of a JSON document",
    "NOT_TEXT": "holds a lone surrogate, which is no text",
    "NUL_NOT_ALLOWED": "holds a NUL character",
    "ZONE_REQUIRED": "a time zone is required (Z or +HH:MM)",
    "ZONE_NOT_ALLOWED": "the field has no time zone",
    "NOT_A_REFERENCE": "expected the id of a record",
    "UNKNOWN_REFERENCE": "no record of type {type} has that id",
}


def problem_words(code: str, facts: Mapping[str, object]) -> str:
    """The words of a problem; the code itself where the facts do not fit."""
    return _filled(PROBLEMS.get(code, code), facts, code)


def field_words(code: str, facts: Mapping[str, object]) -> str:
    """The words of what is wrong with one field."""
    return _filled(FIELDS[code], facts, code)


def _filled(words: str, facts: Mapping[str, object], code: str) -> str:
    try:
        return words.format(**facts)
    except KeyError:
        return code
