"""What Alembic runs for every command: our connection, our models, one transaction around all steps."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON

from fieldapp.models import Base
from fieldapp.models.base import UtcDateTime


def in_plain_types(kind: str, thing: Any, _context: object) -> str | Literal[False]:
    """Write our own types as what they are in the database: an old step must not change with the models."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, JSON):
        return "JSON"  # the step's own constant, see script.py.mako
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a column by rebuilding its table
    render_item=in_plain_types,
    transactional_ddl=True,  # db.py begins for real, so SQLite rolls a half-done step back too
)
with context.begin_transaction():
    context.run_migrations()
