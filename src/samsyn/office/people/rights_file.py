"""Who may do what, as a file for spreadsheets: a line for each user, a column for each right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from samsyn.office.companies.models import CompanyDatabase
from samsyn.office.people.admitting import kept_out
from samsyn.office.people.forms import LEVELS
from samsyn.office.people.granting import rights_of
from samsyn.office.people.keeping import access_words
from samsyn.office.people.models import User
from samsyn.office.people.rights import AREA_WORDS, Area
from samsyn.office.registers.at_hand import registers_at_hand
from samsyn.webkit import security_log
from samsyn.webkit.csv_files import csv_file
from samsyn.webkit.registers.exporting import EXCEL
from samsyn.webkit.security_log import Event
from samsyn.webkit.tables.workbook import workbook

NAME = "rights"


@require_GET
def export_rights(request: HttpRequest) -> HttpResponseBase:
    """The file; `as=xlsx` for Excel."""
    registers = registers_at_hand(request)
    head = [_("User name"), _("Full name"), _("Access"), _("May sign in"), _("Companies")]
    head += [words for _name, words in registers]
    head += [str(words) for words in AREA_WORDS.values()]
    lines = list(_lines(registers))
    security_log.told(Event.EXPORTED, what=NAME, path=request.path)
    if request.GET.get("as") != "xlsx":
        return csv_file(NAME, head, [lines])
    answer = StreamingHttpResponse(workbook(_("Rights"), head, lines), content_type=EXCEL)
    answer.headers["Content-Disposition"] = f'attachment; filename="{NAME}.xlsx"'
    return answer


def _lines(registers: Sequence[tuple[str, str]]) -> Iterator[list[str]]:
    companies = list(CompanyDatabase.objects.order_by("name").values_list("pk", "name"))
    out = kept_out()
    words = {name: str(told) for name, told in LEVELS}
    for user in User.objects.select_related("template").order_by("name", "key"):
        rights = rights_of(user)
        closed = out.get(user.pk, frozenset())
        levels = [rights.register(name) for name, _words in registers]
        levels += [rights.area(area) for area in Area]
        yield [
            user.username,
            user.name,
            access_words(user),
            _("Yes") if user.is_active else _("No"),
            ", ".join(name for key, name in companies if key not in closed),
            *(words[level.name.lower()] for level in levels),
        ]
