"""The page at the service's address: what this is, and where to go on."""

from __future__ import annotations

from importlib import resources

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request

WORDS = {
    "en": {
        "title": "Samsyn online",
        "what": "This is the online half of Samsyn. It keeps a company's own database at the office "
        "and the copy here the same, both ways, all the time.",
        "office": "To connect a database at the office, ask the operator of this service for a pairing "
        "code and run there:",
        "programs": "Other programs use the REST API:",
        "docs": "Documentation",
        "schema": "OpenAPI description",
        "health": "State of the service",
    },
    "sv": {
        "title": "Samsyn online",
        "what": "Det här är onlinedelen av Samsyn. Den håller företagets egen databas på kontoret och "
        "kopian här lika, åt båda hållen, hela tiden.",
        "office": "För att ansluta en databas på kontoret: be den som driver tjänsten om en "
        "anslutningskod och kör där:",
        "programs": "Andra program använder REST-API:et:",
        "docs": "Dokumentation",
        "schema": "OpenAPI-beskrivning",
        "health": "Tjänstens tillstånd",
    },
}
PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<h1>{title}</h1>
<p>{what}</p>
<p>{office}</p>
<pre><code>samsyn connect {database} --online {url} --code {code}</code></pre>
<p>{programs}</p>
<ul>
<li><a href="/api/v1/docs">{docs}</a></li>
<li><a href="/api/v1/openapi.json">{schema}</a></li>
<li><a href="/health/ready">{health}</a></li>
</ul>
</main>
</body>
</html>
"""
PLACEHOLDERS = {
    "en": {"database": "DATABASE", "url": "URL", "code": "CODE"},
    "sv": {"database": "DATABAS", "url": "URL", "code": "KOD"},
}


async def page(request: HttpRequest) -> HttpResponse:
    """The page in the reader's language."""
    if request.method != "GET":
        return HttpResponse(status=405, headers={"Allow": "GET"})
    lang = "sv" if get_language_from_request(request) == "sv" else "en"
    body = PAGE.format(lang=lang, **WORDS[lang], **PLACEHOLDERS[lang])
    return HttpResponse(body, headers={"Vary": "Accept-Language", "Content-Language": lang})


async def style(request: HttpRequest) -> HttpResponse:
    """The style of the service's plain pages."""
    css = resources.files("samsyn.online").joinpath("style.css").read_text()
    return HttpResponse(css, content_type="text/css; charset=utf-8")
