"""What the agent and the demo say while they run, and about computers: code → (en, sv)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # The agent and what it moves
    "AGENT_STARTED": (
        "The agent runs ({count}). Stop it with Ctrl-C.",
        "Agenten kör ({count}). Stoppa med Ctrl-C.",
    ),
    "AGENT_STOPPED": (
        "Stopped. Changes are kept until next time.",
        "Stoppad. Ändringar sparas till nästa gång.",
    ),
    "AGENT_IN_SYNC": ("In sync: both sides are equal.", "I synk: båda sidor är lika."),
    "AGENT_BACK": (
        "Back again, and in sync ({up} up, {down} down).",
        "Kontakt igen, och i synk ({up} upp, {down} ned).",
    ),
    "AGENT_SYNCING": ("Syncing many changes …", "Synkroniserar många ändringar …"),
    "AGENT_PAUSED": (
        "Paused: changes are kept on both sides.",
        "Pausad: ändringarna sparas på båda sidor.",
    ),
    "AGENT_DISCONNECTED": (
        "The database was disconnected, so there is nothing more to do for it.",
        "Databasen har kopplats från, så det finns inget mer att göra för den.",
    ),
    "NEWS_LOADED": (
        "First load  {type}: {done} elements",
        "Första överföringen  {type}: {done} element",
    ),
    "NEWS_UP": (
        "office → online  {type} {title}: {fields}",
        "kontoret → online  {type} {title}: {fields}",
    ),
    "NEWS_UP_NEW": (
        "office → online  {type} {title}: new",
        "kontoret → online  {type} {title}: ny",
    ),
    "NEWS_UP_GONE": (
        "office → online  {type} {title}: deleted",
        "kontoret → online  {type} {title}: borttagen",
    ),
    "NEWS_DOWN": (
        "online → office  {type} {title}: {fields}",
        "online → kontoret  {type} {title}: {fields}",
    ),
    "NEWS_DOWN_NEW": (
        "online → office  {type} {title}: new",
        "online → kontoret  {type} {title}: ny",
    ),
    "NEWS_DOWN_GONE": (
        "online → office  {type} {title}: deleted",
        "online → kontoret  {type} {title}: borttagen",
    ),
    "NEWS_MANY_UP": (
        "office → online  {number} elements: {types}",
        "kontoret → online  {number} element: {types}",
    ),
    "NEWS_MANY_DOWN": (
        "online → office  {number} elements: {types}",
        "online → kontoret  {number} element: {types}",
    ),
    "NEWS_CONFLICT": (
        "conflict  {type} {title}, {field}: the office's {office} stands; online was {online}",
        "konflikt  {type} {title}, {field}: kontorets {office} gäller; online var {online}",
    ),
    "NEWS_CONFLICT_ONLINE": (
        "conflict  {type} {title}, {field}: the online {online} stands; the office's was {office}",
        "konflikt  {type} {title}, {field}: online-värdet {online} gäller; kontorets var {office}",
    ),
    "NEWS_CONFLICT_RECORD": (
        "conflict  {type} {title}: {how}",
        "konflikt  {type} {title}: {how}",
    ),
    "NEWS_REFUSED": (
        "In quarantine, not taken: {refused}; `samsyn quarantine` tells why.",
        "I karantän, inte mottaget: {refused}; `samsyn quarantine` visar varför.",
    ),
    # The demo
    "DEMO_STEP_SERVICE": ("The service is started", "Tjänsten är startad"),
    "DEMO_STEP_COMPANY": (
        "Norrsken Handel AB has a company online and a token",
        "Norrsken Handel AB har ett företag online och en nyckel",
    ),
    "DEMO_STEP_DATABASE": (
        "The office has its database: {contacts} contacts with orders, projects, activities",
        "Kontoret har sin databas: {contacts} kontakter med order, projekt, aktiviteter",
    ),
    "DEMO_STEP_ATTACH": ("The database is attached", "Databasen är ansluten till Samsyn"),
    "DEMO_STEP_CONNECT": ("Office and online are connected", "Kontor och online är sammankopplade"),
    "DEMO_STEP_LOAD": ("Every record is online", "Alla element är online"),
    "DEMO_STEP_SYNC": ("Both sides are equal", "Båda sidor är lika"),
    "DEMO_STEP_OFFICE": ("The office program is started", "Kontorsprogrammet är startat"),
    "DEMO_GUIDE": (
        """
Norrsken Handel AB is in sync, and stays so until Ctrl-C.

  Open
    {office}                the office program: sign in as {office_user}, password {office_password}
    {url}                the service: sign in as {email}, password {password}
    {url}/api/v1/docs    its REST API
    {database}

  Try: a new phone number online, that the office gets
    curl -X PATCH {url}/api/v1/companies/{company}/records/contacts/{record} \\
      -H "Authorization: Bearer {token}" -H "Content-Type: application/json" \\
      -d '{{"fields": {{"phone": "08-465 004 20"}}}}'

  Try: a new phone number at the office, that goes online ({name})
    python3 -c "import sqlite3; c = sqlite3.connect('{database}'); c.execute(\\"UPDATE contacts SET phone = '08-465 004 30' WHERE contact_no = {key}\\"); c.commit()"

  Look
    {samsyn} status {database}
    {samsyn} conflicts {database}

What happens:
""",
        """
Norrsken Handel AB är i synk och förblir det tills du trycker Ctrl-C.

  Öppna
    {office}                kontorsprogrammet: logga in som {office_user}, lösenord {office_password}
    {url}                tjänsten: logga in som {email}, lösenord {password}
    {url}/api/v1/docs    dess REST-API
    {database}

  Prova: ett nytt telefonnummer online, som kontoret får
    curl -X PATCH {url}/api/v1/companies/{company}/records/contacts/{record} \\
      -H "Authorization: Bearer {token}" -H "Content-Type: application/json" \\
      -d '{{"fields": {{"phone": "08-465 004 20"}}}}'

  Prova: ett nytt telefonnummer på kontoret, som hamnar online ({name})
    python3 -c "import sqlite3; c = sqlite3.connect('{database}'); c.execute(\\"UPDATE contacts SET phone = '08-465 004 30' WHERE contact_no = {key}\\"); c.commit()"

  Titta
    {samsyn} status {database}
    {samsyn} conflicts {database}

Det här händer:
""",
    ),
    "DEMO_AT_OFFICE": ("at the office  {told}", "på kontoret  {told}"),
    "DEMO_ONLINE": ("online  {told}", "online  {told}"),
    "DEMO_STOPPED": (
        "Stopped. The next start goes on with the same data.",
        "Stoppad. Nästa start fortsätter med samma data.",
    ),
    "DEMO_RUNS": (
        "A demo runs already with the data in {folder}. Stop it with Ctrl-C, or choose another folder with --home.",
        "En demo kör redan med data i {folder}. Stoppa den med Ctrl-C eller välj en annan mapp med --home.",
    ),
    "PORT_TAKEN": (
        "Another program already uses port {port} on this computer. Stop it, or choose another port: "
        "samsyn demo {option} 8600",
        "Ett annat program använder redan port {port} på den här datorn. Stoppa det eller välj en annan port: "
        "samsyn demo {option} 8600",
    ),
    "SERVICE_FAILED": (
        "One of the demo's programs does not run: {reason}. Its log is {log}; start again, or begin anew with --fresh.",
        "Ett av demons program kör inte: {reason}. Dess logg finns i {log}; starta igen eller börja om med --fresh.",
    ),
    # Computers
    "COMPUTERS_NONE": (
        "No computer has run an agent for this database yet.",
        "Ingen dator har kört en agent för databasen än.",
    ),
    "ROLE_CHOSEN": ("chosen", "vald"),
    "ROLE_HOLDS": ("syncs now", "synkroniserar nu"),
    "CHOOSE_ONE": (
        "Give one of: a computer's name or id, --this, --any.",
        "Ange ett av: en dators namn eller id, --this, --any.",
    ),
    "CHOSEN": ("{computer} is the sync computer now.", "{computer} är nu synkroniseringsdator."),
    "CHOSEN_ANY": ("Any computer may sync now.", "Vilken dator som helst får nu synkronisera."),
}
