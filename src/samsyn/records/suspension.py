"""A company that the operator has suspended: nobody reads or writes it, and nothing of it is lost."""

from __future__ import annotations

from samsyn.records.tenant import Tenant


def suspend(tenant: Tenant, at: str) -> None:
    """From now on offices, programs and members are turned away; harmless to repeat."""
    tenant.execute(
        "INSERT INTO records_company (company_id, head, online_head, name, engine, suspended)"
        " VALUES (%(company)s, 0, 0, '', '', %(at)s)"
        " ON CONFLICT (company_id) DO UPDATE"
        " SET suspended = coalesce(records_company.suspended, excluded.suspended)",
        at=at,
    )


def resume(tenant: Tenant) -> None:
    """Everybody may again. An office that asked meanwhile asks again by itself."""
    tenant.execute(
        "UPDATE records_company SET suspended = NULL WHERE company_id = %(company)s"
        " AND suspended IS NOT NULL"
    )


def suspended(tenant: Tenant) -> str | None:
    """Since when the company is suspended; None where it is not."""
    found = tenant.row("SELECT suspended FROM records_company WHERE company_id = %(company)s")
    return None if found is None else found[0]
