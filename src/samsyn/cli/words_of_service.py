"""What the service answers to agents and other programs: code → (en, sv)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "RECORDS_ERROR": (
        "The service refused the request. Nothing was changed; run the command again, and if it happens "
        "again, send the trace log (`samsyn trace DATABASE`) to support.",
        "Tjänsten avvisade begäran. Inget ändrades; kör kommandot igen, och händer det på nytt, skicka "
        "loggen (`samsyn trace DATABAS`) till supporten.",
    ),
    # The connection
    "NOT_CONNECTED": (
        "This company database is not connected, or the service does not know the connection. Connect with a "
        "new pairing code: "
        "samsyn connect DATABASE --online URL --code CODE",
        "Företagsdatabasen är inte ansluten, eller så känner tjänsten inte till anslutningen. Anslut med en ny "
        "kopplingskod: "
        "samsyn connect DATABAS --online URL --code KOD",
    ),
    "CONNECTION_REVOKED": (
        "The connection was ended at the service at {at}. Your data is untouched. To go on where it was, with a "
        "new pairing code: samsyn update-connection DATABASE --code CODE",
        "Anslutningen avslutades i tjänsten {at}. Dina data är orörda. För att fortsätta där den var, med en ny "
        "kopplingskod: samsyn update-connection DATABAS --code KOD",
    ),
    "PAIRING_CODE_INVALID": (
        "The pairing code is unknown, used or too old: it is good for 15 minutes, once. Make a new one: "
        "samsyn online pairing-code --company ID",
        "Kopplingskoden är okänd, använd eller för gammal: den gäller i 15 minuter, en gång. Skapa en ny: "
        "samsyn online pairing-code --company ID",
    ),
    "TOO_MANY_ATTEMPTS": (
        "Too many wrong codes from here. Wait {retry_after_s} seconds, then try again.",
        "För många felaktiga koder härifrån. Vänta {retry_after_s} sekunder och försök sedan igen.",
    ),
    "PROTOCOL_UNSUPPORTED": (
        "This agent speaks protocol version {spoken}, the service {supported}. Update the older of the two.",
        "Agenten talar protokollversion {spoken}, tjänsten {supported}. Uppdatera den äldre av dem.",
    ),
    "FENCED": (
        "Another sync computer has taken over this company database, so this one has stopped. To use this "
        "one again, choose it as the sync computer.",
        "En annan synkroniseringsdator har tagit över företagsdatabasen, så den här har stannat. Välj den här "
        "som synkroniseringsdator för att använda den igen.",
    ),
    "LINK_OLD": (
        "This database is as it was at {at}: it was restored from a backup or copied. Nothing is synced until "
        "a person has seen what differs and chosen what stands: samsyn update-connection DATABASE. Nothing is "
        "lost meanwhile.",
        "Databasen är som den var {at}: den är återställd från en säkerhetskopia eller kopierad. Inget "
        "synkroniseras förrän någon har sett vad som skiljer och valt vad som ska gälla: samsyn "
        "update-connection DATABAS. Inget går förlorat under tiden.",
    ),
    "DATABASE_WENT_BACK": (
        "The service has office work that is not in this database: it was restored from a backup or copied. "
        "Nothing is synced until a person has seen what differs and chosen what stands: samsyn update-connection "
        "DATABASE. Nothing is lost meanwhile.",
        "Tjänsten har arbete från kontoret som inte finns i den här databasen: den är återställd från en "
        "säkerhetskopia eller kopierad. Inget synkroniseras förrän någon har sett vad som skiljer och valt vad som "
        "ska gälla: samsyn update-connection DATABAS. Inget går förlorat under tiden.",
    ),
    "LINK_UNKNOWN": (
        "The service has never seen this database with this connection: it may be another database or a "
        "copy, or the service was put back to a backup. Check the path; what differs is told by: samsyn "
        "update-connection DATABASE",
        "Tjänsten har aldrig sett den här databasen med den här anslutningen: det kan vara en annan databas "
        "eller en kopia, eller så har tjänsten lagts tillbaka till en säkerhetskopia. Kontrollera sökvägen; vad "
        "som skiljer visas av: samsyn update-connection DATABAS",
    ),
    "BACKUP_TOO_OLD": (
        "The backup that was put back is older than what the service keeps, so what came after it cannot be "
        "told apart any more. Put a newer backup back. Only where there is none: disconnect and connect again, "
        "which takes this database, as it is now, for the truth.",
        "Säkerhetskopian som lagts tillbaka är äldre än vad tjänsten sparar, så det går inte längre att skilja ut "
        "vad som kommit efter den. Lägg tillbaka en nyare säkerhetskopia. Bara om det inte finns någon: koppla "
        "från och anslut igen, då gäller databasen som den är nu.",
    ),
    "STATE_DIVERGED": (
        "Office and service do not agree on what they have exchanged ({what}: {office} at the office, "
        "{online} online). One of them was put back to a backup. Nothing is synced until a person has "
        "chosen what stands: samsyn update-connection DATABASE",
        "Kontoret och tjänsten är inte överens om vad de har utbytt ({what}: {office} på kontoret, {online} "
        "online). En av dem har lagts tillbaka till en säkerhetskopia. Inget synkroniseras förrän någon har valt "
        "vad som ska gälla: samsyn update-connection DATABAS",
    ),
    # The exchange
    "BATCH_GAP": (
        "The service expected batch {expected} and was sent {number}. Sync has stopped and nothing is "
        "guessed; run `samsyn verify DATABASE`.",
        "Tjänsten väntade sig sändning {expected} men fick {number}. Synkroniseringen har stannat och inget "
        "gissas; kör `samsyn verify DATABAS`.",
    ),
    "BATCH_DIVERGED": (
        "Batch {number} differs from the one the service has taken. Sync has stopped and nothing is guessed; "
        "run `samsyn verify DATABASE`.",
        "Sändning {number} skiljer sig från den som tjänsten har tagit emot. Synkroniseringen har stannat och "
        "inget gissas; kör `samsyn verify DATABAS`.",
    ),
    "CATALOG_UNKNOWN": (
        "The service has not been told of the tables as they are now. The agent tells it at the next contact; "
        "nothing needs to be done.",
        "Tjänsten har inte fått veta hur tabellerna ser ut nu. Agenten talar om det vid nästa kontakt; inget "
        "behöver göras.",
    ),
    "TOO_MANY_RECORDS": (
        "More than {limit} records were asked about at once. Update Samsyn on this computer.",
        "Fler än {limit} element efterfrågades på en gång. Uppdatera Samsyn på den här datorn.",
    ),
    "CHUNK_STALE": (
        "A part of the first load was read before something that has been sent since. It is read again; "
        "nothing needs to be done.",
        "En del av den första överföringen lästes före något som har skickats sedan dess. Den läses om; inget "
        "behöver göras.",
    ),
    "STORE_BUSY": (
        "The service's store is busy: {detail}. It is tried again by itself.",
        "Tjänstens lager är upptaget: {detail}. Ett nytt försök görs av sig självt.",
    ),
    "BODY_TOO_LARGE": (
        "The request is larger than the {limit} bytes the service takes. Send it in smaller parts.",
        "Begäran är större än de {limit} byte som tjänsten tar emot. Skicka den i mindre delar.",
    ),
    "ADDRESS_TOO_LONG": (
        "The address of the request is longer than the {limit} bytes the service takes. Use fewer or shorter "
        "filters.",
        "Adressen i begäran är längre än de {limit} byte som tjänsten tar emot. Använd färre eller kortare "
        "filter.",
    ),
    "HEADERS_TOO_LARGE": (
        "The headers of the request are larger than the {limit} bytes the service takes. Send fewer of them.",
        "Begärans huvuden är större än de {limit} byte som tjänsten tar emot. Skicka färre.",
    ),
    "BAD_BODY": (
        "The request cannot be read: {detail}. Correct the program that sent it.",
        "Begäran går inte att läsa: {detail}. Rätta programmet som skickade den.",
    ),
    # Records
    "UNKNOWN_TYPE": (
        "The company has no record type {type}. See which there are: GET …/types",
        "Företaget har ingen elementtyp {type}. Se vilka som finns: GET …/types",
    ),
    "UNKNOWN_FIELD": (
        "The record type {type} has no field {field}. See which there are: GET …/types",
        "Elementtypen {type} har inget fält {field}. Se vilka som finns: GET …/types",
    ),
    "UNKNOWN_RECORD": (
        "There is no record {record}; it may have been deleted. Read the list again.",
        "Det finns inget element {record}; det kan ha tagits bort. Läs listan på nytt.",
    ),
    "TYPE_FROM_OFFICE": (
        "Records of {type} go to online only: they are written at the office. Another direction is chosen there: "
        "samsyn attach DATABASE --direction {type}=both",
        "Element av typen {type} går bara till online: de skrivs på kontoret. Där väljs en annan riktning: "
        "samsyn attach DATABAS --direction {type}=both",
    ),
    "RECORD_EXISTS": (
        "There is, or was, already a record with the id {record}. Leave the id out to get a new one.",
        "Det finns eller har funnits ett element med id {record}. Utelämna id för att få ett nytt.",
    ),
    "VERSION_MISMATCH": (
        "The record {record} was changed meanwhile: it is now version {version}, not {wanted}. Read it again "
        "and make the change on what it holds now.",
        "Elementet {record} har ändrats under tiden: det har nu version {version}, inte {wanted}. Läs det på "
        "nytt och gör ändringen på det som står där nu.",
    ),
    "BAD_QUERY": (
        "The filter, sort order or cursor cannot be read: {detail}. Correct it, or start from the first page.",
        "Filtret, sorteringen eller markören går inte att läsa: {detail}. Rätta den eller börja från första "
        "sidan.",
    ),
    # Webhooks: ordinarily told on the pages and by the REST API
    "BAD_WEBHOOK_URL": (
        "Nothing is sent to that address. It is to be an https address that everybody can reach.",
        "Till den adressen skickas inget. Ange en https-adress som alla kan nå.",
    ),
    "BAD_EVENTS": (
        "The webhook names an event that there is not.",
        "Webhooken nämner en händelse som inte finns.",
    ),
    "TOO_MANY_WEBHOOKS": (
        "The company has as many webhooks as there may be. Remove one first.",
        "Företaget har så många webhooks som det får ha. Ta bort en först.",
    ),
    "UNKNOWN_WEBHOOK": ("There is no such webhook.", "Det finns ingen sådan webhook."),
    "UNKNOWN_DELIVERY": (
        "The webhook's log has no such message, or no longer.",
        "Webhookens logg har inget sådant meddelande, eller inte längre.",
    ),
}
