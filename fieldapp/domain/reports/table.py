"""What a report comes to: columns with stable names, lines of cells, and which lines rest on fewer than five."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from fieldapp.domain.figures import FEWEST

Cell = str | int | float | None
Kind = Literal["code", "words", "week", "hour", "count", "minutes", "number"]
"""What a column holds. `words` somebody has written; a `number` may have decimals."""


@dataclass(frozen=True)
class Column:
    """One column, by its name in exports."""

    name: str
    kind: Kind = "code"


@dataclass(frozen=True)
class Line:
    """One line of cells. `small`: a count in it, or the number of clients behind it, is under five."""

    cells: tuple[Cell, ...]
    small: bool


@dataclass(frozen=True)
class Table:
    """A whole report, in the order it is shown."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    def values(self, name: str) -> list[Cell]:
        """One column, from the top."""
        place = [column.name for column in self.columns].index(name)
        return [line.cells[place] for line in self.lines]

    def total(self, name: str) -> int:
        """The sum of one column of whole numbers."""
        return sum(value for value in self.values(name) if isinstance(value, int))


def counted(columns: tuple[Column, ...], rows: Iterable[tuple[Cell, ...]]) -> Table:
    """A table whose lines are small where a count in them is under five."""
    counts = [place for place, column in enumerate(columns) if column.kind == "count"]

    def is_small(row: tuple[Cell, ...]) -> bool:
        return any(isinstance(value := row[place], int) and value < FEWEST for place in counts)

    return Table(columns, tuple(Line(row, is_small(row)) for row in rows))


def resting_on(columns: tuple[Column, ...], rows: Iterable[tuple[tuple[Cell, ...], int]]) -> Table:
    """A table whose lines each come with the number of clients behind them."""
    return Table(columns, tuple(Line(cells, behind < FEWEST) for cells, behind in rows))
