"""Names of people in the four countries, and their addresses in e-mail."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import msgspec

_GIVEN = {
    "SE": (
        "Anna Maria Karin Eva Sara Emma Linnéa Elin Ida Malin Johanna Åsa Frida Lovisa Hanna "
        "Sofia Agnes Klara Ebba Stina Märta Ylva Annika Camilla Helena Birgitta Ulla Gunilla "
        "Susanne Therese Matilda Josefin Erik Lars Anders Johan Per Nils Karl Gustav Olof Björn "
        "Mikael Fredrik Magnus Henrik Mattias Jonas Oskar Axel Viktor Albin Måns Göran Håkan "
        "Stefan Tomas Ulf Rolf Bengt Leif Kjell Åke Sven Rasmus Elias Hugo Ludvig Simon Amir "
        "Leila Samira Yusuf Nadia Milan Dragana Ahmed Zahra Tarek"
    ).split(),
    "NO": (
        "Ingrid Solveig Marit Kari Silje Astrid Ragnhild Turid Hilde Bjørg Torunn Sunniva "
        "Ole Kristian Sindre Eirik Håvard Øyvind Trond Geir Terje Sverre Torstein Magnus Jørn"
    ).split(),
    "DK": (
        "Mette Kirsten Hanne Lone Dorthe Signe Maja Freja Astrid Birgitte Inge Rikke "
        "Søren Jens Niels Anders Mads Lasse Bjarne Torben Flemming Jørgen Asger Rasmus Kåre"
    ).split(),
    "FI": (
        "Aino Helmi Päivi Tuula Riikka Sanna Hanna Maija Outi Kaisa Anneli Elina Ulrika "
        "Mikko Juha Antti Pekka Timo Heikki Ville Janne Tapio Eero Kalle Jukka Olli Christer"
    ).split(),
}

_FAMILY = {
    "SE": (
        "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson "
        "Pettersson Jonsson Lindberg Lindström Lindqvist Lindgren Bergström Bergqvist Berglund "
        "Sandberg Sandström Sjöberg Sjögren Sjöström Lundqvist Lundberg Lundgren Nordström Nordin "
        "Nordlund Norberg Åkesson Åberg Åström Öberg Öhman Östlund Öström Ekström Ekdahl Engström "
        "Holmberg Holmgren Holmström Forsberg Forslund Hedlund Hedberg Hellström Hallberg Wallin "
        "Wikström Viklund Söderberg Söderström Strandberg Strömberg Blomqvist Björklund Granqvist "
        "Dahlberg Dahlström Falk Fransson Isaksson Jakobsson Månsson Mårtensson Nyström Nyberg "
        "Rosén Rydberg Samuelsson Skoglund Stenberg Sundberg Sundström Thorell Ulfsson Vesterlund "
        "Hosseini Haddad Kovačević Nowak Yılmaz Tesfaye Nguyen Rahimi"
    ).split(),
    "NO": (
        "Hansen Johansen Olsen Larsen Andersen Berg Haugen Hagen Johannessen Bakken Solberg Moen "
        "Strand Lunde Kvam Fossum Nygård Rønning Sæther Tveit Aasen Bråten Ødegård Grønli Myhre"
    ).split(),
    "DK": (
        "Nielsen Jensen Hansen Pedersen Kjær Mortensen Bach Holm Dalgaard Skov Toft Lund "
        "Østergaard Vestergaard Nørgaard Søndergaard Bjerre Krogh Friis Mølgaard Ravn Thygesen"
    ).split(),
    "FI": (
        "Korhonen Virtanen Mäkinen Nieminen Mäkelä Hämäläinen Laine Koskinen Järvinen Lehtonen "
        "Salminen Heikkinen Lindholm Söderlund Nyholm Backman Ahonen Rantanen Kallio Niemelä"
    ).split(),
}

COUNTRIES = ("SE", "NO", "DK", "FI")

_PLAIN = str.maketrans(
    {
        **dict(zip("åäàáöøóõüúéèêëíıñ", "aaaaoooouueeeeiin", strict=True)),
        **dict(zip("čćžšşðł", "cczssdl", strict=True)),
        "æ": "ae",
        "&": "",
        "'": "",
        ".": "",
        ",": "",
    }
)


class Name(msgspec.Struct, frozen=True):
    """A person's name."""

    first: str
    last: str

    def __str__(self) -> str:
        return f"{self.first} {self.last}"


def person(country: str, dice: Random) -> Name:
    """Somebody who lives in the country."""
    given, family = _GIVEN[country], _FAMILY[country]
    return Name(given[int(dice.random() * len(given))], family[int(dice.random() * len(family))])


def family_names(country: str) -> Sequence[str]:
    """The family names of the country."""
    return _FAMILY[country]


def mailbox(*words: str) -> str:
    """Names as the part of an e-mail address before the at sign, or of a domain."""
    joined = "-".join(" ".join(words).lower().translate(_PLAIN).split())
    return joined.replace("--", "-")
