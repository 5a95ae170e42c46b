"""Which panels stand on a desktop, and in which order: pure, from what a person has chosen."""

from __future__ import annotations

from collections.abc import Sequence

MAX_SHOWN = 40

Keys = tuple[str, ...]


def arranged(chosen: Keys | None, known: Sequence[str], first: Sequence[str]) -> Keys:
    """The panels to show: those chosen that the person still may have, each once; else the first ones."""
    if chosen is None:
        return tuple(first)
    there = set(known)
    return tuple(dict.fromkeys(key for key in chosen if key in there))[:MAX_SHOWN]


def added(shown: Keys, key: str) -> Keys:
    """With a panel more, in the first place, where it is seen."""
    return shown if key in shown else (key, *shown)


def removed(shown: Keys, key: str) -> Keys:
    """Without a panel."""
    return tuple(one for one in shown if one != key)


def moved(shown: Keys, key: str, by: int) -> Keys:
    """With a panel so many places later, or earlier; at the ends it stays."""
    if key not in shown:
        return shown
    place = shown.index(key)
    rest = removed(shown, key)
    there = max(0, min(len(rest), place + by))
    return (*rest[:there], key, *rest[there:])


def ordered(shown: Keys, wanted: Sequence[str]) -> Keys:
    """In the wanted order; what is not named keeps its order behind, what is not shown stays away."""
    named = [key for key in dict.fromkeys(wanted) if key in shown]
    return (*named, *(key for key in shown if key not in named))
