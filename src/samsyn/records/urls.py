"""Where the sync protocol's endpoints are found, below `protocol.PATH`."""

from __future__ import annotations

from django.urls import path

from samsyn.records import approval_api, asking_api, sync_api

urlpatterns = [
    path("approval", approval_api.ask_view),
    path("approval/wait", approval_api.watch_view),
    path("pair", sync_api.pair),
    path("hello", sync_api.hello_view),
    path("push", sync_api.push_view),
    path("load", sync_api.load_view),
    path("pull", sync_api.pull_view),
    path("wait", sync_api.wait_view),
    path("state", sync_api.state_view),
    path("digests", sync_api.digests_view),
    path("held", sync_api.held_view),
    path("users", sync_api.users_view),
    path("records", sync_api.records_view),
    path("identities", sync_api.identities_view),
    path("compare", sync_api.compare_view),
    path("conflicts", asking_api.conflicts_view),
    path("quarantine", asking_api.quarantine_view),
    path("quarantine/fix", asking_api.fix_view),
    path("history", asking_api.history_view),
    path("ledger", asking_api.ledger_view),
    path("conflicts/re-apply", asking_api.reapply_view),
    path("undo/batches", asking_api.batches_view),
    path("undo/plan", asking_api.undo_plan_view),
    path("undo", asking_api.undo_view),
    path("restore/look", asking_api.look_view),
    path("restore/begin", asking_api.begin_view),
    path("restore/reopen", asking_api.reopen_view),
    path("restore/rejoin", asking_api.rejoin_view),
    path("leaving", sync_api.leaving_view),
    path("disconnect", sync_api.disconnect_view),
]
