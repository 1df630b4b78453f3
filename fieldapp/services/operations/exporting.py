"""Everything that people have written, in open formats: a table as JSON Lines and as CSV, photos as they are, and a
description. For moving to another system, or reading without Sett.

Left out are secrets, and what only Sett's own machinery needs; each is named below, so that a new table is either here
or in the export. What is under the key of a deleted record is «slettet» here, too.
"""

import csv
import datetime as dt
import json
import os
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import LargeBinary, Table, select
from sqlalchemy.orm import Session

from fieldapp.models import Base, StoredFile
from fieldapp.services.entries.files import Store
from sync.schema import request_schema

MACHINERY = frozenset(
    (
        *("change", "cursor_epoch", "sight_lost", "heartbeat", "outage", "read_log_head", "record_key"),
        *("secret_key", "login_session", "ended_session", "failed_sign_in", "used_challenge", "subscription"),
        *("passkey", "device_arrival", "closing_notice", "morning_digest", "calendar_link"),
    )
)
"""Tables that hold keys, sign-ins, or how far phones and workers have come."""
SECRETS = frozenset({"password_hash", "enrolment_hash", "enrolment_ends_at", "seal"})
_ROWS = 1000
_MODELS = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LESMEG = """Eksport fra Sett
================

Tatt ut {at} fra skjema {schema}. Tider er UTC (ISO 8601), id-er er UUID, tekst er UTF-8.

- tables/NAVN.jsonl: én rad per linje som JSON, nøyaktig som den står.
- tables/NAVN.csv: det samme for regneark, med komma. Lister og objekter står som JSON, og en tekst som begynner med
  = + - eller @ har fått ' foran, så regnearket ikke regner med den.
- tables.json: hver tabell, hva den er, og hver kolonne med type og hva den viser til.
- entries.schema.json: hva som kan stå i «body» i tabellen entry, per type (JSON Schema).
- files/: bildene, med id-en fra tabellen stored_file.

Alt som er ført, er en rad i entry, også det som siden er rettet eller trukket tilbake. entry_state sier hva den gjelder
som nå. client, client_case, watch og de andre er regnet ut av dem. Det som er slettet etter krav, står som «slettet».
Passord, nøkler, innlogginger og hva telefonene har hentet, er ikke med.

Dette er helseopplysninger i klartekst. Oppbevar dem som journalen selv, og slett dem når de er i bruk et annet sted.
"""


def tables() -> list[Table]:
    """What is exported."""
    return [table for table in Base.metadata.sorted_tables if table.name not in MACHINERY]


def export(session: Session, store: Store, folder: Path, schema: str, now: dt.datetime) -> dict[str, int]:
    """Write it all into an empty folder, for its owner alone; how many rows there are of each table, and `files`."""
    (folder / "tables").mkdir(mode=0o700)
    (folder / "files").mkdir(mode=0o700)
    counts = {table.name: _write_table(session, table, folder / "tables") for table in tables()}
    counts["files"] = _write_files(session, store, folder / "files")
    _write_text(folder / "LESMEG.txt", _LESMEG.format(at=now.isoformat(timespec="seconds"), schema=schema))
    _write_text(folder / "tables.json", _as_text([_described(table, counts[table.name]) for table in tables()]))
    _write_text(folder / "entries.schema.json", _as_text(request_schema()))
    return counts


def _columns(table: Table) -> list[Any]:
    shown = (column for column in table.columns if column.name not in SECRETS)
    return [column for column in shown if not isinstance(column.type, LargeBinary)]


def _write_table(session: Session, table: Table, folder: Path) -> int:
    columns, written = _columns(table), 0
    with _open(folder / f"{table.name}.jsonl") as lines, _open(folder / f"{table.name}.csv") as sheet:
        writer = csv.writer(sheet)
        writer.writerow(column.name for column in columns)
        for row in _rows(session, table, columns):
            plain = {name: _plain(value) for name, value in row.items()}
            lines.write(json.dumps(plain, ensure_ascii=False) + "\n")
            writer.writerow(map(_in_sheet, plain.values()))
            written += 1
    return written


def _rows(session: Session, table: Table, columns: list[Any]) -> Iterator[Mapping[str, Any]]:
    query = select(*columns).order_by(*table.primary_key.columns)
    found = session.execute(query, execution_options={"yield_per": _ROWS}).mappings()
    yield from ({column.name: row[column] for column in columns} for row in found)


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return value


def _in_sheet(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _write_files(session: Session, store: Store, folder: Path) -> int:
    """The photos that are whole. One that is not on disk is `verify`'s to tell."""
    count = 0
    for file_id, kind in session.execute(select(StoredFile.id, StoredFile.type).where(StoredFile.state == "whole")):
        image = store.read(file_id)
        if image is not None:
            count += 1
            with open(_own(folder / f"{file_id}.{kind.rpartition('/')[2]}"), "wb") as file:
                file.write(image)
    return count


def _described(table: Table, rows: int) -> dict[str, Any]:
    about = (_MODELS[table.name].__doc__ or "").strip().split("\n\n")[0]
    return {
        "table": table.name,
        "about": " ".join(about.split()),
        "rows": rows,
        "key": [column.name for column in table.primary_key.columns],
        "columns": [
            {
                "name": column.name,
                "type": type(column.type).__name__,
                "may_be_empty": bool(column.nullable),
                "refers_to": next((key.target_fullname for key in column.foreign_keys), None),
            }
            for column in _columns(table)
        ],
    }


def _as_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _write_text(file: Path, text: str) -> None:
    with _open(file) as target:
        target.write(text)


def _open(file: Path) -> TextIO:
    return open(_own(file), "w", encoding="utf-8", newline="")


def _own(file: Path) -> int:
    """A new file that nobody else on the machine can read."""
    return os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
