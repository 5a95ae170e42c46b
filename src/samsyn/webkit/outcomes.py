"""What became of a conflict, in words that both programs use."""

from __future__ import annotations

from django.utils.translation import gettext as _


def outcome_words(outcome: str) -> str:
    """What became of it; `outcome` is the code in the conflict log."""
    return {
        "office_value": _("The office's value stands."),
        "office_deleted": _("The office deleted the record."),
        "deletion_undone": _("Deleted online and changed at the office: the record lives."),
        "delete_refused": _("The office cannot delete it, so it came back."),
        "given_up": _("The office could not take it, and somebody let it go."),
        "online_value": _("The online value stands, by the rule of this field."),
        "stale_form": _(
            "Saved at the office from a form that was opened before the online value came."
        ),
        "field_gone": _("The office has dropped the field."),
        "merged": _("Two records became one; this value had no room there."),
    }.get(outcome, outcome)
