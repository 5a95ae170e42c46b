"""Tells a company's superusers that a webhook has been switched off."""

from __future__ import annotations

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from samsyn.online.addresses import absolute
from samsyn.online.companies.models import Company, Member, Role
from samsyn.online.webhooks.hooks import Hook


def tell_switched_off(company_id: str, hook: Hook) -> None:
    """A letter to each, in his language, in the transaction that switches it off."""
    company = Company.objects.get(pk=company_id)
    superusers = Member.objects.filter(company_id=company_id, role=Role.SUPERUSER)
    for member in superusers.select_related("person"):
        told = {
            "company": company.name,
            "name": hook.name,
            "url": absolute(reverse("webhook", args=[company_id, hook.id])),
        }
        with translation.override(member.person.language or "sv"):
            subject = render_to_string("webhooks/email/switched_off_subject.txt", told)
            text = render_to_string("webhooks/email/switched_off_message.txt", told)
        send_mail(" ".join(subject.split()), text, None, [member.person.email])
