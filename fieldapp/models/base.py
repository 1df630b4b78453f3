"""The declarative base, the column types every table shares, «now» for statements that are made once, and how
constraints are named. No tables live here."""

import datetime as dt
import uuid
from typing import Annotated, Any, ClassVar

from sqlalchemy import (
    JSON,
    BindParameter,
    DateTime,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    Uuid,
    bindparam,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An instant. Aware datetimes in, UTC-aware datetimes out; SQLite keeps them as UTC text that sorts by time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        in_utc = value.astimezone(dt.UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: dt.datetime | None, _dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


NOW = bindparam("now", type_=UtcDateTime())
"""The instant, in a statement that is made once and asked at every tick: making it anew takes longer than asking it."""
Moment = dt.datetime | BindParameter[dt.datetime]

Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """Every table. `_at` columns are instants (UTC), `_on` columns are dates."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        dt.datetime: UtcDateTime(),
        uuid.UUID: Uuid(as_uuid=True),
        dict[str, Any]: Json,
        list[Any]: Json,
        bytes: LargeBinary(),
        str: Text(),
        Annotated[str, 40]: String(40),
    }


Code = Annotated[str, 40]
"""A code of one of the closed lists; at most 40 characters."""
