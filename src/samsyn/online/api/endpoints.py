"""The endpoints of the REST API; coroutines that use the database in worker threads alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import Query
from ninja.errors import AuthenticationError, ValidationError

from samsyn import __version__
from samsyn.core.catalog import RecordType
from samsyn.core.errors import SamsynError
from samsyn.online.api import auth, batch, hook_endpoints, mending, reading, schemas, taking_back
from samsyn.online.api.answers import (
    bad_parameters,
    is_unchanged,
    json_answer,
    list_answer,
    refused,
    wanted_version,
)
from samsyn.online.api.bodies import check_size, json_body
from samsyn.online.api.description import REFUSALS, WRITE_REFUSALS, Api, Cursor, Limit, body_of
from samsyn.online.api.docs import docs_page
from samsyn.online.api.errors import BadShape, Unauthorized
from samsyn.online.api.once import Made, once
from samsyn.online.api.received import RecordBody, record_body, record_id
from samsyn.online.api.shapes import has_blobs, record_shape
from samsyn.online.api.writing import Deletion, Edit, NewRecord, Writer, writer
from samsyn.online.grants import Access
from samsyn.online.slashes import name_in
from samsyn.records.errors import StoreBusy
from samsyn.records.worker import in_reader, in_worker

api: Api = Api(
    title="Samsyn REST API",
    version=__version__,
    description="A company's records, kept the same as its own database at the office. Every write is"
    " sent there; where the office has changed the same field, the office's value wins.",
    docs_url=None,
    auth=auth.ApiTokenBearer(lambda: api),
    urls_namespace="api",
)
api.exception_handler(SamsynError)(refused)
for away in (OperationalError, InterfaceError):
    api.exception_handler(away)(
        lambda request, error: refused(request, StoreBusy(detail=str(error).strip()))
    )
api.exception_handler(ValidationError)(bad_parameters)
api.exception_handler(AuthenticationError)(lambda request, _: refused(request, Unauthorized()))
api.add_router("", hook_endpoints.router)


@api.get("/docs", auth=None, include_in_schema=False)
async def documentation(request: HttpRequest) -> HttpResponse:
    """The description as a page to read."""
    return docs_page(api.get_openapi_schema(path_prefix="/api/v1/"))


@api.get("/companies/{company}/types", response={200: schemas.Types, 304: None, **REFUSALS})
async def list_types(request: HttpRequest, company: str) -> HttpResponse:
    """The company's record types with their fields."""
    access = auth.reader(request, company)
    return list_answer(request, await in_reader(reading.types_shape, access))


@api.get(
    "/companies/{company}/records/{type}",
    response={200: schemas.Records, 304: None, **REFUSALS},
)
async def list_records(
    request: HttpRequest,
    company: str,
    type: str,
    limit: Limit = 100,
    cursor: Cursor = None,
    search: Annotated[
        str | None, Query(description="Words that stand in the record, each in any field.")
    ] = None,
    filter: Annotated[
        list[str] | None,
        Query(
            description="`FIELD:OP:VALUE`, where OP is eq, ne, lt, le, gt, ge, contains, starts, or `FIELD:null:true`"
            " or `FIELD:null:false`; all of several must hold."
        ),
    ] = None,
    sort: Annotated[
        str | None, Query(description="`FIELD`, or `-FIELD` for the largest first.")
    ] = None,
) -> HttpResponse:
    """A page of a type's records."""
    access = auth.reader(request, company)
    asked = reading.Asked(name_in(type), limit, cursor, search, tuple(filter or ()), sort)
    return list_answer(request, await in_reader(reading.page_shape, access, asked))


@api.post(
    "/companies/{company}/records/{type}",
    response={201: schemas.RecordShape, **WRITE_REFUSALS},
    openapi_extra=body_of(schemas.NewRecordBody),
)
async def create_record(request: HttpRequest, company: str, type: str) -> HttpResponse:
    """Make a record; the office gives its number later where it is the one to do so."""
    access = auth.writer(request, company)
    body = record_body(await json_body(request))
    new = NewRecord(name_in(type), body.fields, body.id)
    work = _write(request, access, new.type, lambda w: w.create(new), status=201)
    return await once(request, access, work)


@api.get(
    "/companies/{company}/records/{type}/{id}",
    response={200: schemas.RecordShape, 304: None, **REFUSALS},
)
async def read_record(request: HttpRequest, company: str, type: str, id: str) -> HttpResponse:
    """One record."""
    access = auth.reader(request, company)
    shape = await in_reader(reading.one_shape, access, name_in(type), record_id(name_in(id)))
    if is_unchanged(request, shape["version"]):
        return HttpResponse(status=304, headers={"ETag": f'"{shape["version"]}"'})
    return json_answer(shape, version=shape["version"])


@api.patch(
    "/companies/{company}/records/{type}/{id}",
    response={200: schemas.RecordShape, 412: schemas.Problem, **WRITE_REFUSALS},
    openapi_extra=body_of(schemas.ChangedFields),
)
async def change_record(request: HttpRequest, company: str, type: str, id: str) -> HttpResponse:
    """Change some fields of a record; with If-Match only where it is at that version."""
    access = auth.writer(request, company)
    known = record_id(name_in(id))
    wanted = wanted_version(request)
    body = _of(known, record_body(await json_body(request)))
    version = body.version if wanted is None else wanted
    edit = Edit(name_in(type), known, body.fields, version)
    made = await in_worker(_write(request, access, edit.type, lambda w: w.edit(edit)))
    return json_answer(made.value, made.status, made.version)


@api.delete(
    "/companies/{company}/records/{type}/{id}",
    response={204: None, 412: schemas.Problem, **WRITE_REFUSALS},
)
async def delete_record(request: HttpRequest, company: str, type: str, id: str) -> HttpResponse:
    """Delete a record; where the office refuses it comes back, with the reason in the conflicts."""
    access = auth.writer(request, company)
    gone = Deletion(name_in(type), record_id(name_in(id)), wanted_version(request))

    def work() -> None:
        with writer(access, lambda _: None) as w:
            w.delete(gone)

    await in_worker(work)
    return HttpResponse(status=204)


@api.post(
    "/companies/{company}/batch",
    response={200: schemas.BatchAnswer, 412: schemas.Problem, **WRITE_REFUSALS},
    openapi_extra=body_of(schemas.BatchBody),
)
async def run_batch(request: HttpRequest, company: str) -> HttpResponse:
    """Do many operations in one transaction: all or nothing."""
    access = auth.writer(request, company)
    todo = batch.operations(await json_body(request))
    large = _size_check(request)

    def work() -> Made:
        with writer(access, large) as w:
            return Made({"results": batch.run(w, todo)})

    return await once(request, access, work)


@api.get(
    "/companies/{company}/changes",
    response={200: schemas.Changes, 304: None, **REFUSALS},
)
async def list_changes(
    request: HttpRequest,
    company: str,
    since: Annotated[int, Query(ge=0, description="The number of the last change you know.")] = 0,
    limit: Limit = 100,
) -> HttpResponse:
    """The company's change log, in order: what anybody wrote, here or at the office."""
    access = auth.reader(request, company)
    return list_answer(request, await in_reader(reading.changes_shape, access, since, limit))


@api.get("/companies/{company}/status", response={200: schemas.Status, 304: None, **REFUSALS})
async def read_status(request: HttpRequest, company: str) -> HttpResponse:
    """How the office stands to the service: whether it is heard, and whether it takes what waits for it."""
    access = auth.reader(request, company)
    return list_answer(request, await in_reader(reading.status_shape, access))


@api.get("/companies/{company}/held", response={200: schemas.HeldTypes, 304: None, **REFUSALS})
async def list_held(request: HttpRequest, company: str) -> HttpResponse:
    """Record types that wait for a person at the office; all others are synced."""
    access = auth.reader(request, company)
    return list_answer(request, await in_reader(reading.held_shape, access))


@api.get(
    "/companies/{company}/conflicts",
    response={200: schemas.Conflicts, 304: None, **REFUSALS},
)
async def list_conflicts(
    request: HttpRequest, company: str, limit: Limit = 100, cursor: Cursor = None
) -> HttpResponse:
    """Online values that the office's overrode."""
    access = auth.reader(request, company)
    access.need_scope("conflicts:read")
    return list_answer(request, await in_reader(reading.conflicts_shape, access, limit, cursor))


@api.get(
    "/companies/{company}/quarantine",
    response={200: schemas.Quarantine, 304: None, **REFUSALS},
)
async def list_quarantine(
    request: HttpRequest, company: str, limit: Limit = 100, cursor: Cursor = None
) -> HttpResponse:
    """Changes that one side cannot accept, each with its reason."""
    access = auth.reader(request, company)
    access.need_scope("quarantine:read")
    return list_answer(request, await in_reader(reading.quarantine_shape, access, limit, cursor))


@api.get(
    "/companies/{company}/quarantine/{id}",
    response={200: schemas.QuarantineShape, **REFUSALS},
)
async def read_entry(request: HttpRequest, company: str, id: str) -> HttpResponse:
    """One change in quarantine, also one that has left it."""
    access = auth.reader(request, company)
    access.need_scope("quarantine:read")
    return json_answer(await in_reader(mending.one_entry_shape, access, name_in(id)))


@api.post(
    "/companies/{company}/quarantine/{id}/{fix}",
    response={200: schemas.QuarantineShape, **WRITE_REFUSALS},
    openapi_extra=body_of(schemas.FixBody),
)
async def mend_entry(request: HttpRequest, company: str, id: str, fix: str) -> HttpResponse:
    """Carry out one of the entry's fixes; the same again does nothing more."""
    access = auth.writer(request, company)
    access.need_scope("quarantine:mend")
    body = await json_body(request) if request.body else None
    asked = mending.wish(name_in(id), name_in(fix), body)
    return await once(request, access, lambda: Made(mending.carry_out(access, asked)))


@api.post(
    "/companies/{company}/conflicts/{id}/re-apply",
    response={200: schemas.Reapplied, 410: schemas.Problem, **WRITE_REFUSALS},
    openapi_extra=body_of(schemas.ReapplyBody),
)
async def reapply_conflict(request: HttpRequest, company: str, id: str) -> HttpResponse:
    """Write the value that lost a conflict once more, with its group; the same again does nothing."""
    access = auth.writer(request, company)
    access.need_scope("conflicts:mend")
    over = taking_back.anyway(await json_body(request)) if request.body else False
    one = name_in(id)
    return await once(request, access, lambda: Made(taking_back.reapplied(access, one, over)))


@api.post(
    "/companies/{company}/undo/plan",
    response={200: schemas.Undo, **WRITE_REFUSALS},
    openapi_extra=body_of(schemas.UndoBody),
)
async def plan_undo(request: HttpRequest, company: str) -> HttpResponse:
    """What taking back online work would do, and what stays because somebody has changed it since."""
    access = auth.reader(request, company)
    access.need_scope("undo")
    wanted = taking_back.choice(await json_body(request))
    return json_answer(await in_reader(taking_back.planned, access, wanted))


@api.post(
    "/companies/{company}/undo",
    response={200: schemas.Undo, **WRITE_REFUSALS},
    openapi_extra=body_of(schemas.UndoBody),
)
async def undo(request: HttpRequest, company: str) -> HttpResponse:
    """Take back online work of the last 7 days at both sides, in a batch that can be undone itself."""
    access = auth.writer(request, company)
    access.need_scope("undo")
    wanted = taking_back.choice(await json_body(request))
    return await once(request, access, lambda: Made(taking_back.undone(access, wanted)))


def _write(
    request: HttpRequest,
    access: Access,
    type_: str,
    act: Callable[[Writer], Any],
    status: int = 200,
) -> Callable[[], Made]:
    """Work that writes a record and tells how it stands then."""
    large = _size_check(request)

    def work() -> Made:
        with writer(access, large) as w:
            record = act(w)
            shape = record_shape(w.writable(type_), record)
        return Made(shape, status, shape["version"])

    return work


def _size_check(request: HttpRequest) -> Callable[[RecordType], None]:
    return lambda record_type: check_size(request, has_blobs(record_type))


def _of(known: str, body: RecordBody) -> RecordBody:
    if body.id is not None and body.id != known:
        raise BadShape(where="id", expected="the id of the address")
    return body
