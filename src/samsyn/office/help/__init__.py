"""The office program's help: its topics, and which page leads to which."""

from __future__ import annotations

from pathlib import Path

from samsyn.webkit.help.pages import OF_REGISTERS, SHARED, Help

_CONNECTING = ("connect", "connect_ask", "connect_id", "connect_registers", "connect_computer",
               "connect_plan", "connect_loading", "connect_give_up", "online_address", "change_user")  # fmt: skip
_UPDATING = ("update_connection", "update_ask", "update_id", "update_choose", "update_undo", "database_moved")  # fmt: skip
_SYNCING = ("synchronisation", "sync_state", "sync_computer", "pause_sync", "verify_sync", "sync_history", "sync_log")  # fmt: skip
_USERS = ("users", "new_user", "user", "give_password", "remove_user", "signed_in", "sign_out_user")
_RIGHTS = ("templates", "new_template", "template", "remove_template", "user_profile")
_COMPANIES = ("choose_company", "add_company", "create_company", "sample_company", "company_details",
              "take_out_company", "registration")  # fmt: skip
_BACKUPS = ("backups", "restore_file", "backup_file", "restore_backup", "remove_backup", "bring_in")
_ATTACHING = ("attach_database", "attach_plan", "choose_registers")

HELP = Help(
    (SHARED, Path(__file__).parent / "topics"),
    OF_REGISTERS
    | dict.fromkeys(("first_user", "sign_in", "start"), "getting-started")
    | dict.fromkeys(_COMPANIES, "companies")
    | dict.fromkeys(_ATTACHING, "attaching-a-database")
    | dict.fromkeys(_BACKUPS, "backup-and-restore")
    | dict.fromkeys(_USERS, "users")
    | dict.fromkeys(_RIGHTS, "access-control")
    | dict.fromkeys(("own_settings", "own_password"), "user-settings")
    | {"company": "arranging-the-desktop"}
    | dict.fromkeys(_CONNECTING, "connecting")
    | dict.fromkeys(_UPDATING, "updating-the-connection")
    | dict.fromkeys(_SYNCING, "synchronisation")
    | {
        "own_employee": "user-and-employee",
        "online": "samsyn-online",
        "disconnect": "disconnecting",
        "trace": "trace-log",
        "sync_conflicts": "conflicts",
        "sync_again": "conflicts",
        "sync_fix": "quarantine",
        "sync_held": "held-registers",
    },
)
