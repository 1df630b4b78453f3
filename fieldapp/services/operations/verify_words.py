"""For `verify`: words that stand in the database for anybody to read, and words whose key is neither there nor known to
be destroyed."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from fieldapp.models import Base, DestroyedKey, RecordKey
from fieldapp.models.ciphered import CipheredJson, Damaged, as_stored, is_ciphered, key_of
from fieldapp.models.record_key import ring_for


def uncovered(session: Session) -> Iterator[str]:
    """One sentence for each column of each row."""
    ring, known = ring_for(session), set(session.scalars(select(DestroyedKey.id)))
    for row in session.execute(select(RecordKey.id, RecordKey.wrapped, RecordKey.owner_id)).all():
        known.add(row.id)
        if not ring.opens(row):
            yield f"record_key {row.id}: lar seg ikke åpne"
    for table in Base.metadata.sorted_tables:
        names = [column.name for column in table.columns if is_ciphered(column)]
        if names:
            yield from _of_table(session, table, names, known)


def _of_table(session: Session, table: Table, names: list[str], known: set[int]) -> Iterator[str]:
    _, rows = as_stored(table)
    keys = [column.name for column in table.primary_key]
    for row in session.execute(rows, execution_options={"yield_per": 1000}).mappings():
        for name in names:
            if problem := _problem(session, row[name], isinstance(table.c[name].type, CipheredJson), known):
                yield f"{table.name} {'/'.join(str(row[key]) for key in keys)}: {name} {problem}"


def _problem(session: Session, stored: str | Mapping[str, Any] | None, is_json: bool, known: set[int]) -> str:
    try:
        covered_by = key_of(ring_for(session), stored)
    except Damaged:
        return "lar seg ikke lese"
    if covered_by is None:
        return "" if stored is None or is_json else "står i klartekst"
    return "" if covered_by in known else "er under en nøkkel som ikke finnes"
