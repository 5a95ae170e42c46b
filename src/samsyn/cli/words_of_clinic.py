"""The quarantine clinic in words: what lies there, what can be done, what was done; code → (en, sv)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "QUARANTINE_NONE": ("The quarantine is empty.", "Karantänen är tom."),
    "QUARANTINE_RETRY": (
        "To be tried again at the next sync: {count}. Now: samsyn sync {url}",
        "Prövas igen vid nästa synkronisering: {count}. Nu: samsyn sync {url}",
    ),
    "QUARANTINED_OFFICE": (
        "{number}  {type} {title}: made online, and the office does not take it (since {since}).",
        "{number}  {type} {title}: gjort online, och kontoret tar inte emot det (sedan {since}).",
    ),
    "QUARANTINED_ONLINE": (
        "{number}  {type} {title}: made at the office, and the service does not take it (since {since}).",
        "{number}  {type} {title}: gjort på kontoret, och tjänsten tar inte emot det (sedan {since}).",
    ),
    "BOTH_VALUES": (
        "{field}: office {office}, online {online}",
        "{field}: kontoret {office}, online {online}",
    ),
    "UNIQUE_TAKEN_BY": (
        "{title} already has the same {fields}, and two records may not have that.",
        "{title} har redan samma {fields}, och det får inte två element ha.",
    ),
    "WAITS_FOR_RECORD": (
        "{field} points at {title}, which the office does not have yet. It goes through by itself when that "
        "arrives.",
        "{field} pekar på {title}, som kontoret inte har än. Det går igenom av sig självt när det kommer dit.",
    ),
    # Fixes, as a list under an entry
    "FIX_EDIT": ("give another value to {fields}", "ge {fields} ett annat värde"),
    "FIX_TAKE_OFFICE": (
        "let the office's value stand (the other is kept among the conflicts)",
        "låt kontorets värde gälla (det andra sparas bland konflikterna)",
    ),
    "FIX_MERGE_WITH": ("make it one record with {title}", "gör det till ett element med {title}"),
    "FIX_NEW_KEY": ("give it another {fields}", "ge det ett annat värde i {fields}"),
    "FIX_WAIT": ("wait for {title}", "vänta på {title}"),
    "FIX_RETRY": ("try it again as it is", "pröva det igen som det är"),
    "FIX_SKIP": ("leave it (it stays in the history)", "lämna det (det finns kvar i historiken)"),
    "FIX_EDIT_OFFICE": (
        "put {fields} right in your own program; it is sent again by itself",
        "rätta {fields} i ditt eget program; det skickas om av sig självt",
    ),
    "FIX_SEND_AGAIN": ("send it again as it is", "skicka det igen som det är"),
    "VALUE": ("VALUE", "VÄRDE"),
    # What was chosen
    "CHOSEN_EDIT": ("another value", "ett annat värde"),
    "CHOSEN_TAKE_OFFICE": ("the office's value", "kontorets värde"),
    "CHOSEN_MERGE_WITH": ("one record", "ett element"),
    "CHOSEN_NEW_KEY": ("another value", "ett annat värde"),
    "CHOSEN_WAIT": ("wait", "vänta"),
    "CHOSEN_RETRY": ("try again", "pröva igen"),
    "CHOSEN_SKIP": ("leave it", "lämna det"),
    "CHOSEN_SEND_AGAIN": ("send again", "skicka igen"),
    "ENTRY_UNDER_WAY": (
        "Being mended: {what}, chosen by {by} {at}. The office has not answered yet.",
        "Åtgärdas: {what}, valt av {by} {at}. Kontoret har inte svarat än.",
    ),
    "ENTRY_ASIDE": (
        "Left aside by {by} {at}; the two sides differ here until somebody mends it.",
        "Lämnat av {by} {at}; sidorna skiljer sig här tills någon rättar det.",
    ),
    "ENTRY_SETTLED": ("Done: {what}, chosen by {by} {at}.", "Klart: {what}, valt av {by} {at}."),
    "FIXED_EDIT": ("{title} gets the new value.", "{title} får det nya värdet."),
    "FIXED_NEW_KEY": ("{title} gets the new value.", "{title} får det nya värdet."),
    "FIXED_TAKE_OFFICE": (
        "The office's value stands for {title}; the other is kept among the conflicts.",
        "Kontorets värde gäller för {title}; det andra sparas bland konflikterna.",
    ),
    "FIXED_MERGE_WITH": (
        "{title} becomes one with the record at the office. Values that did not fit are kept among the "
        "conflicts.",
        "{title} blir ett med elementet på kontoret. Värden som inte fick plats sparas bland konflikterna.",
    ),
    "FIXED_WAIT": (
        "{title} waits for {waits_for} and goes through by itself.",
        "{title} väntar på {waits_for} och går igenom av sig självt.",
    ),
    "FIXED_RETRY": ("{title} is tried again.", "{title} prövas igen."),
    "FIXED_SKIP": (
        "{title} is left; it stays in the history.",
        "{title} lämnas; det finns kvar i historiken.",
    ),
    "FIXED_SEND_AGAIN": ("{title} is sent again.", "{title} skickas igen."),
    "FIXED_NEXT": (
        "An agent that runs does it at once. Otherwise: samsyn sync {url}",
        "En agent som kör gör det genast. Annars: samsyn sync {url}",
    ),
    # What goes wrong
    "NO_SUCH_QUARANTINE_NUMBER": (
        "Nothing in quarantine has number {number}. See the numbers: samsyn quarantine DATABASE",
        "Inget i karantän har nummer {number}. Se numren: samsyn quarantine DATABAS",
    ),
    "QUARANTINE_NOT_TOLD": (
        "The service does not know of number {number} yet, or cannot be reached. Sync, then try again: "
        "samsyn sync DATABASE",
        "Tjänsten känner inte till nummer {number} än, eller går inte att nå. Synkronisera och försök igen: "
        "samsyn sync DATABAS",
    ),
    "NO_SUCH_FIELD": (
        "{type} has no field {field}. It has: {fields}.",
        "{type} har inget fält {field}. Det har: {fields}.",
    ),
    "VALUE_WRONG": (
        "{field} cannot have that value. Give another one.",
        "{field} kan inte ha det värdet. Ge ett annat.",
    ),
    "UNKNOWN_QUARANTINE_ENTRY": (
        "That has left quarantine. See what is there now: samsyn quarantine DATABASE",
        "Det har lämnat karantänen. Se vad som finns där nu: samsyn quarantine DATABAS",
    ),
    "UNKNOWN_FIX": (
        "The service knows no fix {fix}. Update the program that has the older version.",
        "Tjänsten känner inte till åtgärden {fix}. Uppdatera det program som har den äldre versionen.",
    ),
    "FIX_DOES_NOT_APPLY": (
        "That cannot be done here. What can be: samsyn quarantine DATABASE NUMBER",
        "Det går inte att göra här. Vad som går: samsyn quarantine DATABAS NUMMER",
    ),
    "FIX_INCOMPLETE": (
        "More is needed: {needs}. See the command in full: samsyn quarantine DATABASE NUMBER",
        "Mer behövs: {needs}. Se hela kommandot: samsyn quarantine DATABAS NUMMER",
    ),
    "QUARANTINE_SETTLED": (
        "It left quarantine at {at}; nothing needs to be done.",
        "Det lämnade karantänen {at}; inget behöver göras.",
    ),
    "FIX_ONE_AT_A_TIME": (
        "Choose one fix. --with and --prefer belong to --merge.",
        "Välj en åtgärd. --with och --prefer hör till --merge.",
    ),
    "FIX_WHICH": (
        "Which one? Write its number after the database.",
        "Vilken? Skriv dess nummer efter databasen.",
    ),
    "FIX_FIELD_VALUE": (
        "Write FIELD=VALUE, not {text}.",
        "Skriv FÄLT=VÄRDE, inte {text}.",
    ),
    # Help
    "HELP_QUARANTINE": (
        "Changes that one side cannot take, why, and what can be done. Everything else goes on. With a NUMBER: "
        "that one, and the fix that you choose.",
        "Ändringar som den ena sidan inte kan ta emot, varför, och vad som går att göra. Allt annat fortsätter. "
        "Med ett NUMMER: just den, och den åtgärd du väljer.",
    ),
    "HELP_FIX_EDIT": ("Give the field another value.", "Ge fältet ett annat värde."),
    "HELP_FIX_TAKE_OFFICE": (
        "Let the office's value stand; the other is kept among the conflicts.",
        "Låt kontorets värde gälla; det andra sparas bland konflikterna.",
    ),
    "HELP_FIX_MERGE": (
        "Make the new record one with the one that has the same value.",
        "Gör det nya elementet till ett med det som har samma värde.",
    ),
    "HELP_FIX_WITH": (
        "With --merge, where several are in the way: which one, by its key.",
        "Med --merge, när flera är i vägen: vilket, med dess nyckel.",
    ),
    "HELP_FIX_PREFER": (
        "With --merge: a field whose new value is to stand.",
        "Med --merge: ett fält vars nya värde ska gälla.",
    ),
    "HELP_FIX_NEW_KEY": (
        "Give it another value where the one it has is taken.",
        "Ge det ett annat värde där det har ett som är upptaget.",
    ),
    "HELP_FIX_WAIT": (
        "Wait for the record that it refers to.",
        "Vänta på det element som det pekar på.",
    ),
    "HELP_FIX_SKIP": (
        "Leave it: it is given up and stays in the history.",
        "Lämna det: det ges upp och finns kvar i historiken.",
    ),
    "HELP_FIX_RETRY": (
        "Try it again as it is; without a number: all of them, at the next sync.",
        "Pröva igen som det är; utan nummer: alla, vid nästa synkronisering.",
    ),
}
