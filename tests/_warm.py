"""What one test process need not make anew for each test: compiled statements, routes and templates.

Every test has an engine and an app of its own, and each of these would compile all that it runs once more: half of what
a test of a page cost.
"""

import threading
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from fieldapp.models import ciphered, record_key
from fieldapp.queries import json_columns

_STATEMENTS: Any = LRUCache(5_000)


def share_statements() -> None:
    """Let all engines of this process share what they compiled: a kind of database has one dialect, set up one way."""
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        dialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
        dialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
    event.listen(Engine, "engine_connect", _use_shared)
    event.listen(Engine, "before_execute", _use_its_keys)
    record_key.ring_of = _ring_in_use
    for module in (ciphered, json_columns):
        module.ring_of = _ring_in_use


def _use_its_keys(connection: Connection, *_: object) -> None:
    """What is compiled for one database is used for another: the keys must be of the one that is asked now."""
    _IN_USE.dialect = connection.dialect


def _ring_in_use(dialect: Dialect) -> record_key.KeyRing:
    return _ring_of(getattr(_IN_USE, "dialect", dialect))


_IN_USE = threading.local()
_ring_of = record_key.ring_of


def _use_shared(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_STATEMENTS)


def share_routes() -> None:
    """Let all apps of this process share what makes their addresses: compiling it was most of an app."""
    compile_one, compiled = Rule._compile_builder, {}

    def shared(rule: Rule, append_unknown: bool = True) -> Any:
        kind = (rule.rule, repr(rule.defaults), tuple(rule._trace), append_unknown)
        if kind not in compiled:
            compiled[kind] = compile_one(rule, append_unknown)
        return compiled[kind]

    Rule._compile_builder = shared  # type: ignore[method-assign]


def share_templates(app: Flask) -> None:
    """Let this app take templates that another compiled; a changed source is compiled anew."""
    app.jinja_env.bytecode_cache = _TEMPLATES


class _InMemory(BytecodeCache):
    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


_TEMPLATES = _InMemory()
