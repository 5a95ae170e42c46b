"""The way in and out: the first user, signing in, signing out, one's own password."""

from __future__ import annotations

import ipaddress
from typing import cast

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.office.access import user
from samsyn.office.people.forms import FirstUser, OwnPassword, SignIn
from samsyn.office.people.models import SignedIn, User, key_of
from samsyn.office.people.presence import end_sessions
from samsyn.office.people.rights import Access
from samsyn.office.people.throttling import count_wrong, forget_wrong, must_wait
from samsyn.webkit import security_log
from samsyn.webkit.preferences import keep_language
from samsyn.webkit.security_log import Event

HERE_ONLY = 403


@require_http_methods(["GET", "POST"])
def first_user(request: HttpRequest) -> HttpResponseBase:
    """The first superuser, made once, at the computer itself."""
    if User.objects.exists():
        return redirect("sign_in")
    if not _is_this_machine(request):
        return render(request, "office_people/elsewhere.html", status=HERE_ONLY)
    form = FirstUser(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _make_first(form)
        if made is None:
            return redirect("sign_in")
        security_log.told(Event.SIGNED_UP, person=made.pk)
        login(request, made)  # type: ignore[arg-type]  # the checker knows one user model, the service's
        return redirect("start")
    return render(request, "office_people/first.html", {"form": form})


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """User name and password; then on to where one wanted to go."""
    if not User.objects.exists():
        return redirect("first_user")
    if request.user.is_authenticated:
        return redirect(_wanted(request))
    form = SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = _signed_in(request, form)
        if found is not None:
            response = redirect(_wanted(request))
            if found.language:
                keep_language(response, found.language)
            return response
    told = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "office_people/sign_in.html", told)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Out; the session ends here too."""
    SignedIn.objects.filter(session_key=request.session.session_key or "").delete()
    security_log.told(Event.SIGNED_OUT)
    logout(request)
    return redirect("sign_in")


@require_http_methods(["GET", "POST"])
def own_password(request: HttpRequest) -> HttpResponseBase:
    """Choose another password; other sessions of the user end."""
    someone = user(request)
    form = OwnPassword(someone, request.POST or None)
    if request.method == "POST" and form.is_valid():
        someone.set_password(form.cleaned_data["password"])
        someone.must_change = False
        someone.save(update_fields=["password", "must_change"])
        end_sessions(someone, but_not=request.session.session_key)
        security_log.told(Event.PASSWORD_CHANGED, person=someone.pk)
        update_session_auth_hash(request, someone)  # type: ignore[arg-type]  # the checker knows one user model, the service's
        messages.success(request, _("Your password is changed."))
        return redirect("start")
    return render(
        request, "office_people/password.html", {"form": form, "must": someone.must_change}
    )


def _make_first(form: FirstUser) -> User | None:
    """The first user; None where somebody else was quicker."""
    told = form.cleaned_data
    made = User(
        username=told["username"],
        key=key_of(told["username"]),
        name=told["name"],
        access=Access.SUPERUSER,
    )
    made.set_password(told["password"])
    with transaction.atomic():
        if User.objects.exists():
            return None
        made.save()
    return made


def _signed_in(request: HttpRequest, form: SignIn) -> User | None:
    """Signs in; None with what is wrong in the form. A name that nobody has costs as much time."""
    name, address = form.cleaned_data["username"], request.META.get("REMOTE_ADDR", "")
    if must_wait(name, address):
        security_log.told(Event.THROTTLED, person=_known(name))
        form.add_error(None, _("Too many wrong passwords. Wait five minutes and try again."))
        return None
    found = authenticate(request, key=key_of(name), password=form.cleaned_data["password"])
    if found is None:
        count_wrong(name, address)
        security_log.told(Event.SIGN_IN_FAILED, person=_known(name))
        form.add_error(
            None,
            _("User name or password is wrong. A superuser can give you a new password."),
        )
        return None
    forget_wrong(name)
    login(request, found)
    security_log.told(Event.SIGNED_IN, person=str(found.pk), how="password")
    return cast(User, found)


def _known(username: str) -> str:
    """The id of who has the name; names that nobody has are not logged: people type passwords there."""
    found = User.objects.filter(key=key_of(username)).values_list("pk", flat=True).first()
    return found or "nobody"


def _wanted(request: HttpRequest) -> str:
    """The page one was on the way to, if it is ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else "start"


def _is_this_machine(request: HttpRequest) -> bool:
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
