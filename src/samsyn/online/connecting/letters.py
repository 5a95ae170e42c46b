"""A company's superusers are told by letter which office was allowed to connect, and by whom."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from samsyn.online.addresses import absolute
from samsyn.online.companies.models import Company, Member, Person, Role
from samsyn.records.approval import Question


def tell_superusers(request: HttpRequest, company: Company, by: Person, asked: Question) -> None:
    """A letter to each, in his own language: whoever did not expect it can end the connection."""
    members = Member.objects.filter(company=company, role=Role.SUPERUSER).select_related("person")
    url = absolute(reverse("office_connections"), request)
    for member in members:
        language = member.person.language or translation.get_language() or "en"
        with translation.override(language):
            told = {"company": company, "by": by, "asked": asked, "url": url}
            subject = render_to_string("connecting/email/subject.txt", told).strip()
            text = render_to_string("connecting/email/message.txt", told)
        EmailMessage(" ".join(subject.split()), text, to=[member.person.email]).send()
