"""Why one record or one value was not taken, as the quarantine shows it: code → (en, sv).

`reason` is the database's own words, in the language it speaks.
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # The company database's own rules
    "ROW_REFUSED": (
        "The company database does not take the change: {reason}. Correct the record, and it is tried again.",
        "Företagsdatabasen tar inte emot ändringen: {reason}. Rätta elementet så görs ett nytt försök.",
    ),
    "ROW_GONE": (
        "A record of {type} was removed while it was being written. It is settled in the next sync; nothing "
        "needs to be done.",
        "Ett element av typen {type} togs bort medan det skrevs. Det reds ut vid nästa synkronisering; inget "
        "behöver göras.",
    ),
    "UNIQUE_TAKEN": (
        "Another record already has this value, and it may be there only once: {reason}. Change one of the "
        "two.",
        "Ett annat element har redan detta värde, som bara får finnas en gång: {reason}. Ändra ett av de två.",
    ),
    "REQUIRED_MISSING": (
        "A value is missing that the company database requires: {reason}. Fill it in.",
        "Ett värde saknas som företagsdatabasen kräver: {reason}. Fyll i det.",
    ),
    "CHECK_FAILED": (
        "The value breaks a rule of the company database: {reason}. Change it to one that the rule allows.",
        "Värdet bryter mot en regel i företagsdatabasen: {reason}. Ändra det till ett som regeln tillåter.",
    ),
    "REFERENCE_MISSING": (
        "The record points at one that is not there, or others still point at it: {reason}. Put the other "
        "record right first.",
        "Elementet pekar på ett som inte finns, eller så pekar andra fortfarande på det: {reason}. Rätta det "
        "andra elementet först.",
    ),
    "PARENT_MISSING": (
        "{field} points at a record of {type} that the office does not have ({record}). The change waits and "
        "goes on by itself when that record arrives; see `samsyn quarantine DATABASE`.",
        "{field} pekar på ett element av typen {type} som kontoret inte har ({record}). Ändringen väntar och "
        "går vidare av sig själv när det kommer; se `samsyn quarantine DATABAS`.",
    ),
    "PERMISSION_MISSING": (
        "Samsyn's role may not write this in the company database: {reason}. Have the owner grant it; then "
        "it is tried again.",
        "Samsyns roll får inte skriva detta i företagsdatabasen: {reason}. Be ägaren ge rättigheten, så görs "
        "ett nytt försök.",
    ),
    "VALUE_UNFIT": (
        "The value does not fit the column of the company database: {reason}. Correct it.",
        "Värdet passar inte kolumnen i företagsdatabasen: {reason}. Rätta det.",
    ),
    "IGNORED_BY_TRIGGER": (
        "The business program's own rules let the change pass without writing it. Make it in a way that they "
        "allow, or in the business program.",
        "Affärsprogrammets egna regler släppte igenom ändringen utan att skriva den. Gör den på ett sätt som "
        "de tillåter, eller i affärsprogrammet.",
    ),
    "EVERYTHING_UNDONE": (
        "The business program's own rules undid everything that was being written: {reason}. See `samsyn "
        "quarantine DATABASE`; the rest is written by itself.",
        "Affärsprogrammets egna regler ångrade allt som höll på att skrivas: {reason}. Se `samsyn quarantine "
        "DATABAS`; resten skrivs av sig själv.",
    ),
    "REFUSED_BY_TRIGGER": (
        "The business program's own rules stopped the change: {reason}. Make it in a way that they allow, or "
        "in the business program.",
        "Affärsprogrammets egna regler stoppade ändringen: {reason}. Gör den på ett sätt som de tillåter, "
        "eller i affärsprogrammet.",
    ),
    # Values
    "NOT_NULL": ("{field} must have a value.", "{field} måste ha ett värde."),
    "REQUIRED": ("{field} must be given a value.", "{field} måste få ett värde."),
    "READ_ONLY": (
        "The office alone gives {field} its value. Leave it out.",
        "Bara kontoret ger {field} dess värde. Utelämna det.",
    ),
    "UNKNOWN_REFERENCE": (
        "{field} points at no record of {type}. Choose one that is there.",
        "{field} pekar inte på något element av typen {type}. Välj ett som finns.",
    ),
    "NOT_BASE64": (
        "{field} must be written in base64.",
        "{field} måste skrivas i base64.",
    ),
    "NOT_A_CHOICE": (
        "{field} must be one of: {choices}.",
        "{field} måste vara ett av: {choices}.",
    ),
    "NOT_A_REFERENCE": (
        "{field} must be the id of a record, 32 hexadecimal digits.",
        "{field} måste vara ett elements id, 32 hexadecimala siffror.",
    ),
    "NUL_NOT_ALLOWED": (
        "{field} holds a NUL character, which this database cannot keep. Remove it.",
        "{field} innehåller ett NUL-tecken, som databasen inte kan spara. Ta bort det.",
    ),
    "NOT_TEXT": (
        "{field} holds characters that are no text in UTF-8. Write them again.",
        "{field} innehåller tecken som inte är text i UTF-8. Skriv dem på nytt.",
    ),
    "NOT_A_DATE": (
        "{field} must be a date such as 2026-03-31.",
        "{field} måste vara ett datum som 2026-03-31.",
    ),
    "NOT_A_DATETIME": (
        "{field} must be a date with time such as 2026-03-31T09:30:00.",
        "{field} måste vara datum och tid som 2026-03-31T09:30:00.",
    ),
    "NOT_A_TIME": (
        "{field} must be a time of day such as 09:30:00.",
        "{field} måste vara ett klockslag som 09:30:00.",
    ),
    "NOT_AN_INTERVAL": (
        "{field} must be a length of time such as P1DT2H.",
        "{field} måste vara en tidslängd som P1DT2H.",
    ),
    "ZONE_REQUIRED": (
        "{field} must say its time zone: add Z or for example +01:00.",
        "{field} måste ange tidszon: lägg till Z eller till exempel +01:00.",
    ),
    "ZONE_NOT_ALLOWED": (
        "{field} keeps no time zone: leave it out.",
        "{field} sparar ingen tidszon: utelämna den.",
    ),
    "NOT_A_DECIMAL": (
        "{field} must be a number written as text, such as 1234.50.",
        "{field} måste vara ett tal skrivet som text, till exempel 1234.50.",
    ),
    "NOT_A_UUID": (
        "{field} must be a UUID, 32 hexadecimal digits with or without hyphens.",
        "{field} måste vara ett UUID, 32 hexadecimala siffror med eller utan bindestreck.",
    ),
    "NOT_JSON": (
        "{field} must be valid JSON.",
        "{field} måste vara giltig JSON.",
    ),
    "WRONG_TYPE": (
        "{field} is of the wrong type: {expected} is wanted.",
        "{field} är av fel typ: väntat är {expected}.",
    ),
    "TOO_LARGE": (
        "{field} is too large to be kept. Make it smaller.",
        "{field} är för stort för att sparas. Minska det.",
    ),
    "TOO_LONG": (
        "{field} is {length} long; it has room for {limit}. Shorten it.",
        "{field} är {length} långt och rymmer {limit}. Korta det.",
    ),
    "TOO_PRECISE": (
        "{field} has more digits than the field keeps. Round it.",
        "{field} har fler siffror än fältet sparar. Avrunda det.",
    ),
    "BAD_CELL": (
        "The value of {field} cannot be read. Write it again; if another program sent it, tell its maker.",
        "Värdet i {field} går inte att läsa. Skriv det på nytt; kom det från ett annat program, säg till dess "
        "tillverkare.",
    ),
    "BAD_ID": (
        "A record id has 32 hexadecimal digits; this one has not. Tell the maker of the program that sent it.",
        "Ett element-id har 32 hexadecimala siffror; det har inte detta. Säg till den som gjort programmet som "
        "skickade det.",
    ),
    "BAD_RECORD": (
        "The record {record} cannot be stored: {detail}. Send the trace log (`samsyn trace DATABASE`) to "
        "support.",
        "Elementet {record} kan inte sparas: {detail}. Skicka loggen (`samsyn trace DATABAS`) till supporten.",
    ),
}
