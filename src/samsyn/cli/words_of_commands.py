"""What the commands at the office say when they have done something: code → (en, sv)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # Small words
    "YES": ("yes", "ja"),
    "NO": ("no", "nej"),
    "UNKNOWN": ("not known now", "inte känt just nu"),
    "NEVER": ("never", "aldrig"),
    "NONE_YET": ("none yet", "ingen än"),
    "SOMEBODY": ("somebody", "någon"),
    "LOADING": ("First load", "Första överföringen"),
    # Headings
    "COL_TABLE": ("Table", "Tabell"),
    "COL_SYNCED": ("Synced", "Synkas"),
    "COL_WHY": ("Why, or what to know", "Varför, eller bra att veta"),
    "COL_DATE": ("Day", "Dag"),
    "COL_TIME": ("Time", "Tid"),
    "COL_COMPUTER": ("Computer", "Dator"),
    "COL_STATUS": ("Status", "Status"),
    "COL_MESSAGE": ("Message", "Meddelande"),
    "COL_SEEN": ("Last seen", "Senast sedd"),
    "COL_ROLE": ("Role", "Roll"),
    "COL_ID": ("Id", "Id"),
    "N_RECORDS": ("Records", "Element"),
    "COL_TYPE": ("Type", "Typ"),
    "N_FOUND": ("Found", "Funna"),
    "N_REPAIRED": ("Mended", "Rättade"),
    "N_LEFT": ("Left", "Kvar"),
    "N_UP": ("Up", "Upp"),
    "N_DOWN": ("Down", "Ned"),
    # Attach and detach
    "ATTACH_PLAN": ("Company database {url}", "Företagsdatabasen {url}"),
    "ATTACH_DRY_RUN": (
        "Nothing was changed. Run the command without --dry-run to attach the database.",
        "Inget ändrades. Kör kommandot utan --dry-run för att ansluta databasen.",
    ),
    "ATTACH_COST": (
        "Cost: {triggers} triggers on {records} records. First load about {load_s} s and {wire} on the wire; "
        "Samsyn's own tables about {identity}, and {journal} bytes for a change until it is sent.",
        "Kostnad: {triggers} triggrar på {records} element. Första överföringen tar ungefär {load_s} s och "
        "{wire} över nätet; Samsyns egna tabeller tar ungefär {identity} och {journal} byte för en ändring "
        "tills den är skickad.",
    ),
    "ATTACHED": (
        "Attached: {count} tables are captured from now on. Next: samsyn connect {url} --online URL --code CODE",
        "Ansluten: {count} tabeller bevakas från och med nu. Sedan: samsyn connect {url} --online URL --code KOD",
    ),
    "ATTACHED_AGAIN": (
        "Already attached: {count} tables are captured as they should be.",
        "Redan ansluten: {count} tabeller bevakas som de ska.",
    ),
    "ATTACH_MENDED": (
        "The capture of these was missing or changed, and is whole again: {types}. Run `samsyn verify` to "
        "compare them.",
        "Bevakningen av dessa saknades eller var ändrad och är nu hel igen: {types}. Kör `samsyn verify` för "
        "att jämföra dem.",
    ),
    "ATTACH_REMOVED": ("No longer synced: {types}.", "Synkas inte längre: {types}."),
    "ATTACH_NOTHING": (
        "No table of this database can be synced; the reasons stand above.",
        "Ingen tabell i databasen kan synkas; skälen står ovan.",
    ),
    "BLIND_SPOTS": (
        "A REPLACE through {indexes} is seen only by `samsyn verify`.",
        "En REPLACE genom {indexes} ses bara av `samsyn verify`.",
    ),
    "FIELDS_LEFT_OUT": ("Without {fields}, see below.", "Utan {fields}, se nedan."),
    "SUGGESTION": (
        "{type}.{field} looks like a reference to {to}: {found} of {looked_at} values are found there. "
        "--references suggested makes it one.",
        "{type}.{field} ser ut att peka på {to}: {found} av {looked_at} värden finns där. "
        "--references suggested gör det till en referens.",
    ),
    "SUGGESTION_TAKEN": (
        "{type}.{field} is taken for a reference to {to}: {found} of {looked_at} values are found there.",
        "{type}.{field} tas för en referens till {to}: {found} av {looked_at} värden finns där.",
    ),
    "DETACH_NOTHING": (
        "Nothing of Samsyn's was in the database; it is as it was.",
        "Det fanns inget av Samsyn i databasen; den är som den var.",
    ),
    "DETACHED_IDENTICAL": (
        "Detached. The schema of {url} is byte for byte what it was before Samsyn came.",
        "Frånkopplad. Schemat i {url} är byte för byte som det var innan Samsyn kom.",
    ),
    "DETACHED_CHANGED": (
        "Detached. Everything of Samsyn's is gone; other programs have changed these meanwhile: {changed}.",
        "Frånkopplad. Allt från Samsyn är borta; andra program har under tiden ändrat detta: {changed}.",
    ),
    "DETACHED_LEFT": (
        "Detached, but this could not be taken away: {left}. Have the owner of the database remove it.",
        "Frånkopplad, men detta gick inte att ta bort: {left}. Be databasens ägare att ta bort det.",
    ),
    # Connect and disconnect
    "CONNECTED": (
        "Connected to {company_name} at {online}. Next: samsyn sync {url} (once), or samsyn agent {url} (all the "
        "time).",
        "Ansluten till {company_name} på {online}. Sedan: samsyn sync {url} (en gång) eller samsyn agent {url} "
        "(hela tiden).",
    ),
    "CONNECTED_NEWCOMER": (
        "{company_name} has had a database before, and this one does not know how far that had come: it is another "
        "one, or older. What came since is brought into it with the sync. Where it holds something that nobody "
        "knows, that stands, and what it overrides is kept: samsyn conflicts URL. What is missing in it is held "
        "until you decide: samsyn held URL.",
        "{company_name} har haft en databas tidigare, och den här vet inte hur långt den hade kommit: den är en annan "
        "eller äldre. Det som tillkommit sedan dess förs in i den vid synkroniseringen. Har den något som ingen "
        "känner till så gäller det, och det som skrivs över sparas: samsyn conflicts URL. Det som saknas i den hålls "
        "kvar tills du bestämmer: samsyn held URL.",
    ),
    "CONNECTED_NOW": (
        "Connected to {company_name} at {online}. The first sync begins.",
        "Ansluten till {company_name} på {online}. Den första synkroniseringen börjar.",
    ),
    "DISCONNECT_ANYWAY": (
        "Changes not sent yet: {waiting_up}. They are kept for the next connection to this company. "
        "Disconnect now?",
        "Ändringar som inte är skickade än: {waiting_up}. De sparas till nästa anslutning till företaget. Koppla från "
        "nu?",
    ),
    "DISCONNECTED": (
        "Disconnected from {company_name}. The data stays on both sides; connecting again doubles nothing.",
        "Frånkopplad från {company_name}. Alla data finns kvar på båda sidor; ansluts databasen igen blir inget "
        "dubbelt.",
    ),
    "DISCONNECTED_UNTOLD": (
        "The service at {online} could not be told: end the connection there too.",
        "Tjänsten på {online} kunde inte nås: avsluta anslutningen även där.",
    ),
    "DISCONNECTED_WAITING": (
        "Changes that were not sent: {waiting_up}. They are kept and go with the next connection.",
        "Ändringar som inte är skickade: {waiting_up}. De sparas och följer med nästa anslutning.",
    ),
    # Sync
    "SYNC_MOVED": (
        "Both sides are equal ({up} up, {down} down).",
        "Båda sidor är lika ({up} upp, {down} ned).",
    ),
    "SYNC_NOTHING": (
        "Both sides are equal; there was nothing to move.",
        "Båda sidor är lika; det fanns inget att flytta.",
    ),
    "SYNC_WATCHED": (
        "Both sides are equal; the agent that runs saw to it.",
        "Båda sidor är lika; agenten som kör såg till det.",
    ),
    "SYNC_MOVED_REST": (
        "Synced ({up} up, {down} down), but not all is equal:",
        "Synkroniserat ({up} upp, {down} ned), men allt är inte lika:",
    ),
    "SYNC_NOTHING_REST": (
        "There was nothing to move, but not all is equal:",
        "Det fanns inget att flytta, men allt är inte lika:",
    ),
    "SYNC_CONFLICTS": (
        "Conflicts: {conflicts}. `samsyn conflicts` shows both values, and which one stands.",
        "Konflikter: {conflicts}. `samsyn conflicts` visar båda värdena och vilket som gäller.",
    ),
    "SYNC_QUARANTINE": (
        "In quarantine: {quarantine}. Everything else is equal; `samsyn quarantine` tells why.",
        "I karantän: {quarantine}. Allt annat är lika; `samsyn quarantine` visar varför.",
    ),
    "SYNC_WARNING": (
        "Conflicts: {conflicts}. Refused: {refused}.",
        "Konflikter: {conflicts}. Avvisade: {refused}.",
    ),
    "PAUSED": (
        "Sync is paused. Changes are kept on both sides until: samsyn resume {url}",
        "Synkroniseringen är pausad. Ändringarna sparas på båda sidor tills: samsyn resume {url}",
    ),
    "RESUMED": (
        "Sync may go on. Where no agent runs: samsyn sync {url}, or samsyn agent {url}",
        "Synkroniseringen får fortsätta. Där ingen agent kör: samsyn sync {url} eller samsyn agent {url}",
    ),
    # Status
    "STATE_IN_SYNC": ("In sync: both sides are equal.", "I synk: båda sidor är lika."),
    "STATE_IN_SYNC_REST": (
        "In sync, but for what waits for somebody to look.",
        "I synk, utom det som väntar på att någon tittar.",
    ),
    "STATE_SYNCING": ("Syncing.", "Synkroniserar."),
    "STATE_OFFLINE": ("Offline.", "Ingen kontakt med tjänsten."),
    "STATE_PAUSED": ("Paused.", "Pausad."),
    "STATE_STOPPED": ("Stopped.", "Stannad."),
    "ROW_COMPANY": ("Company online", "Företag online"),
    "ROW_RECORDS": ("Records at the office", "Element på kontoret"),
    "ROW_WAITING_UP": ("Waiting to go up", "Väntar på att skickas upp"),
    "ROW_WAITING_DOWN": ("Waiting to come down", "Väntar på att komma ned"),
    "ROW_QUARANTINE": ("In quarantine", "I karantän"),
    "ROW_LAST_SYNC": ("Last sync", "Senaste synkronisering"),
    "ROW_VERIFIED": ("Compared", "Jämfört"),
    "ROW_AGENT": ("Agent", "Agent"),
    "ROW_SYNC_COMPUTER": ("Sync computer", "Synkroniseringsdator"),
    "AGENT_RUNS": ("runs", "kör"),
    "AGENT_RUNS_NOT": ("does not run", "kör inte"),
    # Lists
    "CONFLICTS_NONE": ("No conflicts in this period.", "Inga konflikter under perioden."),
    "CONFLICT": (
        "{at}  {id}  {type} {title}, {field}: office {office}, online {online} (by {by}), before {base}. {how}",
        "{at}  {id}  {type} {title}, {field}: kontoret {office}, online {online} (av {by}), tidigare {base}. {how}",
    ),
    "CONFLICT_RECORD": (
        "{at}  {id}  {type} {title}: {how} ({by})",
        "{at}  {id}  {type} {title}: {how} ({by})",
    ),
    "OUTCOME_OFFICE_VALUE": ("The office's value stands.", "Kontorets värde gäller."),
    "OUTCOME_OFFICE_DELETED": (
        "The office deleted the record; the online value is kept here.",
        "Kontoret tog bort elementet; online-värdet sparas här.",
    ),
    "OUTCOME_DELETION_UNDONE": (
        "Deleted online and edited at the office: the record lives.",
        "Borttaget online och ändrat på kontoret: elementet lever.",
    ),
    "OUTCOME_DELETE_REFUSED": (
        "The office cannot delete it, so it came back online.",
        "Kontoret kan inte ta bort det, så det kom tillbaka online.",
    ),
    "OUTCOME_GIVEN_UP": (
        "The office could not take it; a person let it go.",
        "Kontoret kunde inte ta emot det; en person lät det vara.",
    ),
    "OUTCOME_ONLINE_VALUE": (
        "The online value stands, by the rule of this field.",
        "Online-värdet gäller, enligt fältets regel.",
    ),
    "OUTCOME_STALE_FORM": (
        "Saved at the office from a form that was opened before the online value came; the office's value stands.",
        "Sparat på kontoret från ett formulär som öppnades innan online-värdet kom; kontorets värde gäller.",
    ),
    "OUTCOME_FIELD_GONE": (
        "The office has dropped the field; the online value is kept here.",
        "Kontoret har tagit bort fältet; online-värdet sparas här.",
    ),
    "OUTCOME_MERGED": (
        "Two records became one; this value had no room there.",
        "Två element blev ett; det här värdet fick inte plats.",
    ),
    "HISTORY_LAST": (
        "The last sync ended at {at}, run by {computer}.",
        "Senaste synkroniseringen blev klar {at}, på {computer}.",
    ),
    "HISTORY_NONE": ("Nothing has been synced yet.", "Inget har synkroniserats än."),
    "LOG_NONE": (
        "The log is empty: nothing has been synced yet.",
        "Loggen är tom: inget har synkroniserats än.",
    ),
    "STATUS_OK": ("ok", "ok"),
    "STATUS_WARNING": ("warning", "varning"),
    "STATUS_ERROR": ("error", "fel"),
    "LEDGER": (
        "Field writes: {current} current, {superseded} superseded by a later write, {conflict} in the conflict "
        "log, {quarantine} in quarantine. Waiting at the office: {waiting_up}.",
        "Skrivna fält: {current} gäller, {superseded} ersatta av en senare ändring, {conflict} i konfliktloggen, "
        "{quarantine} i karantän. Väntar på kontoret: {waiting_up}.",
    ),
    "LEDGER_OK": (
        "Nothing is lost: the difference is zero.",
        "Inget är borta: skillnaden är noll.",
    ),
    "LEDGER_DIFFERS": (
        "Writes not accounted for: {difference}. Send the trace log to support.",
        "Ändringar utan förklaring: {difference}. Skicka loggen till supporten.",
    ),
    "VERIFIED": (
        "All {records} records are identical on both sides at {at}.",
        "Alla {records} element är lika på båda sidor {at}.",
    ),
    "VERIFY_DIFFERS": (
        "Records that differ: {count}, of {records}.",
        "Element som skiljer sig: {count}, av {records}.",
    ),
    "VERIFY_REPAIRED": (
        "Records that differed and have been mended: {count}.",
        "Element som skilde sig och har rättats: {count}.",
    ),
    "VERIFY_HELD": (
        "Not compared, since they are held: {types}. Let them go or put them back: samsyn held URL.",
        "Inte jämförda, eftersom de hålls kvar: {types}. Släpp dem eller återställ dem: samsyn held URL.",
    ),
    "VERIFY_FROZEN": (
        "Records with a frozen field, since two programs answer each other there: {count}. "
        "All else of them is compared. What to do: samsyn quarantine URL.",
        "Element med ett fryst fält, eftersom två program svarar varandra där: {count}. "
        "Allt annat i dem är jämfört. Vad man kan göra: samsyn quarantine URL.",
    ),
    "VERIFIED_NOT_YET": (
        "not every type has been compared yet",
        "alla typer har inte jämförts än",
    ),
    "VERIFIED_SINCE": (
        "all {records} records were identical, all compared since {at}",
        "alla {records} element var lika, alla jämförda sedan {at}",
    ),
    "VERIFIED_DIFFERS": (
        "some of {records} records differed; samsyn verify URL compares and mends",
        "några av {records} element skilde sig; samsyn verify URL jämför och rättar",
    ),
    "VERIFY_FOUND": (
        "{type}: {found} records differed without anyone having told; {left} are left.",
        "{type}: {found} element skilde sig utan att någon ändring hade fångats; {left} återstår.",
    ),
    "DIFFERENCE_NO_IDENTITY": (
        "{type}: a new row at the office that was not noticed",
        "{type}: en ny rad på kontoret som inte hade märkts",
    ),
    "DIFFERENCE_WAITS": (
        "{type} {record}: an online change waits for the office",
        "{type} {record}: en ändring online väntar på kontoret",
    ),
    "DIFFERENCE_DIFFERS": ("{type} {record}: differs", "{type} {record}: skiljer sig"),
    "DIFFERENCE_OFFICE_ONLY": (
        "{type} {record}: only at the office",
        "{type} {record}: bara på kontoret",
    ),
    "DIFFERENCE_ONLINE_ONLY": ("{type} {record}: only online", "{type} {record}: bara online"),
    "DIFFERENCE_NEVER_AT_REST": (
        "{type}{record}: written to all the time; try again later",
        "{type}{record}: ändras hela tiden; försök igen senare",
    ),
    "TRACE_AT": ("The trace log is {path}", "Loggen finns i {path}"),
    "TRACE_NONE": (
        "Nothing has been logged yet. It will stand in {path}",
        "Inget är loggat än. Det kommer att stå i {path}",
    ),
    # What can be in the way
    "COMPUTER_UNKNOWN": (
        "No computer {computer} has run an agent here. `samsyn computers DATABASE` lists those that have.",
        "Ingen dator {computer} har kört en agent här. `samsyn computers DATABAS` visar dem som har.",
    ),
    "ALREADY_CONNECTED": (
        "This company database is already connected to {company_name} at {online}. Disconnect it first: "
        "samsyn disconnect DATABASE",
        "Företagsdatabasen är redan ansluten till {company_name} på {online}. Koppla från den först: "
        "samsyn disconnect DATABAS",
    ),
    "STILL_CONNECTED": (
        "{url} is connected to {company_name}. Disconnect it first: samsyn disconnect {url}. --force detaches "
        "without that; the service then waits for a database that does not come.",
        "{url} är ansluten till {company_name}. Koppla från den först: samsyn disconnect {url}. --force tar bort "
        "bevakningen ändå; tjänsten väntar då på en databas som inte kommer.",
    ),
    "CHANGES_WAITING": (
        "Changes not sent yet: {waiting_up}. Send them: samsyn sync {url}. --yes disconnects all the "
        "same; they are kept for the next connection to this company.",
        "Ändringar som inte är skickade än: {waiting_up}. Skicka dem: samsyn sync {url}. --yes kopplar från ändå; de "
        "sparas till nästa anslutning till företaget.",
    ),
    "SYNC_PAUSED": (
        "Sync is paused. Changes are kept on both sides; go on with: samsyn resume DATABASE",
        "Synkroniseringen är pausad. Ändringarna sparas på båda sidor; fortsätt med: samsyn resume DATABAS",
    ),
    "NOT_AT_REST": (
        "The agent on {computer} has not got further for {timeout_s} seconds. Nothing is lost; "
        "`samsyn status DATABASE` tells what waits.",
        "Agenten på {computer} har inte kommit längre på {timeout_s} sekunder. Inget är förlorat; "
        "`samsyn status DATABAS` visar vad som väntar.",
    ),
    "NO_AGENT": (
        "Something waits and no agent runs. Start one: samsyn agent DATABASE, or sync once: samsyn sync DATABASE",
        "Något väntar och ingen agent kör. Starta en: samsyn agent DATABAS, eller synka en gång: samsyn sync "
        "DATABAS",
    ),
    "DATABASE_TROUBLE": (
        "The database says: {reason}. Nothing was changed; run the command again, and if it happens again, send "
        "the trace log to support.",
        "Databasen säger: {reason}. Inget ändrades; kör kommandot igen, och händer det på nytt, skicka loggen till "
        "supporten.",
    ),
}
