"""Shows an example from its own file, as it is run by the tests."""

from __future__ import annotations

from pathlib import Path

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
FOLDER = Path(__file__).resolve().parents[1] / "examples"
LANGUAGES = {".sh": "curl", ".py": "Python"}


@register.simple_tag
def example(name: str) -> SafeString:
    """The file as code; `data-example` is its name. They end in .txt: they are no part of the program."""
    name = "".join(name)  # a template's strings are not quite strings
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").strip()
    return format_html(
        '<figure class="example"><figcaption>{}</figcaption>'
        '<pre tabindex="0" data-example="{}"><code>{}</code></pre></figure>',
        LANGUAGES[name[name.rindex(".") :]],
        name,
        text,
    )
