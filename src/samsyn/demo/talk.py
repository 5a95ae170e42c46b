"""What people write in the office: subjects, notes, titles, in Swedish."""

from __future__ import annotations

# type, subject with {name} for a person or firm, minutes it takes
ACTIVITIES: tuple[tuple[str, str, int], ...] = (
    ("Telefon", "Ring {name} om offerten", 15),
    ("Telefon", "Ring upp {name} om leveranstiden", 15),
    ("Telefon", "Stäm av betalningen med {name}", 15),
    ("Telefon", "Följ upp leveransen till {name}", 15),
    ("Telefon", "Återkoppla till {name} om reklamationen", 20),
    ("Möte", "Avtalsgenomgång med {name}", 60),
    ("Möte", "Årsavstämning med {name}", 90),
    ("Möte", "Videomöte: nytt sortiment för {name}", 45),
    ("Möte", "Genomgång av ramavtal, {name}", 60),
    ("Besök", "Kundbesök hos {name}", 120),
    ("Besök", "Visa nya handverktyg hos {name}", 90),
    ("Besök", "Inventera skruvhyllan hos {name}", 120),
    ("Besök", "Lämna varuprover till {name}", 45),
    ("E-post", "Skicka offert till {name}", 30),
    ("E-post", "Skicka ny prislista till {name}", 15),
    ("E-post", "Svara {name} om returen", 15),
    ("E-post", "Bekräfta ordern till {name}", 10),
    ("Uppgift", "Uppdatera rabattavtalet för {name}", 30),
    ("Uppgift", "Kontrollera kreditgränsen för {name}", 20),
    ("Uppgift", "Ta fram underlag till {name}", 60),
    ("Uppgift", "Lägg upp leveransadress för {name}", 10),
)

INTERNAL: tuple[tuple[str, str, int], ...] = (
    ("Möte", "Veckomöte sälj", 45),
    ("Möte", "Lagermöte", 30),
    ("Möte", "Medarbetarsamtal", 60),
    ("Uppgift", "Inventering av plockplatserna", 240),
    ("Uppgift", "Månadsrapport till ledningen", 120),
    ("Uppgift", "Beställ hem arbetskläder", 30),
    ("Uppgift", "Gå igenom förfallna fakturor", 60),
)

ACTIVITY_NOTES = (
    "Ville ha besked före fredag.",
    "Nöjd med senaste leveransen.",
    "Återkommer efter semestern.",
    "Frågade efter mängdrabatt på skruv.",
    "Byter troligen till oss från nyår.",
    "Svarade inte, försök igen på eftermiddagen.",
    "Önskar leverans före kl. 7.\nRing chauffören på plats.",
)

CONTACT_NOTES = (
    "Leverans till godsmottagningen på baksidan.",
    "Fakturan märks med projektnummer.",
    "Har ramavtal t.o.m. årsskiftet.",
    "Vill ha samlad leverans på torsdagar.",
    "Ringer helst före kl. 9.",
    "Kräver följesedel på papper.",
    "Ägarbyte på gång – ny kontaktperson kommer.",
    "Hämtar ofta själv i butiken.",
)

ORDER_NOTES = (
    "Ring före leverans.",
    "Delleverans går bra.",
    "Ställs innanför grinden.",
    "Levereras med nästa bil.",
    "Restorder från mässan.",
)

JOB_TITLES = (
    "Inköpare",
    "VD",
    "Platschef",
    "Ekonomiansvarig",
    "Lagerchef",
    "Projektledare",
    "Verkstadschef",
    "Arbetsledare",
    "Receptionist",
    "Fastighetsskötare",
)

# job title, department, kronor an hour; the first ones fill a small firm
POSITIONS: tuple[tuple[str, str, int], ...] = (
    ("Verkställande direktör", "Ledning", 620),
    ("Försäljningschef", "Försäljning", 540),
    ("Ekonomichef", "Ekonomi", 530),
    ("Lagerchef", "Lager", 460),
    ("Innesäljare", "Försäljning", 380),
    ("Utesäljare", "Försäljning", 420),
    ("Inköpare", "Inköp", 430),
    ("Lagerarbetare", "Lager", 310),
    ("Ekonomiassistent", "Ekonomi", 350),
    ("Kundtjänst", "Försäljning", 330),
    ("Chaufför", "Lager", 300),
    ("Servicetekniker", "Service", 410),
)

# project name with {name} for the customer, type
PROJECTS: tuple[tuple[str, str], ...] = (
    ("Butiksinredning {name}", "Uppdrag"),
    ("Ramavtal {name}", "Extern"),
    ("Skruvhylla och påfyllning {name}", "Uppdrag"),
    ("Arbetskläder med tryck {name}", "Extern"),
    ("Ny belysning i verkstaden, {name}", "Uppdrag"),
    ("Verktygsservice {name}", "Extern"),
)
INTERNAL_PROJECTS = (
    "Nytt lagersystem",
    "Webbutik 2.0",
    "Miljöcertifiering",
    "Ombyggnad av butiken",
)

TIME_NOTES = (
    "Uppstartsmöte",
    "Montage på plats",
    "Genomgång med kunden",
    "Plock och packning",
    "Ritning och underlag",
    "Resa till kund",
    "Efterarbete och städning",
    "Utbildning av personal",
)

STATUSES: tuple[tuple[str, str], ...] = (
    ("NY", "Ny"),
    ("PROSP", "Prospekt"),
    ("AKTIV", "Aktiv"),
    ("VIP", "Nyckelkund"),
    ("VILANDE", "Vilande"),
    ("AVSLUT", "Avslutad"),
)
