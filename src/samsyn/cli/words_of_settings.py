"""What each key of the service's configuration takes, in English and Swedish."""

from __future__ import annotations

WANTS: dict[str, tuple[str, str]] = {
    "database": (
        "postgresql://user:password@host/name, or nothing for SQLite in the home folder",
        "postgresql://användare:lösenord@dator/namn, eller inget för SQLite i hemmappen",
    ),
    "url": (
        "the service's own address, such as https://samsyn.example.com",
        "tjänstens egen adress, till exempel https://samsyn.example.com",
    ),
    "hosts": (
        "a list of the names by which the service may be asked",
        "en lista över de namn som tjänsten får anropas med",
    ),
    "host": ("an address of this machine", "en av den här datorns adresser"),
    "port": ("a number from 0 to 65535", "ett tal från 0 till 65535"),
    "shared_port": (
        "true or false, and true on PostgreSQL alone",
        "true eller false, och true bara på PostgreSQL",
    ),
    "tls_cert": ("a file that is there", "en fil som finns"),
    "tls_key": ("a file that is there", "en fil som finns"),
    "behind_proxy": ("true or false", "true eller false"),
    "smtp": (
        "smtp://user:password@host:587 (STARTTLS), smtps://… (TLS), smtp+plain://localhost, or nothing",
        "smtp://användare:lösenord@dator:587 (STARTTLS), smtps://… (TLS), smtp+plain://localhost eller inget",
    ),
    "mail_from": ("an e-mail address", "en e-postadress"),
    "time_zone": ("a name such as Europe/Stockholm", "ett namn som Europe/Stockholm"),
    "log_format": ('"plain" or "json"', '"plain" eller "json"'),
    "log_level": (
        '"DEBUG", "INFO", "WARNING" or "ERROR"',
        '"DEBUG", "INFO", "WARNING" eller "ERROR"',
    ),
    "metrics_token": (
        "16 characters or more, or nothing",
        "minst 16 tecken, eller inget",
    ),
    "keep_days": ("a number of days, 90 or more", "ett antal dagar, minst 90"),
    "deletion_days": ("a number of days, 1 or more", "ett antal dagar, minst 1"),
    "api_rate": ("a number of requests a minute, or 0", "ett antal anrop per minut, eller 0"),
    "webhooks_private": ("true or false", "true eller false"),
    "leaked_passwords": (
        "a file whose lines are SHA-1 hashes in capitals, in their order",
        "en fil vars rader är SHA-1-summor med stora bokstäver, i ordning",
    ),
    "database_threads": ("a number from 1 to 64", "ett tal från 1 till 64"),
}
