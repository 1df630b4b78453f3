"""The rows of a sheet by what its columns are called. Raises Faulty with every heading that is wrong."""

from collections.abc import Mapping, Sequence

from fieldapp.domain.import_columns import Cell, Headings, Remark, Row, place_of, recognise
from fieldapp.services.importing.report import Faulty
from fieldapp.services.importing.sheets import Line


def rows_of(what: str, lines: Sequence[Line], mapped: Mapping[str, str]) -> tuple[Headings, list[Row]]:
    """What the first line was read as, and every row below it."""
    heading, *rest = lines
    found = recognise(what, heading.cells, heading.number, mapped)
    if found.faults:
        raise Faulty(found.faults)
    if not rest:
        raise Faulty([Remark(heading.number, "", "det står ingenting under overskriftene.")])
    return found, [Row(line.number, _cells(line, found)) for line in rest]


def _cells(line: Line, found: Headings) -> dict[str, Cell]:
    padded = {index: line.cells[index] if index < len(line.cells) else "" for index in found.places}
    return {
        column.name: Cell(line.number, place_of(index, column.shown), padded[index])
        for index, column in found.places.items()
    }
