"""What has not moved for over a minute, and why where no error says it: code → (en, sv)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # What waits
    "STALL_UP": (
        "Alarm: since {since} changes of the office wait to be sent ({waiting}).",
        "Larm: sedan {since} väntar kontorets ändringar på att skickas ({waiting}).",
    ),
    "STALL_DOWN": (
        "Alarm: since {since} changes made online wait to be written at the office.",
        "Larm: sedan {since} väntar ändringar gjorda online på att skrivas på kontoret.",
    ),
    "STALL_LOAD": (
        "Alarm: since {since} the load of {type} gets no further.",
        "Larm: sedan {since} kommer överföringen av {type} inte vidare.",
    ),
    "STALL_HELD": (
        "Alarm: since {since} {type} waits.",
        "Larm: sedan {since} väntar {type}.",
    ),
    "STALL_AGENT": (
        "Alarm: changes wait, and nobody has heard from the agent since {since}.",
        "Larm: ändringar väntar, och ingen har hört av agenten sedan {since}.",
    ),
    # Why, where nothing has gone wrong that could be told
    "STALL_SERVICE_SILENT": (
        "The service has taken the request ({asked}) and does not answer. It is asked again by itself; if this "
        "goes on, tell whoever runs the service.",
        "Tjänsten har tagit emot begäran ({asked}) men svarar inte. Ett nytt försök görs av sig självt; om det "
        "fortsätter, hör av dig till den som driver tjänsten.",
    ),
    "STALL_NO_PROGRESS": (
        "The agent runs, but a step does not end. Perhaps another program keeps a transaction open; `samsyn trace "
        "DATABASE` shows the last step. To start the agent again loses nothing.",
        "Agenten kör, men ett steg tar inte slut. Kanske håller ett annat program en transaktion öppen; `samsyn "
        "trace DATABAS` visar det senaste steget. Det går bra att starta om agenten, inget går förlorat.",
    ),
    "AGENT_SILENT": (
        "The agent on {computer} seems to run but does nothing. Start it again there; nothing is lost by that.",
        "Agenten på {computer} verkar köra men gör ingenting. Starta om den där; inget går förlorat.",
    ),
    # What moves again
    "STALL_OVER_UP": (
        "Changes of the office are sent again; they had waited since {since}.",
        "Kontorets ändringar skickas igen; de hade väntat sedan {since}.",
    ),
    "STALL_OVER_DOWN": (
        "Changes made online are written at the office again; they had waited since {since}.",
        "Ändringar gjorda online skrivs på kontoret igen; de hade väntat sedan {since}.",
    ),
    "STALL_OVER_LOAD": (
        "The load of {type} goes on; it had waited since {since}.",
        "Överföringen av {type} går vidare; den hade väntat sedan {since}.",
    ),
    "STALL_OVER_HELD": (
        "{type} goes on; it had waited since {since}.",
        "{type} går vidare; väntan hade varat sedan {since}.",
    ),
}
