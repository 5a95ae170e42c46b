"""Why a table or a field is not synced, as attach shows it: reason → (en, sv).

`table` or `field` is what is left out; `detail` is the column, privilege or
engine's own words that are meant.
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # Chosen by a person
    "EXCLUDED": (
        "Left out as you asked with --exclude.",
        "Utelämnas, som du bad om med --exclude.",
    ),
    "NOT_CHOSEN": (
        "Not among the tables named with --tables. Name it there to sync it.",
        "Inte bland tabellerna i --tables. Nämn den där för att synkronisera den.",
    ),
    # Not a table with rows of its own
    "VIEW": (
        "A view: its rows belong to other tables, which are synced themselves.",
        "En vy: dess rader hör till andra tabeller, som synkroniseras för sig.",
    ),
    "VIRTUAL_TABLE": (
        "A virtual table: a module makes its rows, and no trigger sees them change.",
        "En virtuell tabell: en modul skapar raderna, och ingen trigger ser när de ändras.",
    ),
    "SHADOW_TABLE": (
        "Storage of a virtual table; it is written by that table's module alone.",
        "Lagring för en virtuell tabell; bara den tabellens modul skriver i den.",
    ),
    "SYSTEM_TABLE": (
        "Belongs to the database engine or to Samsyn itself.",
        "Hör till databasmotorn eller till Samsyn självt.",
    ),
    "PARTITION": (
        "A part of a partitioned table, and synced through that table.",
        "En del av en partitionerad tabell och synkroniseras genom den.",
    ),
    "INHERITED": (
        "Other tables inherit from it and show their rows in it. Sync those tables instead.",
        "Andra tabeller ärver från den och visar sina rader i den. Synkronisera de tabellerna i stället.",
    ),
    "FOREIGN_TABLE": (
        "A foreign table: its rows lie in another database. Attach that database instead.",
        "En främmande tabell: raderna ligger i en annan databas. Anslut den databasen i stället.",
    ),
    "UNLOGGED": (
        "An unlogged table: the server empties it after a crash. ALTER TABLE … SET LOGGED makes it fit to sync.",
        "En ologgad tabell: servern tömmer den efter en krasch. ALTER TABLE … SET LOGGED gör att den kan "
        "synkroniseras.",
    ),
    # Not to be read or written
    "UNREADABLE": (
        "Cannot be read: {detail}. Put that right and attach again.",
        "Kan inte läsas: {detail}. Rätta det och anslut igen.",
    ),
    "PRIVILEGE_MISSING": (
        "The role lacks privileges on it: {detail}. Have the owner grant them and attach again.",
        "Rollen saknar rättigheter till den: {detail}. Be ägaren ge dem och anslut igen.",
    ),
    "ROW_SECURITY": (
        "Row security policies hide rows from the role. Use a role that sees every row, and attach again.",
        "Radskyddet döljer rader för rollen. Använd en roll som ser alla rader och anslut igen.",
    ),
    "NOT_WRITABLE": (
        "Cannot be written: {detail}. Put that right and attach again.",
        "Kan inte skrivas: {detail}. Rätta det och anslut igen.",
    ),
    "MISSING_COLLATION": (
        "Uses the collation {detail}, which only its own program has. Its text cannot be compared from outside.",
        "Använder sorteringen {detail}, som bara dess eget program har. Texten kan inte jämföras utifrån.",
    ),
    "MISSING_FUNCTION": (
        "Uses the function {detail}, which only its own program has. It cannot be written from outside.",
        "Använder funktionen {detail}, som bara dess eget program har. Den kan inte skrivas utifrån.",
    ),
    # No key to know a row by
    "NO_STABLE_KEY": (
        "Has no primary key and no unique key without gaps, so its rows cannot be told apart for ever. Add a "
        "primary key and attach again.",
        "Har varken primärnyckel eller en unik nyckel utan luckor, så raderna kan inte hållas isär i längden. "
        "Lägg till en primärnyckel och anslut igen.",
    ),
    "KEY_NOT_ROUND_TRIP": (
        "Its key {detail} holds values that do not come back the same. Use a key of another type.",
        "Nyckeln {detail} har värden som inte kommer tillbaka likadana. Använd en nyckel av annan typ.",
    ),
    "KEY_HOLDS_NULL": (
        "Its key {detail} is empty in some rows. Fill it in everywhere and attach again.",
        "Nyckeln {detail} är tom i vissa rader. Fyll i den överallt och anslut igen.",
    ),
    # Better left alone
    "LOCK_TABLE": (
        "Looks like a program's locks, which mean something on that computer only. Name it with --tables to "
        "sync it all the same.",
        "Ser ut att vara ett programs lås, som bara betyder något på den datorn. Nämn den i --tables för att "
        "ändå synkronisera den.",
    ),
    "SESSION_TABLE": (
        "Looks like log-in sessions, which nobody needs elsewhere. Name it with --tables to sync it all the "
        "same.",
        "Ser ut att vara inloggningssessioner, som ingen behöver på annat håll. Nämn den i --tables för att "
        "ändå synkronisera den.",
    ),
    "MIGRATIONS": (
        "A program's list of its own schema changes. Name it with --tables to sync it all the same.",
        "Ett programs lista över sina egna schemaändringar. Nämn den i --tables för att ändå synkronisera den.",
    ),
    "BOOKKEEPING": (
        "Looks like a program's own bookkeeping, which changes all the time. Name it with --tables to sync it "
        "all the same.",
        "Ser ut att vara ett programs egen bokföring, som ändras hela tiden. Nämn den i --tables för att ändå "
        "synkronisera den.",
    ),
    # Fields
    "NOT_ROUND_TRIP": (
        "The field {field} is left out: a value of it does not come back the same ({detail}). The rest of the "
        "table is synced.",
        "Fältet {field} utelämnas: ett av dess värden kommer inte tillbaka likadant ({detail}). Resten av "
        "tabellen synkroniseras.",
    ),
    "SESSION_DEPENDENT": (
        "The field {field} is left out: its text means different things in different databases ({detail}). The "
        "rest of the table is synced.",
        "Fältet {field} utelämnas: dess text betyder olika saker i olika databaser ({detail}). Resten av "
        "tabellen synkroniseras.",
    ),
}
