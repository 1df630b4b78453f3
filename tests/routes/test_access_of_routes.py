"""Every route declares who may call it, and this table says what each declares: a new one fails until it is listed."""

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from fieldapp.security import ACCESS
from tests._client import CheckedClient
from tests._world import World

pytestmark = pytest.mark.engines("sqlite")

EXPECTED = {
    "account.account": "signed_in",
    "account.change_password": "signed_in",
    "account.choose_email": "signed_in",
    "account.choose_language": "signed_in",
    "account.choose_phone": "signed_in",
    "account.end_device": "signed_in",
    "account.enrol": "public",
    "account.enrolment_page": "public",
    "account.have_seen_news": "signed_in",
    "account.sign_in": "public",
    "account.sign_in_page": "public",
    "account.sign_out": "token",
    "account.start": "public",
    "admin.add_staff": "admin",
    "admin.add_team": "admin",
    "admin.alerting": "admin",
    "admin.bring_back": "admin",
    "admin.edit_staff": "admin",
    "admin.end_team": "admin",
    "admin.free_username": "admin",
    "admin.rename_team": "admin",
    "admin.end_staff": "admin",
    "admin.index": "admin",
    "admin.new_code": "admin",
    "alert_drills.index": "office",
    "alert_drills.start": "office",
    "alert_figures.index": "office",
    "alert_reasons.why": "office",
    "alerts.answer": "office",
    "alerts.index": "office",
    "alerts.one": "office",
    "api_files.announce": "token",
    "api_files.read": "signed_in",
    "api_files.take": "token",
    "api_access.ask": "signed_in",
    "api_alerts.list_alerts": "signed_in",
    "api_push.key": "signed_in",
    "api_push.receive": "token",
    "api_push.send_test": "signed_in",
    "api_push.subscribe": "signed_in",
    "api_push.unsubscribe": "signed_in",
    "api_sealing.key": "public",
    "api_session.enrol": "public",
    "api_session.register_device": "signed_in",
    "api_session.sign_in": "public",
    "api_session.sign_out": "token",
    "api_session.who_am_i": "signed_in",
    "api_sync.older_entries": "signed_in",
    "api_sync.sync": "token",
    "board.card": "office",
    "board.index": "office",
    "board.move": "office",
    "board.place": "office",
    "board.set_columns": "office",
    "board.take_down": "office",
    "board.wall": "office",
    "meetings.about": "office",
    "meetings.begin": "office",
    "meetings.decide": "office",
    "meetings.drop": "office",
    "meetings.held": "office",
    "meetings.hold": "office",
    "meetings.index": "office",
    "meetings.keep": "office",
    "meetings.note": "office",
    "meetings.one": "office",
    "cases.crisis": "office",
    "cases.index": "office",
    "cases.one": "office",
    "cases.update": "office",
    "client_limits.end_share": "oversight",
    "client_limits.list_access": "oversight",
    "client_limits.protect": "oversight",
    "client_limits.share": "oversight",
    "client_limits.block": "oversight",
    "client_limits.index": "oversight",
    "client_limits.unblock": "oversight",
    "client_merge.index": "office",
    "client_merge.merge": "office",
    "client_teams.end": "office",
    "client_teams.give": "office",
    "client_teams.primary": "office",
    "duty.add": "office",
    "duty.add_many": "office",
    "duty.answer_offer": "office",
    "duty.offer": "office",
    "duty.put_back": "office",
    "duty.undo_many": "office",
    "duty.remove": "office",
    "duty.week": "office",
    "emergency.ask": "office",
    "emergency.index": "office",
    "emergency.log": "oversight",
    "first_start.begin": "public",
    "first_start.page": "public",
    "facts.index": "office",
    "facts.share": "office",
    "facts.stop": "office",
    "facts.told": "signed_in",
    "field.manifest": "public",
    "field.shell": "public",
    "field.worker": "public",
    "reports.csv": "office",
    "reports.index": "office",
    "reports.one": "office",
    "reports.xlsx": "office",
    "incidents.file": "office",
    "incidents.index": "office",
    "erasing.erase": "signed_in",
    "erasing.show": "signed_in",
    "innsyn.ask": "signed_in",
    "innsyn.finish_review": "signed_in",
    "innsyn.hand_out": "signed_in",
    "innsyn.put_back": "signed_in",
    "innsyn.show": "signed_in",
    "innsyn.take_out": "signed_in",
    "client_forms.save": "office",
    "client_history.index": "office",
    "client_history.readers_of": "readers",
    "client_history.tenancy": "office",
    "client_history.year": "office",
    "entry.correct": "office",
    "entry.one": "office",
    "entry.retract": "office",
    "entry.wrong_client": "office",
    "tasks.add": "office",
    "tasks.change": "office",
    "tasks.end": "office",
    "tasks.index": "office",
    "handover.index": "office",
    "handover.note": "office",
    "handover.read": "office",
    "import_accounts.index": "admin",
    "import_accounts.post": "admin",
    "import_clients.index": "office",
    "import_clients.post": "office",
    "journal.index": "office",
    "journal.tick": "office",
    "journal_bundle.fhir": "office",
    "client_list.file": "office",
    "client_list.index": "office",
    "client_list.new": "office",
    "client_list.register": "office",
    "office.client": "office",
    "office.day": "office",
    "office.followed_up": "office",
    "office.photo": "office",
    "office.show_address": "office",
    "office.undo": "office",
    "oidc.begin": "public",
    "oidc.begin_link": "signed_in",
    "oidc.come_back": "public",
    "oidc.unlink": "signed_in",
    "opening.save": "office",
    "opening.show": "office",
    "calendar.end_for_team": "office",
    "calendar.end_own": "signed_in",
    "calendar.feed": "token",
    "calendar.make_for_team": "office",
    "calendar.make_own": "signed_in",
    "partner.report": "token",
    "partner.show": "token",
    "partner.undo": "token",
    "partner_links.end": "office",
    "partner_links.index": "office",
    "partner_links.make": "office",
    "record_requests.answer": "signed_in",
    "record_requests.ask": "signed_in",
    "record_requests.bar": "signed_in",
    "record_requests.index": "signed_in",
    "record_requests.lift": "signed_in",
    "partner_links.make_own": "office",
    "read_log.index": "readers",
    "read_log.of_client": "signed_in",
    "passkeys.add": "signed_in",
    "passkeys.begin": "signed_in",
    "passkeys.challenge": "public",
    "passkeys.remove": "signed_in",
    "passkeys.sign_in": "public",
    "static.file": "public",
    "system.healthz": "public",
    "system.metrics": "token",
    "system.openapi": "public",
    "system.schema": "public",
    "team.index": "office",
    "team.make_code": "office",
    "team.end_grant": "office",
    "team.take_on_student": "office",
    "team.take_on_vikar": "office",
    "team.set_duty_phone": "office",
    "team.set_settings": "office",
    "team.set_times": "office",
    "text_reviews.index": "office",
    "text_reviews.review": "office",
    "to_confirm.answer": "office",
    "to_confirm.answer_own": "signed_in",
    "to_confirm.index": "office",
}

SAMPLE = "01890000-0000-7000-8000-000000000000"


def rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def test_every_route_declares_who_may_call_it(app: Flask) -> None:
    undeclared = [name for name, view in app.view_functions.items() if getattr(view, "access", None) not in ACCESS]
    assert undeclared == []


def test_the_table_is_whole_and_has_nothing_stale(app: Flask) -> None:
    declared = {rule.endpoint: app.view_functions[rule.endpoint].access for rule in rules(app)}
    assert declared == EXPECTED


def address(rule: Rule) -> str:
    one_of_a_list = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", rule.rule)
    return re.sub(r"<(?:\w+:)?\w+>", SAMPLE, re.sub(r"<int:\w+>", "1", one_of_a_list))


def guarded(app: Flask) -> list[tuple[str, str, str]]:
    """(method, address, access) of every route that needs a session."""
    return [
        (method, address(rule), level)
        for rule in rules(app)
        if (level := app.view_functions[rule.endpoint].access) in ("signed_in", "office", "readers", "admin")
        if (level := app.view_functions[rule.endpoint].access) in ("signed_in", "office", "oversight", "admin")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_without_a_session_no_guarded_route_answers(app: Flask, client: CheckedClient) -> None:
    for method, path, _ in guarded(app):
        answer = client.open(path, method=method)
        if path.startswith("/api/"):
            assert (answer.status_code, answer.get_json()["code"]) == (401, "sign_in"), path
        elif method == "GET":
            assert answer.status_code == 302, path
            assert answer.location.startswith("/logg-inn"), path
        else:
            assert answer.status_code == 401, path
            assert 'action="/logg-inn"' in answer.text, path


@pytest.mark.parametrize(
    ("role", "kept_out"),
    [
        ("fieldworker", {"readers", "oversight", "admin"}),
        ("leader", {"admin"}),
        ("peer", {"office", "readers", "oversight", "admin"}),
        ("landlord", {"office", "readers", "oversight", "admin"}),
        ("privacy", {"office", "admin"}),
        ("admin", {"office", "readers", "oversight"}),
    ],
)
def test_a_role_is_kept_out_of_what_is_not_its_own(app: Flask, world: World, role: str, kept_out: set[str]) -> None:
    person = world.staff(role, world.team())
    for method, path, level in guarded(app):
        if level in kept_out:
            assert person.http.open(path, method=method).status_code == 403, (role, path)
