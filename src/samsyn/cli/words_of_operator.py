"""What the operator's commands say, in English and Swedish: code → (en, sv), with the next step."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "CONFIGURATION_UNREADABLE": (
        "The configuration in {file} cannot be read: {reason}.",
        "Konfigurationen i {file} kan inte läsas: {reason}.",
    ),
    "UNKNOWN_SETTING": (
        "{file} has a key {key}, which means nothing here. `samsyn online check-config` shows every key. "
        "Meant, perhaps: {near}",
        "{file} har en nyckel {key} som inte betyder något här. `samsyn online check-config` visar alla nycklar. "
        "Kanske avses: {near}",
    ),
    "BAD_SETTING": (
        "{key} cannot be {value} (set in {place}). It takes:",
        "{key} kan inte vara {value} (angivet i {place}). Giltigt är:",
    ),
    "CONFIGURATION_LINE": ("{key} = {value}", "{key} = {value}"),
    "CONFIGURATION_LINE_SET": ("{key} = {value}    # {place}", "{key} = {value}    # {place}"),
}
