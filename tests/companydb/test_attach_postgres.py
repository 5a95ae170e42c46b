"""Attach on PostgreSQL databases that have something about them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest

from samsyn.companydb.attach import AttachPlan, attach, detach, plan
from samsyn.companydb.capture_postgres import capture
from samsyn.companydb.opening import DatabaseUnavailable, PostgresSession, PrivilegeMissing, opened
from samsyn.companydb.probe_postgres import Probe
from samsyn.companydb.schema_postgres import read_schema
from samsyn.companydb.urls import PostgresUrl, parse
from samsyn.companydb.verdicts import Reason, Verdict
from tests.companydb.companies import PostgresCompany
from tests.postgres import Server, installations


def verdict(made: AttachPlan, name: str) -> Verdict:
    return next(v for v in made.verdicts if v.type == name)


TYPES = """
CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN amount AS numeric(10, 2) CHECK (VALUE >= 0);
CREATE TABLE t (id serial PRIMARY KEY, a smallint, b bigint, c real, d double precision, e numeric,
  f amount, g boolean, h bytea, i text, j character(5), k date, l timestamp, m timestamptz(3),
  n time, o timetz, p interval, q json, r jsonb, s uuid, t text[], u int4range, v mood, w inet,
  x point, y bit varying, z tsvector, aa pair, ab numeric[], ac mood[], ae money,
  af int GENERATED ALWAYS AS (1) STORED, ag nummultirange);
INSERT INTO t VALUES (1, 1, 2, 0.1, 'NaN', 1.10, 5, true, '\\x00', E'a\\tb', 'ab ', '-infinity',
  'infinity', '2024-01-01 00:00+02', '24:00', '12:00+02', '1 mon -3 days', '{"a":  1}', '{"a": 1.0}',
  '6ba7b810-9dad-11d1-80b4-00c04fd430c8', '{a,NULL,"x y"}', '[1,5)', 'ok', '10.0.0.1/8', '(0.1,2)',
  '101', 'a b', '(1,"x,y")', '{1.0,NaN}', '{sad}', 5, DEFAULT, '{[1.0,2.0)}');
"""


def test_every_ordinary_type_goes_round(postgres: PostgresCompany) -> None:
    postgres.run(TYPES)
    made = plan(postgres.url)
    assert verdict(made, "t").left_out == ()
    attach(made)
    postgres.run("UPDATE t SET q = '{}', x = '(1,1)', af = DEFAULT")
    assert detach(postgres.url).identical


def test_a_type_whose_text_depends_on_the_database_is_left_out(postgres: PostgresCompany) -> None:
    postgres.run(
        "CREATE TABLE t (id int PRIMARY KEY, what regclass); INSERT INTO t VALUES (1, 't')"
    )
    found = verdict(plan(postgres.url), "t")
    assert [(left.field, left.reason) for left in found.left_out] == [
        ("what", Reason.SESSION_DEPENDENT)
    ]
    assert found.synced


def test_a_value_that_its_own_domain_now_refuses_leaves_the_field_out(
    postgres: PostgresCompany,
) -> None:
    postgres.run(
        """CREATE DOMAIN positive AS numeric; CREATE TABLE t (id int PRIMARY KEY, n positive);
        INSERT INTO t VALUES (1, -1); ALTER DOMAIN positive ADD CHECK (VALUE > 0) NOT VALID"""
    )
    found = verdict(plan(postgres.url), "t")
    assert [left.field for left in found.left_out] == ["n"]


@pytest.mark.parametrize("partitions", ["", " PARTITION BY HASH (id)"])
def test_a_large_table_is_not_counted_but_estimated(
    postgres: PostgresCompany, partitions: str
) -> None:
    postgres.run(f"CREATE TABLE t (id int PRIMARY KEY){partitions}")
    if partitions:
        for part in (0, 1):
            postgres.run(
                f"CREATE TABLE t{part} PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER {part})"
            )
    postgres.run("INSERT INTO t SELECT generate_series(1, 1000)")
    postgres.run("ANALYZE t")
    with opened(postgres.url, writing=False) as session:
        assert isinstance(session, PostgresSession)
        table = read_schema(session).table("t", "public")
        facts = Probe(session, counted_up_to=100).look(table)
        exact = Probe(session).look(table)
    assert (facts.records, facts.records_estimated) == (1000, True)
    assert (exact.records, exact.records_estimated) == (1000, False)


def test_two_tables_of_one_name_are_called_with_their_schemas(postgres: PostgresCompany) -> None:
    postgres.run(
        """CREATE SCHEMA b; CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE b.t (id int PRIMARY KEY);
        CREATE TABLE b.u (id int PRIMARY KEY, t int REFERENCES b.t)"""
    )
    catalog = plan(postgres.url).catalog
    assert {t.name for t in catalog.types} == {"public.t", "b.t", "u"}
    reference = catalog.type("u").field("t").reference
    assert reference is not None
    assert reference.type == "b.t"
    assert [t.name for t in plan(postgres.url, tables=["b.t"]).catalog.types] == ["b.t"]


@pytest.fixture
def clerk(postgres: PostgresCompany) -> Iterator[PostgresUrl]:
    """The database for a role without any rights of its own."""
    parts = urlsplit(postgres.address)
    database = parts.path[1:]
    role = f"clerk_{database}"
    postgres.run(f"CREATE ROLE {role} LOGIN")
    try:
        url = parse(f"postgresql://{role}@{parts.hostname}:{parts.port}/{database}")
        assert isinstance(url, PostgresUrl)
        yield url
    finally:
        postgres.run(f"DROP OWNED BY {role} CASCADE; DROP ROLE {role}")


def role_of(url: PostgresUrl) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(url.conninfo)["user"])


def test_a_role_that_may_not_make_our_schema_is_told_so(
    postgres: PostgresCompany, clerk: PostgresUrl
) -> None:
    with pytest.raises(PrivilegeMissing) as trouble:
        plan(clerk)
    assert trouble.value.facts["privilege"] == "CREATE"
    assert trouble.value.facts["role"] == role_of(clerk)


def test_a_table_that_the_role_may_not_capture_is_refused_with_what_is_missing(
    postgres: PostgresCompany, clerk: PostgresUrl
) -> None:
    role = role_of(clerk)
    database = postgres.rows("SELECT current_database()")[0][0]
    postgres.run(
        f"""CREATE TABLE counted (id serial PRIMARY KEY);
        GRANT SELECT, INSERT, UPDATE, DELETE, TRIGGER ON counted TO {role};
        CREATE TABLE full_rights (id int PRIMARY KEY, v int); CREATE TABLE only_read (id int PRIMARY KEY);
        GRANT CREATE ON DATABASE {database} TO {role}; GRANT SELECT ON only_read TO {role};
        GRANT SELECT, INSERT, UPDATE, DELETE, TRIGGER ON full_rights TO {role}"""
    )
    made = plan(clerk)
    refused = verdict(made, "only_read")
    assert refused.reason is Reason.PRIVILEGE_MISSING
    assert refused.detail == "INSERT, UPDATE, DELETE, TRIGGER"
    assert verdict(made, "counted").detail == "USAGE ON public.counted_id_seq"
    attach(made)
    postgres.run("INSERT INTO full_rights VALUES (1)")
    assert postgres.rows("SELECT op, nkey FROM samsyn.journal") == [(1, ["1"])]
    assert attach(plan(clerk)).mended == ()
    assert detach(clerk).identical


def test_policies_that_hide_rows_refuse_the_table(
    postgres: PostgresCompany, clerk: PostgresUrl
) -> None:
    role = role_of(clerk)
    database = postgres.rows("SELECT current_database()")[0][0]
    postgres.run(
        f"""CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY;
        GRANT ALL ON t TO {role}; GRANT CREATE ON DATABASE {database} TO {role}"""
    )
    assert verdict(plan(clerk), "t").reason is Reason.ROW_SECURITY


def test_a_server_that_does_not_answer_is_told_without_the_password() -> None:
    url = parse("postgresql://me:secret@127.0.0.1:1/firm")
    with pytest.raises(DatabaseUnavailable) as trouble:
        plan(url)
    assert "secret" not in str(trouble.value)


def dumped(company: PostgresCompany, server: Server) -> list[str]:
    """What PostgreSQL's own pg_dump says, without the key that it makes up each time."""
    program = installations()[server.version] / "pg_dump"
    done = subprocess.run(
        [program, "--schema-only", "--dbname", company.address],
        capture_output=True,
        text=True,
        check=True,
    )
    keys = ("\\restrict", "\\unrestrict")
    return [line for line in done.stdout.splitlines() if not line.startswith(keys)]


def test_detach_keeps_everything_that_a_dump_shows(
    postgres: PostgresCompany, pg_server: Server
) -> None:
    postgres.run(
        TYPES
        + """CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN
          NEW.a := 1; RETURN NEW; END';
        CREATE TRIGGER touched BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
        CREATE RULE r AS ON DELETE TO t DO ALSO NOTIFY x; COMMENT ON COLUMN t.a IS 'A';
        CREATE POLICY p ON t USING (id > 0); CREATE INDEX i ON t (a) WHERE b > 0;
        CREATE MATERIALIZED VIEW m AS SELECT id FROM t; GRANT SELECT (a) ON t TO PUBLIC;
        ALTER TABLE t CLUSTER ON t_pkey, REPLICA IDENTITY FULL;"""
    )
    before = dumped(postgres, pg_server)
    attach(plan(postgres.url))
    assert dumped(postgres, pg_server) != before
    report = detach(postgres.url)
    assert report.identical
    assert report.changed_meanwhile == ()
    assert dumped(postgres, pg_server) == before


def test_where_transactions_are_prepared_nobody_is_notified(postgres: PostgresCompany) -> None:
    postgres.run("CREATE TABLE t (id int PRIMARY KEY)")
    (record_type,) = plan(postgres.url).catalog.types
    with opened(postgres.url, writing=False) as session:
        assert isinstance(session, PostgresSession)
        table = read_schema(session).table("t", "public")
    assert "NOTIFY" in capture(record_type, table, notify=True).body
    assert "NOTIFY" not in capture(record_type, table, notify=False).body
