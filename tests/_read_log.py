"""The read log as the tests look at it."""

from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.models import ReadLog
from tests._world import Person, World


def rows(world: World, **wanted: Any) -> list[ReadLog]:
    """The rows that have these values, oldest first."""
    with Session(world.database.engine) as session:
        return list(session.scalars(select(ReadLog).filter_by(**wanted).order_by(ReadLog.seq)))


def told(world: World, person: Person) -> list[tuple[str, str, str, dict[str, list[str]]]]:
    """(kind, surface, client, what) of each read by this person, oldest first."""
    return [
        (row.kind, row.surface or "", str(row.client_id), msgspec.json.decode(row.what))
        for row in rows(world)
        if str(row.staff_id) == person.id
    ]
