"""What `samsyn office` says: code → (en, sv)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "OFFICE_SERVING": (
        "The office program is ready: {url}\nCtrl-C stops it.",
        "Kontorsprogrammet är klart: {url}\nCtrl-C stoppar det.",
    ),
    "OFFICE_STOPPED": ("The office program is stopped.", "Kontorsprogrammet är stoppat."),
    "OFFICE_PASSWORD_GIVEN": (
        "{user} can sign in with the password {password}",
        "{user} kan logga in med lösenordet {password}",
    ),
    "OFFICE_OPENED": (
        "{name} is in the office program, as {alias}.",
        "{name} finns i kontorsprogrammet, som {alias}.",
    ),
    "OFFICE_REGISTERED": (
        "The installation is registered to {company}, {contact}.",
        "Installationen är registrerad på {company}, {contact}.",
    ),
    "DETAIL_UNFIT": (
        "{value} cannot be a company's {detail}. The page Company details tells what each has to be.",
        "{value} kan inte vara ett företags {detail}. Sidan Företagsuppgifter visar vad var och en ska vara.",
    ),
    "NO_SUPERUSER_LEFT": (
        "There must always be a superuser who can sign in. Make another one first.",
        "Det måste alltid finnas en superanvändare som kan logga in. Gör någon annan till det först.",
    ),
    "TEMPLATE_IN_USE": (
        "{users} users have this template. Give them another access first.",
        "{users} användare har den här mallen. Ge dem en annan behörighet först.",
    ),
    "BACKUP_UNFIT": (
        "The database in the backup is not whole: {reason}. Take another backup; nothing has been changed.",
        "Databasen i säkerhetskopian är inte hel: {reason}. Ta en annan säkerhetskopia; inget har ändrats.",
    ),
    "BACKUP_UNREADABLE": (
        "The file is no backup of Samsyn's, is not whole, or the password is another ({why}).",
        "Filen är ingen säkerhetskopia från Samsyn, är inte hel, eller så är lösenordet ett annat ({why}).",
    ),
    "NO_FILE_DATABASE": (
        "A PostgreSQL database is backed up by its server's own means: pg_dump.",
        "En PostgreSQL-databas säkerhetskopieras med serverns egna medel: pg_dump.",
    ),
    "BACKUP_OF_ONE_HERE": (
        "{name} is in this installation already. Put the backup back from the company's own page of backups.",
        "{name} finns redan i den här installationen. Återställ säkerhetskopian från företagets egen sida.",
    ),
    "BACKUP_OF_ANOTHER": (
        "The backup is of another company: {name}. Choose one of this company.",
        "Säkerhetskopian är av ett annat företag: {name}. Välj en av det här företaget.",
    ),
    "BAD_LISTING": (
        "The list cannot be made: {detail}. Take the filter or the order away.",
        "Listan kan inte göras: {detail}. Ta bort filtret eller sorteringen.",
    ),
    "OFFICE_LINKED": (
        "{user} is the employee {name} in {company}.",
        "{user} är den anställda {name} i {company}.",
    ),
    "UNKNOWN_OFFICE_COMPANY": (
        "There is no company with the short name {company} in the office program.",
        "Det finns inget företag med kortnamnet {company} i kontorsprogrammet.",
    ),
    "UNKNOWN_EMPLOYEE": (
        "No employee has the e-mail address {email}, or another user is that employee already.",
        "Ingen anställd har e-postadressen {email}, eller så är en annan användare redan den anställda.",
    ),
    "HELP_OFFICE_LINK": (
        "Tell which employee of a company a user is.",
        "Ange vilken anställd i ett företag en användare är.",
    ),
    "HELP_OFFICE_LINK_COMPANY": ("The company's short name.", "Företagets kortnamn."),
    "HELP_OFFICE_LINK_EMPLOYEE": (
        "The employee's e-mail address.",
        "Den anställdas e-postadress.",
    ),
    "UNKNOWN_USER": (
        "There is no user {user}. Users are added in the program, under Settings – Users.",
        "Det finns ingen användare {user}. Användare läggs upp i programmet, under Inställningar – Användare.",
    ),
    "HELP_OFFICE": (
        """Run the office program: registers, users and settings in the browser.

The first start asks who you are, then for a company: a new one, the sample
company, or a database that is there already.""",
        """Kör kontorsprogrammet: register, användare och inställningar i webbläsaren.

Första starten frågar vem du är och sedan efter ett företag: ett nytt,
exempelföretaget eller en databas som redan finns.""",
    ),
    "HELP_OFFICE_NEW_PASSWORD": (
        "Give a user a new password, at the computer itself; the first user of all is made.",
        "Ge en användare ett nytt lösenord, vid själva datorn; den allra första användaren läggs upp.",
    ),
    "HELP_OFFICE_OPEN": (
        "Open an attached company database in the program.",
        "Öppna en ansluten företagsdatabas i programmet.",
    ),
    "HELP_OFFICE_OPEN_DETAIL": (
        "A detail of the company (org_no, street, postal_code, city, country, phone, email); may be given several times.",
        "En uppgift om företaget (org_no, street, postal_code, city, country, phone, email); kan anges flera gånger.",
    ),
    "HELP_OFFICE_REGISTER": (
        "Tell to whom the installation is registered; until then it is an evaluation.",
        "Ange vem installationen är registrerad på; innan dess är den en utvärdering.",
    ),
    "HELP_OFFICE_REGISTER_CONTACT": ("Who is asked about it.", "Kontaktpersonen."),
    "HELP_OFFICE_REGISTER_PHONE": ("The contact person's telephone.", "Kontaktpersonens telefon."),
    "HELP_OFFICE_OPEN_NAME": ("What the company is called.", "Vad företaget heter."),
    "HELP_OFFICE_HOST": ("The address to listen on.", "Adressen att lyssna på."),
    "HELP_OFFICE_PORT": ("The port; 0 takes a free one.", "Porten; 0 tar en ledig."),
    "HELP_OFFICE_HOME": (
        "The program's folder.  [default: ~/.local/share/samsyn/office]",
        "Programmets mapp.  [förval: ~/.local/share/samsyn/office]",
    ),
    "HELP_OFFICE_TLS_CERT": ("Certificate, PEM.", "Certifikat, PEM."),
    "HELP_OFFICE_TLS_KEY": ("Its key, PEM.", "Dess nyckel, PEM."),
    "HELP_OFFICE_NO_AGENT": (
        "Run no agents beside the pages: `samsyn agent` runs elsewhere.",
        "Kör inga agenter bredvid sidorna: `samsyn agent` körs någon annanstans.",
    ),
    "HELP_OFFICE_NO_AGENT_FOR": (
        "Run none for this company database: it has one elsewhere.",
        "Kör ingen för den här företagsdatabasen: den har en någon annanstans.",
    ),
    "HELP_OFFICE_BEHIND_PROXY": (
        "A proxy on this machine speaks TLS for the program.",
        "En proxy på den här datorn sköter TLS åt programmet.",
    ),
}
