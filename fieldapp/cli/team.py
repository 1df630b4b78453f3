"""`fieldapp team`: add and list teams."""

import json

import click

from fieldapp import clock
from fieldapp.cli import _database
from fieldapp.config import Settings
from fieldapp.errors import CannotDo
from fieldapp.queries import accounts as account_rows
from fieldapp.services.people import accounts

_DEFAULT = ",".join(f"{minutes:g}" for minutes in accounts.DEFAULT_ESCALATION)


@click.group()
def command() -> None:
    """Team: legg til, vis."""


@command.command()
@click.argument("name")
@click.option("--kind", required=True, help="Hva slags team.")
@click.option("--escalation", default=_DEFAULT, show_default=True, help="Minutter til hvert trinn.")
@click.option("--json", "as_json", is_flag=True, help="Svar med ett JSON-objekt.")
@click.pass_obj
def add(settings: Settings, name: str, kind: str, escalation: str, as_json: bool) -> None:
    """Legg til et team; skriver id-en."""
    with _database.writing(settings) as session:
        team_id = accounts.add_team(session, name, kind, _minutes(escalation), clock.now())
    click.echo(json.dumps({"id": str(team_id), "name": name, "kind": kind}) if as_json else str(team_id))


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Svar med ett JSON-objekt.")
@click.pass_obj
def show(settings: Settings, as_json: bool) -> None:
    """Vis alle team."""
    with _database.reading(settings) as session:
        teams = account_rows.teams(session)
    if as_json:
        rows = [{"id": str(t.id), "name": t.name, "kind": t.kind, "escalation": t.escalation} for t in teams]
        click.echo(json.dumps({"teams": rows}))
        return
    for team in teams:
        click.echo(f"{team.id} {team.kind} {team.name}")


def _minutes(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise CannotDo(f"--escalation må være tall med komma mellom, ikke «{text}».") from error
