"""Where each interface of the service is found; each page with the right that opens it."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.urls import URLPattern, URLResolver, include, path

from samsyn.online import health, pages
from samsyn.online.access import Right, page
from samsyn.online.api.endpoints import api
from samsyn.online.companies import demanding_pages as demanding
from samsyn.online.companies import member_pages as members
from samsyn.online.companies import role_pages as roles
from samsyn.online.companies import token_pages as tokens
from samsyn.online.companies.connection_pages import make_code, revoke_connection
from samsyn.online.companies.invitation_pages import invitation
from samsyn.online.conflicts import pages as conflict_pages
from samsyn.online.connecting import pages as connecting
from samsyn.online.developers.pages import guide
from samsyn.online.mail.pages import outbox
from samsyn.online.metrics import metrics
from samsyn.online.notices import pages as notices
from samsyn.online.operating.urls import for_operators, of_data
from samsyn.online.people import pages as people
from samsyn.online.quarantine import pages as quarantine_pages
from samsyn.online.webhooks import pages as webhooks
from samsyn.protocol import PATH
from samsyn.webkit.desktop.pages import desktop, desktop_pages
from samsyn.webkit.help.pages import help_pages
from samsyn.webkit.preferences import choose_language
from samsyn.webkit.registers.urls import register_pages

for_programs: list[URLPattern | URLResolver] = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("metrics", metrics),
    path("api/v1/", api.urls),
    path(f"{PATH.strip('/')}/", include("samsyn.records.urls")),
]
Pages = list[URLPattern | URLResolver]
first: Pages = [
    page("", pages.start, Right.ANYONE, "start"),
    page("language", choose_language, Right.ANYONE, "choose_language"),
    page("companies", pages.choose_company, Right.PERSON, "choose_company"),
    page("invitation/<token>", invitation, Right.ANYONE, "invitation"),
    page("connect", connecting.find, Right.ANYONE, "connect"),
    page("connect/<str:code>", connecting.answer, Right.PERSON, "connect_answer", lately=True),
    page("outbox", outbox, Right.ANYONE, "outbox"),
    page("developers", guide, Right.ANYONE, "developers"),
]
entrance: Pages = [
    page("id/sign-in", account.login, Right.ANYONE, "account_login"),
    page("id/sign-in/second-factor", factor.authenticate, Right.ANYONE, "mfa_authenticate"),
    page("id/sign-in/passkey", keys.login_webauthn, Right.ANYONE, "mfa_login_webauthn"),
    page("id/sign-out", account.logout, Right.ANYONE, "account_logout"),
    page("id/sign-up", account.signup, Right.ANYONE, "account_signup"),
    page(
        "id/confirm",
        account.email_verification_sent,
        Right.ANYONE,
        "account_email_verification_sent",
    ),
    page("id/confirm/<key>", account.confirm_email, Right.ANYONE, "account_confirm_email"),
    page("id/closed", account.account_inactive, Right.ANYONE, "account_inactive"),
    page("id/password/forgotten", account.password_reset, Right.ANYONE, "account_reset_password"),
    page(
        "id/password/sent",
        account.password_reset_done,
        Right.ANYONE,
        "account_reset_password_done",
    ),
    page(
        "id/password/new/<person:uidb36>-<key>",
        account.password_reset_from_key,
        Right.ANYONE,
        "account_reset_password_from_key",
    ),
    page(
        "id/password/changed",
        account.password_reset_from_key_done,
        Right.ANYONE,
        "account_reset_password_from_key_done",
    ),
]
own: Pages = [
    page("id", people.account, Right.PERSON, "account"),
    page("id/email", account.email, Right.PERSON, "account_email"),
    page("id/password", account.password_change, Right.PERSON, "account_change_password"),
    page("id/password/first", account.password_set, Right.PERSON, "account_set_password"),
    page("id/still-you", account.reauthenticate, Right.PERSON, "account_reauthenticate"),
    page("id/still-you/code", factor.reauthenticate, Right.PERSON, "mfa_reauthenticate"),
    page(
        "id/still-you/passkey",
        keys.reauthenticate_webauthn,
        Right.PERSON,
        "mfa_reauthenticate_webauthn",
    ),
    page("id/second-factor", factor.index, Right.PERSON, "mfa_index"),
    page("id/second-factor/app", totp.activate_totp, Right.PERSON, "mfa_activate_totp"),
    page("id/second-factor/app/end", totp.deactivate_totp, Right.PERSON, "mfa_deactivate_totp"),
    page("id/second-factor/passkeys", keys.list_webauthn, Right.PERSON, "mfa_list_webauthn"),
    page("id/second-factor/passkeys/new", keys.add_webauthn, Right.PERSON, "mfa_add_webauthn"),
    page(
        "id/second-factor/passkeys/<int:pk>", keys.edit_webauthn, Right.PERSON, "mfa_edit_webauthn"
    ),
    page(
        "id/second-factor/passkeys/<int:pk>/remove",
        keys.remove_webauthn,
        Right.PERSON,
        "mfa_remove_webauthn",
    ),
    page(
        "id/second-factor/codes",
        codes.view_recovery_codes,
        Right.PERSON,
        "mfa_view_recovery_codes",
    ),
    page(
        "id/second-factor/codes/new",
        codes.generate_recovery_codes,
        Right.PERSON,
        "mfa_generate_recovery_codes",
    ),
    page(
        "id/second-factor/codes/file",
        codes.download_recovery_codes,
        Right.PERSON,
        "mfa_download_recovery_codes",
    ),
    page("id/sessions", people.sessions, Right.PERSON, "sessions"),
    page("id/sessions/others/end", people.end_other_sessions, Right.PERSON, "end_other_sessions"),
    page("id/sessions/<int:session>/end", people.end_session, Right.PERSON, "end_session"),
    page("id/connections", people.office_connections, Right.PERSON, "office_connections"),
    page("id/data", people.data, Right.PERSON, "my_data"),
    page("id/data/file", people.download, Right.PERSON, "download_data", confirmed=True),
    page("id/delete", people.delete, Right.PERSON, "delete_account", confirmed=True),
]
company: Pages = [
    page("c/<company>", desktop, Right.MEMBER, "company"),
    *desktop_pages("c/<company>", lambda route, view, name: page(route, view, Right.MEMBER, name)),
    page("c/<company>/office", pages.office, Right.MEMBER, "office"),
    page("c/<company>/office/code", make_code, Right.SUPERUSER, "office_code", confirmed=True),
    page("c/<company>/office/state", pages.office_state, Right.MEMBER, "office_state"),
    page("c/<company>/members", members.members, Right.SUPERUSER, "members"),
    page("c/<company>/members/invite", members.invite, Right.SUPERUSER, "invite"),
    page("c/<company>/members/<person>", members.member, Right.SUPERUSER, "member"),
    page(
        "c/<company>/members/<person>/remove",
        members.remove_member,
        Right.SUPERUSER,
        "remove_member",
    ),
    page(
        "c/<company>/invitations/<invitation>/again",
        members.invite_again,
        Right.SUPERUSER,
        "invite_again",
    ),
    page(
        "c/<company>/invitations/<invitation>/withdraw",
        members.withdraw,
        Right.SUPERUSER,
        "withdraw_invitation",
    ),
    page(
        "c/<company>/second-factor",
        demanding.second_factor,
        Right.SUPERUSER,
        "demand_second_factor",
        lately=True,
    ),
    page("c/<company>/roles", roles.roles, Right.SUPERUSER, "roles"),
    page("c/<company>/roles/new", roles.new_role, Right.SUPERUSER, "new_role"),
    page("c/<company>/roles/<role>", roles.role, Right.SUPERUSER, "role"),
    page("c/<company>/roles/<role>/remove", roles.remove_role, Right.SUPERUSER, "remove_role"),
    page("c/<company>/tokens", tokens.tokens, Right.MEMBER, "tokens"),
    page("c/<company>/tokens/new", tokens.new_token, Right.MEMBER, "new_token", confirmed=True),
    page("c/<company>/tokens/<token>/revoke", tokens.revoke_token, Right.MEMBER, "revoke_token"),
    page(
        "c/<company>/connections/<connection>/revoke",
        revoke_connection,
        Right.SUPERUSER,
        "revoke_connection",
    ),
]
trouble: Pages = [
    page("c/<company>/conflicts", conflict_pages.listed, Right.MEMBER, "conflicts"),
    page(
        "c/<company>/conflicts/<str:conflict>/again",
        conflict_pages.again,
        Right.MEMBER,
        "write_again",
    ),
    page("c/<company>/notices", notices.notices, Right.MEMBER, "notices"),
    page("c/<company>/notices/read", notices.mark, Right.MEMBER, "mark_notices"),
    page("c/<company>/notices/how", notices.how, Right.MEMBER, "how_to_tell"),
    page("c/<company>/notices/unread", notices.unread, Right.MEMBER, "unread_notices"),
    page("c/<company>/conflicts/export", conflict_pages.export, Right.MEMBER, "export_conflicts"),
    page(
        "c/<company>/quarantine/export", quarantine_pages.export, Right.MEMBER, "export_quarantine"
    ),
    page("c/<company>/quarantine", quarantine_pages.listed, Right.MEMBER, "quarantine"),
    page("c/<company>/quarantine/<str:entry>/fix", quarantine_pages.mend, Right.MEMBER, "mend"),
]
HOOK = "c/<company>/webhooks/<webhook>"
programs: Pages = [
    page("c/<company>/webhooks", webhooks.listed, Right.SUPERUSER, "webhooks"),
    page("c/<company>/webhooks/new", webhooks.new, Right.SUPERUSER, "new_webhook", confirmed=True),
    page(HOOK, webhooks.one, Right.SUPERUSER, "webhook"),
    page(f"{HOOK}/change", webhooks.change, Right.SUPERUSER, "change_webhook", confirmed=True),
    page(f"{HOOK}/test", webhooks.try_out, Right.SUPERUSER, "try_webhook"),
    page(f"{HOOK}/switch", webhooks.switch, Right.SUPERUSER, "switch_webhook"),
    page(f"{HOOK}/secret", webhooks.secret, Right.SUPERUSER, "webhook_secret", confirmed=True),
    page(f"{HOOK}/remove", webhooks.remove, Right.SUPERUSER, "remove_webhook"),
    page(f"{HOOK}/log/<delivery>", webhooks.delivery, Right.SUPERUSER, "webhook_delivery"),
    page(f"{HOOK}/log/<delivery>/again", webhooks.again, Right.SUPERUSER, "send_again"),
]
helping = help_pages(lambda route, view, name: page(route, view, Right.ANYONE, name))
registers = register_pages(
    "c/<company>/r", lambda route, view, name: page(route, view, Right.MEMBER, name)
)
urlpatterns = [
    *for_programs,
    *first,
    *entrance,
    *own,
    *company,
    *of_data,
    *trouble,
    *programs,
    *helping,
    *registers,
    *for_operators,
]
handler400 = "samsyn.online.refusals.bad_request"
handler404 = "samsyn.online.refusals.not_found"
handler500 = "samsyn.online.refusals.failed"
