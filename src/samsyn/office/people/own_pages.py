"""The page of what a user chooses for himself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from samsyn.office.access import here
from samsyn.office.people.forms import OwnSettings
from samsyn.office.people.linking import choice_for
from samsyn.office.registers.at_hand import registers_at_hand
from samsyn.webkit.preferences import back_to, keep_language


@require_http_methods(["GET", "POST"])
def own_settings(request: HttpRequest) -> HttpResponseBase:
    """Name and address, language, colours, time zone, and what opens first."""
    at = here(request)
    someone, registers = at.user, registers_at_hand(request, at.rights)
    form = OwnSettings(registers, request.POST or None, instance=someone)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your settings are saved."))
        response = redirect("own_settings")
        if someone.language:
            keep_language(response, someone.language)
        return response
    return render(request, "office_people/own.html", {"form": form})


@require_http_methods(["GET", "POST"])
def own_employee(request: HttpRequest) -> HttpResponseBase:
    """Which employee of the company the user himself is."""
    choice = choice_for(request, here(request).user)
    if request.method == "POST" and choice is not None:
        choice.take(request.POST.get("employee", ""))
        messages.success(request, _("Saved."))
        fallback = reverse("own_employee", args=[here(request).opened.alias])
        return redirect(back_to(request, fallback))
    told = {"choice": choice, "next": request.GET.get("next", "")}
    return render(request, "office_people/own_employee.html", told)
