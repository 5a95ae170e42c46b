"""What `samsyn online` says, in English and Swedish: code → (en, sv), with the next step."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # What went wrong
    "TLS_REQUIRED": (
        "{host} can be reached from other computers, and the service would be open to eavesdropping there. "
        "Give it a certificate (--tls-cert FILE --tls-key FILE), or, when a proxy on this machine speaks TLS "
        "for it, say --behind-proxy. Without TLS it listens on 127.0.0.1 only.",
        "{host} kan nås från andra datorer, och där skulle tjänsten kunna avlyssnas. Ge den ett certifikat "
        "(--tls-cert FIL --tls-key FIL), eller ange --behind-proxy om en proxy på den här datorn sköter TLS. "
        "Utan TLS lyssnar den bara på 127.0.0.1.",
    ),
    "TLS_FILES": (
        "The certificate or its key cannot be used: {reason}. Both must be PEM files and belong together.",
        "Certifikatet eller dess nyckel kan inte användas: {reason}. Båda ska vara PEM-filer och höra ihop.",
    ),
    "ADDRESS_TAKEN": (
        "Cannot listen on {host} port {port}: {reason}. Stop the program that uses it, or choose another --port.",
        "Det går inte att lyssna på {host} port {port}: {reason}. Stoppa programmet som använder porten, "
        "eller välj en annan med --port.",
    ),
    "DATABASE_UNUSABLE": (
        "The service's own database cannot be used: {reason}. Check that it is running and that the address is right.",
        "Tjänstens egen databas kan inte användas: {reason}. Kontrollera att den är igång och att adressen stämmer.",
    ),
    "BAD_DATABASE_URL": (
        "--database takes postgresql://user@host/name; leave it out to use SQLite in the home folder.",
        "--database ska vara postgresql://användare@dator/namn; utelämna den för SQLite i hemmappen.",
    ),
    "HOME_UNUSABLE": (
        "The folder {folder} cannot be used: {reason}. Choose another one with --home.",
        "Mappen {folder} kan inte användas: {reason}. Välj en annan med --home.",
    ),
    "UNKNOWN_COMPANY": (
        "There is no company {company}. `samsyn online list-companies` shows those that there are.",
        "Det finns inget företag {company}. `samsyn online list-companies` visar vilka som finns.",
    ),
    "BAD_EMAIL": (
        "{email} is not an e-mail address.",
        "{email} är ingen e-postadress.",
    ),
    "BAD_NAME": (
        "A name has 1 to {limit} characters, all of them printable.",
        "Ett namn har 1 till {limit} tecken, alla skrivbara.",
    ),
    "UNKNOWN_PERSON": (
        "Nobody here has the address {email}. `samsyn online create-company` makes its owner known.",
        "Ingen här har adressen {email}. `samsyn online create-company` lägger upp ägaren.",
    ),
    "UNKNOWN_MEMBER": (
        "That person is not a member of the company. Look at the list of members.",
        "Den personen är inte med i företaget. Se medlemslistan.",
    ),
    "UNKNOWN_ROLE": (
        "The company has no role {role}. Choose one of its roles.",
        "Företaget har ingen roll {role}. Välj en av dess roller.",
    ),
    "LAST_SUPERUSER": (
        "A company always has a superuser. Make somebody else one first.",
        "Ett företag har alltid en superanvändare. Gör någon annan till det först.",
    ),
    "SECOND_FACTOR_NEEDED": (
        "The company opens to members with a second factor alone, and {person} has none: the token would open nothing. "
        "Let somebody who has one make it on the page API tokens.",
        "Företaget är bara öppet för medlemmar med en andra faktor, och {person} har ingen: nyckeln skulle inte "
        "öppna något. Låt någon som har en göra nyckeln på sidan API-nycklar.",
    ),
    "MEMBER_ALREADY": (
        "{email} is a member already.",
        "{email} är redan med.",
    ),
    "BAD_INVITATION": (
        "The invitation cannot be accepted ({why}). Ask for a new one.",
        "Det går inte att tacka ja till inbjudan ({why}). Be om en ny.",
    ),
    "BAD_PERIOD": (
        "{period} is no period. Write a number of days, such as 90d.",
        "{period} är ingen period. Skriv ett antal dagar, till exempel 90d.",
    ),
    "UNKNOWN_SCOPE": (
        "There is no scope '{scope}'. Choose among {known}; the first three also for one register: write:contacts.",
        "Det finns ingen behörighet ”{scope}”. Välj bland {known}; de tre första kan också gälla ett register: "
        "write:contacts.",
    ),
    "BAD_EXPIRY": (
        "{expires} cannot be a token's last day. Write a day that is to come, within ten years, such as 2027-06-30, "
        "or a number of days, such as 90d.",
        "{expires} kan inte vara en nyckels sista dag. Skriv en kommande dag inom tio år, till exempel 2027-06-30, "
        "eller ett antal dagar, till exempel 90d.",
    ),
    "TOO_MANY_TOKENS": (
        "The person has {limit} tokens, which is the most. Revoke those that nobody uses.",
        "Personen har {limit} nycklar, vilket är det mesta. Återkalla dem som inte används.",
    ),
    "PERIOD_TOO_SHORT": (
        "{days} days are too few: at least {limit} are kept. With --force fewer, but never less than 8, within "
        "which work can be undone.",
        "{days} dagar är för få: minst {limit} sparas. Med --force färre, men aldrig mindre än 8, inom vilka "
        "arbete kan ångras.",
    ),
    # What was done
    "SERVING": (
        "Samsyn online is ready: {url}\nStop it with Ctrl-C.",
        "Samsyn online är igång: {url}\nStoppa med Ctrl-C.",
    ),
    "STOPPED": ("Stopped.", "Stoppad."),
    "COMPANY_CREATED": (
        "Company {name} was created: {company}\n"
        "{owner} is its superuser, and gets in by 'Forgotten your password?' on the sign-in page, or by: "
        "samsyn online new-password {owner}\n"
        "Next, make a code for the computer at the office: samsyn online pairing-code --company {company}",
        "Företaget {name} är skapat: {company}\n"
        "{owner} är superanvändare och kommer in med ”Glömt lösenordet?” på inloggningssidan, eller med: "
        "samsyn online new-password {owner}\n"
        "Skapa sedan en kod till datorn på kontoret: samsyn online pairing-code --company {company}",
    ),
    "NEW_PASSWORD": (
        "{email} signs in from now on with: {password}\nIt is shown only now, and every session of {email} has ended.",
        "{email} loggar in från och med nu med: {password}\nDet visas bara nu, och alla sessioner för {email} är avslutade.",
    ),
    "PAIRING_CODE": (
        "{code}\nUse it at the office within 15 minutes, once: samsyn connect DATABASE --online URL --code {code}",
        "{code}\nAnvänd den på kontoret inom 15 minuter, en gång: samsyn connect DATABAS --online URL --code {code}",
    ),
    "TOKEN": (
        "{token}\nKeep it safe: it is shown only now. It acts for {email} ({rights}).",
        "{token}\nFörvara den säkert: den visas bara nu. Den gäller för {email} ({rights}).",
    ),
    "TOKEN_NEW_MEMBER": (
        "{email} was not a member of the company and is one now, with the role {role}.",
        "{email} var inte medlem i företaget och är det nu, med rollen {role}.",
    ),
    "READS": ("reads only", "läser bara"),
    "READS_AND_WRITES": ("reads and writes", "läser och skriver"),
    "NO_COMPANIES": (
        "There are no companies yet. Create one: samsyn online create-company NAME --owner EMAIL",
        "Det finns inga företag än. Skapa ett: samsyn online create-company NAMN --owner E-POST",
    ),
    "TRIMMED": (
        "{company}  {name}  let go of: {changes} changes, {conflicts} conflicts, {quarantine} settled in "
        "quarantine, {records} records that are gone, {links} links; kept for the office: {kept}",
        "{company}  {name}  borttaget: {changes} ändringar, {conflicts} konflikter, {quarantine} avslutade i "
        "karantän, {records} element som inte finns kvar, {links} länkar; kvar åt kontoret: {kept}",
    ),
    "TRIM_PLAN": (
        "{company}  {name}  older: {changes} changes, {conflicts} conflicts, {quarantine} settled in quarantine, "
        "{links} links. What the office waits for stays.",
        "{company}  {name}  äldre: {changes} ändringar, {conflicts} konflikter, {quarantine} avslutade i karantän, "
        "{links} länkar. Det som kontoret väntar på blir kvar.",
    ),
    "CONTACT_HEARD": (
        "{company}  {name}  the office is heard ({computer}); waiting for it: {waiting}",
        "{company}  {name}  kontoret hörs ({computer}); väntar på det: {waiting}",
    ),
    "CONTACT_AWAY": (
        "{company}  {name}  the office was last heard {last_heard} ({computer}); waiting for it: {waiting}",
        "{company}  {name}  kontoret hördes senast {last_heard} ({computer}); väntar på det: {waiting}",
    ),
    "CONTACT_NONE": (
        "{company}  {name}  no office is connected",
        "{company}  {name}  inget kontor är anslutet",
    ),
    "OFFICE_PAUSED": (
        "  The sync was paused there {since}. It goes on with: samsyn resume DATABASE",
        "  Synkroniseringen pausades där {since}. Den fortsätter med: samsyn resume DATABAS",
    ),
    "OFFICE_NOT_HEARD": (
        "  Alarm: online changes wait since {since}, and the office has not been heard since {last_heard}. See "
        "whether the computer {computer} is on and its agent runs: samsyn status DATABASE",
        "  Larm: ändringar online väntar sedan {since}, och kontoret har inte hörts sedan {last_heard}. Kontrollera "
        "att datorn {computer} är på och att agenten kör där: samsyn status DATABAS",
    ),
    "OFFICE_TAKES_NOTHING": (
        "  Alarm: the office is heard, and has taken no online change since {since}. Its agent tells why: "
        "samsyn status DATABASE",
        "  Larm: kontoret hörs men har inte tagit emot någon ändring online sedan {since}. Dess agent berättar "
        "varför: samsyn status DATABAS",
    ),
    "OFFICE_STALLED": (
        "  Alarm: the office says that something waits there since {since} ({office_code}). More is told there: "
        "samsyn status DATABASE",
        "  Larm: kontoret säger att något väntar där sedan {since} ({office_code}). Mer berättas där: "
        "samsyn status DATABAS",
    ),
    "COMPANY_LINE": ("{company}  {name}  ({owners})", "{company}  {name}  ({owners})"),
}
