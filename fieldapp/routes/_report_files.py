"""A report as a file: CSV for whatever reads it next, XLSX for a person with a spreadsheet."""

import csv
import io
from collections.abc import Sequence

import xlsxwriter

from fieldapp.domain.reports.table import Cell, Table
from fieldapp.texts import N_, gettext
from fieldapp.texts.report_words import COLUMNS, COMMON, DEFINITIONS, QUESTIONS, SMALL, UNITS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBERS = {"count": "0", "minutes": "0", "hour": "0", "number": "0.##"}
_WIDTH = 24


def csv_of(table: Table) -> str:
    """UTF-8 text with a header of stable names; the last column says whether a line is small."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_header(table))
    writer.writerows([*map(plain, line.cells), int(line.small)] for line in table.lines)
    return text.getvalue()


def xlsx_of(table: Table, name: str, filters: Sequence[tuple[str, str]]) -> bytes:
    """A workbook of the figures with their types, and a sheet that says what they are and what was asked for."""
    file = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, safe) as book:
        _figures(book, table)
        _definitions(book, table, name, filters)
    return file.getvalue()


def _figures(book: xlsxwriter.Workbook, table: Table) -> None:
    sheet = book.add_worksheet(gettext(N_("Tall")))
    bold = book.add_format({"bold": True})
    sheet.write_row(0, 0, _header(table), bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(table.columns), _WIDTH)
    formats = [
        book.add_format({"num_format": _NUMBERS[column.kind]}) if column.kind in _NUMBERS else None
        for column in table.columns
    ]
    for row, line in enumerate(table.lines, start=1):
        for place, (cell, style) in enumerate(zip(line.cells, formats, strict=True)):
            if isinstance(cell, str):
                sheet.write_string(row, place, plain(cell))
            elif cell is not None:
                sheet.write_number(row, place, cell, style)
        sheet.write_number(row, len(line.cells), int(line.small))
    sheet.autofilter(0, 0, max(1, len(table.lines)), len(table.columns))


def _definitions(book: xlsxwriter.Workbook, table: Table, name: str, filters: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet(gettext(N_("Definisjoner")))
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    sheet.set_column(0, 1, _WIDTH)
    sheet.set_column(2, 2, 3 * _WIDTH, wrapped)
    told = [(gettext(N_("Rapport")), name, gettext(QUESTIONS[name]))]
    told += [(what, "", value) for what, value in filters]
    told += [(gettext(N_("Hva som telles")), "", gettext(DEFINITIONS[name])), ("", "", gettext(COMMON))]
    columns = [(column.name, gettext(COLUMNS[column.name]), gettext(UNITS[column.kind])) for column in table.columns]
    columns.append(("small", gettext(N_("Færre enn fem")), gettext(SMALL)))
    for row, (first, second, third) in enumerate((*told, ("", "", ""), *columns)):
        for place, cell in enumerate((first, second, third)):
            sheet.write_string(row, place, plain(cell), *([bold] if place == 0 else []))


def _header(table: Table) -> list[str]:
    return [*(column.name for column in table.columns), "small"]


def plain(cell: Cell) -> Cell:
    """A text that a spreadsheet would reckon as a formula is text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
