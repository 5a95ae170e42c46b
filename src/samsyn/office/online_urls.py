"""Where the pages of Samsyn Online are found: the connection and the synchronisation."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from samsyn.office.access import SUPERUSER, page, setting
from samsyn.office.connection import ending, tracing, updating, wizard
from samsyn.office.connection import pages as connection
from samsyn.office.people.rights import Area
from samsyn.office.synchronising import holding, lists, mending
from samsyn.office.synchronising import pages as sync
from samsyn.webkit.registers.book import May

Pages = list[URLPattern | URLResolver]
ONLINE = "c/<company>/settings/online"
see_online, of_superusers = setting(Area.ONLINE, May.READ), SUPERUSER
of_connection: Pages = [
    page(ONLINE, connection.connection, see_online, "online"),
    page(f"{ONLINE}/address", connection.address, of_superusers, "online_address"),
    page(f"{ONLINE}/user", connection.change_user, of_superusers, "change_user"),
    page(f"{ONLINE}/moved", connection.moved, of_superusers, "database_moved"),
    page(f"{ONLINE}/trace", tracing.trace, of_superusers, "trace"),
    page(f"{ONLINE}/trace/file", tracing.trace_file, of_superusers, "trace_file"),
    page(f"{ONLINE}/trace/package", tracing.package, of_superusers, "support_package"),
    page(f"{ONLINE}/connect", wizard.criteria, see_online, "connect"),
    page(f"{ONLINE}/connect/ask", wizard.ask, of_superusers, "connect_ask"),
    page(f"{ONLINE}/connect/id", wizard.samsyn_id, of_superusers, "connect_id"),
    page(f"{ONLINE}/connect/registers", wizard.registers, of_superusers, "connect_registers"),
    page(f"{ONLINE}/connect/computer", wizard.computer, of_superusers, "connect_computer"),
    page(f"{ONLINE}/connect/plan", wizard.plan, of_superusers, "connect_plan"),
    page(f"{ONLINE}/connect/loading", wizard.loading, see_online, "connect_loading"),
    page(f"{ONLINE}/connect/give-up", wizard.give_up, of_superusers, "connect_give_up"),
    page(f"{ONLINE}/update", updating.update, of_superusers, "update_connection"),
    page(f"{ONLINE}/update/ask", updating.ask, of_superusers, "update_ask"),
    page(f"{ONLINE}/update/id", updating.samsyn_id, of_superusers, "update_id"),
    page(f"{ONLINE}/update/choose", updating.choose, of_superusers, "update_choose"),
    page(f"{ONLINE}/update/undo", updating.undo, of_superusers, "update_undo"),
    page(f"{ONLINE}/disconnect", ending.disconnect, of_superusers, "disconnect"),
]
of_synchronisation: Pages = [
    page(f"{ONLINE}/sync", sync.synchronisation, see_online, "synchronisation"),
    page(f"{ONLINE}/sync/state", sync.state, see_online, "sync_state"),
    page(f"{ONLINE}/sync/computer", sync.computer, of_superusers, "sync_computer"),
    page(f"{ONLINE}/sync/pause", sync.pause_or_resume, of_superusers, "pause_sync"),
    page(f"{ONLINE}/sync/verify", sync.verify, of_superusers, "verify_sync"),
    page(f"{ONLINE}/sync/conflicts", lists.conflicts, see_online, "sync_conflicts"),
    page(f"{ONLINE}/sync/history", lists.history, see_online, "sync_history"),
    page(f"{ONLINE}/sync/log", lists.log, see_online, "sync_log"),
    page(
        f"{ONLINE}/sync/conflicts/<str:conflict>/again",
        mending.again,
        setting(Area.ONLINE, May.WRITE),
        "sync_again",
    ),
    page(
        f"{ONLINE}/sync/quarantine/<str:number>/fix",
        mending.fix,
        setting(Area.ONLINE, May.WRITE),
        "sync_fix",
    ),
    page(f"{ONLINE}/sync/held/<path:type>", holding.held, of_superusers, "sync_held"),
]
online_pages = [*of_connection, *of_synchronisation]
