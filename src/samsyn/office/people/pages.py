"""The pages of users: the list, one user, his password, his end; who is signed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samsyn.office.access import here
from samsyn.office.framed import framed_company
from samsyn.office.people import keeping
from samsyn.office.people.admitting import companies_of, kept_out
from samsyn.office.people.forms import EditUser
from samsyn.office.people.keeping import NoSuperuserLeft, access_words, may_touch
from samsyn.office.people.linking import EmployeeChoice, choice_for, linked_names
from samsyn.office.people.models import User
from samsyn.office.people.operating import new_password
from samsyn.office.people.presence import end_sessions, present
from samsyn.office.people.rights import Access
from samsyn.office.refusals import no_access
from samsyn.webkit import security_log
from samsyn.webkit.security_log import Event


@require_GET
def users(request: HttpRequest) -> HttpResponseBase:
    """All users: names, access, whether they are signed in, and as whom they are known in the company."""
    company = framed_company(request)
    names = linked_names(request, company) if company else {}
    out = kept_out()
    here_now = {one.user_id for one in present(timezone.now())}
    rows = [
        {
            "user": one,
            "access": access_words(one),
            "signed_in": one.pk in here_now,
            "employee": names.get(one.pk, ""),
            "may": may_touch(here(request).user, one, out),
        }
        for one in User.objects.select_related("template").order_by("name", "key")
    ]
    told = {"rows": rows, "company": company}
    return render(request, "office_people/users.html", told)


@require_http_methods(["GET", "POST"])
def new_user(request: HttpRequest) -> HttpResponseBase:
    """A new user, perhaps with the access of another; his password is told once."""
    user = _like(request)
    form = EditUser(here(request).user, user, request.POST or None, _based(request))
    if request.method == "POST" and form.is_valid():
        password = new_password()
        user.set_password(password)
        user.must_change = True
        form.save()
        form.let_in()
        return _password_told(request, user, password)
    told = {"form": form, "title": _("New user"), "new": True}
    return render(request, "office_people/user.html", told)


@require_http_methods(["GET", "POST"])
def user(request: HttpRequest, user: str) -> HttpResponseBase:
    """A user: names, access, and which employee he is in the company that is open."""
    found = _found(user)
    if not may_touch(here(request).user, found):
        return no_access(request)
    form = EditUser(here(request).user, found, request.POST or None)
    choice = choice_for(request, found)
    if request.method == "POST" and form.is_valid() and _kept(form, choice, request):
        messages.success(request, _("%(user)s is saved.") % {"user": found})
        if found.access == Access.OWN:
            return redirect("user_profile", found.pk)
        return redirect("users")
    told = {"form": form, "title": str(found), "user": found, "choice": choice}
    return render(request, "office_people/user.html", told)


@require_http_methods(["GET", "POST"])
def give_password(request: HttpRequest, user: str) -> HttpResponseBase:
    """Another password for a user who has forgotten his; it is told once, and must be changed."""
    found = _found(user)
    if not may_touch(here(request).user, found):
        return no_access(request)
    if request.method == "POST":
        password = new_password()
        found.set_password(password)
        found.must_change = True
        found.save(update_fields=["password", "must_change"])
        end_sessions(found)
        security_log.told(Event.PASSWORD_GIVEN, person=found.pk)
        return _password_told(request, found, password)
    told = {
        "title": _("Give %(user)s a new password?") % {"user": found},
        "words": [_("The old one ends at once. The new one is shown to you now, and never again.")],
        "action": _("Give a new password"),
        "cancel_url": reverse("users"),
    }
    return render(request, "webkit/confirm.html", told)


@require_http_methods(["GET", "POST"])
def remove_user(request: HttpRequest, user: str) -> HttpResponseBase:
    """A user away, for good."""
    found = _found(user)
    if not may_touch(here(request).user, found):
        return no_access(request)
    if request.method == "POST":
        try:
            keeping.remove(found)
            messages.success(request, _("%(user)s is removed.") % {"user": found})
        except NoSuperuserLeft:
            messages.error(request, superuser_words())
        return redirect("users")
    told = {
        "title": _("Remove %(user)s?") % {"user": found},
        "words": [
            _("What the user has written stays, with the name. The user can no longer sign in.")
        ],
        "action": _("Remove"),
        "danger": True,
        "cancel_url": reverse("users"),
    }
    return render(request, "webkit/confirm.html", told)


@require_GET
def signed_in(request: HttpRequest) -> HttpResponseBase:
    """Who is signed in now, and to which of the companies that the reader may open himself."""
    names = dict(companies_of(here(request).user).values_list("alias", "name"))
    sessions = [(one, names.get(one.company, "")) for one in present(timezone.now())]
    told = {"sessions": sessions, "own": request.session.session_key}
    return render(request, "office_people/signed_in.html", told)


@require_POST
def sign_out_user(request: HttpRequest, user: str) -> HttpResponseBase:
    """End all sessions of a user."""
    found = _found(user)
    if not may_touch(here(request).user, found):
        return no_access(request)
    end_sessions(found, but_not=request.session.session_key)
    security_log.told(Event.SESSIONS_ENDED, person=found.pk)
    messages.success(request, _("%(user)s is signed out.") % {"user": found})
    return redirect("signed_in")


def superuser_words() -> str:
    """Why the last superuser stays one."""
    return _("There must always be a superuser who can sign in. Make another one first.")


def _like(request: HttpRequest) -> User:
    """An empty user, with the access of the one that the address names."""
    made = User(access=Access.STANDARD)
    based = _based(request)
    if based is not None:
        made.access, made.template, made.profile = based.access, based.template, based.profile
    return made


def _based(request: HttpRequest) -> User | None:
    """The user of whom the address says that the new one is to be like him."""
    found = User.objects.select_related("template").filter(pk=request.GET.get("based", "")).first()
    return found if found is not None and may_touch(here(request).user, found) else None


def _kept(form: EditUser, choice: EmployeeChoice | None, request: HttpRequest) -> bool:
    try:
        form.save()
        form.let_in()
    except NoSuperuserLeft:
        form.add_error(None, superuser_words())
        return False
    if choice is not None:
        choice.take(request.POST.get("employee", ""))
    return True


def _found(user: str) -> User:
    found = User.objects.select_related("template").filter(pk=user).first()
    if found is None:
        raise Http404
    return found


def _password_told(request: HttpRequest, user: User, password: str) -> HttpResponseBase:
    told = {"user": user, "password": password}
    return render(request, "office_people/password_given.html", told)
