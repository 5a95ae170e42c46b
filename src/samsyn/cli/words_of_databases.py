"""What is told about company databases and the demo company: code → (en, sv)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "ERROR": (
        "Something went wrong that has no words of its own yet. Run the command again; if it happens again, "
        "send the trace log (`samsyn trace DATABASE`) to support.",
        "Något gick fel som ännu saknar egna ord. Kör kommandot igen; händer det på nytt, skicka loggen "
        "(`samsyn trace DATABAS`) till supporten.",
    ),
    # Finding and opening
    "URL_UNREADABLE": (
        "{url} does not name a database. Write the path of an SQLite file, sqlite:///PATH or "
        "postgresql://USER@HOST/NAME.",
        "{url} anger ingen databas. Skriv sökvägen till en SQLite-fil, sqlite:///SÖKVÄG eller "
        "postgresql://ANVÄNDARE@DATOR/NAMN.",
    ),
    "ENGINE_UNKNOWN": (
        "Samsyn does not read {scheme} databases. It reads SQLite files and PostgreSQL: check the beginning "
        "of the address.",
        "Samsyn läser inte databaser av typen {scheme}. Det går med SQLite-filer och PostgreSQL: kontrollera "
        "adressens början.",
    ),
    "DATABASE_UNAVAILABLE": (
        "The company database {url} cannot be opened: {reason}. Check that it is there, that its server is "
        "running and that you may open it.",
        "Företagsdatabasen {url} kan inte öppnas: {reason}. Kontrollera att den finns, att dess server är "
        "igång och att du får öppna den.",
    ),
    "NOT_A_FILE": (
        "{url} is a folder or a device, not a database file. Write the path of the file itself.",
        "{url} är en mapp eller en enhet, inte en databasfil. Skriv sökvägen till själva filen.",
    ),
    "BOOKS_DAMAGED": (
        "What Samsyn itself keeps in the company database is damaged ({books}: {reason}). The company's own data "
        "is not touched by that. Take Samsyn's part away with `samsyn detach DATABASE --force`, then attach and "
        "connect again: nothing is doubled.",
        "Det som Samsyn själv har i företagsdatabasen är skadat ({books}: {reason}). Företagets egna data berörs "
        "inte. Ta bort Samsyns del med `samsyn detach DATABAS --force`, och gör sedan om `samsyn attach` och `samsyn connect`: "
        "inget blir dubbelt.",
    ),
    "DATABASE_AWAY": (
        "The company database {url} does not answer just now ({reason}). Nothing was lost: an agent that runs "
        "goes on by itself when it is back, and a command can be given once more.",
        "Företagsdatabasen {url} svarar inte just nu ({reason}). Inget har gått förlorat: en agent som kör "
        "fortsätter av sig själv när den är tillbaka, och ett kommando kan ges en gång till.",
    ),
    "DATABASE_DAMAGED": (
        "The file {url} is damaged ({reason}). Sync has stopped so that nothing is made worse. Restore the "
        "file from a backup; what has been synced is still online.",
        "Filen {url} är skadad ({reason}). Synkroniseringen har stannat för att inte göra något värre. "
        "Återställ filen från en säkerhetskopia; det som har synkroniserats finns kvar online.",
    ),
    "DATABASE_BUSY": (
        "Another program holds the company database {url}. Nothing was changed; try again in a moment, or "
        "close the program that holds it.",
        "Ett annat program håller företagsdatabasen {url} låst. Inget ändrades; försök igen om en stund "
        "eller stäng programmet.",
    ),
    "DATABASE_FULL": (
        "The disk of the company database {url} is full. Nothing was lost; free some space, and it goes on "
        "by itself.",
        "Disken där företagsdatabasen {url} ligger är full. Inget har gått förlorat; frigör utrymme så "
        "fortsätter det av sig självt.",
    ),
    "SERVER_TOO_OLD": (
        "This PostgreSQL server is version {version}; Samsyn needs 13 or later. Update the server first.",
        "PostgreSQL-servern har version {version}; Samsyn kräver 13 eller senare. Uppdatera servern först.",
    ),
    "PRIVILEGE_MISSING": (
        "The role {role} lacks the privilege {privilege} on {on}. Have the database's owner grant it, then "
        "run the command again.",
        "Rollen {role} saknar rättigheten {privilege} på {on}. Be databasens ägare att ge den och kör sedan "
        "kommandot igen.",
    ),
    # Attaching
    "NOT_ATTACHED": (
        "This company database is not attached. Attach it first: samsyn attach DATABASE",
        "Företagsdatabasen är inte ansluten till Samsyn. Anslut den först: samsyn attach DATABAS",
    ),
    "SCHEMA_MOVED": (
        "The tables of {url} changed while it was being planned what to do with them. Nothing was touched; "
        "run the command again.",
        "Tabellerna i {url} ändrades medan arbetet planerades. Inget rördes; kör kommandot igen.",
    ),
    "NAME_TAKEN": (
        "The company database already has something named as Samsyn's own tables are: {names}. Rename it there, "
        "then attach again.",
        "Företagsdatabasen har redan något som heter som Samsyns egna tabeller: {names}. Byt namn på det där och "
        "anslut sedan igen.",
    ),
    "TABLE_UNKNOWN": (
        "There is no table {table} in the company database. `samsyn attach DATABASE --dry-run` shows those that "
        "there are.",
        "Det finns ingen tabell {table} i företagsdatabasen. `samsyn attach DATABAS --dry-run` visar vilka som "
        "finns.",
    ),
    "FIELD_UNKNOWN": (
        "There is no field {field} in the company database. `samsyn attach DATABASE --dry-run --json` shows what "
        "there is.",
        "Det finns inget fält {field} i företagsdatabasen. `samsyn attach DATABAS --dry-run --json` visar vad som "
        "finns.",
    ),
    "FIELD_IS_KEY": (
        "{field} cannot be left out: it is the key by which one record is told from another. Leave the whole "
        "table out instead.",
        "{field} kan inte utelämnas: det är nyckeln som skiljer ett element från ett annat. Utelämna hela "
        "tabellen i stället.",
    ),
    "FIELD_IS_REFERRED": (
        "{field} cannot be left out: other tables refer to it. Leave those tables out too, or keep the field.",
        "{field} kan inte utelämnas: andra tabeller hänvisar till det. Utelämna även dem, eller behåll fältet.",
    ),
    "FIELD_IS_REQUIRED": (
        "{field} cannot be left out: the database asks for a value, and a record that is made online would "
        "have none. Keep the field, or let {type} go to online only (--direction {type}=up).",
        "{field} kan inte utelämnas: databasen kräver ett värde, och ett element som läggs upp online skulle "
        "sakna det. Behåll fältet, eller låt {type} bara gå till online (--direction {type}=up).",
    ),
    "CANNOT_COMPARE": (
        "The database could not be asked whether its values come back the same: {reason}. Attach again; if it "
        "happens again, leave the table out with --exclude.",
        "Databasen kunde inte svara på om värdena kommer tillbaka likadana: {reason}. Anslut igen; händer det "
        "på nytt, utelämna tabellen med --exclude.",
    ),
    # The demo company
    "DEMO_FILE_EXISTS": (
        "There is already a file at {path}, and a demo company is never written over one. Choose another "
        "path, or move the file away.",
        "Det finns redan en fil på {path}, och ett demoföretag skrivs aldrig över en sådan. Välj en annan "
        "sökväg eller flytta undan filen.",
    ),
    "DEMO_TABLES_EXIST": (
        "The database already has a table named {table}, and a demo company is never written beside it. Use "
        "an empty database or schema.",
        "Databasen har redan en tabell som heter {table}, och ett demoföretag skrivs aldrig bredvid den. "
        "Använd en tom databas eller ett tomt schema.",
    ),
}
