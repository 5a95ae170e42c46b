"""What is held and why, and the way on: code → (en, sv)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "HELP_HELD": (
        """What is held, and why: a table that was suddenly emptied, many records
deleted at once or missing in the database, one field set to the same value
everywhere, or a table whose columns were changed. Only that type waits; all others are synced.

\b
  samsyn held URL                  what is held
  samsyn held URL TYPE --plan      what would happen, with the first 20 records
  samsyn held URL TYPE --release   it was meant: let it go on
  samsyn held URL TYPE --undo      it was a mistake: put the other side's values back""",
        """Vad som hålls kvar, och varför: en tabell som plötsligt tömdes, många
element borttagna på en gång eller saknade i databasen, ett fält som fick samma
värde överallt eller en tabell vars kolumner ändrades. Bara den typen väntar, alla andra synkas.

\b
  samsyn held URL                  vad som hålls kvar
  samsyn held URL TYP --plan       vad som skulle hända, med de 20 första elementen
  samsyn held URL TYP --release    det var meningen: släpp fram det
  samsyn held URL TYP --undo       det var ett misstag: lägg tillbaka andra sidans värden""",
    ),
    "HELP_HELD_PLAN": (
        "Show what would be sent or applied; nothing is changed.",
        "Visa vad som skulle skickas eller skrivas in; inget ändras.",
    ),
    "HELP_HELD_RELEASE": (
        "It was meant: let the type go on.",
        "Det var meningen: släpp fram typen.",
    ),
    "HELP_HELD_UNDO": (
        "It was a mistake: put back the values of the other side.",
        "Det var ett misstag: lägg tillbaka den andra sidans värden.",
    ),
    "HELP_HELD_LIMIT": (
        "How many percent of the type may be deleted at once before it is held; off: never held.",
        "Hur många procent av typen som får tas bort på en gång innan den hålls kvar; off: aldrig.",
    ),
    "HELD_ONE": (
        "Give the type and one of --plan, --release, --undo, --limit.",
        "Ange typen och en av --plan, --release, --undo, --limit.",
    ),
    "HELD_LIMIT_BAD": (
        "{limit} is no limit: give a percentage from 1 to 100, off or default.",
        "{limit} är ingen gräns: ange en procentsats från 1 till 100, off eller default.",
    ),
    "HELD_LIMIT_SET": ("{type}: the limit is {limit} now.", "{type}: gränsen är nu {limit}."),
    "HELD_NONE": ("Nothing is held.", "Inget hålls kvar."),
    "HELD_SINCE": (
        "  Held since {since}; {waiting} changes of the office wait. Everything else is synced.",
        "  Hålls kvar sedan {since}; {waiting} ändringar från kontoret väntar. Allt annat synkas.",
    ),
    "HELD_NEXT": (
        "  Look: samsyn held {url} {type} --plan. Then --release if it was meant, --undo if not.",
        "  Titta: samsyn held {url} {type} --plan. Sedan --release om det var meningen, annars --undo.",
    ),
    "HELD_NEXT_SCHEMA": (
        "  Next: samsyn attach {url} --again (--dry-run shows what it would do).",
        "  Gör så här: samsyn attach {url} --again (--dry-run visar vad det skulle göra).",
    ),
    "HELD_RELEASED": (
        "{type} goes on: with the next sync it is taken to the other side.",
        "{type} släpps fram: med nästa synk förs det över till andra sidan.",
    ),
    "HELD_UNDOING": (
        "{type} is put back with the next sync. See how it went: samsyn held {url}",
        "{type} läggs tillbaka med nästa synk. Se hur det gick: samsyn held {url}",
    ),
    "HELD_PLAN_OFFICE": (
        "Let go, this would happen online:",
        "Om det släpps fram händer det här online:",
    ),
    "HELD_PLAN_ONLINE": (
        "Let go, this would happen at the office:",
        "Om det släpps fram händer det här på kontoret:",
    ),
    "HELD_ROW_INSERT": ("  new      {title} {fields}", "  ny       {title} {fields}"),
    "HELD_ROW_UPDATE": ("  changed  {title}  {fields}", "  ändrad   {title}  {fields}"),
    "HELD_ROW_DELETE": ("  deleted  {title}", "  borttagen  {title}"),
    "HELD_MORE": ("  … and more.", "  … och fler."),
    "ROW_HELD": ("Held", "Hålls kvar"),
    "SYNC_HELD": (
        "Held until somebody has looked: {types}; `samsyn held` tells why. Everything else is synced.",
        "Hålls kvar tills någon har tittat: {types}; `samsyn held` visar varför. Allt annat synkas.",
    ),
    # Trouble
    "NOT_HELD": (
        "{type} is not held. What is: samsyn held URL",
        "{type} hålls inte kvar. Vad som gör det: samsyn held URL",
    ),
    "TYPE_UNKNOWN": (
        "The database has no synced type {type}. What it has: samsyn attach URL --dry-run",
        "Databasen har ingen synkad typ {type}. Vad den har: samsyn attach URL --dry-run",
    ),
    "SCHEMA_HELD": (
        "{type} is held because its table was changed; there is nothing to release or undo. "
        "Take the new table in: samsyn attach URL --again",
        "{type} hålls kvar för att tabellen ändrades; det finns inget att släppa fram eller ångra. "
        "Ta in den nya tabellen: samsyn attach URL --again",
    ),
    # Why: the office
    "HELD_OFFICE_TABLE_EMPTIED": (
        "{type}: the table was emptied at the office ({count} of {records} records). Online nothing was "
        "deleted. Was it meant?",
        "{type}: tabellen tömdes på kontoret ({count} av {records} element). Online har inget tagits bort. "
        "Var det meningen?",
    ),
    "HELD_OFFICE_MANY_DELETED": (
        "{type}: {count} of {records} records were deleted at the office in a short stretch of work. "
        "Those that are held are still there online. Was it meant?",
        "{type}: {count} av {records} element togs bort på kontoret på kort tid. De som hålls kvar finns "
        "kvar online. Var det meningen?",
    ),
    "HELD_OFFICE_ONE_VALUE": (
        "{type}: the field {fields} got the same value ({value}) in {count} of {records} records at the "
        "office. Online the old values stand. Was it meant?",
        "{type}: fältet {fields} fick samma värde ({value}) i {count} av {records} element på kontoret. "
        "Online står de gamla värdena kvar. Var det meningen?",
    ),
    "HELD_OFFICE_MISSING": (
        "{type}: {count} of {records} records that are online are not in this database. Is it the right one? "
        "Online nothing was deleted. If they were deleted at the office on purpose: --release; if they are "
        "to come back into this database: --undo; if it is the wrong database: samsyn disconnect URL.",
        "{type}: {count} av {records} element som finns online saknas i den här databasen. Är det rätt "
        "databas? Online har inget tagits bort. Om de tagits bort på kontoret med flit: --release; om de "
        "ska tillbaka in i den här databasen: --undo; om det är fel databas: samsyn disconnect URL.",
    ),
    "HELD_OFFICE_UNDO_REFUSED": (
        "{type}: {count} records could not be put back at the office: {reason}. Online they are still "
        "there. Mend what the database says and use --undo again, or --release to let them go.",
        "{type}: {count} element kunde inte läggas tillbaka på kontoret: {reason}. Online finns de kvar. "
        "Rätta det databasen säger och kör --undo igen, eller --release för att låta dem gå.",
    ),
    # Why: online
    "HELD_ONLINE_TABLE_EMPTIED": (
        "{type}: all {count} records were deleted online. At the office they are still there. Was it meant?",
        "{type}: alla {count} element togs bort online. På kontoret finns de kvar. Var det meningen?",
    ),
    "HELD_ONLINE_MANY_DELETED": (
        "{type}: {count} of {records} records were deleted online in a short stretch of work. Those that "
        "are held are still there at the office. Was it meant?",
        "{type}: {count} av {records} element togs bort online på kort tid. De som hålls kvar finns kvar "
        "på kontoret. Var det meningen?",
    ),
    "HELD_ONLINE_ONE_VALUE": (
        "{type}: the field {fields} got the same value ({value}) in {count} of {records} records online. "
        "At the office the old values stand. Was it meant?",
        "{type}: fältet {fields} fick samma värde ({value}) i {count} av {records} element online. "
        "På kontoret står de gamla värdena kvar. Var det meningen?",
    ),
    # Why: the table was changed
    "HELD_SCHEMA_TABLE_GONE": (
        "{type}: its table is no longer there, it was dropped or renamed. The records online are as they "
        "were; all other tables are synced. If that was meant, take the tables in as they are now: "
        "samsyn attach URL --again (if it was only renamed: with --renamed OLD=NEW)",
        "{type}: tabellen finns inte längre, den har tagits bort eller bytt namn. Elementen online är som "
        "de var, och alla andra tabeller synkas. Om det var meningen: ta in tabellerna som de är nu med "
        "samsyn attach URL --again (om den bara bytt namn: med --renamed GAMMALT=NYTT)",
    ),
    "HELD_SCHEMA_FIELDS_GONE": (
        "{type}: the columns {fields} are no longer there, they were dropped or renamed. Nothing is lost: "
        "the values online stand, and what is written at the office meanwhile is found afterwards. Take "
        "the table in as it is now: samsyn attach URL --again (what was only renamed: "
        "--renamed TABLE.OLD=NEW)",
        "{type}: kolumnerna {fields} finns inte längre, de har tagits bort eller bytt namn. Inget är "
        "förlorat: värdena online står kvar, och det som skrivs på kontoret under tiden hittas efteråt. "
        "Ta in tabellen som den är nu: samsyn attach URL --again (det som bara bytt namn: "
        "--renamed TABELL.GAMMALT=NYTT)",
    ),
    "HELD_SCHEMA_FIELDS_RETYPED": (
        "{type}: the columns {fields} hold another type of value than before. Nothing is lost: both sides "
        "keep what they have. Take the table in as it is now: samsyn attach URL --again",
        "{type}: kolumnerna {fields} har en annan datatyp än förut. Inget är förlorat: båda sidor behåller "
        "det de har. Ta in tabellen som den är nu: samsyn attach URL --again",
    ),
    "HELD_SCHEMA_KEY_CHANGED": (
        "{type}: the table's key is another one now ({fields}). Nothing is lost: both sides keep what they "
        "have. Take the table in as it is now: samsyn attach URL --again (what was only renamed: --renamed TABLE.OLD=NEW)",
        "{type}: tabellen har en annan nyckel nu ({fields}). Inget är förlorat: båda sidor behåller det de "
        "har. Ta in tabellen som den är nu: samsyn attach URL --again",
    ),
    "HELD_SCHEMA_REFERENCE_GONE": (
        "{type}: what {fields} refers to is no longer there under that name. Nothing is lost. Take the "
        "tables in as they are now: samsyn attach URL --again",
        "{type}: det som {fields} pekar på finns inte längre under det namnet. Inget är förlorat. Ta in "
        "tabellerna som de är nu: samsyn attach URL --again",
    ),
    "HELD_SCHEMA_TABLE_UNREADABLE": (
        "{type}: the table cannot be read now: {reason}. Nothing is lost. When it can be read again, the "
        "sync goes on by itself; else take the tables in as they are now: samsyn attach URL --again",
        "{type}: tabellen går inte att läsa nu: {reason}. Inget är förlorat. När den går att läsa igen "
        "fortsätter synken av sig själv; annars ta in tabellerna som de är nu: samsyn attach URL --again",
    ),
    "HELD_SCHEMA_TRIGGERS_GONE": (
        "{type}: the triggers that note changes are gone, and Samsyn may not make them again: {reason}. "
        "Nothing is lost; what is written meanwhile is found afterwards. Let the owner of the table run: "
        "samsyn attach URL --again",
        "{type}: triggrarna som noterar ändringar är borta, och Samsyn får inte göra om dem: {reason}. "
        "Inget är förlorat; det som skrivs under tiden hittas efteråt. Låt tabellens ägare köra: "
        "samsyn attach URL --again",
    ),
    "SCHEMA_CHANGED": (
        "The tables were changed while they were synced ({reason}). Nothing is lost; it is tried again by "
        "itself.",
        "Tabellerna ändrades medan de synkades ({reason}). Inget är förlorat; nytt försök görs automatiskt.",
    ),
    "NEW_COLUMNS": (
        "{type} has new columns that are not synced: {fields}. Take them in: samsyn attach URL --again",
        "{type} har nya kolumner som inte synkas: {fields}. Ta in dem: samsyn attach URL --again",
    ),
    # Attach again
    "HELP_AGAIN": (
        "Take the tables in as they are now, after the program has changed them: tells what is other "
        "than before, lets go what was held for it, and compares what was touched.",
        "Ta in tabellerna som de är nu, efter att programmet har ändrat dem: visar vad som skiljer, "
        "släpper fram det som hölls kvar och jämför det som berördes.",
    ),
    "AGAIN_SAME": (
        "The tables are as they were attached.",
        "Tabellerna är som när de anslöts.",
    ),
    "AGAIN_TYPE_NEW": (
        "  {type}: new, its records go online",
        "  {type}: ny, dess element förs online",
    ),
    "AGAIN_TYPE_GONE": (
        "  {type}: no longer there; its records online stay and are no longer synced",
        "  {type}: finns inte längre; dess element online blir kvar men synkas inte",
    ),
    "AGAIN_FIELDS_NEW": ("  {type}: new columns {fields}", "  {type}: nya kolumner {fields}"),
    "AGAIN_FIELDS_GONE": (
        "  {type}: without the columns {fields}, whose values leave the records online",
        "  {type}: utan kolumnerna {fields}, vars värden försvinner ur elementen online",
    ),
    "AGAIN_FIELDS_RETYPED": (
        "  {type}: another type of value in {fields}",
        "  {type}: annan datatyp i {fields}",
    ),
    "AGAIN_KEY": (
        "  {type}: another key; its records are told anew",
        "  {type}: annan nyckel; dess element berättas på nytt",
    ),
    # What the program has renamed
    "HELP_RENAMED": (
        "The program has renamed a column, or with OLDTABLE=NEWTABLE a table: it goes on as the same "
        "field, with its values, history and conflicts. May be repeated; implies --again.",
        "Programmet har bytt namn på en kolumn, eller med GAMMALTABELL=NYTABELL på en tabell: den "
        "fortsätter som samma fält, med värden, historik och konflikter. Kan upprepas; medför --again.",
    ),
    "AGAIN_RENAMED": (
        "  {type}: {old} is called {new} now and goes on as before",
        "  {type}: {old} heter nu {new} och fortsätter som förut",
    ),
    "AGAIN_EVIDENT": (
        "  It looks as if something was only renamed. If so, keep its values and history: "
        "samsyn attach {url} --again --renamed {rename}",
        "  Det ser ut som om något bara bytt namn. I så fall, behåll värden och historik: "
        "samsyn attach {url} --again --renamed {rename}",
    ),
    "RENAME_UNKNOWN": (
        "{rename}: nothing is synced under the old name. Write TABLE.OLD=NEW for a column, OLD=NEW for a "
        "table. What is synced: samsyn attach URL --again --dry-run",
        "{rename}: inget synkas under det gamla namnet. Skriv TABELL.GAMMALT=NYTT för en kolumn, "
        "GAMMALT=NYTT för en tabell. Vad som synkas: samsyn attach URL --again --dry-run",
    ),
    "RENAME_STAYS": (
        "{rename}: the old name is still there, so nothing was renamed. Leave this out, or rename it in the "
        "database first.",
        "{rename}: det gamla namnet finns kvar, så inget har bytt namn. Utelämna detta, eller byt namn i "
        "databasen först.",
    ),
    "RENAME_UNFIT": (
        "{rename}: there is nothing of the new name that can be synced, or it is another field already. "
        "What there is: samsyn attach URL --again --dry-run",
        "{rename}: det finns inget med det nya namnet som kan synkas, eller så är det redan ett annat fält. "
        "Vad som finns: samsyn attach URL --again --dry-run",
    ),
}
