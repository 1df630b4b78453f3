"""A spreadsheet as rows of text, the way Norwegian Excel saves it: .csv with semicolons or commas, in Windows-1252 or
UTF-8, and .xlsx.

A file comes from outside: what it may cost is bounded before it is opened, and nothing in it is computed or fetched.
"""

import csv
import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldapp.errors import CannotDo
from sync import names

LARGEST_FILE = 5 * 2**20
MOST_ROWS = 5_000
_MOST_COLUMNS = 100
_LAST_ROW = 100_000
"""Of a sheet, empty ones counted: a cell far down makes a small file a long read."""
_LARGEST_INSIDE = 60 * 2**20
"""Bytes of an .xlsx when it is unpacked; a bomb says, or pretends, otherwise, and is then cut where it said it ends."""
_MOST_PARTS = 1_000
_LONGEST_CELL = 10_000
_DELIMITERS = ";,\t"
_XLSX = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Line:
    """One row of the sheet by the number that the spreadsheet shows; its cells as text."""

    number: int
    cells: tuple[str, ...]


def read_file(path: Path) -> list[Line]:
    """The rows of a file that hold anything. Raises CannotDo with a sentence."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except IsADirectoryError as error:
        raise CannotDo(f"{path} er en mappe, ikke en fil.") from error
    except OSError as error:
        raise CannotDo(f"Får ikke lest {path}: {error.strerror}.") from error
    return read(content)


def read(content: bytes) -> list[Line]:
    """The same of what the file holds. Raises CannotDo with a sentence."""
    if len(content) > LARGEST_FILE:
        raise CannotDo(f"Fila er for stor: høyst {LARGEST_FILE // 2**20} MB.")
    if content.startswith(_OLD_EXCEL):
        raise CannotDo(
            "Dette er en gammel Excel-fil (.xls), eller en fil med passord. Lagre den som .xlsx uten passord."
        )
    lines = _of_xlsx(content) if content.startswith(_XLSX) else _of_csv(content)
    found = []
    for line in lines:
        if any(line.cells):
            found.append(line)
        if len(found) > MOST_ROWS + 1:
            raise CannotDo(f"Fila har for mange rader: høyst {MOST_ROWS}. Del den i flere.")
    if not found:
        raise CannotDo("Fila er tom.")
    return found


def _of_csv(content: bytes) -> Iterator[Line]:
    text = _decoded(content)
    delimiter, start = _delimiter(text)
    table = csv.reader(io.StringIO(text[start:], newline=""), delimiter=delimiter, strict=True)
    first = 2 if start else 1
    number = first - 1
    try:
        for number, cells in enumerate(table, first):
            yield Line(number, tuple(map(_plain, cells[:_MOST_COLUMNS])))
    except csv.Error as error:
        raise CannotDo(
            f"rad {number + 1}: et anførselstegn mangler eller står feil, så resten kan ikke leses."
        ) from error


def _decoded(content: bytes) -> str:
    encodings: tuple[str, ...]
    if content.startswith(_UTF16):
        encodings = ("utf-16",)
    elif content.startswith(b"\xef\xbb\xbf"):
        encodings = ("utf-8-sig",)
    else:
        encodings = ("utf-8", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CannotDo("Fila er ikke en tekst vi kan lese. Lagre den fra Excel som «CSV UTF-8» eller .xlsx.")


def _delimiter(text: str) -> tuple[str, int]:
    """What parts the cells, and where the table starts: Excel may say it in a first line of its own («sep=;»)."""
    first, _, _ = text.partition("\n")
    said = first.strip().lower()
    if said.startswith("sep=") and len(said) == 5:
        return said[4], len(first) + 1
    quoted, counts = False, dict.fromkeys(_DELIMITERS, 0)
    for char in first:
        quoted ^= char == '"'
        if not quoted and char in counts:
            counts[char] += 1
    return max(_DELIMITERS, key=lambda char: counts[char]), 0


def _of_xlsx(content: bytes) -> Iterator[Line]:
    """The rows of the first sheet. What cannot be read is not passed on in the words of whoever wrote the file."""
    try:
        _check_size_inside(content)
        yield from _rows_of_xlsx(content)
    except CannotDo:
        raise
    except Exception as error:  # zipfile and openpyxl have no family of errors: a broken part gives any of a dozen
        raise CannotDo(
            "Excel-fila er skadet eller har passord. Åpne den i Excel, lagre den på nytt og prøv igjen."
        ) from error


def _check_size_inside(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        for part in parts:
            # An entity that names others ten times over is a bomb that no size tells.
            if part.file_size <= _LARGEST_INSIDE and b"<!DOCTYPE" in archive.open(part).read(4096):
                raise CannotDo("Excel-fila inneholder noe Excel ikke lager. Lagre den på nytt fra Excel.")
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_INSIDE:
        raise CannotDo("Excel-fila er for stor når den pakkes ut. Lagre bare arket med lista.")


def _rows_of_xlsx(content: bytes) -> Iterator[Line]:
    import openpyxl  # a quarter of a second that nothing else needs

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and rules that we do not read
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            if not book.worksheets:
                raise CannotDo("Excel-fila har ingen ark.")
            sheet: Any = book.worksheets[0]
            sheet.reset_dimensions()  # what it says of its size may be wrong, or a trap
            for number, cells in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True), 1):
                if number > _LAST_ROW:
                    raise CannotDo(f"Arket går forbi rad {_LAST_ROW}. Slett de tomme radene under lista.")
                yield Line(number, _trimmed(tuple(map(_shown, cells))))
        finally:
            book.close()


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Without the empty cells to the right of the last that says something."""
    return cells[: max((at for at, cell in enumerate(cells, 1) if cell), default=0)]


def _shown(value: Any) -> str:
    """A cell as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nei"
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return _plain(str(value))


def _plain(text: str) -> str:
    return names.clean(text.replace("\n", " ")[:_LONGEST_CELL]) if _is_harmless(text) else text[:_LONGEST_CELL].strip()


def _is_harmless(text: str) -> bool:
    """Whether nothing but spaces would go: what hides something stays, to be refused where it stands."""
    return names.is_name(text.replace("\n", " ").replace("\r", " ")) or not text.strip()
