"""Towns with their postal codes, and streets, in the four countries."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import msgspec


class Address(msgspec.Struct, frozen=True):
    """Where a firm or a person is."""

    street: str
    postal_code: str
    city: str


_TOWNS: dict[str, tuple[tuple[str, int, int], ...]] = {
    "SE": (
        ("Stockholm", 11120, 11860),
        ("Göteborg", 41101, 41880),
        ("Malmö", 21110, 21770),
        ("Uppsala", 75220, 75760),
        ("Västerås", 72210, 72490),
        ("Örebro", 70210, 70390),
        ("Linköping", 58220, 58960),
        ("Helsingborg", 25220, 25660),
        ("Jönköping", 55303, 55630),
        ("Norrköping", 60210, 60390),
        ("Lund", 22220, 22660),
        ("Umeå", 90320, 90750),
        ("Gävle", 80250, 80650),
        ("Borås", 50330, 50780),
        ("Södertälje", 15130, 15270),
        ("Eskilstuna", 63220, 63530),
        ("Halmstad", 30220, 30295),
        ("Växjö", 35230, 35260),
        ("Karlstad", 65220, 65640),
        ("Sundsvall", 85230, 85760),
        ("Östersund", 83130, 83190),
        ("Trollhättan", 46130, 46190),
        ("Luleå", 97231, 97755),
        ("Kalmar", 39230, 39365),
        ("Falun", 79130, 79195),
        ("Skövde", 54130, 54157),
        ("Karlskrona", 37130, 37165),
        ("Kristianstad", 29131, 29160),
        ("Skellefteå", 93130, 93170),
        ("Visby", 62141, 62158),
        ("Kiruna", 98130, 98142),
        ("Piteå", 94131, 94163),
        ("Örnsköldsvik", 89130, 89180),
        ("Mora", 79230, 79250),
        ("Arvika", 67131, 67195),
        ("Värnamo", 33130, 33156),
        ("Ängelholm", 26231, 26295),
        ("Åmål", 66230, 66237),
    ),
    "NO": (
        ("Oslo", 151, 1295),
        ("Bergen", 5003, 5282),
        ("Trondheim", 7010, 7099),
        ("Stavanger", 4005, 4099),
        ("Tromsø", 9006, 9024),
        ("Bodø", 8003, 8031),
        ("Ålesund", 6002, 6026),
        ("Fredrikstad", 1601, 1679),
        ("Hamar", 2315, 2326),
    ),
    "DK": (
        ("København K", 1050, 1473),
        ("Aarhus C", 8000, 8000),
        ("Odense C", 5000, 5000),
        ("Aalborg", 9000, 9000),
        ("Esbjerg", 6700, 6700),
        ("Kolding", 6000, 6000),
        ("Helsingør", 3000, 3000),
    ),
    "FI": (
        ("Helsinki", 100, 990),
        ("Espoo", 2100, 2780),
        ("Tampere", 33100, 33900),
        ("Turku", 20100, 20960),
        ("Vaasa", 65100, 65380),
        ("Oulu", 90100, 90650),
        ("Porvoo", 6100, 6650),
        ("Jakobstad", 68600, 68660),
    ),
}

_TOWN_NAMES = {country: [town for town, _, _ in there] for country, there in _TOWNS.items()}

_STREET_STARTS = {
    "SE": (
        "Stor Kyrko Skol Järnvägs Kungs Drottning Industri Verkstads Hamn Brunns Kvarn Smedje "
        "Bruks Stations Fabriks Nygårds Linné Björk Ek Lind Tall Gran Rönn Hassel Ängs Skogs Berg "
        "Sjö Strand Bro Fiskar Garvar Snickar Målar Magasins Köpmans Borgmästar Slotts Trädgårds "
        "Park Södra Norra Östra Västra Vasa Nobel Timmer Sågverks"
    ).split(),
    "NO": "Stor Kirke Skole Havne Strand Dronningens Fjord Industri Bjørke Møllers Torg".split(),
    "DK": "Sønder Nørre Vester Øster Kirke Havne Skov Mølle Fabriks Smede Algade Bredgade".split(),
    "FI": "Kirkko Koulu Asema Ranta Satama Tehtaan Metsä Koivu Puisto Kauppa Mylly".split(),
}
_STREET_ENDS = {
    "SE": ("gatan", "vägen", "gränd", "gatan", "vägen", "stigen"),
    "NO": ("gata", "veien", "gata"),
    "DK": ("gade", "vej", "gade"),
    "FI": ("katu", "tie", "katu"),
}
_WHOLE = frozenset(("Södra", "Norra", "Östra", "Västra"))
_DONE = frozenset(("Algade", "Bredgade"))


def address(country: str, dice: Random) -> Address:
    """An address that could be there."""
    towns = _TOWNS[country]
    # The lists begin with the largest towns, which are drawn most often.
    town, low, high = towns[int(dice.random() ** 1.4 * len(towns))]
    code = low + int(dice.random() * (high - low + 1))
    return Address(_street(country, dice), _postal_code(country, code), town)


def towns(country: str) -> Sequence[str]:
    """The towns of the country that addresses are in."""
    return _TOWN_NAMES[country]


def _street(country: str, dice: Random) -> str:
    starts, ends = _STREET_STARTS[country], _STREET_ENDS[country]
    start = starts[int(dice.random() * len(starts))]
    end = ends[int(dice.random() * len(ends))]
    number = 1 + int(dice.random() ** 2 * 90)
    letter = "ABCD"[int(dice.random() * 4)] if dice.random() < 0.2 else ""
    if start in _DONE:
        return f"{start} {number}{letter}"
    joined = f"{start} {end}" if start.endswith("ens") else start + end
    if start in _WHOLE:
        joined = f"{start} {'Lång' if end == 'gatan' else 'Bruks'}{end}"
    return f"{joined} {number}{letter}"


def _postal_code(country: str, code: int) -> str:
    match country:
        case "SE":
            return f"{code // 100} {code % 100:02}"
        case "FI":
            return f"{code // 10 * 10:05}"
        case _:
            return f"{code:04}"
