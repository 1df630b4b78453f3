"""A spreadsheet on a page, in two steps: how it reads and what is wrong with it, then taken in whole or not at all.

Nothing is kept between the steps. The rows travel in the page itself, so the second step judges all of it again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import category

import msgspec
from flask import request

from fieldapp.domain.import_columns import COLUMNS, Remark, folded, recognise
from fieldapp.errors import AppError, CannotDo
from fieldapp.routes._office import Form
from fieldapp.routes._web import db
from fieldapp.services.importing import sheets
from fieldapp.services.importing.report import Faulty, Report
from fieldapp.services.importing.sheets import Line
from fieldapp.texts import N_, gettext

MOST_SHOWN, FIRST_ROWS = 100, 5
NAME = "import"
Take = Callable[[Any, Sequence[Line], Mapping[str, str]], Report]


class _OnlyTried(Exception):
    """It would all be taken; nothing is."""


@dataclass
class Sheet:
    """A sheet that somebody has sent: its rows, what its headings are to be read as, and what came of it."""

    what: str
    lines: Sequence[Line]
    mapped: Mapping[str, str]
    report: Report | None = None
    faults: Sequence[Remark] = field(default_factory=list)

    @property
    def carried(self) -> str:
        """The rows as they travel in the page."""
        return msgspec.json.encode([(line.number, line.cells) for line in self.lines]).decode()

    @property
    def columns(self) -> list[tuple[int, str, str]]:
        """Every heading by its place, and the name of the column that it is read as; empty when it is left out."""
        heading = self.lines[0]
        places = recognise(self.what, heading.cells, heading.number, self.mapped).places
        read_as = [places[index].name if index in places else "" for index in range(len(heading.cells))]
        return [(at, said, read_as[at]) for at, said in enumerate(self.heading) if said]

    @property
    def options(self) -> list[tuple[str, str]]:
        """What a heading can be read as."""
        return [("", gettext(N_("Ta ikke med"))), *((one.name, one.shown) for one in COLUMNS[self.what])]

    @property
    def heading(self) -> Sequence[str]:
        """The headings as they are shown."""
        return _seen(self.lines[0])

    @property
    def first_rows(self) -> Sequence[Sequence[str]]:
        """The first rows under the headings, for whoever wants to see that it is the right file."""
        return [_seen(line) for line in self.lines[1 : 1 + FIRST_ROWS]]


def _seen(line: Line) -> list[str]:
    """The cells with a sign for every character that nobody sees: a fault can be in one."""
    return ["".join("\ufffd" if category(char).startswith("C") else char for char in cell) for cell in line.cells]


def sent(what: str, form: Form) -> Sheet | None:
    """The file that was chosen, else the rows that the page carried; None when the form says what is wrong."""
    file = request.files.get("file")
    try:
        if file is not None and file.filename:
            return Sheet(what, sheets.read(file.read()), {})
        if request.form.get("lines"):
            lines = _carried(request.form["lines"])
            return Sheet(what, lines, _mapped(lines[0]))
    except CannotDo as error:
        form.errors["file"] = str(error)
        return None
    form.errors["file"] = gettext(N_("Velg en fil først."))
    return None


def _carried(text: str) -> list[Line]:
    try:
        rows = msgspec.json.decode(text.encode(), type=list[tuple[int, tuple[str, ...]]])
    except (msgspec.DecodeError, UnicodeEncodeError):
        raise AppError("malformed") from None
    if not 0 < len(rows) <= sheets.MOST_ROWS + 1:
        raise AppError("malformed")
    return [Line(number, cells) for number, cells in rows]


def _mapped(heading: Line) -> dict[str, str]:
    """What was chosen for each heading; a heading that nothing was chosen for is read as always."""
    chosen = {folded(cell): request.form.get(f"column-{index}") for index, cell in enumerate(heading.cells) if cell}
    return {said: name for said, name in chosen.items() if name is not None}


def tried(sheet: Sheet, take: Take) -> None:
    """See what would come of it, by taking it and undoing all."""
    try:
        with db().transaction(is_quick=False) as session:
            sheet.report = take(session, sheet.lines, sheet.mapped)
            raise _OnlyTried
    except _OnlyTried:
        pass
    except Faulty as error:
        sheet.report, sheet.faults = None, error.faults


def taken(sheet: Sheet, take: Take) -> bool:
    """Take it in; False with every fault when there is one, and then nothing is."""
    try:
        with db().transaction(is_quick=False) as session:
            sheet.report = take(session, sheet.lines, sheet.mapped)
    except Faulty as error:
        sheet.report, sheet.faults = None, error.faults
    return sheet.report is not None


def names(sheet: Sheet | None, form: Form) -> dict[str, Any]:
    """What the pages of an import show."""
    return {"sheet": sheet, "form": form, "most_shown": MOST_SHOWN}


def is_last_step() -> bool:
    """Whether the button was the one that takes it in."""
    return request.form.get("step") == "take"
