"""What the demo company sells: supplies for workshops, building sites and offices."""

from __future__ import annotations

from random import Random

import msgspec


class Product(msgspec.Struct, frozen=True):
    """An article of the catalogue; the price is in öre."""

    product_no: str
    name: str
    group_code: str
    unit: str
    price_ore: int
    cost_ore: int
    weight_kg: float


class _Family(msgspec.Struct, frozen=True):
    """Articles that differ in size or colour: each is `step` kronor dearer than the one before."""

    name: str
    unit: str
    price: float
    step: float
    weight_kg: float
    variants: tuple[str, ...]


GROUPS: tuple[tuple[str, str, str], ...] = (
    ("FAST", "Fästelement", "Skruv, spik, plugg och bult"),
    ("HAND", "Handverktyg", "Verktyg som drivs med handkraft"),
    ("ELVE", "Elverktyg", "Batteridrivna och nätanslutna maskiner"),
    ("KLAD", "Arbetskläder", "Kläder, skor och handskar"),
    ("SKYD", "Personligt skydd", "Hjälmar, glasögon och hörselskydd"),
    ("PACK", "Emballage", "Kartonger, tejp och sträckfilm"),
    ("BELY", "Belysning", "Arbetsbelysning och ljuskällor"),
    ("STAD", "Städ och hygien", "Papper, medel och redskap"),
    ("KONT", "Kontor", "Papper, pennor och pärmar"),
)

_SIZES = ("S", "M", "L", "XL", "XXL")

_FAMILIES: dict[str, tuple[_Family, ...]] = {
    "FAST": (
        _Family(
            "Träskruv försänkt",
            "förp",
            89,
            14,
            0.9,
            ("4,0×40", "4,5×50", "5,0×60", "5,0×80", "6,0×100"),
        ),
        _Family(
            "Trallskruv rostfri", "förp", 189, 32, 1.1, ("4,2×42", "4,2×55", "4,8×75", "5,5×90")
        ),
        _Family("Gipsskruv", "förp", 74, 9, 0.8, ("3,5×25", "3,5×38", "3,9×55")),
        _Family("Bult M8 med mutter", "förp", 112, 18, 1.3, ("30 mm", "50 mm", "70 mm", "90 mm")),
        _Family("Nylonplugg", "förp", 39, 8, 0.2, ("6 mm", "8 mm", "10 mm", "12 mm")),
        _Family("Trådspik varmförzinkad", "förp", 64, 11, 1.0, ("50×2,3", "75×2,8", "100×3,4")),
    ),
    "HAND": (
        _Family("Hammare med glasfiberskaft", "st", 249, 60, 0.7, ("16 oz", "20 oz", "24 oz")),
        _Family("Skruvmejselsats", "st", 199, 120, 0.6, ("4 delar", "6 delar", "10 delar")),
        _Family("Skiftnyckel", "st", 159, 55, 0.4, ("6 tum", "8 tum", "10 tum", "12 tum")),
        _Family("Måttband", "st", 79, 40, 0.3, ("3 m", "5 m", "8 m", "10 m")),
        _Family("Vattenpass aluminium", "st", 229, 90, 0.8, ("40 cm", "60 cm", "100 cm", "120 cm")),
        _Family("Polygrip", "st", 189, 45, 0.4, ("180 mm", "250 mm", "300 mm")),
        _Family("Brytbladskniv", "st", 49, 30, 0.1, ("9 mm", "18 mm", "25 mm")),
    ),
    "ELVE": (
        _Family("Skruvdragare 18 V", "st", 1490, 600, 1.7, ("1 batteri", "2 batterier")),
        _Family("Slagborrmaskin", "st", 990, 400, 2.3, ("650 W", "850 W", "1100 W")),
        _Family("Cirkelsåg", "st", 1390, 500, 4.1, ("165 mm", "190 mm", "235 mm")),
        _Family("Vinkelslip", "st", 790, 350, 2.0, ("125 mm", "150 mm", "230 mm")),
        _Family("Multislip", "st", 690, 200, 1.2, ("200 W", "300 W")),
        _Family("Batteri 18 V", "st", 690, 300, 0.6, ("2,0 Ah", "4,0 Ah", "6,0 Ah")),
    ),
    "KLAD": (
        _Family("Hantverksbyxa svart", "st", 899, 0, 0.9, ("C46", "C48", "C50", "C52", "C54")),
        _Family("Fleecejacka marin", "st", 549, 0, 0.6, _SIZES),
        _Family("Varselväst gul", "st", 129, 0, 0.2, _SIZES),
        _Family("Skyddssko S3", "par", 1190, 0, 1.4, ("39", "40", "41", "42", "43", "44", "45")),
        _Family("Montagehandske", "par", 45, 0, 0.1, ("8", "9", "10", "11")),
        _Family("Vinterhandske fodrad", "par", 119, 0, 0.2, ("9", "10", "11")),
        _Family("T-tröja grå", "st", 149, 0, 0.2, _SIZES),
    ),
    "SKYD": (
        _Family("Skyddshjälm", "st", 249, 0, 0.4, ("vit", "gul", "blå", "orange")),
        _Family("Skyddsglasögon", "st", 89, 40, 0.1, ("klara", "tonade", "korgmodell")),
        _Family("Hörselkåpa", "st", 299, 500, 0.3, ("passiv", "med radio")),
        _Family("Halvmask P3", "st", 349, 0, 0.3, ("S/M", "M/L")),
        _Family("Första förband-tavla", "st", 990, 700, 2.6, ("liten", "stor")),
    ),
    "PACK": (
        _Family(
            "Wellkartong",
            "förp",
            189,
            55,
            6.0,
            ("300×200×150", "400×300×200", "500×400×300", "600×400×400"),
        ),
        _Family("Packtejp", "rulle", 24, 6, 0.3, ("transparent", "brun", "bräcklig")),
        _Family("Sträckfilm 500 mm", "rulle", 89, 20, 2.4, ("17 my", "20 my", "23 my")),
        _Family("Bubbelfolie", "rulle", 249, 150, 3.1, ("50 cm × 50 m", "100 cm × 50 m")),
        _Family("Lastpall", "st", 179, 60, 22.0, ("halv", "hel")),
        _Family("Kuvert vadderade", "förp", 159, 35, 2.0, ("A5", "A4", "A3")),
    ),
    "BELY": (
        _Family("LED-arbetslampa", "st", 399, 250, 1.9, ("20 W", "30 W", "50 W")),
        _Family("Pannlampa laddbar", "st", 249, 150, 0.2, ("300 lm", "600 lm", "1000 lm")),
        _Family("LED-lampa E27", "st", 39, 15, 0.1, ("470 lm", "806 lm", "1055 lm", "1521 lm")),
        _Family("Skarvsladd gummi", "st", 189, 140, 2.2, ("5 m", "10 m", "20 m", "40 m")),
        _Family("Kabelvinda", "st", 690, 300, 7.5, ("25 m", "40 m")),
    ),
    "STAD": (
        _Family("Torkrulle", "förp", 229, 40, 5.2, ("midi 6-pack", "maxi 6-pack")),
        _Family("Toalettpapper", "förp", 219, 60, 6.1, ("36 rullar", "64 rullar")),
        _Family("Allrengöring", "liter", 49, 0, 1.1, ("citron", "neutral")),
        _Family("Handtvål", "liter", 69, 0, 1.1, ("mild", "grov")),
        _Family("Sopsäck", "rulle", 59, 20, 1.6, ("60 l", "125 l", "160 l", "240 l")),
        _Family("Industrisopborste", "st", 219, 60, 1.3, ("40 cm", "60 cm")),
    ),
    "KONT": (
        _Family("Kopieringspapper", "förp", 59, 45, 2.5, ("A4", "A3")),
        _Family("Gaffelpärm A4", "st", 39, 0, 0.4, ("svart", "röd", "blå", "grön", "grå")),
        _Family("Kulspetspenna", "förp", 89, 0, 0.2, ("blå", "svart", "röd")),
        _Family("Anteckningsbok", "st", 49, 20, 0.3, ("A6", "A5", "A4")),
        _Family("Tejpade notisar", "förp", 69, 10, 0.2, ("38×51", "76×76", "76×127")),
        _Family("Märkpenna permanent", "förp", 119, 0, 0.2, ("svart", "blandade")),
    ),
}

_LIST_RATES = {"SEK": 100, "NOK": 98, "DKK": 156, "EUR": 1140}
"""What a hundred of the currency cost in kronor on the firm's own price lists."""


def catalogue(seed: int) -> tuple[Product, ...]:
    """All articles, with the margins of this seed."""
    products: list[Product] = []
    for code, _, _ in GROUPS:
        for family_no, family in enumerate(_FAMILIES[code], start=1):
            dice = Random(f"{seed}/goods/{code}/{family_no}")
            share = 0.52 + dice.random() * 0.2
            products += [
                _product(code, family_no, variant_no, family, share)
                for variant_no in range(len(family.variants))
            ]
    return tuple(products)


def price_in(currency: str, price_ore: int) -> int:
    """The list price in hundredths of the currency, always in steps of 20 of them.

    With discounts of whole fives of percent every line's amount then comes
    out even, whether a database reckons in decimals or in binary fractions.
    """
    if currency == "SEK":
        return price_ore
    return max(20, round(price_ore * 100 / _LIST_RATES[currency] / 20) * 20)


def _product(code: str, family_no: int, variant_no: int, family: _Family, share: float) -> Product:
    price_ore = round((family.price + family.step * variant_no) * 100)
    return Product(
        product_no=f"{code}-{family_no * 100 + variant_no + 1}",
        name=f"{family.name} {family.variants[variant_no]}",
        group_code=code,
        unit=family.unit,
        price_ore=price_ore,
        cost_ore=round(price_ore * share / 50) * 50,
        weight_kg=family.weight_kg,
    )
