"""How every form of ours is drawn: a label, the control, its help and its errors beside it."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Forms, fields and errors by the templates of the design."""

    form_template_name = "webkit/form.html"
    field_template_name = "webkit/field.html"
