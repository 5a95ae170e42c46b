"""The OpenAPI description as one plain page: no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpResponse
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

METHODS = ("get", "post", "patch", "delete")
Json = Mapping[str, Any]  # Any: JSON


def docs_page(schema: Json) -> HttpResponse:
    """The page."""
    info = schema["info"]
    return HttpResponse(
        format_html(
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<title>{title}</title><link rel="stylesheet" href="{style}"></head><body><main>'
            "<h1>{title} {version}</h1><p>{about}</p>"
            '<p>How to begin, with examples: <a href="/developers">the guide</a>.</p><p>Machine-readable: <a href="/api/v1/openapi.json">openapi.json</a> (OpenAPI {openapi}).'
            " Every request carries <code>Authorization: Bearer TOKEN</code>; a token is made by"
            " <code>samsyn online create-token</code>. Errors are problem documents (RFC 9457) with a"
            " stable <code>code</code>.</p>"
            "<h2>Requests</h2>{operations}<h2>Shapes</h2>{shapes}</main></body></html>\n",
            title=info["title"],
            style=static("online/api.css"),
            version=info["version"],
            about=info["description"],
            openapi=schema["openapi"],
            operations=_all(_operations(schema)),
            shapes=_all(_shapes(schema)),
        )
    )


def _operations(schema: Json) -> Iterator[SafeString]:
    for path, item in schema["paths"].items():
        for method in METHODS:
            if method in item:
                yield _operation(method, path, item[method])


def _operation(method: str, path: str, told: Json) -> SafeString:
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return format_html(
        "<h3><code>{} {}</code></h3><p>{}</p>{}{}<p>Answers: {}</p>",
        method.upper(),
        path,
        told.get("description") or told["summary"],
        _parameters(told.get("parameters", [])),
        format_html("<p>Body: {}</p>", _type(body)) if body else "",
        format_html_join(", ", "{}", ((_answer(s, a),) for s, a in told["responses"].items())),
    )


def _answer(status: str, told: Json) -> SafeString:
    schema = next((c["schema"] for c in told.get("content", {}).values()), None)
    return format_html("<code>{}</code> {}", status, _type(schema) if schema else "")


def _parameters(parameters: list[Json]) -> SafeString:
    rows = [
        (p["name"], p["in"], _type(p["schema"]), p["schema"].get("description", ""))
        for p in parameters
    ]
    return _table(("Parameter", "In", "Type", "Meaning"), rows)


def _shapes(schema: Json) -> Iterator[SafeString]:
    for name, shape in schema["components"]["schemas"].items():
        yield format_html(
            '<h3 id="{}">{}</h3><p>{}</p>{}',
            name,
            name,
            shape.get("description", ""),
            _properties(shape),
        )


def _properties(shape: Json) -> SafeString:
    rows = [
        (
            name,
            "yes" if name in shape.get("required", ()) else "",
            _type(p),
            p.get("description", ""),
        )
        for name, p in shape.get("properties", {}).items()
    ]
    return _table(("Member", "Required", "Type", "Meaning"), rows)


def _table(heads: tuple[str, ...], rows: list[tuple[str, str, str, str]]) -> SafeString:
    if not rows:
        return mark_safe("")  # nosec B308 # nothing
    return format_html(
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>",
        format_html_join("", "<th>{}</th>", ((head,) for head in heads)),
        format_html_join(
            "", "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>", rows
        ),
    )


def _type(schema: Json) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return format_html('<a href="#{}">{}</a>', name, name)
    if "anyOf" in schema:
        return format_html_join(" or ", "{}", ((_type(one),) for one in schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return format_html("list of {}", _type(schema.get("items", {})))
    return str(schema.get("type", "any value"))


def _all(parts: Iterator[SafeString]) -> SafeString:
    return format_html_join("\n", "{}", ((part,) for part in parts))
