"""Forms that may be sent twice: each carries the id of the entry it writes, so that the same again writes nothing.

A form that was opened anew from the browser's history, with something else in it, is another entry.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import request

from fieldapp.errors import Rejected
from fieldapp.routes._office import Form
from fieldapp.routes._web import clock, db, signed_in
from fieldapp.services.entries import ingest
from sync.ids import uuid7

FIELD = "form_id"

Make = Callable[[UUID], dict[str, Any]]
"""The body, by the form's id: it is also the id of what the entry begins."""


def new_form_id() -> str:
    """The id a form is given when it is shown."""
    return str(uuid7())


def form_id() -> UUID:
    """The id of the form that was sent; a new one where it brings none."""
    try:
        return UUID(request.form.get(FIELD, ""))
    except ValueError:
        return uuid7()


def try_once(form: Form, type_: str, make: Make, **about: UUID | None) -> UUID | None:
    """As `_office.try_submit`, once for each form; the id of the entry."""
    if form.errors:
        return None
    given = form_id()
    for entry_id in (given, given, uuid7()):  # of two at the same moment, the second finds the first when it asks again
        try:
            return _submit(entry_id, type_, make, about)
        except Rejected as rejected:
            if rejected.code != "id_reused":
                form.refuse(rejected, type_, make(entry_id))
                return None
    raise AssertionError("an id that is new was used before")


def _submit(entry_id: UUID, type_: str, make: Make, about: dict[str, UUID | None]) -> UUID:
    viewer = signed_in().viewer
    body = {name: value for name, value in make(entry_id).items() if value is not None}

    def work() -> UUID:
        with db().transaction() as session:
            return ingest.submit_once(session, viewer, entry_id, type_, body, about, clock.now())

    return db().again(work)
