"""What is said of databases that were put back, copied or moved: code → (en, sv)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "DATABASE_REPLACED": (
        "The company database {url} is not the one of a moment ago: a backup was put back, or the file was "
        "replaced. Nothing was exchanged with it; the next contact tells what it is.",
        "Företagsdatabasen {url} är inte densamma som nyss: en säkerhetskopia har lagts tillbaka eller filen "
        "bytts ut. Inget har utbytts med den; nästa kontakt visar vad den är.",
    ),
    "DATABASE_ELSEWHERE": (
        "This database was connected as {home} on {computer}, and now lies at {place}: it looks like a copy, "
        "or it has been moved. A copy never syncs by itself. If this is the one to sync from now on: "
        "samsyn update-connection DATABASE --moved",
        "Databasen anslöts som {home} på {computer} och ligger nu på {place}: den ser ut som en kopia, eller "
        "så har den flyttats. En kopia synkroniseras aldrig av sig själv. Är det den här som ska synkas i "
        "fortsättningen: samsyn update-connection DATABAS --moved",
    ),
    "HELP_UPDATE": (
        """Take up the sync again after a restore, a move or a new password.

\b
  samsyn update-connection URL                    what differs since the restore; changes nothing
  samsyn update-connection URL --bring-back       what the backup lacks comes back
  samsyn update-connection URL --backup-is-truth  the office stands as in the backup
  samsyn update-connection URL --undo             take back what the choice wrote, within 7 days
  samsyn update-connection URL --code CODE        another credential, after a new password
  samsyn update-connection URL --moved            the database lies here now; it is no copy

Work done since the restore stands with both. What it overrides is kept in the conflict log.""",
        """Ta upp synkroniseringen igen efter en återställning, en flytt eller ett nytt lösenord.

\b
  samsyn update-connection URL                    vad som skiljer sedan återställningen; ändrar inget
  samsyn update-connection URL --bring-back       det som saknas i säkerhetskopian kommer tillbaka
  samsyn update-connection URL --backup-is-truth  kontoret gäller som i säkerhetskopian
  samsyn update-connection URL --undo             ta tillbaka det valet skrev, inom 7 dagar
  samsyn update-connection URL --code KOD         ny nyckel, efter ett nytt lösenord
  samsyn update-connection URL --moved            databasen ligger här nu; den är ingen kopia

Arbete efter återställningen gäller i båda fallen. Det som skrivs över finns kvar i konfliktloggen.""",
    ),
    "HELP_UPDATE_PLAN": (
        "Show what differs and what each choice would do; nothing is changed.",
        "Visa vad som skiljer och vad varje val skulle göra; inget ändras.",
    ),
    "HELP_BRING_BACK": (
        "Bring back what the backup lacks: online work and the office's own work that the service still has.",
        "Hämta tillbaka det som saknas i säkerhetskopian: det som gjorts online och kontorets eget arbete "
        "som tjänsten har kvar.",
    ),
    "HELP_BACKUP_IS_TRUTH": (
        "The office stands as it is now: what came after the backup is overridden, and kept in the conflict log.",
        "Kontoret gäller som det är nu: det som kom efter säkerhetskopian skrivs över och finns kvar i "
        "konfliktloggen.",
    ),
    "HELP_UPDATE_UNDO": (
        "Take back what the latest restore wrote, within 7 days; with --plan only show it.",
        "Ta tillbaka det som den senaste återställningen skrev, inom 7 dagar; med --plan visas det bara.",
    ),
    "HELP_RENEW_CODE": (
        "A pairing code of the same company: the connection gets another credential and goes on.",
        "En kopplingskod för samma företag: anslutningen får en ny nyckel och fortsätter.",
    ),
    "UPDATE_ONE": (
        "Give --bring-back or --backup-is-truth alone; --plan goes with --undo or stands alone.",
        "Ange --bring-back eller --backup-is-truth för sig; --plan går ihop med --undo eller står för sig.",
    ),
    "UPDATE_RENEWED": (
        "The connection to {company_name} has another credential and goes on where it was.",
        "Anslutningen till {company_name} har fått en ny nyckel och fortsätter där den var.",
    ),
    "UPDATE_SAME": (
        "Both sides know each other as they are: there is nothing to take up again.",
        "Båda sidor känner igen varandra: det finns inget att ta upp igen.",
    ),
    "UPDATE_OFFICE_BACK": (
        "The office database was put back to a backup made after {at}.\n"
        "  Records written online since the backup: {online_since}\n"
        "  Records with office work that only the service still has: {office_lost}\n"
        "  Records worked on at the office since the restore, not sent yet: {since_restore}\n"
        "  Records of which both is true (the office's work since the restore stands): {clashes}",
        "Kontorets databas har lagts tillbaka till en säkerhetskopia gjord efter {at}.\n"
        "  Element som skrivits online efter säkerhetskopian: {online_since}\n"
        "  Element med kontorets arbete som bara tjänsten har kvar: {office_lost}\n"
        "  Element som ändrats på kontoret efter återställningen och inte skickats än: {since_restore}\n"
        "  Element där båda gäller (kontorets arbete efter återställningen står fast): {clashes}",
    ),
    "UPDATE_SERVICE_BACK": (
        "The service was put back to a backup: the office knows more than it does. Nothing is missing at the "
        "office. Written online since and not at the office yet: {waiting} records.",
        "Tjänsten har lagts tillbaka till en säkerhetskopia: kontoret vet mer än den. På kontoret saknas inget. "
        "Skrivet online sedan dess och ännu inte på kontoret: {waiting} element.",
    ),
    "UPDATE_TAKES_IN": (
        "The backup takes in what has been left out since, and it would go online: {what}. To keep it out, "
        "run samsyn attach URL --exclude first.",
        "Säkerhetskopian har med det som utelämnats sedan dess, och det skulle gå online: {what}. Kör först "
        "samsyn attach URL --exclude om det ska stanna utanför.",
    ),
    "UPDATE_RECORD_NEW": (
        "{type} {title}: not in the backup (written by {who})",
        "{type} {title}: finns inte i säkerhetskopian (skrivet av {who})",
    ),
    "UPDATE_RECORD_DELETED": (
        "{type} {title}: deleted after the backup (by {who})",
        "{type} {title}: borttaget efter säkerhetskopian (av {who})",
    ),
    "UPDATE_RECORD_CHANGED": ("{type} {title}:", "{type} {title}:"),
    "UPDATE_FIELD": (
        "    {field}: office {office}, online {online} (by {who})",
        "    {field}: kontoret {office}, online {online} (av {who})",
    ),
    "UPDATE_CLASH": (
        " – also worked on since the restore",
        " – också ändrat efter återställningen",
    ),
    "UPDATE_MORE": (
        "… and {count} more records; --json tells them all.",
        "… och {count} element till; --json visar alla.",
    ),
    "AT_OFFICE": ("the office", "kontoret"),
    "UNKNOWN_MOMENT": ("an unknown moment", "en okänd tidpunkt"),
    "UPDATE_CHOICES": (
        "Nothing is synced until you choose:\n"
        "  samsyn update-connection {url} --bring-back\n"
        "      what the backup lacks comes back to the office\n"
        "  samsyn update-connection {url} --backup-is-truth\n"
        "      the office stands as it is now; what it overrides is kept in the conflict log",
        "Inget synkroniseras förrän du har valt:\n"
        "  samsyn update-connection {url} --bring-back\n"
        "      det som saknas i säkerhetskopian kommer tillbaka till kontoret\n"
        "  samsyn update-connection {url} --backup-is-truth\n"
        "      kontoret gäller som det är nu; det som skrivs över finns kvar i konfliktloggen",
    ),
    "UPDATE_CHOICE_SERVICE": (
        "Nothing is synced until you say so; then the office sends what the service lacks:\n"
        "  samsyn update-connection {url} --bring-back",
        "Inget synkroniseras förrän du säger till; då skickar kontoret det som tjänsten saknar:\n"
        "  samsyn update-connection {url} --bring-back",
    ),
    "UPDATE_DONE": (
        "The connection is taken up again. What was overridden: samsyn conflicts {url}",
        "Anslutningen är upptagen igen. Det som skrevs över: samsyn conflicts {url}",
    ),
    "TABLES_CHANGED": (
        "The program has changed its tables since they were attached. Attach them again first, then update the "
        "connection: samsyn attach DATABASE --again",
        "Programmet har ändrat sina tabeller sedan de anslöts. Anslut dem på nytt först och uppdatera sedan "
        "anslutningen: samsyn attach DATABAS --again",
    ),
    "UPDATE_UNDERWAY": (
        "An update with the other choice ({choice}) was begun and not finished. Finish it first, with the same "
        "choice.",
        "En uppdatering med det andra valet ({choice}) har påbörjats men inte blivit klar. Slutför den först, "
        "med samma val.",
    ),
    "SERVICE_WAS_RESTORED": (
        "It is the service that was put back, not the office: there is no backup here to be the truth. Nothing "
        "is lost at the office: samsyn update-connection DATABASE --bring-back",
        "Det är tjänsten som lagts tillbaka, inte kontoret: här finns ingen säkerhetskopia som kan gälla. Inget "
        "har gått förlorat på kontoret: samsyn update-connection DATABAS --bring-back",
    ),
    "NOTHING_TO_UPDATE": (
        "Both sides stand otherwise than when the plan was made ({standing}). Look again: "
        "samsyn update-connection DATABASE --plan",
        "Båda sidor står annorlunda än när planen gjordes ({standing}). Titta igen: "
        "samsyn update-connection DATABAS --plan",
    ),
    "UPDATE_STALE": (
        "The connection was updated in another way meanwhile. Look again: "
        "samsyn update-connection DATABASE --plan",
        "Anslutningen har under tiden uppdaterats på annat sätt. Titta igen: "
        "samsyn update-connection DATABAS --plan",
    ),
    "OTHER_COMPANY": (
        "The code belongs to another company than the connection of this database. Use a code of its own "
        "company, or disconnect first.",
        "Koden hör till ett annat företag än databasens anslutning. Använd en kod för rätt företag, eller "
        "koppla från först.",
    ),
    "HELP_MOVED": (
        "This database is no copy: it is the one to sync, here.",
        "Databasen är ingen kopia: det är den som ska synkas, här.",
    ),
    "UPDATE_MOVED": (
        "The database is at home at {place} from now on.",
        "Databasen hör från och med nu hemma på {place}.",
    ),
}
