"""`fieldapp demo`: fill an empty database with a believable municipality, and say how to sign in."""

from collections.abc import Iterator

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from fieldapp import clock
from fieldapp.cli._alone import alone
from fieldapp.config import Settings
from fieldapp.db import Database
from fieldapp.demo import fill
from fieldapp.demo.people import CAST, PASSWORDS, PIN, Wish
from fieldapp.errors import CannotDo
from fieldapp.migrations import migrate
from fieldapp.services.operations import backup

_USUAL = Wish()
_MAKING = "Lager demokommunen"


@click.command()
@click.option("--teams", default=_USUAL.teams, show_default=True, type=click.IntRange(1, 50))
@click.option("--clients", default=_USUAL.clients, show_default=True, type=click.IntRange(0, 100_000))
@click.option("--staff", default=_USUAL.staff, show_default=True, type=click.IntRange(1, 5_000))
@click.option("--days", default=_USUAL.days, show_default=True, type=click.IntRange(1, 365))
@click.option("--seed", default=_USUAL.seed, show_default=True)
@click.pass_obj
def command(settings: Settings, teams: int, clients: int, staff: int, days: int, seed: int) -> None:
    """Fyll en tom database med en oppdiktet kommune."""
    database = Database(settings)
    with alone(settings.data_dir):
        migrate(database)
        with database.reading() as session:
            if not backup.is_empty(session):
                raise CannotDo("Databasen er ikke tom. Demokommunen lages bare i en tom database.")
        _make(database, Wish(teams=teams, clients=clients, staff=staff, days=days, seed=seed))
    _print_logins()


def ensure_demo(database: Database, settings: Settings) -> None:  # noqa: ARG001 - every `ensure` of the house takes both
    """Make the usual demo when the database is empty; print the sign-ins when it is a demo."""
    with database.reading() as session:
        is_empty, is_demo = backup.is_empty(session), fill.is_demo(session)
    if is_empty:
        _make(database, _USUAL)
    if is_empty or is_demo:
        _print_logins()


def _make(database: Database, wish: Wish) -> None:
    with database.transaction() as session:
        for _ in _shown(fill.make(session, wish, clock.now()), Console(stderr=True)):
            pass


def _shown(steps: Iterator[tuple[int, int]], console: Console) -> Iterator[None]:
    """Show how far it is: as a bar in a terminal, else as a line for every tenth."""
    if not console.is_terminal:
        yield from _shown_as_lines(steps)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(_MAKING, total=None)
        for done, planned in steps:
            progress.update(bar, completed=done, total=planned)
            yield


def _shown_as_lines(steps: Iterator[tuple[int, int]]) -> Iterator[None]:
    tenths = 0
    for done, planned in steps:
        if planned and tenths < done * 10 // planned < 10:
            tenths = done * 10 // planned
            click.echo(f"{_MAKING}: {tenths * 10} %", err=True)
        yield
    click.echo(f"{_MAKING}: 100 %", err=True)


def _print_logins() -> None:
    for username, _, role, _ in CAST:
        click.echo(f"login {username} {PASSWORDS[role]} {role}")
    click.echo(f"pin {PIN}")
