"""The pages of rights: access templates, and a user's own profile."""

from __future__ import annotations

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from samsyn.office.access import here
from samsyn.office.people import keeping
from samsyn.office.people.forms import LEVELS, EditProfile, EditTemplate
from samsyn.office.people.keeping import TemplateInUse, may_touch
from samsyn.office.people.models import Template, User
from samsyn.office.people.rights import Access, Profile
from samsyn.office.refusals import no_access
from samsyn.office.registers.at_hand import registers_at_hand
from samsyn.webkit import security_log
from samsyn.webkit.registers.book import May
from samsyn.webkit.security_log import Event


@require_GET
def templates(request: HttpRequest) -> HttpResponseBase:
    """The fixed accesses and the installation's own templates, with how many have each."""
    counted: dict[str, int] = {}
    for access, template in User.objects.values_list("access", "template_id"):
        key = template or access
        counted[key] = counted.get(key, 0) + 1
    fixed = [
        {"name": Access(a).label, "users": counted.get(a, 0), "words": FIXED_WORDS[a]()}
        for a in FIXED_WORDS
    ]
    own = [
        {"template": one, "users": counted.get(one.pk, 0)}
        for one in Template.objects.order_by("name")
    ]
    return render(request, "office_people/templates.html", {"fixed": fixed, "own": own})


@require_http_methods(["GET", "POST"])
def new_template(request: HttpRequest) -> HttpResponseBase:
    """Make a template."""
    return _edit(request, Template(), _("New access template"))


@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, template: str) -> HttpResponseBase:
    """Change a template: whoever has it has the new rights at once."""
    found = _found(template)
    return _edit(request, found, found.name)


@require_http_methods(["GET", "POST"])
def remove_template(request: HttpRequest, template: str) -> HttpResponseBase:
    """Delete a template that nobody has."""
    found = _found(template)
    if request.method == "POST":
        try:
            keeping.remove_template(found)
            messages.success(request, _("The template is deleted."))
        except TemplateInUse:
            messages.error(request, _("Users have this template. Give them another access first."))
        return redirect("templates")
    told = {
        "title": _("Delete the template %(template)s?") % {"template": found.name},
        "action": _("Delete"),
        "danger": True,
        "cancel_url": reverse("templates"),
    }
    return render(request, "webkit/confirm.html", told)


@require_http_methods(["GET", "POST"])
def user_profile(request: HttpRequest, user: str) -> HttpResponseBase:
    """The rights of a user whose access is his own."""
    found = User.objects.filter(pk=user, access=Access.OWN).first()
    if found is None:
        raise Http404
    if not may_touch(here(request).user, found):
        return no_access(request)
    form = EditProfile(registers_at_hand(request), _profile(found.profile), request.POST or None)
    if request.method == "POST" and form.is_valid():
        found.profile = msgspec.to_builtins(form.profile)
        found.save(update_fields=["profile"])
        security_log.told(Event.ACCESS_CHANGED, person=found.pk, access=found.access)
        messages.success(request, _("The rights of %(user)s are saved.") % {"user": found})
        return redirect("users")
    told = {"form": form, "title": _("Rights of %(user)s") % {"user": found}, "back": "users"}
    return render(request, "office_people/profile.html", told)


def _edit(request: HttpRequest, found: Template, title: str) -> HttpResponseBase:
    kept = _profile(found.profile)
    form = EditTemplate(found, registers_at_hand(request), kept, request.POST or None)
    if request.method == "POST" and form.is_valid():
        found.name = form.cleaned_data["name"]
        found.profile = msgspec.to_builtins(form.profile)
        found.save()
        messages.success(request, _("The template is saved."))
        return redirect("templates")
    told = {"form": form, "title": title, "back": "templates"}
    return render(request, "office_people/profile.html", told)


def _profile(kept: object) -> Profile:
    try:
        return msgspec.convert(kept, Profile)
    except msgspec.ValidationError:
        return Profile()


def _found(template: str) -> Template:
    found = Template.objects.filter(pk=template).first()
    if found is None:
        raise Http404
    return found


FIXED_WORDS = {
    Access.SUPERUSER: lambda: _("May do everything, always."),
    Access.ADMINISTRATOR: lambda: _("All settings, users and backups; no registers."),
    Access.STANDARD: lambda: _("Makes, changes and deletes in every register; no settings."),
    Access.READER: lambda: _("Sees every register, and changes nothing."),
}
MAY_LEVELS = [level.name.lower() for level in May]
assert [name for name, _words in LEVELS] == MAY_LEVELS
