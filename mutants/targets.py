"""Which modules hold rules, and the tests that must notice a fault in each, nearest first."""

from __future__ import annotations

from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src" / "samsyn"
SHORT = {"SAMSYN_TEST_PROFILE": "mutants", "SAMSYN_SMALL_WORLD_SHORTER": "2"}
"""For the tests' environment: every fault meets them, so they are as quick as they can be."""


class Target(msgspec.Struct, frozen=True):
    """A module below src/samsyn and its tests. `warm`: what all forks may share, `module:function`."""

    module: str
    tests: tuple[str, ...]
    warm: str = ""

    @property
    def name(self) -> str:
        """The module's dotted name."""
        return "samsyn." + self.module.removesuffix(".py").replace("/", ".")


CORE = tuple(
    f"tests/core/test_{name}.py"
    for name in (
        "merge", "merge_marks", "record", "net", "brakes", "oscillation", "groups", "plan", "undo", "mending", "reopen",
        "dropping", "small_world",
    )
)  # fmt: skip

ABSORBING = ("tests/companydb/test_absorb.py", "tests/companydb/test_claim_histories.py")
BATCHES = tuple(
    f"tests/records/test_{name}.py"
    for name in ("batch_rules", "exactly_once", "push", "pull", "quarantine")
)
LOADS = tuple(f"tests/records/test_{name}.py" for name in ("load", "chunk_numbers", "exactly_once"))
RESTORES = ("tests/sync/test_restore_branches.py", "tests/sync/test_restore_underway.py")
STANDING = ("tests/records/test_standing.py", "tests/records/test_rejoining.py")
HELLOS = tuple(
    f"tests/records/test_{name}.py" for name in ("hello", "exactly_once", "marks", "chunk_numbers")
)
STORE = "tests.records.stores:_empty_store"

TARGETS = [
    *(Target(f"core/{name}.py", CORE) for name in (
        "merge", "plan", "net", "record", "brakes", "groups", "stale", "oscillation", "undo",
        "mending", "reopen", "losing", "dropping",
    )),
    Target("companydb/absorb.py", ABSORBING),
    Target("records/push.py", BATCHES, STORE),
    Target("records/checks.py", ("tests/records/test_checks.py",)),
    Target("records/load.py", LOADS, STORE),
    Target("records/pull.py", ("tests/records/test_pull_pages.py", "tests/records/test_pull.py"), STORE),
    Target("companydb/repeating.py", ("tests/companydb/test_repeating.py",)),
    Target("companydb/claim.py", ("tests/companydb/test_claim.py", "tests/companydb/test_claim_beside.py", *ABSORBING)),
    Target("companydb/echo.py", ("tests/companydb/test_echo.py",)),
    Target("companydb/following.py", ("tests/companydb/test_following.py", "tests/sync/test_cascades.py"), STORE),
    Target("agent/answers.py", ("tests/sync/test_answers.py",)),
    Target("agent/underway.py", RESTORES, STORE),
    Target("records/standing.py", (*STANDING, "tests/records/test_exactly_once.py", *RESTORES), STORE),
    Target("records/connections.py", ("tests/records/test_connections.py", "tests/records/test_pairing.py", *HELLOS, *LOADS, *BATCHES), STORE),
    Target("records/marks.py", ("tests/records/test_marks.py", *RESTORES), STORE),
    Target("agent/doomed.py", ("tests/sync/test_triggers_that_refuse.py",)),
    Target("records/since.py", ("tests/records/test_since.py", "tests/sync/test_restore_branches.py"), STORE),
    Target("records/restoring.py", ("tests/records/test_restoring.py", "tests/records/test_rejoining.py"), STORE),
    Target("records/newcomer.py", ("tests/records/test_newcomer.py",), STORE),
    Target("records/restored.py", ("tests/records/test_restored.py",), STORE),
    Target("records/hello.py", HELLOS, STORE),
    Target("agent/restoring.py", ("tests/sync/test_restore_steps.py", "tests/sync/test_restore_ends.py"), STORE),
    Target("agent/restore_plan.py", ("tests/sync/test_restore_plan.py", "tests/sync/test_left_out_fields.py"), STORE),
    Target("agent/continuity.py", ("tests/sync/test_continuity.py",), STORE),
    Target("agent/greeting.py", ("tests/sync/test_continuity.py", *RESTORES), STORE),
    Target("companydb/since_backup.py", ("tests/companydb/test_since_backup.py", "tests/sync/test_restore.py"), STORE),
]  # fmt: skip
