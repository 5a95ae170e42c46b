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
        """Take up the sync again after a restore, a move or a new password.""",
        """Ta upp synkroniseringen igen efter en återställning, en flytt eller ett nytt lösenord.""",
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
