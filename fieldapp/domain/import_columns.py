"""What a sheet of clients, staff or teams may hold: its columns, what people call them, and what a cell must say.

Nothing personal is repeated in what is said of a cell: the row and the column say where to look.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sync import names
from sync.bodies_base import MAX_NAME

CLIENTS, STAFF, TEAMS = "clients", "staff", "teams"
WHATS = (CLIENTS, STAFF, TEAMS)

_LONGEST_LINE, _LONGEST_PHONE = 500, 100
_OLDEST = 120
_NATIONAL_NUMBER = re.compile(r"\d{6}[ -]?\d{5}")
_DATE = re.compile(r"(?:\d{1,2}[./-]\d{1,2}[./-](\d{4})|(\d{4})-\d{1,2}-\d{1,2})(?:[ T].*)?")
_NATIONAL = "Fødselsnummer skal ikke inn i Sett. Slett det og lagre fila på nytt"


@dataclass(frozen=True)
class Column:
    """One thing that a sheet may say of each row."""

    name: str
    shown: str
    """What it is called when something is wrong with it."""
    headings: tuple[str, ...]
    """What people call it, folded (see `folded`)."""
    is_needed: bool = False


@dataclass(frozen=True, order=True)
class Remark:
    """Something about one place in the sheet: a fault, or what somebody should look at."""

    row: int
    """As the spreadsheet numbers it; 0: about the whole sheet."""
    place: str
    """The column by letter and heading; empty: about the whole row."""
    says: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (f"rad {self.row}" if self.row else "", self.place) if part)
        return f"{where}: {self.says}" if where else self.says


@dataclass(frozen=True)
class Cell:
    """What stands in one place of the sheet."""

    row: int
    place: str
    text: str

    def fault(self, says: str) -> Remark:
        """What is wrong here."""
        return Remark(self.row, self.place, says)


@dataclass(frozen=True)
class Row:
    """One row under the headings, by column name; a column that the sheet lacks is an empty cell."""

    number: int
    cells: Mapping[str, Cell]

    def cell(self, name: str) -> Cell:
        """What it says there."""
        return self.cells.get(name) or Cell(self.number, "", "")

    def text(self, name: str) -> str:
        """What it says there; empty when nothing."""
        return self.cell(name).text


@dataclass
class Headings:
    """What the first row was read as."""

    places: dict[int, Column] = field(default_factory=dict)
    faults: list[Remark] = field(default_factory=list)
    left_out: list[Remark] = field(default_factory=list)
    """Columns that are not taken in, so that nobody thinks they were."""


COLUMNS: Mapping[str, tuple[Column, ...]] = {
    CLIENTS: (
        Column("name", "navn", ("navn", "brukernavn fullt", "fullt navn", "bruker", "pasient", "name"), is_needed=True),
        Column("first_name", "fornavn", ("fornavn", "first name")),
        Column("last_name", "etternavn", ("etternavn", "last name")),
        Column("birth_year", "fødselsår", ("fødselsår", "født", "fødselsdato", "fødeår", "år", "birth year")),
        Column("address", "adresse", ("adresse", "gateadresse", "bosted", "address")),
        Column("phone", "telefon", ("telefon", "tlf", "mobil", "mobiltelefon", "telefonnummer", "tlf nr", "phone")),
        Column("team", "team", ("team", "gruppe", "avdeling", "tjeneste"), is_needed=True),
        Column(
            "primary", "primærkontakt", ("primærkontakt", "kontaktperson", "ansvarlig", "behandler", "primary contact")
        ),
        Column("alias", "kallenavn", ("kallenavn", "kalles", "alias", "tiltalenavn")),
        Column("protected", "adressesperre", ("adressesperre", "gradering", "kode", "adressebeskyttelse", "skjerming")),
    ),
    STAFF: (
        Column("name", "navn", ("navn", "fullt navn", "ansatt", "name"), is_needed=True),
        Column("first_name", "fornavn", ("fornavn", "first name")),
        Column("last_name", "etternavn", ("etternavn", "last name")),
        Column("username", "brukernavn", ("brukernavn", "bruker", "ident", "username"), is_needed=True),
        Column("role", "rolle", ("rolle", "role"), is_needed=True),
        Column("team", "team", ("team", "gruppe", "avdeling", "tjeneste")),
        Column("email", "e-post", ("e post", "epost", "e postadresse", "epostadresse", "mail", "email", "e mail")),
        Column("phone", "telefon", ("telefon", "tlf", "mobil", "mobiltelefon", "telefonnummer", "tlf nr", "phone")),
        Column("title", "tittel", ("tittel", "stilling", "title")),
    ),
    TEAMS: (
        Column("name", "navn", ("navn", "team", "teamnavn", "name"), is_needed=True),
        Column("kind", "slag", ("slag", "type", "slags team", "kind"), is_needed=True),
        Column("escalation", "trapp", ("trapp", "varslingstrapp", "minutter", "escalation")),
        Column("duty_phone", "vakttelefon", ("vakttelefon", "vakttlf", "duty phone")),
    ),
}
_NATIONAL_HEADINGS = ("fødselsnummer", "fødselsnr", "personnummer", "personnr", "fnr", "f nr", "d nummer")

_PROTECTED = {
    **dict.fromkeys(("", "ingen", "nei", "ugradert", "none", "0"), "none"),
    **dict.fromkeys(("kode 6", "kode6", "6", "strengt fortrolig", "code6"), "code6"),
    **dict.fromkeys(("kode 7", "kode7", "7", "fortrolig", "code7"), "code7"),
}


def folded(text: str) -> str:
    """As a person hears it: case, spaces, dots and hyphens make no difference."""
    return " ".join(re.sub(r"[\s._:*()/-]+", " ", names.clean(text).casefold()).split())


def letter(index: int) -> str:
    """The letters of the column: A of 0, AA of 26."""
    first, second = divmod(index, 26)
    return (letter(first - 1) if first else "") + chr(ord("A") + second)


def place_of(index: int, shown: str) -> str:
    """Where a cell is, as a person finds it."""
    return f"kolonne {letter(index)} ({shown})"


def recognise(what: str, headings: Sequence[str], row: int, mapped: Mapping[str, str]) -> Headings:
    """Which column stands where. `mapped`: what a heading (folded) is to be read as, against or beside the known ones;
    empty leaves it out."""
    known = {heading: column for column in COLUMNS[what] for heading in (column.name, *column.headings)}
    by_name = {column.name: column for column in COLUMNS[what]}
    found = Headings()
    for index, heading in enumerate(headings):
        said = folded(heading)
        column = by_name.get(mapped[said]) if said in mapped else known.get(said)
        if said in _NATIONAL_HEADINGS:
            found.faults.append(Remark(row, place_of(index, heading.strip()), f"{_NATIONAL}."))
        elif column is None:
            if said:
                found.left_out.append(Remark(row, place_of(index, names.clean(heading)), "tas ikke med."))
        elif column in found.places.values():
            found.faults.append(Remark(row, place_of(index, column.shown), "denne kolonnen står to ganger."))
        else:
            found.places[index] = column
    there = {column.name for column in found.places.values()}
    for column in COLUMNS[what]:
        if column.is_needed and column.name not in there and not (column.name == "name" and "last_name" in there):
            found.faults.append(Remark(row, "", f"kolonnen «{column.shown}» mangler, eller heter noe annet."))
    return found


def whole_name(row: Row) -> Cell:
    """The name, from one column or from two."""
    if row.text("name"):
        return row.cell("name")
    parts = " ".join(part for part in (row.text("first_name"), row.text("last_name")) if part)
    of = row.cell("last_name") if row.cell("last_name").place else row.cell("name")
    return Cell(row.number, of.place, parts)


def check_name(cell: Cell) -> Remark | None:
    """A name can be read, and is no longer than a name may be."""
    if not cell.text:
        return cell.fault("mangler.")
    if not names.is_name(cell.text) or len(cell.text) > MAX_NAME:
        return cell.fault("kan ikke leses som et navn, eller er for langt.")
    return check_national_number(cell)


def check_line(cell: Cell) -> Remark | None:
    """A short text without what nobody can see."""
    if cell.text and not names.is_name(cell.text):
        return cell.fault("har tegn som ikke kan leses.")
    if len(cell.text) > _LONGEST_LINE:
        return cell.fault(f"er for lang: høyst {_LONGEST_LINE} tegn.")
    return check_national_number(cell)


def check_phone(cell: Cell) -> Remark | None:
    """Something to ring."""
    if not cell.text:
        return None
    if len(re.findall(r"\d", cell.text)) < 3 or len(cell.text) > _LONGEST_PHONE or not names.is_name(cell.text):
        return cell.fault("er ikke et telefonnummer.")
    return check_national_number(cell)


def check_national_number(cell: Cell) -> Remark | None:
    """Sett has no use for the numbers that identify people everywhere."""
    return cell.fault(f"{_NATIONAL}.") if _NATIONAL_NUMBER.fullmatch(cell.text) else None


def birth_year(cell: Cell, today: dt.date) -> int | Remark | None:
    """The year, also of a whole date; None when nothing is said."""
    if not cell.text:
        return None
    if (national := check_national_number(cell)) is not None:
        return national
    date = _DATE.fullmatch(cell.text)
    said = (date[1] or date[2]) if date else cell.text
    if not re.fullmatch(r"\d{4}", said) or not said.isascii():
        return cell.fault("er ikke et årstall med fire siffer.")
    if not today.year - _OLDEST <= int(said) <= today.year:
        return cell.fault("er et år ingen bruker kan være født i.")
    return int(said)


def protection(cell: Cell) -> str | Remark:
    """`none`, `code6` or `code7`."""
    return _PROTECTED.get(folded(cell.text)) or cell.fault("må være tom, «kode 6» eller «kode 7».")
