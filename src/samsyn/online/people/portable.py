"""What is kept about a person, in a form to take along."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from samsyn.online.companies.models import ApiToken, FormerAddress, Member, Person
from samsyn.online.notices import inbox
from samsyn.records.tenant import Tenant
from samsyn.webkit.models import Choice, Draft

NOTICES = 10_000
"""The newest of a company, at most."""

Json = dict[str, Any]  # Any: JSON


def about(person: Person) -> Json:
    """Everything but secrets and the companies' own records, which belong to the companies."""
    return {
        "samsyn_id": {
            "email": person.email,
            "name": person.name,
            "created": person.created.isoformat(),
            "last_sign_in": person.last_login.isoformat() if person.last_login else None,
            "language": person.language,
            "time_zone": person.time_zone,
            "theme": person.theme,
            "default_company": person.default_company,
        },
        "addresses": [
            {"email": a.email, "confirmed": a.verified}
            for a in EmailAddress.objects.filter(user=person)
        ],
        "former_addresses": [
            {"email": f.email, "until": f.until.isoformat()}
            for f in FormerAddress.objects.filter(person=person)
        ],
        "second_factors": [
            {"kind": a.type, "created": a.created_at.isoformat(), "last_used": _iso(a.last_used_at)}
            for a in Authenticator.objects.filter(user=person)
        ],
        "sessions": [
            {
                "browser": s.user_agent,
                "address": s.ip,
                "began": s.created_at.isoformat(),
                "last_seen": s.last_seen_at.isoformat(),
            }
            for s in UserSession.objects.filter(user=person)
        ],
        "companies": [
            {
                "company": m.company_id,
                "name": m.company.name,
                "role": m.role,
                "since": m.created.isoformat(),
            }
            for m in Member.objects.filter(person=person).select_related("company")
        ],
        "tokens": [
            {
                "company": t.company_id,
                "prefix": t.prefix,
                "name": t.name,
                "scopes": t.scopes,
                "created": t.created.isoformat(),
                "expires": _iso(t.expires),
                "revoked": _iso(t.revoked),
            }
            for t in ApiToken.objects.filter(person=person)
        ],
        "drafts": [
            {
                "company": d.company_id,
                "register": d.register,
                "record": d.record,
                "saved": d.saved.isoformat(),
                "content": json.loads(d.content),
            }
            for d in Draft.objects.filter(person_id=person.pk)
        ],
        "notices": [
            {
                "company": company,
                "what": n.fate.value,
                "register": n.type,
                "record": n.record,
                "at": n.at,
            }
            for company in Member.objects.filter(person=person).values_list("company_id", flat=True)
            for n in inbox.listed(Tenant(company), person.pk, NOTICES)
        ],
        "choices": [
            {"company": c.company_id, "name": c.name, "value": json.loads(c.value)}
            for c in Choice.objects.filter(person_id=person.pk)
        ],
    }


def _iso(at: Any) -> str | None:  # Any: allauth's times
    return at.isoformat() if at else None
