"""How files of spreadsheets are read, and what is refused before it can cost anything."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from fieldapp.errors import CannotDo
from fieldapp.services.importing import sheets

ROWS = [("Navn", "Født"), ("Åse Bjørnstjerne", "1980"), ("", ""), ("Per «Pelle» Øy", "1975")]
READ = [(1, ROWS[0]), (2, ROWS[1]), (4, ROWS[3])]


def read(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return [(line.number, line.cells) for line in sheets.read(content)]


def as_csv(delimiter: str, newline: str = "\r\n") -> str:
    return newline.join(delimiter.join(row) for row in ROWS)


def xlsx(rows: list[tuple[object, ...]]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_a_csv_is_read_however_it_was_saved(encoding: str, delimiter: str, newline: str) -> None:
    assert read(as_csv(delimiter, newline).encode(encoding)) == READ


def test_excels_own_first_line_says_what_parts_the_cells() -> None:
    assert read(b"sep=;\r\nA,B;C\r\n1;2\r\n") == [(2, ("A,B", "C")), (3, ("1", "2"))]


def test_a_cell_may_hold_what_parts_cells_and_lines() -> None:
    assert read(b'Navn;Adresse\r\n"Berg; Kari";"Gata 1\r\n0123 Byen"\r\n')[1] == (2, ("Berg; Kari", "Gata 1 0123 Byen"))


def test_a_quote_that_is_never_closed_names_its_row() -> None:
    with pytest.raises(CannotDo, match="rad 3"):
        read(b'Navn;Team\r\nKari;Nord\r\n"Per;Nord\r\n')


def test_a_workbook_is_read_as_people_see_it() -> None:
    made = xlsx(
        [
            ("Navn", "Født", "Tlf"),
            ("Kari", dt.date(1980, 3, 12), 40000000.0),
            (None, None, None),
            ("Per", 1975, True),
        ]
    )
    assert read(made) == [
        (1, ("Navn", "Født", "Tlf")),
        (2, ("Kari", "1980-03-12T00:00:00", "40000000")),
        (4, ("Per", "1975", "ja")),
    ]


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(30):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * (4 * 2**20))
    assert len(file.getvalue()) < 2**20
    with pytest.raises(CannotDo, match="for stor når den pakkes ut"):
        read(file.getvalue())


def test_entities_are_refused() -> None:
    file = io.BytesIO()
    made = zipfile.ZipFile(io.BytesIO(xlsx([("Navn",), ("Kari",)])))
    with zipfile.ZipFile(file, "w") as archive:
        for part in made.infolist():
            content = made.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + content
            archive.writestr(part.filename, content)
    with pytest.raises(CannotDo, match="noe Excel ikke lager"):
        read(file.getvalue())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "tom"),
        (b"\r\n;;\r\n", "tom"),
        (b"\xd0\xcf\x11\xe0rest", r"\.xls"),
        (b"PK\x03\x04rest", "skadet"),
        (xlsx([("Navn",)])[:-200], "skadet"),
        (b"Navn\r\n\x81\x8d\x8f\r\n", "ikke en tekst"),
        (b"x" * (sheets.LARGEST_FILE + 1), "for stor"),
        (b"Navn\n" + b"x\n" * (sheets.MOST_ROWS + 2), "for mange rader"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(CannotDo, match=sentence):
        read(content)


def test_a_broken_sheet_inside_a_whole_archive_is_one_sentence() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<not a workbook")
    with pytest.raises(CannotDo, match="skadet"):
        read(file.getvalue())


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_a_broken_archive_is_one_sentence_however_packed(method: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("xl/workbook.xml", bytes(range(256)) * 20)
    broken = bytearray(file.getvalue())
    broken[50:90] = bytes(byte ^ 0x5A for byte in broken[50:90])
    with pytest.raises(CannotDo, match="skadet"):
        read(bytes(broken))
