"""The pages of backups: what there is, making one, taking it along, putting it back."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samsyn.companydb import books
from samsyn.companydb.urls import SqliteUrl
from samsyn.core.errors import SamsynError
from samsyn.office import agents
from samsyn.office.access import here
from samsyn.office.backup import keeping
from samsyn.office.backup.details import Details, details_of
from samsyn.office.backup.keeping import Kept
from samsyn.office.backup.sealing import read_head
from samsyn.office.people.rights import Area
from samsyn.office.registers.opened import opened_for
from samsyn.office.trouble import trouble_words
from samsyn.webkit import security_log
from samsyn.webkit.registers.book import May
from samsyn.webkit.security_log import Event

PIECE = 1 << 20


class Password(forms.Form):
    """A password for a backup, if one is wanted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as Django's forms have it
        super().__init__(*args, **kwargs)
        self.fields["password"] = forms.CharField(
            label=gettext_lazy("Password"),
            required=False,
            strip=False,
            max_length=500,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            help_text=gettext_lazy(
                "With one, nobody opens the backup without it, and nobody can give it to you again."
            ),
        )


@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest) -> HttpResponseBase:
    """The backups of the company on this computer; a POST makes one."""
    at = here(request)
    form = Password(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.make(at.opened, form.cleaned_data["password"], timezone.now())
            messages.success(request, _("The backup is made."))
        except SamsynError as error:
            messages.error(request, why_not(error))
        return redirect("backups", at.opened.alias)
    told = {
        "form": form,
        "backups": keeping.backups(at.opened),
        "file": isinstance(at.opened.url, SqliteUrl),
        "may_restore": at.rights.area(Area.BACKUP) >= May.FULL,
        "may_make": at.rights.area(Area.BACKUP) >= May.WRITE,
    }
    return render(request, "office_backup/list.html", told)


@require_GET
def take_along(request: HttpRequest, file: str) -> HttpResponseBase:
    """A backup as a file."""
    path = keeping.file_named(_of_company(request, file).file)
    assert path is not None, "it was listed"
    security_log.told(Event.EXPORTED, company=here(request).opened.alias, what=path.name)
    answer = StreamingHttpResponse(_pieces(path), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{path.name}"'
    return answer


@require_http_methods(["GET", "POST"])
def restore(request: HttpRequest, file: str) -> HttpResponseBase:
    """The question before a backup is put back, with what follows; then it is done."""
    kept = _of_company(request, file)
    if request.method == "POST":
        path = keeping.file_named(kept.file)
        assert path is not None, "it was listed"
        return _restored(request, path, request.POST.get("password", ""))
    lost = keeping.lost(here(request).opened)
    told = {"kept": kept, "lost": lost, "connected": not lost and _is_connected(request)}
    return render(request, "office_backup/restore.html", told)


@require_POST
def restore_file(request: HttpRequest) -> HttpResponseBase:
    """A backup that the person has brought along, put back."""
    sent = request.FILES.get("backup")
    if not isinstance(sent, UploadedFile):
        messages.error(request, _("Choose the file of a backup."))
        return redirect("backups", here(request).opened.alias)
    if not request.POST.get("sure"):
        messages.error(request, _("Tick that the company is to become as the backup has it."))
        return redirect("backups", here(request).opened.alias)
    with _on_disk(sent) as path:
        return _restored(request, path, request.POST.get("password", ""))


@require_http_methods(["GET", "POST"])
def bring_in(request: HttpRequest) -> HttpResponseBase:
    """A company that this installation does not have, from the file of its backup."""
    if request.method == "GET":
        return render(request, "office_backup/bring_in.html", {})
    sent = request.FILES.get("backup")
    if not isinstance(sent, UploadedFile):
        messages.error(request, _("Choose the file of a backup."))
        return redirect("bring_in")
    with _on_disk(sent) as path:
        try:
            made = keeping.bring_in(path, request.POST.get("password", ""))
        except SamsynError as error:
            messages.error(request, why_not(error))
            return redirect("bring_in")
    security_log.told(Event.RESTORED, company=made.alias)
    messages.success(request, _("%(company)s is back. Look over its details.") % {"company": made})
    return redirect("company_details", made.alias)


@require_POST
def remove(request: HttpRequest, file: str) -> HttpResponseBase:
    """A backup away, for good."""
    path = keeping.file_named(_of_company(request, file).file)
    if path is not None:
        path.unlink(missing_ok=True)
        messages.success(request, _("The backup is removed."))
    return redirect("backups", here(request).opened.alias)


def why_not(error: SamsynError) -> str:
    """Why a backup cannot be made or put back, and what to do."""
    match error.code, error.facts.get("why"):
        case "BACKUP_UNREADABLE", "password":
            return _("The password is not the one that the backup was made with.")
        case "BACKUP_UNREADABLE", "damaged":
            return _(
                "The file is damaged or not whole. Nothing has been changed; take another backup."
            )
        case "BACKUP_UNREADABLE", _other:
            return _("This is no backup of Samsyn's.")
        case "BACKUP_UNFIT", _other:
            return _("The database in the backup is not whole: %(reason)s") % error.facts
        case "BACKUP_OF_ANOTHER", _other:
            return _("The backup is of another company: %(name)s.") % error.facts
        case "BACKUP_OF_ONE_HERE", _other:
            return (
                _(
                    "%(name)s is in this installation already. Put the backup back from the company's own page of backups."
                )
                % error.facts
            )
        case "NO_FILE_DATABASE", _other:
            return _("A PostgreSQL database is backed up by its server's own means.")
    return trouble_words(error) or error.code


def _restored(request: HttpRequest, path: Path, password: str) -> HttpResponseBase:
    at = here(request)
    try:
        connected = not keeping.lost(at.opened) and _is_connected(request)
        # Our own reading must not keep it from being written.
        opened_for(request, at.opened.url).close()
        with agents.resting(at.opened.pk):
            done = keeping.restore(at.opened, path, password, timezone.now())
        security_log.told(Event.RESTORED, company=at.opened.alias)
    except SamsynError as error:
        messages.error(request, why_not(error))
        return redirect("backups", at.opened.alias)
    told = {
        "head": done.head,
        "before": "" if done.before is None else done.before.name,
        "was_lost": done.was_lost,
        "connected": connected or _is_connected(request),
        "choose_again": not done.stays_left_out,
        "details": _other_details(request, done.details),
    }
    return render(request, "office_backup/restored.html", told)


def _other_details(request: HttpRequest, told: Details | None) -> dict[str, str]:
    """The details in the backup, where they are not those that the company has now and may be written."""
    at = here(request)
    same = told is None or told.fields() == details_of(at.opened).fields()
    may_write = at.rights.area(Area.COMPANY) >= May.WRITE
    return {} if told is None or same or not may_write else told.fields()


def _of_company(request: HttpRequest, file: str) -> Kept:
    """The backup of that name, of the page's company and no other; Http404."""
    for one in keeping.backups(here(request).opened):
        if one.file == file:
            return one
    raise Http404


def _is_connected(request: HttpRequest) -> bool:
    db = opened_for(request, here(request).opened.url).db
    return books.connection(db) is not None


@contextmanager
def _on_disk(sent: UploadedFile[Any]) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(suffix=keeping.SUFFIX) as kept:
        for piece in sent.chunks():
            kept.write(piece)
        kept.flush()
        yield Path(kept.name)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        read_head(file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
