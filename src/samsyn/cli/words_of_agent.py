"""What the agent at the office tells about reaching the service and about who syncs: code → (en, sv)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # The service
    "SERVICE_UNREACHABLE": (
        "Nobody answers at {online} ({reason}). Changes are kept, and it is tried again by itself; check that "
        "the computer is online.",
        "Ingen svarar på {online} ({reason}). Ändringarna sparas och nya försök görs av sig självt; kontrollera "
        "att datorn är uppkopplad.",
    ),
    "SERVICE_TROUBLE": (
        "The service has trouble of its own (status {status}). Changes are kept, and it is tried again by "
        "itself.",
        "Tjänsten har egna problem (status {status}). Ändringarna sparas och nya försök görs av sig självt.",
    ),
    "SERVICE_REFUSED": (
        "The service refuses the request ({problem}). Update the older of agent and service; nothing was lost.",
        "Tjänsten avvisar begäran ({problem}). Uppdatera den äldre av agent och tjänst; inget har gått förlorat.",
    ),
    "UNSAFE_ADDRESS": (
        "{online} is neither this computer nor reached over TLS, so others could listen. Use an address that "
        "begins with https://",
        "{online} är varken den här datorn eller skyddad med TLS, så andra kan lyssna. Använd en adress som "
        "börjar med https://",
    ),
    "BACKLOG": (
        "More was written at the office than one step sends. The rest follows by itself; nothing needs to be "
        "done.",
        "Mer har skrivits på kontoret än vad ett steg skickar. Resten följer av sig självt; inget behöver göras.",
    ),
    "WRITTEN_MEANWHILE": (
        "A row that was about to be deleted was changed at that moment. The change counts, and the step is done "
        "again by itself.",
        "En rad som skulle tas bort ändrades i samma ögonblick. Ändringen gäller, och steget görs om av sig självt.",
    ),
    "INTERRUPTED": (
        "Stopped while waiting; nothing was changed. Start again, and it goes on.",
        "Avbröts under väntan; inget ändrades. Starta igen så fortsätter det.",
    ),
    # Approval in a browser
    "CONNECT_APPROVE": (
        "Open {address}\nCompare the code, {code}, choose the company and say yes. This command goes on by itself.",
        "Öppna {address}\nJämför koden, {code}, välj företag och svara ja. Kommandot fortsätter av sig självt.",
    ),
    "NOT_APPROVED": (
        "The answer was no, so nothing was connected.",
        "Svaret blev nej, så inget har anslutits.",
    ),
    "APPROVAL_LAPSED": (
        "Nobody answered within half an hour, so nothing was connected. Run the command again.",
        "Ingen svarade inom en halvtimme, så inget har anslutits. Kör kommandot igen.",
    ),
    "BAD_APPROVAL_CODE": (
        "The approval is unknown, answered or too old. Run the command again.",
        "Godkännandet är okänt, besvarat eller för gammalt. Kör kommandot igen.",
    ),
    "TOO_MANY_ASK": (
        "Too many offices ask at the service just now. Try again in {retry_after_s} seconds.",
        "För många kontor frågar hos tjänsten just nu. Försök igen om {retry_after_s} sekunder.",
    ),
    # The sync computer
    "LEASE_HELD": (
        "The computer {computer} already syncs this company database. Stop the agent there, or choose this "
        "computer as the sync computer.",
        "Datorn {computer} synkroniserar redan företagsdatabasen. Stoppa agenten där eller välj den här datorn "
        "som synkroniseringsdator.",
    ),
    "LEASE_LOST": (
        "The computer {computer} has taken over the sync of this company database, so this agent has stopped. "
        "Nothing was lost.",
        "Datorn {computer} har tagit över synkroniseringen av företagsdatabasen, så agenten här har stannat. "
        "Inget har gått förlorat.",
    ),
    "OTHER_COMPUTER_CHOSEN": (
        "The computer {computer} is chosen as the sync computer. Start the agent there, or choose this "
        "computer instead.",
        "Datorn {computer} är vald till synkroniseringsdator. Starta agenten där eller välj den här datorn i "
        "stället.",
    ),
}

REASONS: dict[str, tuple[str, str]] = {
    "NewConnectionError": ("the connection is refused", "anslutningen nekas"),
    "NameResolutionError": ("its name is not known", "namnet är okänt"),
    "ConnectTimeoutError": ("no answer in time", "inget svar i tid"),
    "ReadTimeoutError": ("no answer in time", "inget svar i tid"),
    "ProtocolError": ("the connection broke", "anslutningen bröts"),
    "SSLError": ("its certificate is not accepted", "certifikatet godtas inte"),
}
"""Why nobody answers, as the HTTP client calls it."""
