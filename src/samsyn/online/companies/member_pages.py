"""Who is in the company: the list, invitations, roles, leaving. For superusers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.core.errors import SamsynError
from samsyn.online.access import Here, here
from samsyn.online.addresses import absolute
from samsyn.online.companies import invitations
from samsyn.online.companies.forms import ChangeRole, Invite
from samsyn.online.companies.membership import change_role, given, remove
from samsyn.online.companies.models import Invitation, Member
from samsyn.online.companies.people_list import people
from samsyn.online.errors import BadEmail, BadInvitation, LastSuperuser, MemberAlready

DIFFERS = "differs"
"""Those whose rights at the office are not the same as here."""


def members(request: HttpRequest) -> HttpResponseBase:
    """Members, invited and not invited."""
    at = here(request)
    status = request.GET.get("status", "")
    everybody, told = people(at.tenant, at.company)
    shown = [one for one in everybody if status in ("", one.status)]
    if status == DIFFERS:
        shown = [
            one for one in everybody if one.office and one.office.compared and not one.office.same
        ]
    return render(
        request, "companies/members.html", {"people": shown, "status": status, "told": told}
    )


def invite(request: HttpRequest) -> HttpResponseBase:
    """Invite an address."""
    at = here(request)
    initial = {"email": request.GET.get("email", "")}
    form = Invite(at.company, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _invited(request, at, form):
        return redirect("members", at.company.pk)
    return render(request, "companies/invite.html", {"form": form})


@require_POST
def invite_again(request: HttpRequest, invitation: str) -> HttpResponseBase:
    """Send an invitation once more, with a new link."""
    at = here(request)
    found = _open_one(at, invitation)
    _write(request, at, found, invitations.again(found, timezone.now()))
    return redirect("members", at.company.pk)


@require_POST
def withdraw(request: HttpRequest, invitation: str) -> HttpResponseBase:
    """Take an invitation back."""
    at = here(request)
    invitations.withdraw(at.company, invitation, timezone.now())
    messages.success(request, _("The invitation is withdrawn. Its link opens nothing."))
    return redirect("members", at.company.pk)


def member(request: HttpRequest, person: str) -> HttpResponseBase:
    """Another role for a member."""
    at = here(request)
    found = _member(at, person)
    now = found.own_role or found.role
    form = ChangeRole(at.company, request.POST or None, initial={"role": now})
    if request.method == "POST" and form.is_valid():
        try:
            change_role(at.company, person, given(at.company, form.cleaned_data["role"]))
        except LastSuperuser:
            form.add_error("role", _last_superuser())
        else:
            messages.success(request, _("The role is changed."))
            return redirect("start" if person == at.person.pk else "members", *_company(at, person))
    return render(request, "companies/member.html", {"form": form, "member": found})


def remove_member(request: HttpRequest, person: str) -> HttpResponseBase:
    """Take a member out of the company."""
    at = here(request)
    found = _member(at, person)
    if request.method == "POST":
        try:
            remove(at.company, person)
        except LastSuperuser:
            messages.error(request, _last_superuser())
            return redirect("members", at.company.pk)
        messages.success(request, _("%(person)s is no longer a member.") % {"person": found.person})
        return redirect("start" if person == at.person.pk else "members", *_company(at, person))
    told = {
        "title": _("Remove %(person)s from the company?") % {"person": found.person},
        "words": [
            _("The person sees nothing of the company any more, and the person's tokens end."),
            _("What the person has changed stays."),
        ],
        "action": _("Remove"),
        "danger": True,
        "cancel_url": reverse("members", args=[at.company.pk]),
    }
    return render(request, "webkit/confirm.html", told)


def _company(at: Here, person: str) -> list[str]:
    """The company's address; none for who has just left or stepped down himself."""
    return [] if person == at.person.pk else [at.company.pk]


def _member(at: Here, person: str) -> Member:
    rows = Member.objects.select_related("person")
    return get_object_or_404(rows, company=at.company, person_id=person)


def _open_one(at: Here, invitation: str) -> Invitation:
    found = invitations.open_ones(at.company).filter(id=invitation).first()
    if found is None:
        raise Http404
    found.company = at.company
    return found


def _invited(request: HttpRequest, at: Here, form: Any) -> bool:  # Any: a form of ours
    told = form.cleaned_data
    try:
        made, token = invitations.invite(
            at.company,
            told["email"],
            given(at.company, told["role"]),
            told["message"],
            at.person.email,
            timezone.now(),
        )
    except MemberAlready:
        form.add_error("email", _("The address belongs to a member already."))
    except BadEmail:
        form.add_error("email", _("This is no e-mail address."))
    else:
        _write(request, at, made, token)
        return True
    return False


def _write(request: HttpRequest, at: Here, invitation: Invitation, token: str) -> None:
    url = absolute(reverse("invitation", args=[token]), request)
    language = translation.get_language() or "en"
    invitations.send(invitation, url, str(at.person), language)
    words = _("An invitation is on its way to %(email)s. It is good for 14 days.")
    messages.success(request, words % {"email": invitation.email})


def _last_superuser() -> str:
    return _("A company always has a superuser. Make somebody else one first.")


WHY = {
    "unknown": lambda: _(
        "The link is not whole, or a newer letter has come. Open the link in the latest letter."
    ),
    "used": lambda: _("The invitation has been accepted already. Sign in to see the company."),
    "withdrawn": lambda: _("The invitation was withdrawn. Ask who invited you."),
    "lapsed": lambda: _("The invitation has lapsed. Ask who invited you for a new one."),
    "other": lambda: _(
        "The invitation is for another address than the one you are signed in with."
    ),
}


def words_of(error: SamsynError) -> str:
    """Why an invitation cannot be accepted."""
    assert isinstance(error, BadInvitation)
    return WHY[str(error.facts["why"])]()
