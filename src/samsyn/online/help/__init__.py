"""The service's help: its topics, and which page leads to which."""

from __future__ import annotations

from pathlib import Path

from samsyn.webkit.help.pages import OF_REGISTERS, SHARED, Help

_IDS = ("account", "account_email", "account_change_password", "account_set_password", "sessions",
        "office_connections", "my_data", "delete_account", "account_login", "account_signup",
        "account_reset_password", "account_confirm_email")  # fmt: skip
_FACTORS = ("mfa_index", "demand_second_factor", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn",
            "mfa_view_recovery_codes", "mfa_authenticate")  # fmt: skip
_MEMBERS = ("members", "invite", "member", "remove_member", "roles", "new_role", "role", "remove_role")  # fmt: skip

HELP = Help(
    (SHARED, Path(__file__).parent / "topics"),
    OF_REGISTERS
    | dict.fromkeys(("start", "choose_company"), "getting-started")
    | dict.fromkeys(_IDS, "samsyn-id")
    | dict.fromkeys(_FACTORS, "second-factor")
    | dict.fromkeys(_MEMBERS, "members-and-roles")
    | dict.fromkeys(("office", "office_code", "connect", "revoke_connection"), "the-office")
    | dict.fromkeys(("conflicts", "write_again"), "conflicts")
    | dict.fromkeys(("quarantine", "mend"), "quarantine")
    | dict.fromkeys(("tokens", "new_token", "webhooks", "webhook"), "other-programs")
    | {"company": "arranging-the-desktop", "notices": "being-told"},
)
