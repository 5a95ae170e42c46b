"""Tables that a program keeps for itself: locks, sessions, migrations and the like."""

from __future__ import annotations

import re

from samsyn.companydb.naming import plain
from samsyn.companydb.schema import Table
from samsyn.companydb.verdicts import Reason

BOOKKEEPING = frozenset(
    plain(name)
    for name in (
        "django_content_type django_admin_log celery_taskmeta celery_tasksetmeta failed_jobs"
        " job_batches ar_internal_metadata geometry_columns spatial_ref_sys"
        " geography_columns raster_columns pg_stat_statements pgmigrations"
    ).split()
)
MIGRATIONS = frozenset(
    plain(name)
    for name in (
        "alembic_version django_migrations schema_migrations schema_migration flyway_schema_history"
        " schema_version databasechangelog databasechangeloglock __EFMigrationsHistory migrations"
        " knex_migrations knex_migrations_lock goose_db_version SequelizeMeta typeorm_metadata"
        " _sqlx_migrations __diesel_schema_migrations phinxlog doctrine_migration_versions"
        " south_migrationhistory _prisma_migrations"
    ).split()
)
LOCK_SHAPE = re.compile(r"lock|owner|holder|host|pid|process|machine|expire|acquired|granted|lås")
SESSION_SHAPE = re.compile(
    r"expire|lastactivity|lastseen|useragent|ipaddress|^sid$|sessionkey|sessiondata|token|payload"
)
CACHE_SHAPE = re.compile(r"expire|cachekey|^key$")


def churn(table: Table) -> Reason | None:
    """Why the table is better left alone, judged by its name and its columns."""
    name = plain(table.name)
    columns = [plain(column.name) for column in table.columns]
    if name in MIGRATIONS:
        return Reason.MIGRATIONS
    if name in BOOKKEEPING:
        return Reason.BOOKKEEPING
    for ending, shape, reason in (
        (r"(locks?|lås|mutex(es)?|leases?)$", LOCK_SHAPE, Reason.LOCK_TABLE),
        (r"sessions?$", SESSION_SHAPE, Reason.SESSION_TABLE),
        (r"cache(entries|table)?$", CACHE_SHAPE, Reason.BOOKKEEPING),
    ):
        if re.search(ending, name) and any(shape.search(column) for column in columns):
            return reason
    return None
