"""The help of the commands at the office: code → (en, sv)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "HELP_SAMSYN": (
        """Keeps a company's own database and its copy online the same, both ways.

URL names a company database: the path of an SQLite file, sqlite:///PATH or
postgresql://USER@HOST/NAME.

\b
In short:
  samsyn demo                                  see it work
  samsyn attach URL --dry-run                  what would be synced, and why not
  samsyn attach URL
  samsyn connect URL --online URL --code CODE
  samsyn agent URL                             sync all the time

\b
Exit codes:
  0  done; both sides equal
  1  it could not be done: the reason is told
  2  wrong usage
  3  it went well, but something waits for a person: in quarantine, held, or
     to choose
  4  an alarm is on (status)

With --json the answer is one JSON value on standard output, errors included:
{{"error": CODE, "message": WORDS, …}}. SAMSYN_LANG (en, sv) chooses the language.""",
        """Håller ett företags egen databas och kopian online lika, åt båda håll.

URL är en företagsdatabas: sökvägen till en SQLite-fil, sqlite:///SÖKVÄG eller
postgresql://ANVÄNDARE@DATOR/NAMN.

\b
I korthet:
  samsyn demo                                  se hur det fungerar
  samsyn attach URL --dry-run                  vad som skulle synkas, och varför inte
  samsyn attach URL
  samsyn connect URL --online URL --code KOD
  samsyn agent URL                             synka hela tiden

\b
Slutkoder:
  0  klart; båda sidor lika
  1  det gick inte: skälet står där
  2  fel användning
  3  det gick bra, men något väntar på en människa: i karantän, hejdat eller
     att välja
  4  ett larm är på (status)

Med --json är svaret ett JSON-värde på standard ut, även fel:
{{"error": KOD, "message": ORD, …}}. SAMSYN_LANG (en, sv) väljer språk.""",
    ),
    "HELP_JSON": ("Answer in JSON, for programs.", "Svara i JSON, för program."),
    "HELP_QUIET": ("Say nothing but errors.", "Säg inget utom fel."),
    "HELP_ATTACH": (
        """Make a company database ready for sync.

Looks at every table, tells which can be synced and why not, and installs
triggers that note what changes. Your program and your tables stay as they are.
Running it again mends what is missing.""",
        """Gör en företagsdatabas redo att synkas.

Går igenom alla tabeller, talar om vilka som kan synkas och varför inte, och
lägger in triggrar som noterar ändringar. Programmet och tabellerna förblir som
de är. Kör du kommandot igen lagas det som saknas.""",
    ),
    "HELP_TABLES": (
        "Only these tables, separated by commas. Kept for the next time.",
        "Bara dessa tabeller, åtskilda med komma. Gäller även nästa gång.",
    ),
    "HELP_EXCLUDE": (
        "Without these tables, or fields as TABLE.FIELD, separated by commas. Kept for the next time; '' leaves "
        "nothing out.",
        "Utan dessa tabeller, eller fält som TABELL.FÄLT, åtskilda med komma. Gäller även nästa gång; '' utelämnar "
        "inget.",
    ),
    "HELP_REFERENCES": (
        "Which references to use: those that are declared as foreign keys, or also those that names and values "
        "suggest.",
        "Vilka referenser som används: de som är deklarerade som främmande nycklar, eller även de som namn och "
        "värden tyder på.",
    ),
    "HELP_DRY_RUN": ("Show the plan and change nothing.", "Visa planen och ändra inget."),
    "HELP_DETACH": (
        "Take everything of Samsyn's out of a company database, and compare the schema with how it was before.",
        "Ta bort allt från Samsyn ur en företagsdatabas och jämför schemat med hur det var innan.",
    ),
    "HELP_DETACH_FORCE": ("Also while it is connected.", "Även medan den är ansluten."),
    "HELP_CONNECT": (
        """Connect an attached database to a company online.

The code comes from the service (samsyn online pairing-code), works once and
for 15 minutes.""",
        """Anslut en bevakad databas till ett företag online.

Koden kommer från tjänsten (samsyn online pairing-code) och fungerar en gång, i
15 minuter.""",
    ),
    "HELP_ONLINE": ("The service's address.", "Tjänstens adress."),
    "HELP_CODE": (
        "A pairing code. Without one, somebody approves in a browser, with a Samsyn ID.",
        "En kopplingskod. Utan den godkänner någon i en webbläsare, med ett Samsyn-ID.",
    ),
    "HELP_NOW": (
        "Sync at once, until both sides are equal.",
        "Synka genast, tills båda sidor är lika.",
    ),
    "HELP_DISCONNECT": (
        """End the connection to the company online.

The data stays on both sides. Changes that have not been sent are shown first,
and kept for the next connection.""",
        """Avsluta anslutningen till företaget online.

Alla data finns kvar på båda sidor. Ändringar som inte är skickade visas först
och sparas till nästa anslutning.""",
    ),
    "HELP_YES": ("Do not ask.", "Fråga inte."),
    "HELP_DISCONNECT_FORCE": (
        "Also when the service cannot be reached.",
        "Även när tjänsten inte kan nås.",
    ),
    "HELP_SYNC": (
        """Sync until both sides are equal, then stop.

Where an agent runs already, waits for that instead. Exit code 0: all equal;
3: all equal but what is in quarantine; 1: it could not be done.""",
        """Synka tills båda sidor är lika och sluta sedan.

Om en agent redan kör väntar kommandot på den. Slutkod 0: allt lika; 3: allt
lika utom det som är i karantän; 1: det gick inte.""",
    ),
    "HELP_TIMEOUT": (
        "How long to go on trying when the service or the database cannot be reached.",
        "Hur länge nya försök görs när tjänsten eller databasen inte kan nås.",
    ),
    "HELP_AGENT": (
        "Keep one or more databases in sync, until Ctrl-C. Tells a line for each thing that happens.",
        "Håll en eller flera databaser i synk, tills Ctrl-C. En rad skrivs för varje sak som händer.",
    ),
    "HELP_PAUSE": (
        "Pause sync. Changes are kept on both sides until resume.",
        "Pausa synkroniseringen. Ändringarna sparas på båda sidor tills resume.",
    ),
    "HELP_RESUME": ("Let sync go on after pause.", "Låt synkroniseringen fortsätta efter pause."),
    "HELP_STATUS": (
        "Whether both sides are equal, what waits, and when the last sync was.",
        "Om båda sidor är lika, vad som väntar och när senaste synkroniseringen var.",
    ),
    "HELP_CONFLICTS": (
        "Where both sides changed the same field, and which value stands (7 days).",
        "Var båda sidor ändrade samma fält, och vilket värde som gäller (7 dagar).",
    ),
    "HELP_HISTORY": (
        "Records up and down day by day, and who ran the last sync (7 days).",
        "Element upp och ned dag för dag, och vem som körde senaste synkroniseringen (7 dagar).",
    ),
    "HELP_LOG": (
        "The latest syncs with time, status and message (20).",
        "De senaste synkroniseringarna med tid, status och meddelande (20).",
    ),
    "HELP_DAYS": ("As many days back.", "Så många dagar bakåt."),
    "HELP_LIMIT": ("At most so many.", "Högst så många."),
    "HELP_ALL": ("Everything that is kept.", "Allt som finns kvar."),
    "HELP_LEDGER": (
        "Account for every write that was ever accepted: current, superseded, in conflict or in quarantine.",
        "Redovisa varje ändring som någonsin tagits emot: gällande, ersatt, i konflikt eller i karantän.",
    ),
    "HELP_VERIFY": (
        """Compare every record on both sides, while work goes on, and mend what differs.

A difference is something that was written behind the triggers' back, such as a
bulk load with triggers switched off. It is mended by the same rules as any
other change: what the office changed stands. An agent that runs compares every
type once a day by itself.

Exit code 0: all identical; 3: something still differs or is in quarantine.""",
        """Jämför alla element på båda sidor, medan arbetet pågår, och rätta det som skiljer sig.

En skillnad är något som skrevs utan att bevakningen såg det, till exempel en
massinläsning med avstängda triggrar. Den rättas enligt samma regler som andra
ändringar: det kontoret ändrade gäller. En agent som kör jämför varje typ en
gång om dygnet av sig själv.

Slutkod 0: allt lika; 3: något skiljer sig ännu eller är i karantän.""",
    ),
    "HELP_NO_REPAIR": (
        "Only look: mend nothing.",
        "Titta bara: rätta ingenting.",
    ),
    "HELP_VERIFY_LAST": (
        "What the last comparisons said, type by type. Compares nothing now.",
        "Vad de senaste jämförelserna visade, typ för typ. Jämför inget nu.",
    ),
    "HELP_TRACE": (
        "Where the trace log lies, and its last lines. It holds no values and no secrets.",
        "Var loggen finns, och dess sista rader. Den innehåller inga värden och inga hemligheter.",
    ),
    "HELP_COMPUTERS": (
        "The computers that have run an agent for a database, and which one does now.",
        "Datorerna som har kört en agent för en databas, och vilken som gör det nu.",
    ),
    "HELP_CHOOSE": (
        "Choose which computer syncs a database: the agent refuses to run on any other.",
        "Välj vilken dator som synkroniserar en databas: agenten vägrar att köra på någon annan.",
    ),
    "HELP_CHOOSE_THIS": ("This computer.", "Den här datorn."),
    "HELP_CHOOSE_ANY": ("No choice: whichever starts first.", "Inget val: den som startar först."),
    "HELP_DEMO": (
        """See Samsyn at work.

Starts the service on this computer with a demo company whose database is kept
in sync, and tells what to open and what to try. Ctrl-C stops it; the next start
goes on with the same data.""",
        """Se Samsyn arbeta.

Startar tjänsten på den här datorn med ett demoföretag vars databas hålls i
synk, och talar om vad du kan öppna och prova. Ctrl-C stoppar; nästa start
fortsätter med samma data.""",
    ),
    "HELP_PORT": (
        "Where the service listens; 0 takes a free port.",
        "Var tjänsten lyssnar; 0 tar en ledig port.",
    ),
    "HELP_DEMO_OFFICE_PORT": (
        "The office program's port; 0 takes a free one.",
        "Kontorsprogrammets port; 0 tar en ledig.",
    ),
    "HELP_DEMO_HOME": (
        "The demo's folder.  [default: demo in SAMSYN_HOME]",
        "Demons mapp.  [normalt: demo i SAMSYN_HOME]",
    ),
    "HELP_FRESH": (
        "Throw the demo's data away and begin anew.",
        "Kasta demons data och börja om.",
    ),
    "HELP_CONTACTS": (
        "The size of the demo company, when it is made.",
        "Demoföretagets storlek, när det skapas.",
    ),
    "HELP_LIVE": (
        "Go on making small edits on both sides, as people would.",
        "Fortsätt att göra små ändringar på båda sidor, som folk skulle göra.",
    ),
    "HELP_STILL": ("Make no edits at all.", "Gör inga ändringar alls."),
    "HELP_LINES": ("How many lines.", "Hur många rader."),
}
