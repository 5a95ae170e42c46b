"""The roles that a company makes itself. For superusers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.online.access import Here, here
from samsyn.online.companies.forms import LEVELS, EditRole
from samsyn.online.companies.invitations import open_ones
from samsyn.online.companies.models import Member, OwnRole
from samsyn.online.registers.labels import labels


def roles(request: HttpRequest) -> HttpResponseBase:
    """The fixed roles and the company's own, with how many have them."""
    at = here(request)
    counted: dict[str, int] = {}
    for role, own in Member.objects.filter(company=at.company).values_list("role", "own_role"):
        counted[own or role] = counted.get(own or role, 0) + 1
    own_roles = [
        {"id": r.id, "name": r.name, "members": counted.get(r.id, 0), "levels": _told(at, r)}
        for r in OwnRole.objects.filter(company=at.company).order_by("name")
    ]
    return render(request, "companies/roles.html", {"own": own_roles, "counted": counted})


def new_role(request: HttpRequest) -> HttpResponseBase:
    """Make a role."""
    at = here(request)
    form = EditRole(_types(at), request.POST or None)
    if request.method == "POST" and form.is_valid() and _kept(form, OwnRole(company=at.company)):
        messages.success(request, _("The role is made."))
        return redirect("roles", at.company.pk)
    return render(request, "companies/role.html", {"form": form, "title": _("New role")})


def role(request: HttpRequest, role: str) -> HttpResponseBase:
    """Change a role: whoever has it has the new rights at once."""
    at = here(request)
    found = get_object_or_404(OwnRole, company=at.company, id=role)
    initial = {EditRole.PREFIX + name: level for name, level in found.levels.items()}
    initial |= {"name": found.name, "otherwise": found.otherwise}
    form = EditRole(_types(at), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _kept(form, found):
        messages.success(request, _("The role is changed."))
        return redirect("roles", at.company.pk)
    told = {"form": form, "title": found.name, "role": found}
    return render(request, "companies/role.html", told)


def remove_role(request: HttpRequest, role: str) -> HttpResponseBase:
    """Delete a role that nobody has."""
    at = here(request)
    found = get_object_or_404(OwnRole, company=at.company, id=role)
    if request.method == "POST":
        if _deleted(at, found):
            messages.success(request, _("The role is deleted."))
        else:
            messages.error(request, _("Somebody has the role or is invited with it."))
        return redirect("roles", at.company.pk)
    told = {
        "title": _("Delete the role %(role)s?") % {"role": found.name},
        "action": _("Delete"),
        "danger": True,
        "cancel_url": reverse("roles", args=[at.company.pk]),
    }
    return render(request, "webkit/confirm.html", told)


def _kept(form: EditRole, row: OwnRole) -> bool:
    told = form.cleaned_data
    taken = OwnRole.objects.filter(company_id=row.company_id, name=told["name"]).exclude(id=row.id)
    if taken.exists():
        form.add_error("name", _("There is a role of that name."))
        return False
    rows = OwnRole.objects.filter(company_id=row.company_id, id=row.id)
    values: dict[str, Any] = {  # Any: what the columns hold
        "name": told["name"],
        "levels": form.levels,
        "otherwise": told["otherwise"],
    }
    if not rows.update(**values):
        OwnRole.objects.create(
            company_id=row.company_id, id=row.id, created=timezone.now(), **values
        )
    return True


def _deleted(at: Here, role: OwnRole) -> bool:
    with transaction.atomic():
        has = Member.objects.filter(company=at.company, own_role=role.id).exists()
        if has or open_ones(at.company).filter(own_role=role.id).exists():
            return False
        OwnRole.objects.filter(company=at.company, id=role.id).delete()
    return True


def _types(at: Here) -> list[tuple[str, str]]:
    return list(labels(at.tenant).items())


def _told(at: Here, role: OwnRole) -> list[tuple[str, str]]:
    words = {name: str(told) for name, told in LEVELS}
    known = dict(_types(at))
    return [
        (label, words[role.levels[name]])
        for name, label in known.items()
        if role.levels.get(name, "none") != "none"
    ]
