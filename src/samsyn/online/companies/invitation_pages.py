"""The page behind the link of an invitation: accept it, with a Samsyn ID that one has or one that is made now."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.online.access import person
from samsyn.online.companies.forms import NewPerson
from samsyn.online.companies.invitations import accept, find
from samsyn.online.companies.member_pages import words_of
from samsyn.online.companies.models import Invitation, Person
from samsyn.online.errors import BadInvitation
from samsyn.online.people.passwords import confirm_address


def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """What is offered, and the way to take it."""
    try:
        found = find(token, timezone.now())
        if request.user.is_authenticated:
            return _signed_in(request, token, found)
        known = Person.objects.filter(email=found.email).first()
        if known is not None and known.has_password:
            told = {"invitation": found, "known": True, "next": request.path}
            return render(request, "companies/invitation.html", told)
        return _newcomer(request, token, found)
    except BadInvitation as error:
        told = {
            "title": _("The invitation cannot be accepted"),
            "words": words_of(error),
            "sign": "mail",
            "action": _("To the start page"),
        }
        return render(request, "webkit/refused.html", told, status=410)


def _signed_in(request: HttpRequest, token: str, found: Invitation) -> HttpResponseBase:
    someone = person(request)
    if someone.email != found.email:
        told = {"invitation": found, "other": someone.email, "next": request.path}
        return render(request, "companies/invitation.html", told)
    if request.method == "POST":
        company = accept(token, someone, timezone.now())
        messages.success(request, _("Welcome to %(company)s.") % {"company": company.name})
        return redirect("company", company.pk)
    return render(request, "companies/invitation.html", {"invitation": found, "ready": True})


def _newcomer(request: HttpRequest, token: str, found: Invitation) -> HttpResponseBase:
    """The link came to the address, so the address is confirmed by it."""
    form = NewPerson(request.POST or None)
    if request.method == "POST" and form.is_valid():
        someone = Person.objects.filter(email=found.email).first() or Person(email=found.email)
        someone.name = form.cleaned_data["name"]
        try:
            validate_password(form.cleaned_data["password"], someone)
        except ValidationError as error:
            form.add_error("password", error)
        else:
            someone.set_password(form.cleaned_data["password"])
            with transaction.atomic():
                someone.save()
                confirm_address(someone)
                company = accept(token, someone, timezone.now())
            messages.success(request, _("Welcome to %(company)s.") % {"company": company.name})
            return _in(request, someone, reverse("company", args=[company.pk]))
    return render(request, "companies/invitation.html", {"invitation": found, "form": form})


def _in(request: HttpRequest, someone: Person, url: str) -> HttpResponseBase:
    answer: HttpResponseBase = perform_login(request, someone, redirect_url=url)
    return answer
