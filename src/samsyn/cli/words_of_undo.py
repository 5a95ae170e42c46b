"""Undo and what is written once more, in words: code → (en, sv)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "HELP_UNDO": (
        """Take back what was written online, at both sides, within 7 days.

Say whose (--by), which batch (--batch) or which hour (--hour); what is said must
all hold. Without any of them, lists the latest batches. What somebody has changed
since stays as it is and is told. An undo can be undone: it is a batch too.
Exit code 3: something stays as it is.""",
        """Ta tillbaka det som skrivits online, på båda sidor, inom 7 dagar.

Ange vems (--by), vilken omgång (--batch) eller vilken timme (--hour); det som
anges måste stämma tillsammans. Utan något av dem listas de senaste omgångarna.
Det som någon har ändrat sedan dess lämnas som det är, och det sägs. Det går att
ångra sig igen: även en ångring är en omgång. Slutkod 3: något lämnas som det är.""",
    ),
    "HELP_UNDO_BY": (
        "What this person wrote, named as in `samsyn conflicts` and the change log.",
        "Det som den här personen skrev, med namnet som i `samsyn conflicts` och ändringsloggen.",
    ),
    "HELP_UNDO_BATCH": (
        "What was written at once under this number.",
        "Det som skrevs på en gång under detta nummer.",
    ),
    "HELP_UNDO_HOUR": (
        "What was written in the hour from this moment on, for example 2026-11-23T14, in local time.",
        "Det som skrevs under timmen från denna tidpunkt, till exempel 2026-11-23T14, lokal tid.",
    ),
    "HELP_UNDO_PLAN": (
        "Only show what would be done.",
        "Visa bara vad som skulle göras.",
    ),
    # The plan
    "UNDO_INSERT": ("{type} {title}: comes back", "{type} {title}: kommer tillbaka"),
    "UNDO_DELETE": ("{type} {title}: is deleted again", "{type} {title}: tas bort igen"),
    "UNDO_UPDATE": (
        "{type} {title}, {field}: {now} → {back}",
        "{type} {title}, {field}: {now} → {back}",
    ),
    "UNDO_STAYS_INSERT": (
        "{type} {title}: stays deleted. {why}",
        "{type} {title}: förblir borttaget. {why}",
    ),
    "UNDO_STAYS_DELETE": ("{type} {title}: stays. {why}", "{type} {title}: blir kvar. {why}"),
    "UNDO_STAYS_UPDATE": (
        "{type} {title}, {field}: stays {now}. {why}",
        "{type} {title}, {field}: förblir {now}. {why}",
    ),
    "UNDO_MORE": ("… and {count} more; see --json", "… och {count} till; se --json"),
    "WHY_CHANGED_SINCE": ("{who} has changed it since.", "{who} har ändrat det sedan dess."),
    "WHY_RECORD_GONE": (
        "{who} has deleted the record since.",
        "{who} har tagit bort elementet sedan dess.",
    ),
    "WHY_TYPE_GONE": (
        "The table or field is not synced now.",
        "Tabellen eller fältet synkas inte just nu.",
    ),
    "WHY_REFERENCE_GONE": (
        "It would refer to a record that is not there; bring that one back first.",
        "Det skulle hänvisa till ett element som inte finns; ta tillbaka det först.",
    ),
    "WHY_STILL_REFERRED": (
        "Other records refer to it; let them refer to another one first.",
        "Andra element hänvisar till det; låt dem först hänvisa till ett annat.",
    ),
    "WHY_KEY_TAKEN": (
        "Another record has its key now; give that one another key first.",
        "Ett annat element har nu dess nyckel; ge det elementet en annan nyckel först.",
    ),
    # What came of it
    "UNDO_NOTHING_CHOSEN": (
        "Nothing was written online that this means, within 7 days. `samsyn undo URL` lists the batches.",
        "Inget som detta gäller har skrivits online inom 7 dagar. `samsyn undo URL` listar omgångarna.",
    ),
    "UNDO_NOTHING_LEFT": (
        "All is as it was before; nothing is left to undo.",
        "Allt är som det var innan; det finns inget kvar att ångra.",
    ),
    "UNDO_PLANNED": (
        "Nothing was changed. Run the command without --plan to do it.",
        "Inget ändrades. Kör kommandot utan --plan för att göra det.",
    ),
    "UNDONE": (
        "Taken back: {count} records, in batch {batch}; the office gets them with the next sync. To undo this: "
        "samsyn undo {url} --batch {batch}",
        "Taget tillbaka: {count} element, i omgång {batch}; kontoret får dem vid nästa synkronisering. Ångra "
        "detta: samsyn undo {url} --batch {batch}",
    ),
    "UNDO_NO_BATCHES": (
        "Nothing was written online in the last 7 days.",
        "Inget har skrivits online de senaste 7 dagarna.",
    ),
    "UNDO_CHOOSE": (
        "See what undoing one would do: samsyn undo {url} --batch N --plan",
        "Se vad som skulle ångras: samsyn undo {url} --batch N --plan",
    ),
    "N_BATCH": ("Batch", "Omgång"),
    "N_CHANGES": ("Changes", "Ändringar"),
    "COL_BY": ("By", "Av"),
    # Written once more
    "HELP_REAPPLY": (
        "Write the value that lost this conflict once more, with the rest of its group; the office gets it with "
        "the next sync. The same again does nothing.",
        "Skriv värdet som förlorade den här konflikten en gång till, med resten av dess grupp; kontoret får det "
        "vid nästa synkronisering. Samma igen gör ingenting.",
    ),
    "HELP_ANYWAY": (
        "With --re-apply: also where somebody has changed it since.",
        "Med --re-apply: även om någon har ändrat det sedan dess.",
    ),
    "CONFLICT_GROUP": (
        "    Decided together: {fields}.",
        "    Avgjordes tillsammans: {fields}.",
    ),
    "CONFLICT_REAPPLIED": (
        "    The value that lost has been written once more.",
        "    Värdet som förlorade har skrivits en gång till.",
    ),
    "CONFLICTS_REAPPLY": (
        "Write a value that lost once more: samsyn conflicts {url} --re-apply ID",
        "Skriv ett värde som förlorade en gång till: samsyn conflicts {url} --re-apply ID",
    ),
    "REAPPLIED": (
        "Written once more; the office gets it with the next sync.",
        "Skrivet en gång till; kontoret får det vid nästa synkronisering.",
    ),
    "REAPPLIED_BEFORE": (
        "It has been written once more already; nothing was done.",
        "Det har redan skrivits en gång till; inget gjordes.",
    ),
    "UNKNOWN_CONFLICT": (
        "There is no conflict {conflict}. See their ids: samsyn conflicts URL",
        "Det finns ingen konflikt {conflict}. Se deras id: samsyn conflicts URL",
    ),
    "NO_LONGER_KEPT": (
        "The conflict {conflict} is so old that it is no longer kept. Write the value as an ordinary edit.",
        "Konflikten {conflict} är så gammal att den inte längre sparas. Skriv värdet som en vanlig ändring.",
    ),
    "CHANGED_SINCE": (
        "Somebody has changed it since the conflict ({fields}). Look at what stands there now; with --anyway the "
        "value is written all the same.",
        "Någon har ändrat det sedan konflikten ({fields}). Se vad som står där nu; med --anyway skrivs värdet ändå.",
    ),
    "CANNOT_REAPPLY": (
        "The value cannot be written once more ({why}): what it refers to is gone, its key is taken, other "
        "records refer to it, or its table is not synced. Put that right first.",
        "Värdet kan inte skrivas en gång till ({why}): det som det hänvisar till är borta, nyckeln är upptagen, "
        "andra element hänvisar till det eller tabellen synkas inte. Rätta det först.",
    ),
    # Two programs that answer each other
    "OSCILLATES": (
        "A program online and one at the office answer each other on {field} without end: {reason}. The field is "
        "left alone. Write the right value on either side, and it is synced again.",
        "Ett program online och ett på kontoret svarar varandra utan slut i {field}: {reason}. Fältet lämnas i "
        "fred. Skriv det rätta värdet på någon av sidorna så synkas det igen.",
    ),
    # Fields that belong together
    "HELP_GROUP": (
        "Fields that are decided together in a conflict, such as contacts:street,city. May be given more than once.",
        "Fält som avgörs tillsammans vid en konflikt, till exempel contacts:street,city. Kan anges flera gånger.",
    ),
    "HELP_GROUPS": (
        "Also decide together what names tell belongs together (address, amount with currency, start with end, "
        "status with date). Default; kept for the next attach. With --no-groups only what --group gives.",
        "Avgör också tillsammans det som namnen visar hör ihop (adress, belopp med valuta, start med slut, status "
        "med datum). Förval; sparas till nästa attach. Med --no-groups bara det som --group anger.",
    ),
    "GROUP": (
        "{type}: {fields} are decided together.",
        "{type}: {fields} avgörs tillsammans.",
    ),
    "GROUP_UNKNOWN": (
        "{group} is no group. Write a synced type and at least two of its fields, each in one group only: "
        "contacts:street,city",
        "{group} är ingen grupp. Skriv en synkad typ och minst två av dess fält, varje fält i högst en grupp: "
        "contacts:street,city",
    ),
    # Rules beside *the office wins*
    "HELP_DIRECTION": (
        "Where a type is written: both, up (to online only) or down (from online only), as contacts=up.",
        "Var en typ skrivs: both, up (bara till online) eller down (bara från online), som contacts=up.",
    ),
    "HELP_RULE": (
        "Who wins where both sides changed the same field: TYPE.FIELD=online or TYPE=online; =office puts the rule "
        "back that holds for everything else. May be given more than once; kept for the next attach.",
        "Vem som vinner när båda sidor ändrat samma fält: TYP.FÄLT=online eller TYP=online; =office återställer "
        "regeln som gäller allt annat. Kan anges flera gånger; sparas till nästa attach.",
    ),
    "ONLINE_WINS": (
        "{type}: the online value stands where both sides changed {fields}.",
        "{type}: online-värdet gäller när båda sidor ändrat {fields}.",
    ),
    "DIRECTION_UP": (
        "{type}: to online only. It is written at the office.",
        "{type}: bara till online. Det skrivs på kontoret.",
    ),
    "DIRECTION_DOWN": (
        "{type}: from online only. It is written there.",
        "{type}: bara från online. Det skrivs där.",
    ),
    "DIRECTION_UNKNOWN": (
        "{direction} is no direction. Write a synced type and both, up or down: contacts=up",
        "{direction} är ingen riktning. Skriv en synkad typ och both, up eller down: contacts=up",
    ),
    "RULE_UNKNOWN": (
        "{rule} is no rule. Write a synced type, or a field of one that is in no group, and a side: "
        "contacts.notes=online",
        "{rule} är ingen regel. Skriv en synkad typ, eller ett fält som inte ingår i en grupp, och en sida: "
        "contacts.notes=online",
    ),
    # What cannot be done
    "BAD_UNDO": (
        "What to undo cannot be read: {detail}. Say a person, a batch or an hour such as 2026-11-23T14.",
        "Det går inte att läsa vad som ska ångras: {detail}. Ange en person, en omgång eller en timme som "
        "2026-11-23T14.",
    ),
    "BAD_HOUR": (
        "{hour} is no hour. Write it like 2026-11-23T14.",
        "{hour} är ingen timme. Skriv den som 2026-11-23T14.",
    ),
    "UNDO_TOO_LARGE": (
        "That is more than {limit} changes. Choose less at a time: one batch, or one hour. "
        "A restore with so many is taken back by putting the backup back once more, and choosing the other way.",
        "Det är mer än {limit} ändringar. Välj mindre åt gången: en omgång eller en timme. "
        "En återställning med så många ändringar ångras genom att säkerhetskopian läggs tillbaka en gång till, "
        "och det andra valet görs.",
    ),
}
