"""Forms that a person has begun and not saved: private to him, bounded, and gone after a month."""

from __future__ import annotations

import datetime
import hashlib

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from samsyn.webkit.models import Choice, Draft
from samsyn.webkit.registers.book import Whose

MAX_DRAFTS = 40
"""Of one person in one company; the oldest go."""
MAX_BYTES = 256_000
"""Of a form."""
MAX_TABLE_BYTES = 6_000_000
"""Of a table that waits for its import."""
KEPT = datetime.timedelta(days=30)


class FormId(msgspec.Struct, frozen=True):
    """Which form: `edit` of a record, `new` with what is given (in `record`), `import` into a register."""

    kind: str
    register: str
    record: str = ""

    @property
    def digest(self) -> str:
        """The form as the key of its draft."""
        told = "\0".join((self.kind, self.register, self.record))
        return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def keep(whose: Whose, form: FormId, content: object, at: datetime.datetime) -> bool:
    """Keep a form as it stands; False where it is too large. What is too old or too much goes."""
    told = msgspec.json.encode(content).decode()
    if len(told.encode()) > (MAX_TABLE_BYTES if form.kind == "import" else MAX_BYTES):
        return False
    with transaction.atomic():
        if form.kind == "import":  # the large ones: one at a time
            _of(whose).filter(kind="import").delete()
        Draft.objects.filter(company_id=whose.company, saved__lt=at - KEPT).delete()
        Draft.objects.update_or_create(
            company_id=whose.company,
            person_id=whose.person,
            form=form.digest,
            defaults={
                "kind": form.kind,
                "register": form.register,
                "record": form.record,
                "content": told,
                "saved": at,
            },
        )
        newest = _of(whose).order_by("-saved").values_list("form", flat=True)[:MAX_DRAFTS]
        _of(whose).exclude(form__in=list(newest)).delete()
    return True


def kept(whose: Whose, form: FormId, at: datetime.datetime) -> Draft | None:
    """The draft of a form, where one is kept."""
    return _of(whose).filter(form=form.digest, saved__gte=at - KEPT).first()


def listed(whose: Whose, at: datetime.datetime) -> list[Draft]:
    """The person's drafts of records, the newest first, without their content."""
    found = _of(whose).filter(saved__gte=at - KEPT).exclude(kind="import")
    return list(found.defer("content").order_by("-saved"))


def drop(whose: Whose, form: FormId) -> None:
    """Throw a draft away."""
    _of(whose).filter(form=form.digest).delete()


def forget_person(person: str, company: str | None = None) -> None:
    """All that somebody keeps, in one company or in every one, when he leaves."""
    told = (
        {"person_id": person} if company is None else {"person_id": person, "company_id": company}
    )
    Draft.objects.filter(**told).delete()
    Choice.objects.filter(**told).delete()


def forget_company(company: str) -> None:
    """All that anybody keeps in a company that is deleted."""
    Draft.objects.filter(company_id=company).delete()
    Choice.objects.filter(company_id=company).delete()


def _of(whose: Whose) -> QuerySet[Draft]:
    return Draft.objects.filter(company_id=whose.company, person_id=whose.person)
