"""Renders a page, or for htmx the block of it that changes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.backends.django import Template as BackendTemplate
from django.template.context import make_context
from django.template.loader import get_template
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockContext, BlockNode
from django.utils.cache import patch_vary_headers

Context = dict[str, Any]  # Any: whatever the template shows


def page(
    request: HttpRequest, template: str, context: Context, *, block: str = "", status: int = 200
) -> HttpResponse:
    """The whole page, or only `block` of it where htmx asks for a part.

    htmx asks for a whole page when it restores one from the history.
    """
    loaded = get_template(template)
    # Any: the loader does not say which engine's template it gives
    whole: Any = loaded
    if not block or not wants_part(request):
        answer = HttpResponse(whole.render(context, request), status=status)
    else:
        answer = HttpResponse(_block(whole, block, context, request), status=status)
    if block:
        patch_vary_headers(answer, ["HX-Request"])
    return answer


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx sent the request, and not to put a whole page back."""
    headers = request.headers
    return "HX-Request" in headers and "HX-History-Restore-Request" not in headers


def _block(loaded: BackendTemplate, name: str, context: Context, request: HttpRequest) -> str:
    template = loaded.template
    for node in template.nodelist.get_nodes_by_type(BlockNode):
        if isinstance(node, BlockNode) and node.name == name:
            made = make_context(context, request, autoescape=True)
            with made.render_context.push_state(template), made.bind_template(template):
                made.render_context[BLOCK_CONTEXT_KEY] = BlockContext()
                return node.nodelist.render(made)
    raise LookupError(f"{template.name} has no block {name}")
