"""Whatever a table or column is called, and however its key is made, it is kept the same."""

from __future__ import annotations

from pathlib import Path

from samsyn.companydb import attach, urls
from samsyn.core.cells import Cell
from tests.sync.conftest import OpenStore, OpenWorld
from tests.sync.offices import Office, connected
from tests.sync.world import World

NAMES = (
    "order", "select", "two words", "Mixed Case", "UPPER", "hy-phen", "a.b", 'quo"te', "apo'strophe",
    "back`tick", "[bracket]", "semi;colon", "per%cent", "%s", "do$lar", "$1", "question?", "col:on",
    "back\\slash", "comma, too", "(paren)", "åäö Å", "ßẞ", "日本", "😀", " leading", "trailing ",
    "tab\there", "line\nbreak", "--comment", "/*", "new", "old", "rowid", "oid", "_rowid_", "id", "k0",
    "seen", "t", "i", "r", "p", "q", "m0", "o0", "n0", "tab", "op", "okey", "samsyn notes", "null",
    "user", "TG_OP", "excluded", "x" * 50,
)  # fmt: skip


def q(name: str) -> str:
    """A quoted name, for both engines."""
    return '"' + name.replace('"', '""') + '"'


def rests(world: World) -> None:
    """Both sides are equal and nothing moves any more."""
    world.settle()
    assert not world.quarantine()
    assert not world.conflicts()
    assert world.certificate().identical
    assert not world.sync()


def detached(office: Office, before: object) -> None:
    """After detach the schema is as it was (G10)."""
    assert attach.detach(urls.parse(office.text)).identical
    assert office.dump() == before


def test_a_table_of_any_name_is_synced(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    office.run(
        *(f"CREATE TABLE {q(n)} ({q(n)} integer PRIMARY KEY, v text)" for n in NAMES),
        *(f"INSERT INTO {q(n)} VALUES (1, 'a'), (2, 'b')" for n in NAMES),
    )
    before = office.dump()
    world = connected(office, open_store, open_world)
    assert {t.name for t in world.db.types.values()} == set(NAMES)
    for name in NAMES:
        world.office(f"UPDATE {q(name)} SET v = 'office' WHERE {q(name)} = 1")
        world.edit(world.id_of(name, 2), v="online")
    world.settle()
    for name in NAMES:
        world.office(f"DELETE FROM {q(name)} WHERE {q(name)} = 1")
        fields: dict[str, Cell] = {name: None if _given(world, name) else 7, "v": "new"}
        world.create(name, None, **fields)
    rests(world)
    for name in NAMES:
        rows = world.office(f"SELECT v FROM {q(name)} ORDER BY {q(name)}")
        assert rows == [("online",), ("new",)], name
    world.close()
    detached(office, before)


def _given(world: World, name: str) -> bool:
    return world.type(name).field(name).read_only


def test_columns_of_any_name_are_synced(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    columns = [name for name in NAMES if name != "id"]
    rows = ", ".join(q(name) + " text" for name in columns)
    office.run(
        f"CREATE TABLE wide (id integer PRIMARY KEY, {rows})",
        "INSERT INTO wide (id) VALUES (1), (2)",
    )
    before = office.dump()
    world = connected(office, open_store, open_world)
    for place, name in enumerate(columns):
        world.office(f"UPDATE wide SET {q(name)} = $1 WHERE id = 1", f"office {place}")
    fields: dict[str, Cell] = {name: f"online {place}" for place, name in enumerate(columns)}
    world.edit_all({world.id_of("wide", 2): fields})
    rests(world)
    here = world.online(world.id_of("wide", 1)).fields
    assert [here[name] for name in columns] == [f"office {n}" for n in range(len(columns))]
    (row,) = world.office(f"SELECT {', '.join(q(c) for c in columns)} FROM wide WHERE id = 2")
    assert list(row) == list(fields.values())
    world.close()
    detached(office, before)


def test_keys_and_references_of_any_name_are_synced(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    names = [n for n in NAMES if n not in ("rowid", "oid", "_rowid_")][::2]
    for name in names:
        child = f"{name}/"
        office.run(
            f"CREATE TABLE {q(name)} ({q(name)} varchar(40) NOT NULL PRIMARY KEY)",
            f"CREATE TABLE {q(child)} ({q(name)} varchar(40) NOT NULL REFERENCES {q(name)},"
            f" {q(child)} integer NOT NULL, PRIMARY KEY ({q(name)}, {q(child)}))",
            f"INSERT INTO {q(name)} VALUES ('a')",
            f"INSERT INTO {q(child)} VALUES ('a', 1)",
        )
    world = connected(office, open_store, open_world)
    for name in names:
        child = f"{name}/"
        assert world.online(world.id_of(child, "a", 1)).fields[name] == world.id_of(name, "a")
        world.office(f"INSERT INTO {q(name)} VALUES ('b')")
        world.office(f"INSERT INTO {q(child)} VALUES ('b', 2)")
        world.office(f"UPDATE {q(child)} SET {q(child)} = 3 WHERE {q(child)} = 1")
        parent = world.create(name, None, **{name: "c"})
        fields: dict[str, Cell] = {name: parent, child: 4}
        world.create(child, None, **fields)
    rests(world)
    for name in names:
        rows = world.office(f"SELECT * FROM {q(f'{name}/')} ORDER BY 1")
        assert rows == [("a", 3), ("b", 2), ("c", 4)], name


def test_tables_of_one_name_in_two_schemas_are_two_types(
    new_pg: object, open_store: OpenStore, open_world: OpenWorld
) -> None:
    assert callable(new_pg)
    office = Office("postgresql", str(new_pg()))
    office.run(
        'CREATE SCHEMA a; CREATE SCHEMA "B 2"',
        *(
            f"CREATE TABLE {where}.t (id integer PRIMARY KEY, v text);"
            f"CREATE TABLE {where}.c (id integer PRIMARY KEY, t integer REFERENCES {where}.t);"
            f"INSERT INTO {where}.t VALUES (1, '{mark}'); INSERT INTO {where}.c VALUES (1, 1)"
            for where, mark in (("a", "one"), ('"B 2"', "two"))
        ),
        "CREATE TABLE a.alone (id integer PRIMARY KEY)",
    )
    before = office.dump()
    world = connected(office, open_store, open_world)
    assert {t.name for t in world.db.types.values()} == {"a.t", "B 2.t", "a.c", "B 2.c", "alone"}
    assert world.online(world.id_of("B 2.c", 1)).fields["t"] == world.id_of("B 2.t", 1)
    world.edit(world.id_of("a.t", 1), v="online")
    world.office("UPDATE \"B 2\".t SET v = 'office'")
    rests(world)
    assert world.office("SELECT v FROM a.t") == [("online",)]
    assert world.online(world.id_of("B 2.t", 1)).fields["v"] == "office"
    world.close()
    detached(office, before)


def test_seventy_columns_need_two_masks(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    columns = [f"c{n}" for n in range(130)]
    defined = ", ".join(f"{c} text" for c in columns)
    office.run(
        f"CREATE TABLE wide (id integer PRIMARY KEY, {defined})",
        "CREATE TABLE narrow (id integer PRIMARY KEY, v text)",
        "INSERT INTO wide (id) VALUES (1), (2)",
        "INSERT INTO narrow VALUES (1, 'a')",
    )
    world = connected(office, open_store, open_world)
    one, two = world.id_of("wide", 1), world.id_of("wide", 2)
    for place in (0, 60, 61, 62, 63, 122, 123, 124, 125, 129):
        world.office(f"UPDATE wide SET c{place} = 'office' WHERE id = 1")
        world.edit(one, **{f"c{(place + 1) % 130}": "online"})
        world.edit(two, **{f"c{place}": "online"})
        world.office("UPDATE narrow SET v = $1", str(place))
        world.settle()
        fields = world.online(one).fields
        ((here, there),) = world.office(
            f"SELECT c{place}, c{(place + 1) % 130} FROM wide WHERE id = 1"
        )
        assert (fields[f"c{place}"], fields[f"c{(place + 1) % 130}"]) == (here, there)
        assert (here, there) == ("office", "online")
    rests(world)


def test_a_key_of_six_columns_is_a_key(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    office.run(
        "CREATE TABLE six (a integer, b varchar(9), c date, d numeric(9,2), e varchar(20), f integer,"
        " v text, PRIMARY KEY (f, b, a, d, c, e))",
        "INSERT INTO six VALUES (1, 'x', '2024-01-01', 1.50, 'å', 2, 'v'),"
        " (1, 'x', '2024-01-01', 1.50, 'å', 3, 'w'), (2, ' ', '1899-12-31', -1, '', 0, NULL)",
    )
    world = connected(office, open_store, open_world)
    records = {r.fields["v"]: r for r in world.online_records("six")}
    world.office("UPDATE six SET b = 'moved', v = 'office' WHERE f = 2")
    world.edit(records["w"].id, e="moved online", v="online")
    world.delete(records[None].id)
    rests(world)
    assert world.office("SELECT f, b, e, v FROM six ORDER BY f") == [
        (2, "moved", "å", "office"),
        (3, "x", "moved online", "online"),
    ]
    assert world.online(records["v"].id).fields["b"] == "moved"


def test_a_table_that_is_nothing_but_its_key(
    office: Office, open_store: OpenStore, open_world: OpenWorld
) -> None:
    office.run(
        "CREATE TABLE list (id integer PRIMARY KEY)",
        "CREATE TABLE track (id integer PRIMARY KEY)",
        "CREATE TABLE listed (list integer NOT NULL REFERENCES list, track integer NOT NULL"
        " REFERENCES track, PRIMARY KEY (list, track))",
        "INSERT INTO list VALUES (1), (2)",
        "INSERT INTO track VALUES (1), (2)",
        "INSERT INTO listed VALUES (1, 1), (1, 2)",
    )
    world = connected(office, open_store, open_world)
    world.office("INSERT INTO listed VALUES (2, 1)")
    world.office("DELETE FROM listed WHERE list = 1 AND track = 1")
    world.create("listed", list=world.id_of("list", 2), track=world.id_of("track", 2))
    world.delete(world.id_of("listed", 1, 2))
    rests(world)
    assert world.office("SELECT list, track FROM listed ORDER BY list, track") == [(2, 1), (2, 2)]
    assert len(world.online_records("listed")) == 2


def test_tables_without_row_numbers(
    tmp_path: Path, open_store: OpenStore, open_world: OpenWorld
) -> None:
    office = Office("sqlite", str(tmp_path / "office.db"))
    office.run(
        "CREATE TABLE parent (code TEXT PRIMARY KEY COLLATE NOCASE, v) WITHOUT ROWID",
        "CREATE TABLE child (parent TEXT REFERENCES parent(code), n, v BLOB, PRIMARY KEY (n DESC, parent))"
        " WITHOUT ROWID",
        "INSERT INTO parent VALUES ('a', 1), ('B', 1.5)",
        "INSERT INTO child VALUES ('a', 1, x'00'), ('b', 'x', NULL), ('A', 1.5, 2)",
    )
    world = connected(office, open_store, open_world)
    a, b = world.id_of("parent", "a"), world.id_of("parent", "B")
    assert {r.fields["parent"] for r in world.online_records("child")} == {a, b}
    world.office("UPDATE parent SET code = 'A' WHERE code = 'a'")
    world.office("UPDATE child SET n = 2 WHERE n = 1")
    world.edit(b, v=2)
    world.create("child", parent=b, n=9, v=None)
    rests(world)
    assert world.id_of("parent", "A") == a
    assert world.office("SELECT parent, n FROM child WHERE n = 9") == [("B", 9)]
