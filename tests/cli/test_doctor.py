"""`fieldapp doctor`: each line in each of its colours, and exit 1 on what fails only."""

import dataclasses
import datetime as dt
import socket
import ssl
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select, update

from fieldapp import clock
from fieldapp.cli import _checks, _checks_reach, _checks_upkeep
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.domain.operator_alarms import Alarm
from fieldapp.models import Heartbeat, OperatorAlarm, Subscription
from fieldapp.services import operator
from fieldapp.services.people import subscriptions
from tests._certificate import self_signed
from tests._mail_server import MailServer
from tests._oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider
from tests._scene import SECRET, Scene

pytestmark = pytest.mark.engines("sqlite")

Run = Callable[..., str]


@pytest.fixture
def nothing_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_checks, "_answers", lambda _: False)
    monkeypatch.setattr(_checks_reach, "_date_of", lambda _: None)


def test_the_doctor_says_one_line_each(run: Run, nothing_answers: None) -> None:
    run("keys")
    run("team", "add", "Nord", "--kind", "act")
    lines = run("doctor").splitlines()
    assert {line.split()[0] for line in lines} == {"ok", "warn"}
    assert "warn varsling: Nattvakt uten ringende kanal (1 team): sett FIELDAPP_WEBHOOK_URL" in lines
    for about in ("innstillinger", "database", "nøkler", "klokke", "push", "varsling"):
        assert any(line.split()[1] == f"{about}:" for line in lines), about


def test_the_doctor_fails_when_the_database_does(run: Run, nothing_answers: None, database: Database) -> None:
    with database.transaction() as session:
        session.connection().exec_driver_sql("DROP TABLE heartbeat")
    assert "fail database" in run("doctor", status=1)


def test_the_doctor_fails_when_the_keys_do_not_open(
    run: Run, nothing_answers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("keys")
    monkeypatch.setenv("FIELDAPP_SECRET_KEY", "another secret altogether")
    assert "fail nøkler" in run("doctor", status=1)


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


@pytest.fixture
def doctor(run: Run, nothing_answers: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """`doctor("vakt")`: its lines about one thing; `fails` when it should."""
    monkeypatch.setenv("FIELDAPP_SECRET_KEY", SECRET)
    run("keys")

    def lines(about: str, *, fails: bool = False) -> list[str]:
        said = run("doctor", status=1 if fails else 0).splitlines()
        return [line for line in said if line.split()[1] == f"{about}:"]

    return lines


Doctor = Callable[..., list[str]]


def on_duty(scene: Scene, team: uuid.UUID, **more: object) -> uuid.UUID:
    person: uuid.UUID = scene.person(team, **more)
    scene.put_on(team, person, "duty", clock.now() - dt.timedelta(hours=1), clock.now() + dt.timedelta(hours=1))
    return person


def test_a_team_without_a_duty_list_is_a_warning(scene: Scene, doctor: Doctor) -> None:
    scene.person(scene.team(duty_list=False))
    assert doctor("vakt")[0].startswith("ok")
    assert doctor("vaktliste") == ["warn vaktliste: 1 team uten: der varsles alle ansatte og ledere døgnet rundt"]


def test_a_team_with_somebody_on_duty_who_is_reached_is_well(scene: Scene, doctor: Doctor) -> None:
    on_duty(scene, scene.team())
    assert doctor("vaktliste") == ["ok   vaktliste: alle 1 team har en"]
    assert doctor("vakt") == ["ok   vakt: i alle team nås noen på telefonen nå"]


def test_a_team_with_a_leader_to_fall_back_on_is_a_warning_and_one_with_nobody_fails(
    scene: Scene, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = scene.team()
    scene.person(team, "leader")
    assert doctor("vakt") == ["warn vakt: Team: ingen er på vakt nå, så varsler går rett til lederne"]
    on_duty(scene, team, phone=False)
    assert "ingen på vakt har en telefon som viser varsler" in doctor("vakt")[0]
    with scene.database.transaction() as session:
        session.execute(update(Subscription).values(ended_at=clock.now()))
    (line,) = doctor("vakt", fails=True)
    assert line.startswith("fail vakt: Team: et varsel nå når ingen telefon.")
    monkeypatch.setenv("FIELDAPP_WEBHOOK_URL", "https://sms.example/send")
    monkeypatch.setattr(_checks, "_answers", lambda address: address == "sms.example:443")
    assert doctor("vakt")[0].startswith("warn vakt: Team: et varsel nå når ingen telefon."), "there is another channel"


def test_a_silent_phone_is_a_warning_and_reaches_nobody(scene: Scene, doctor: Doctor) -> None:
    bob = on_duty(scene, scene.team())
    assert doctor("telefoner") == ["ok   telefoner: ingen er stumme"]
    with scene.database.transaction() as session:
        subscription_id = session.scalars(select(Subscription.id)).one()
        subscriptions.send_test(session, subscription_id, bob, clock.now() - dt.timedelta(hours=25))
    assert doctor("vakt", fails=True)[0].startswith("fail vakt:")
    assert doctor("telefoner", fails=True) == [
        "warn telefoner: 1 viser ikke det de får: se «Telefoner å se på» på kontoret"
    ]


@pytest.mark.parametrize("alarm", Alarm)
def test_an_open_alarm_fails_and_says_what_to_do(scene: Scene, doctor: Doctor, alarm: Alarm) -> None:
    assert doctor("driftsalarm") == ["ok   driftsalarm: ingen"]
    with scene.database.transaction() as session:
        operator.alarm(session, alarm, uuid.uuid4(), "403", clock.now())
    (line,) = doctor("driftsalarm", fails=True)
    assert line.startswith(f"fail driftsalarm: {alarm.code} siden ")
    assert line.endswith(f": {alarm.advice}")


def test_an_alarm_of_another_version_is_said_too(scene: Scene, doctor: Doctor) -> None:
    with scene.database.transaction() as session:
        operator.alarm(session, Alarm.CLIENT_ASIDE, uuid.uuid4(), "403", clock.now())
        session.execute(update(OperatorAlarm).values(code="from_the_future"))
    assert "se loggen" in doctor("driftsalarm", fails=True)[0]


@pytest.mark.parametrize(
    ("ago_s", "line"),
    [
        (None, "warn varsling: har ikke gått ennå"),
        (5, "ok   varsling: gikk sist nå nettopp"),
        (-30, "ok   varsling: gikk sist nå nettopp"),
        (600, "fail varsling: gikk sist for 10 min siden: ingen varsles nå."),
        (-86_400, "fail varsling: gikk sist 23 t fram i tid: klokka er stilt tilbake"),
    ],
)
def test_the_worker_ticks_is_silent_or_lies_ahead(scene: Scene, doctor: Doctor, ago_s: int | None, line: str) -> None:
    if ago_s is not None:
        with scene.database.transaction() as session:
            session.add(Heartbeat(id=1, ticked_at=clock.now() - dt.timedelta(seconds=ago_s), worker="x"))
    assert [said for said in doctor("varsling", fails=line.startswith("fail")) if said.startswith(line)]


NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(("drift_s", "state"), [(0, "ok"), (-30, "ok"), (31, "warn"), (-300, "warn"), (301, "fail")])
def test_our_clock_is_held_against_that_of_a_push_service(drift_s: int, state: str) -> None:
    asked: list[str] = []

    def date_of(host: str) -> dt.datetime | None:
        asked.append(host)
        return NOW + dt.timedelta(seconds=drift_s) if len(asked) > 1 else None

    (line,) = _checks_reach.outside_clock_lines(NOW, date_of)
    assert (line.state, line.about, len(asked)) == (state, "klokke", 2)


def test_without_a_push_service_in_reach_no_clock_is_held_against_ours() -> None:
    assert list(_checks_reach.outside_clock_lines(NOW, lambda _: None)) == []


def test_what_an_installation_lacks_is_named_and_what_it_has_is_not(settings: Settings) -> None:
    bare = dataclasses.replace(settings, public_url="http://sett.example", vapid_subject="", heartbeat_url="")
    said = {line.says.split()[0] for line in _checks.settings_lines(bare) if line.state == "warn"}
    assert {"FIELDAPP_PUBLIC_URL", "FIELDAPP_VAPID_SUBJECT", "FIELDAPP_HEARTBEAT_URL"} <= said
    set_up = dataclasses.replace(settings, public_url="https://sett.example", heartbeat_url="https://hc.example/x")
    named = {line.says.split()[0] for line in _checks.settings_lines(set_up) if line.state == "warn"}
    assert not named & {"FIELDAPP_PUBLIC_URL", "FIELDAPP_VAPID_SUBJECT", "FIELDAPP_HEARTBEAT_URL"}


@pytest.mark.parametrize(("free_mb", "state"), [(0, "fail"), (49, "fail"), (51, "warn"), (499, "warn"), (501, "ok")])
def test_a_full_disk_fails_before_it_is_quite_full(settings: Settings, free_mb: int, state: str) -> None:
    lines = list(_checks.disk_lines(settings, lambda _: free_mb * 2**20))
    assert {line.state for line in lines} == {state}
    assert state == "ok" or all("Gjør plass" in line.says or "gjør plass" in line.says for line in lines)


def test_a_push_service_that_answers_is_well_and_one_that_does_not_a_warning(settings: Settings) -> None:
    assert {line.state for line in _checks.push_lines(settings, lambda _: True)} == {"ok"}
    assert {line.state for line in _checks.push_lines(settings, lambda _: False)} == {"warn"}


def test_a_mail_server_that_lets_us_in_is_well_and_one_that_does_not_fails(settings: Settings) -> None:
    with MailServer() as server:
        (line,) = _checks.channel_lines(dataclasses.replace(settings, smtp_url=server.url()))
        assert (line.state, line.about, line.says) == ("ok", "e-post", f"{server.host} svarer")
        server.answer("EHLO", 421)
        server.answer("HELO", 421)
        (line,) = _checks.channel_lines(dataclasses.replace(settings, smtp_url=server.url()))
        assert (line.state, line.about) == ("fail", "e-post")
    (line,) = _checks.channel_lines(dataclasses.replace(settings, smtp_url=server.url()))
    assert line.says == f"{server.host} tar ikke imot (ConnectionRefusedError)"


def test_a_gateway_that_is_not_there_fails(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gateway:
        address = f"127.0.0.1:{gateway.getsockname()[1]}"
        set_up = dataclasses.replace(settings, webhook_url=f"http://{address}/send")
        assert list(_checks.channel_lines(set_up)) == [_checks.Line("ok", "webhook", f"{address} svarer")]
    assert list(_checks.channel_lines(set_up)) == [_checks.Line("fail", "webhook", f"{address} svarer ikke")]


def test_a_sign_in_service_that_answers_asks_for_a_level_and_knows_a_secret_is_well(settings: Settings) -> None:
    with OidcProvider("https://sett.example/logg-inn/oidc/svar") as provider:
        told = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET}
        whole = dataclasses.replace(settings, **told, oidc_min_acr=("high",))
        assert [line.state for line in _checks_reach.sign_in_lines(whole, clock.now())] == ["ok"]
        bare = dataclasses.replace(whole, oidc_min_acr=(), oidc_client_secret="")
        assert [line.state for line in _checks_reach.sign_in_lines(bare, clock.now())] == ["ok", "warn", "warn"]
        elsewhere = dataclasses.replace(whole, oidc_issuer=f"{provider.issuer}/another")
        assert [line.state for line in _checks_reach.sign_in_lines(elsewhere, clock.now())] == ["fail"]
    assert [line.state for line in _checks_reach.sign_in_lines(whole, clock.now())] == ["fail"]
    assert list(_checks_reach.sign_in_lines(settings, clock.now())) == []


def test_a_misspelled_setting_is_named(run: Run, nothing_answers: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDAPP_PUBLIC_URI", "https://sett.example")
    said = run("doctor", status=None)
    assert (
        "warn innstillinger: FIELDAPP_PUBLIC_URI finnes ikke, og gjør ingenting: mente du FIELDAPP_PUBLIC_URL?" in said
    )


@pytest.mark.parametrize(("hours_ago", "state"), [(0, "ok"), (25, "ok"), (27, "warn"), (9 * 24, "fail")])
def test_a_backup_grows_old(run: Run, settings: Settings, hours_ago: int, state: str) -> None:
    now = clock.now()
    (none,) = _checks_upkeep.backup_lines(settings, now)
    assert (none.state, none.about) == ("warn", "sikkerhetskopi")
    run("keys")
    run("backup", str(settings.data_dir / "kopi.db"))
    (line,) = _checks_upkeep.backup_lines(settings, clock.now() + dt.timedelta(hours=hours_ago))
    assert line.state == state
    assert line.says.startswith("tatt ")


@pytest.mark.parametrize(("days_left", "state"), [(60, "ok"), (20, "warn"), (-1, "fail")])
def test_a_certificate_runs_out(settings: Settings, days_left: int, state: str) -> None:
    now = clock.now()
    (line,) = _checks_upkeep.certificate_lines(settings, now, lambda *_: now + dt.timedelta(days=days_left))
    assert (line.state, line.about) == (state, "sertifikat")


def test_a_certificate_nobody_trusts_fails_and_one_out_of_reach_is_a_warning(
    settings: Settings, tmp_path: Path
) -> None:
    untrusted = ssl.SSLCertVerificationError("self-signed")
    untrusted.verify_message = "self-signed certificate"
    trouble = [untrusted, ConnectionRefusedError()]

    def refuse(*_: object) -> dt.datetime:
        raise trouble.pop(0)

    states = [next(_checks_upkeep.certificate_lines(settings, clock.now(), refuse)).state for _ in range(2)]
    assert states == ["fail", "warn"]
    local = dataclasses.replace(settings, public_url="http://127.0.0.1:8000")
    assert list(_checks_upkeep.certificate_lines(local, clock.now())) == []


def test_a_certificate_of_a_real_server_is_looked_at(settings: Settings, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        answering = threading.Thread(target=_answer_once, args=(listener, context))
        answering.start()
        address = f"https://127.0.0.1:{listener.getsockname()[1]}"
        (line,) = _checks_upkeep.certificate_lines(dataclasses.replace(settings, public_url=address), clock.now())
        answering.join()
    assert (line.state, "stoler ikke på det" in line.says) == ("fail", True)


def _answer_once(listener: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = listener.accept()
    with connection, suppress(OSError):
        context.wrap_socket(connection, server_side=True)
