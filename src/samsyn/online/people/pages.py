"""A person's own pages: profile, sessions, connections, data and the end of the Samsyn ID."""

from __future__ import annotations

import json

from allauth.account.internal.flows.logout import logout
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samsyn.online.access import person
from samsyn.online.companies.demanding import lacks
from samsyn.online.companies.models import Role
from samsyn.online.people import agents, erasing, portable
from samsyn.online.people.first_factor import end_others
from samsyn.online.people.forms import Delete, Profile
from samsyn.records.connections import connections
from samsyn.records.tenant import Tenant
from samsyn.webkit import security_log
from samsyn.webkit.preferences import keep_language
from samsyn.webkit.security_log import Event


def account(request: HttpRequest) -> HttpResponseBase:
    """Name, language, time zone, colours, the company to begin with."""
    form = Profile(request.POST or None, instance=person(request))
    if request.method == "POST" and form.is_valid():
        kept = form.save()
        messages.success(request, _("Saved."))
        answer = redirect("account")
        if kept.language:
            keep_language(answer, kept.language)
        return answer
    return render(request, "people/account.html", {"form": form})


def sessions(request: HttpRequest) -> HttpResponseBase:
    """Where one is signed in."""
    listed = [
        {
            "id": session.pk,
            "current": session.is_current(),
            "browser": agents.described(session.user_agent),
            "address": session.ip,
            "began": session.created_at,
            "seen": session.last_seen_at,
        }
        for session in UserSession.objects.purge_and_list(person(request))
    ]
    listed.sort(key=lambda s: (not s["current"], -s["seen"].timestamp()))
    return render(request, "people/sessions.html", {"sessions": listed})


@require_POST
def end_session(request: HttpRequest, session: int) -> HttpResponseBase:
    """End one of one's own sessions."""
    found = get_object_or_404(UserSession, pk=session, user=person(request))
    end_sessions(request, [found])
    security_log.told(Event.SESSIONS_ENDED, person=person(request).pk)
    messages.success(request, _("The session has ended."))
    return redirect("sessions")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponseBase:
    """End all of them but this one."""
    end_others(request, person(request))
    messages.success(request, _("All other sessions have ended."))
    return redirect("sessions")


def office_connections(request: HttpRequest) -> HttpResponseBase:
    """The office databases that are connected to companies of which one is superuser."""
    companies = [
        {"company": member.company, "connections": connections(Tenant(member.company_id))}
        for member in erasing.memberships(person(request))
        if member.role == Role.SUPERUSER and not lacks(member.company, person(request))
    ]
    return render(request, "people/connections.html", {"companies": companies})


def data(request: HttpRequest) -> HttpResponseBase:
    """What is kept about one, to take along; and the way out."""
    return render(request, "people/data.html", {"holds": erasing.holds(person(request))})


def download(request: HttpRequest) -> HttpResponseBase:
    """Everything that is kept about the person, as JSON."""
    security_log.told(Event.EXPORTED, what="samsyn-id")
    body = json.dumps(portable.about(person(request)), ensure_ascii=False, indent=2)
    return HttpResponse(
        body,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="samsyn-id.json"'},
    )


def delete(request: HttpRequest) -> HttpResponseBase:
    """The end of the Samsyn ID, unless a company would be left without a superuser."""
    someone = person(request)
    holds = erasing.holds(someone)
    form = Delete(someone.email, request.POST or None)
    if request.method == "POST" and not holds and form.is_valid():
        if erasing.erase(someone):
            logout(request)
            return render(request, "people/deleted.html")
        holds = erasing.holds(someone)
    return render(request, "people/delete.html", {"form": form, "holds": holds})
