"""What the operator's commands say, in English and Swedish: code → (en, sv), with the next step."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "CONFIGURATION_UNREADABLE": (
        "The configuration in {file} cannot be read: {reason}.",
        "Konfigurationen i {file} kan inte läsas: {reason}.",
    ),
    "UNKNOWN_SETTING": (
        "{file} has a key {key}, which means nothing here. `samsyn online check-config` shows every key.",
        "{file} har en nyckel {key} som inte betyder något här. `samsyn online check-config` visar alla nycklar.",
    ),
    "UNKNOWN_VARIABLE": (
        "{variable} means nothing here. `samsyn online check-config` shows every key; a variable is SAMSYN_ONLINE_ "
        "and the key in capitals.",
        "{variable} betyder inget här. `samsyn online check-config` visar alla nycklar; en variabel är "
        "SAMSYN_ONLINE_ och nyckeln med versaler.",
    ),
    "MEANT": ("Meant, perhaps: {near}.", "Kanske avses {near}."),
    "NO_OPERATORS": (
        "Nobody may open the operator's pages. Appoint somebody: samsyn online operator EMAIL --grant",
        "Ingen får öppna driftsidorna. Utse någon: samsyn online operator E-POST --grant",
    ),
    "BAD_SETTING": (
        "{key} cannot be {value} (set in {place}). It takes:",
        "{key} kan inte vara {value} (angivet i {place}). Giltigt är:",
    ),
    "CONFIGURATION_LINE": ("{key} = {value}", "{key} = {value}"),
    "CONFIGURATION_LINE_SET": ("{key} = {value}    # {place}", "{key} = {value}    # {place}"),
    "BAD_DAY": (
        "{day} is no day to come. Write one such as 2027-06-30, or a number of days: 30d.",
        "{day} är ingen kommande dag. Skriv till exempel 2027-06-30, eller ett antal dagar: 30d.",
    ),
    "COMPANY_SUSPENDED": (
        "The service has suspended the company for now. Nothing is lost: what waits is sent by itself when the "
        "company is let in again. Ask whoever runs the service.",
        "Tjänsten har stängt av företaget tills vidare. Inget går förlorat: det som väntar skickas av sig självt när "
        "företaget släpps in igen. Fråga den som driver tjänsten.",
    ),
    "COMPANY_STANDS": (
        "{company}  {name}  office: {office}, last heard {last_heard}; members: {members}; records: {records}, "
        "bytes: {bytes}; suspended: {suspended}; to be deleted: {delete_at}",
        "{company}  {name}  kontor: {office}, hördes senast {last_heard}; medlemmar: {members}; element: {records}, "
        "byte: {bytes}; avstängt: {suspended}; tas bort: {delete_at}",
    ),
    "COMPANY_TAKES": (
        "  records: {records}, rows of the change log: {changes}, bytes in all: {bytes}",
        "  element: {records}, rader i ändringsloggen: {changes}, byte totalt: {bytes}",
    ),
    "COMPANY_KEEPS": (
        "  changes and conflicts are kept for {days} days",
        "  ändringar och konflikter sparas i {days} dagar",
    ),
    "CONNECTION_LIVES": (
        "  connection {id}: {computer}, {database} ({engine}), last heard {last_seen}",
        "  anslutning {id}: {computer}, {database} ({engine}), hördes senast {last_seen}",
    ),
    "CONNECTION_ENDED": (
        "  connection {id}: {computer}, {database} ({engine}), ended {revoked}",
        "  anslutning {id}: {computer}, {database} ({engine}), avslutad {revoked}",
    ),
    "COMPANY_RENAMED": ("The company is called {name} now.", "Företaget heter nu {name}."),
    "NOW_SUSPENDED": (
        "{name} is suspended: its office, programs and members are turned away. Let it in again: "
        "samsyn online companies resume ID",
        "{name} är avstängt: dess kontor, program och medlemmar släpps inte in. Släpp in det igen: "
        "samsyn online companies resume ID",
    ),
    "COMPANY_RESUMED": (
        "{name} is let in again; its office goes on by itself.",
        "{name} är insläppt igen; kontoret fortsätter av sig självt.",
    ),
    "TO_BE_DELETED": (
        "{name} is deleted on {date}, by itself. Its superusers get a letter. Cancel it: "
        "samsyn online companies delete ID --cancel",
        "{name} tas bort {date}, av sig självt. Superanvändarna får ett brev. Ångra: "
        "samsyn online companies delete ID --cancel",
    ),
    "KEPT_ON": ("{name} stays.", "{name} blir kvar."),
    "DELETED": (
        "{name} is deleted, wholly and for good.",
        "{name} är borttaget, helt och för alltid.",
    ),
    "STORAGE_LINE": (
        "{company}  {name}  records: {records}, rows of the change log: {changes}, bytes: {bytes}",
        "{company}  {name}  element: {records}, rader i ändringsloggen: {changes}, byte: {bytes}",
    ),
    "OPERATOR_GRANTED": (
        "{email} may open the operator's pages, once the Samsyn ID has a second factor.",
        "{email} får öppna driftsidorna, när Samsyn-ID:t har en andra faktor.",
    ),
    "OPERATOR_REVOKED": (
        "{email} may not open the operator's pages any more.",
        "{email} får inte längre öppna driftsidorna.",
    ),
    "CANNOT_WRITE": (
        "{file} cannot be written: {reason}. Choose a file that is not there yet, in a folder with room.",
        "{file} kan inte skrivas: {reason}. Välj en fil som inte finns än, i en mapp med plats.",
    ),
    "EXPORTED": (
        "Everything of {name} is in {file} ({bytes} bytes).",
        "Allt som hör till {name} finns i {file} ({bytes} byte).",
    ),
    "BACKUP_BY_POSTGRES": (
        "The service's data lie in PostgreSQL: back them up with its own tools (docs/backup.md), and keep secret.key "
        "from the home folder.",
        "Tjänstens data ligger i PostgreSQL: säkerhetskopiera dem med dess egna verktyg (docs/backup.md), och spara "
        "secret.key från hemmappen.",
    ),
    "CANNOT_BACK_UP": (
        "The backup cannot be written to {folder}: {reason}. Name a folder that is not there yet.",
        "Säkerhetskopian kan inte skrivas till {folder}: {reason}. Ange en mapp som inte finns än.",
    ),
    "BACKED_UP": (
        "The service is backed up in {folder}; its data are {bytes} bytes. Keep the key in it away from others.",
        "Tjänsten är säkerhetskopierad i {folder}; dess data är {bytes} byte. Förvara nyckeln där oåtkomlig för andra.",
    ),
    "TOO_MANY_EXPORTS": (
        "Other exports are being made just now. Try again in a minute.",
        "Andra exporter görs just nu. Försök igen om en minut.",
    ),
}
