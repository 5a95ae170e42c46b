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
        "merge", "merge_marks", "net", "brakes", "oscillation", "groups", "plan", "undo", "mending", "reopen", "dropping",
        "small_world",
    )
)  # fmt: skip

ABSORBING = ("tests/companydb/test_absorb.py", "tests/companydb/test_claim_histories.py")
BATCHES = tuple(
    f"tests/records/test_{name}.py"
    for name in ("batch_rules", "exactly_once", "push", "pull", "quarantine")
)
AGENT = (
    *ABSORBING,
    *(
        f"tests/sync/test_{name}.py"
        for name in (
            "both_ways", "order_and_cursor", "oscillation", "groups", "rules", "rings", "key_swaps",
            "triggers_of_others", "collisions", "undeclared_references",
        )
    ),
)  # fmt: skip
STORE = "tests.records.stores:_empty_store"

TARGETS = [
    *(Target(f"core/{name}.py", CORE) for name in (
        "merge", "plan", "net", "record", "brakes", "groups", "stale", "oscillation", "undo",
        "mending", "reopen", "losing", "dropping",
    )),
    Target("companydb/absorb.py", ABSORBING),
    Target("records/push.py", BATCHES, STORE),
    Target("records/checks.py", ("tests/records/test_checks.py",)),
    *(
        Target(f"records/{name}.py", tuple(f"tests/records/test_{test}.py" for test in tests), STORE)
        for name, tests in (
            ("connections", ("exactly_once", "batch_rules", "pairing")),
            ("hello", ("sync_api", "exactly_once")),
            ("pull", ("pull", "exactly_once", "quarantine")),
            ("load", ("load", "exactly_once")),
        )
    ),
    *(Target(f"companydb/{name}.py", AGENT) for name in ("claim", "echo")),
    *(Target(f"agent/{name}.py", ("tests/sync/test_triggers_that_refuse.py",)) for name in ("refusing", "doomed")),
    Target("agent/http.py", ("tests/cli/test_answers_gone_wrong.py",)),
]  # fmt: skip
