"""`fieldapp import`: clients, staff and teams from a spreadsheet, whole or not at all."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from sqlalchemy.orm import Session

from fieldapp import clock
from fieldapp.cli import _database
from fieldapp.config import Settings
from fieldapp.domain.import_columns import CLIENTS, COLUMNS, STAFF, WHATS, Remark, folded
from fieldapp.errors import CannotDo
from fieldapp.services.importing import authors, clients, sheets, staffing
from fieldapp.services.importing.report import Faulty, Report

_MOST_SHOWN = 200
_NOUNS = {"clients": ("bruker", "brukere"), "staff": ("ansatt", "ansatte"), "teams": ("team", "team")}

Take = Callable[[Session], Report]


class _OnlyTried(Exception):
    """It would all be taken; nothing is."""


@click.command()
@click.argument("what", type=click.Choice(WHATS))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Si hva som ville skjedd, og gjør ingenting.")
@click.option("--as", "username", metavar="BRUKERNAVN", help="Hvem det føres på; ellers på «Import».")
@click.option(
    "--map", "mapped", multiple=True, metavar="OVERSKRIFT=KOLONNE", help="Les overskriften som denne kolonnen."
)
@click.pass_obj
def command(
    settings: Settings, what: str, file: Path, dry_run: bool, username: str | None, mapped: tuple[str, ...]
) -> None:
    """Hent brukere, ansatte eller team fra et regneark.

    FILE er .csv eller .xlsx med overskrifter i første rad. Er det en feil i en rad, tas ingenting inn, og hver feil
    nevnes med rad og kolonne. Den som finnes fra før, er som før.
    """
    columns = _mapping(what, mapped)
    lines = sheets.read_file(file)
    report: Report | None = None
    try:
        with _database.opened(settings) as database, database.transaction(is_quick=False) as session:
            report = _take(session, what, lines, username, columns)
            if dry_run:
                raise _OnlyTried
    except _OnlyTried:
        pass
    except Faulty as error:
        _show_faults(error.faults)
        raise SystemExit(1) from None
    assert report is not None
    _show(what, report, dry_run=dry_run)


def _take(
    session: Session, what: str, lines: Sequence[sheets.Line], username: str | None, columns: dict[str, str]
) -> Report:
    now = clock.now()
    if what == CLIENTS:
        author = authors.author_of_clients(session, username, now)
        return clients.take_clients(session, lines, author, now, columns)
    authors.check_administers(session, username)
    take = staffing.take_staff if what == STAFF else staffing.take_teams
    return take(session, lines, now, columns)


def _mapping(what: str, pairs: Sequence[str]) -> dict[str, str]:
    """What `--map` says, by the heading as it is read. Raises CannotDo."""
    known = {folded(called): column.name for column in COLUMNS[what] for called in (column.name, column.shown)}
    found = {}
    for pair in pairs:
        heading, separator, column = pair.rpartition("=")
        name = known.get(folded(column)) if column.strip() else ""
        if not separator or not heading.strip() or name is None:
            shown = ", ".join(column.shown for column in COLUMNS[what])
            raise CannotDo(f"--map må være OVERSKRIFT=KOLONNE, der kolonnen er en av {shown}, eller tom.")
        found[folded(heading)] = name
    return found


def _show_faults(faults: Sequence[Remark]) -> None:
    """Every fault, on stderr; nothing of what the cells say."""
    for fault in faults[:_MOST_SHOWN]:
        print(f"feil: {fault}", file=sys.stderr)
    if len(faults) > _MOST_SHOWN:
        print(f"… og {len(faults) - _MOST_SHOWN} feil til.", file=sys.stderr)
    count = "1 feil" if len(faults) == 1 else f"{len(faults)} feil"
    print(f"fieldapp: {count}. Ingenting er tatt inn. Rett i fila og prøv igjen.", file=sys.stderr)


def _show(what: str, report: Report, *, dry_run: bool) -> None:
    for warning in report.warnings[:_MOST_SHOWN]:
        click.echo(f"se på: {warning}")
    if len(report.warnings) > _MOST_SHOWN:
        click.echo(f"… og {len(report.warnings) - _MOST_SHOWN} til å se på.")
    for there in report.there_before:
        click.echo(str(there))
    for username, code in () if dry_run else report.codes:
        click.echo(f"Engangskode for {username}: {code}")
    one, several = _NOUNS[what]
    noun = one if report.added == 1 else several
    click.echo(f"{report.added} {noun} {'ville blitt lagt inn' if dry_run else 'er lagt inn'}.")
    if what == CLIENTS and report.added and not dry_run:
        click.echo(_WHAT_NOW)


_WHAT_NOW = (
    "Klokka går fra nå for hver av dem: varsel om 24 timer til noen har sett brukeren eller avtalt noe annet. "
    "De står som «Avtale mangler» på telefonen og kontoret."
)
