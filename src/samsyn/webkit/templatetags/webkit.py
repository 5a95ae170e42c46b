"""Tags of the layout and its parts: icons, addresses with other parameters, times."""

from __future__ import annotations

import datetime

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A symbol of icons.svg; with a label where it stands alone, else hidden from readers."""
    source = static("webkit/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            label,
            source,
            name,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', source, name
    )


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The page's own address with other parameters; an empty value takes one away."""
    request: HttpRequest = context["request"]
    told = request.GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            told.pop(name, None)
        else:
            told[name] = str(value)
    return f"?{told.urlencode()}" if told else request.path


@register.filter
def moment(value: datetime.datetime | str | None) -> SafeString | str:
    """A time as people read it, with the exact one for machines; a dash for none."""
    if not value:
        return "\N{EN DASH}"
    at = datetime.datetime.fromisoformat(value) if isinstance(value, str) else value
    local = timezone.localtime(at)
    shown = formats.date_format(local, "SHORT_DATETIME_FORMAT")
    return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), shown)


@register.filter
def moment_text(value: datetime.datetime | str | None) -> str:
    """A time as people read it, for letters; a dash for none."""
    if not value:
        return "\N{EN DASH}"
    at = datetime.datetime.fromisoformat(value) if isinstance(value, str) else value
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
