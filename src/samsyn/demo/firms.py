"""Names of firms, each different from all others of its country."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from samsyn.demo.people import family_names
from samsyn.demo.places import towns

_TRADES = {
    "SE": (
        "Bygg|Måleri|Snickeri|El & Data|Rör & Värme|Plåt|Svets & Smide|Mekaniska|Verkstad|Åkeri|"
        "Trädgård|Golv & Kakel|Fastigheter|Städservice|Bil & Motor|Maskin|Lantbruk|Kök & Inredning|"
        "Glas & Aluminium|Marin|Skog & Park|Industriservice|Ventilation|Tak|Hydraulik|Lås & Larm|"
        "Kontor & Papper|Storkök|Bageri|Livs|Textil|Reklam & Skylt|Konsult|Energi|Betong|Stugor"
    ).split("|"),
    "NO": "Bygg|Elektro|Rør|Mekaniske|Maskin|Transport|Sveis|Eiendom|Interiør|Sjømat".split("|"),
    "DK": "Byg|El|VVS|Maskinfabrik|Tømrer|Transport|Smedje|Ejendomme|Møbler|Bageri".split("|"),
    "FI": "Rakennus|Sähkö|Konepaja|Kuljetus|Maalaus|Metalli|Kiinteistöt|Puu|Bygg|Marin".split("|"),
}

_COINED_STARTS = (
    "Nord Syd Väst Öst Sten Järn Silver Koppar Berg Fjäll Älv Sjö Ström Hav Skärgårds Tall Gran "
    "Björk Ek Lind Örn Falk Varg Ren Lo Svan Måne Sol Vinter Höst Frost Norrskens Klipp Sand"
).split()
_COINED_ENDS = (
    "kraft|teknik|trä|stål|plast|pack|produkter|gruppen|handel|logistik|verktyg|komponenter|"
    "design|miljö|system|montage|partner|material|isolering|entreprenad"
).split("|")

_FORM = {"SE": "AB", "NO": "AS", "DK": "ApS", "FI": "Oy"}

_COMPANIONS = {
    "SE": ("Söner", "Döttrar", "Partners", "Co", "Bröder"),
    "NO": ("Sønner", "Partnere", "Co"),
    "DK": ("Sønner", "Partnere", "Co"),
    "FI": ("Pojat", "Kumppanit", "Co"),
}

_TURNS = (0, 3, 1, 4, 1, 2, 0, 2, 3)
"""How far the five patterns are turned from one handful of firms to the next."""

_STRIDE = 7919
"""A prime that divides no list's size: names come scattered, yet each only once."""


def firm_name(country: str, n: int, shift: int) -> str:
    """The nth firm of a country; `shift` chooses among the orders in which firms are named."""
    place, slot = divmod(n, 5)
    pattern = (slot + _TURNS[(place + shift) % len(_TURNS)]) % 5
    family, trades, there = family_names(country), _TRADES[country], towns(country)
    match pattern:
        case 0:
            owner, trade, round_no = _pair(place, shift, family, trades)
            words = f"{_of(owner, country)} {trade}"
        case 1:
            town, trade, round_no = _pair(place, shift, there, trades)
            words = f"{town.split()[0]} {trade}"
        case 2:
            start, end, round_no = _pair(place, shift, _COINED_STARTS, _COINED_ENDS)
            words = start + end
        case 3:
            owner, companion, round_no = _pair(
                place, shift, family, [*_COMPANIONS[country], *family]
            )
            words = f"{owner} & {companion}"
        case _:
            owner, town, round_no = _pair(place, shift, family, there)
            words = f"{owner} i {town}"
    return f"{words} {_FORM[country]}{_branch(there, round_no)}"


def new_firm_name(dice: Random) -> str:
    """A Swedish firm just founded: named in a way that none of the others is."""
    family, trades = family_names("SE"), _TRADES["SE"]
    return f"{dice.choice(family)} & {dice.choice(family)} {dice.choice(trades)} AB"


def _pair(
    n: int, shift: int, firsts: Sequence[str], seconds: Sequence[str]
) -> tuple[str, str, int]:
    """The nth pair in a scattered order, and how many times all pairs were used before."""
    size = len(firsts) * len(seconds)
    round_no, place = divmod(n, size)
    first, second = divmod((place * _STRIDE + shift) % size, len(seconds))
    return firsts[first], seconds[second], round_no


def _of(owner: str, country: str) -> str:
    if country == "FI" or owner.endswith("s"):
        return owner
    return f"{owner}s"


def _branch(there: Sequence[str], round_no: int) -> str:
    """Nothing for the firm itself, a town for its branches."""
    if round_no == 0:
        return ""
    again, town = divmod(round_no - 1, len(there))
    return f", {there[town]}" + (f" {again + 1}" if again else "")
