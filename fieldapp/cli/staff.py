"""`fieldapp staff`: add people, list them, end their access."""

import json
import sys
from uuid import UUID

import click

from fieldapp import clock
from fieldapp.cli import _database
from fieldapp.config import Settings
from fieldapp.errors import CannotDo
from fieldapp.queries import accounts as account_rows
from fieldapp.services.people import accounts
from fieldapp.texts import moment


@click.group()
def command() -> None:
    """Ansatte: legg til, vis, avslutt."""


@command.command()
@click.argument("username")
@click.option("--name", required=True)
@click.option("--role", required=True)
@click.option("--team", "teams", multiple=True, metavar="TEAM_ID", help="Kan gis flere ganger.")
@click.option("--email", default="", help="Hit går varsler også, når FIELDAPP_SMTP_URL er satt.")
@click.option("--password-stdin", is_flag=True, help="Les passordet som én linje fra standard inn.")
@click.option("--json", "as_json", is_flag=True, help="Svar med ett JSON-objekt.")
@click.pass_obj
def add(
    settings: Settings,
    username: str,
    name: str,
    role: str,
    teams: tuple[str, ...],
    email: str,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Legg til en ansatt; skriver id-en, og en engangskode når det ikke er gitt noe passord."""
    password = _password() if password_stdin else None
    team_ids = [_team_id(text) for text in teams]
    with _database.writing(settings) as session:
        added = accounts.add_staff(session, username, name, role, team_ids, password, clock.now(), email=email)
    if as_json:
        code = {"enrolment_code": added.enrolment_code} if added.enrolment_code else {}
        click.echo(json.dumps({"id": str(added.id), "username": accounts.as_username(username)} | code))
        return
    click.echo(str(added.id))
    if added.enrolment_code:
        days = accounts.ENROLMENT_LASTS.days
        click.echo(f"Engangskode: {added.enrolment_code} (brukes på /kom-i-gang innen {days} dager)")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Svar med ett JSON-objekt.")
@click.pass_obj
def show(settings: Settings, as_json: bool) -> None:
    """Vis alle som har eller har hatt tilgang."""
    with _database.reading(settings) as session:
        people = account_rows.people(session)
    if as_json:
        click.echo(json.dumps({"staff": [_as_json(person) for person in people]}))
        return
    for person in people:
        ended = f" · avsluttet {moment(person.ended_at)}" if person.ended_at else ""
        click.echo(f"{person.id} {person.username} {person.role} {person.name} · {', '.join(person.teams)}{ended}")


@command.command()
@click.argument("username")
@click.option("--json", "as_json", is_flag=True, help="Svar med ett JSON-objekt.")
@click.pass_obj
def end(settings: Settings, username: str, as_json: bool) -> None:
    """Avslutt en ansatts tilgang overalt, med en gang."""
    with _database.writing(settings) as session:
        staff_id = accounts.end_staff(session, username, clock.now())
    click.echo(json.dumps({"id": str(staff_id)}) if as_json else f"{username} har ikke lenger tilgang.")


def _as_json(person: account_rows.StaffRow) -> dict[str, object]:
    return {
        "id": str(person.id),
        "username": person.username,
        "name": person.name,
        "role": person.role,
        "teams": person.teams,
        "ended_at": person.ended_at.isoformat() if person.ended_at else None,
    }


def _password() -> str:
    """One line without its newline; anything else in it belongs to the password."""
    try:
        password = sys.stdin.buffer.readline().rstrip(b"\r\n").decode()
    except UnicodeDecodeError as error:
        raise CannotDo("Passordet må være UTF-8.") from error
    if 0 < len(password) < accounts.SHORTEST_PASSWORD:
        click.echo(f"Advarsel: passordet har under {accounts.SHORTEST_PASSWORD} tegn.", err=True)
    return password


def _team_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise CannotDo(f"«{text}» er ikke en team-id. Se «fieldapp team list».") from error
