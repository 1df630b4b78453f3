"""`/kontor/oppgaver`: what is to be done, by whom, overdue first; set, done, dropped, given to another."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.domain.access import TEAM_ROLES, Viewer
from fieldapp.queries import clients, duty, standing
from fieldapp.queries.standing import Stands
from fieldapp.routes import _once
from fieldapp.routes._office import Form, done, not_found, plain_page
from fieldapp.routes._web import db, viewer
from fieldapp.security import access
from fieldapp.texts import N_, gettext, local
from sync.entry_types import type_of_thing

bp = Blueprint("tasks", __name__, url_prefix="/kontor/oppgaver")

NEW = "ny"
NOBODY = "ingen"


_SETS, _ENDS = type_of_thing("task", "version"), type_of_thing("task", "ends")


@bp.get("")
@access("office", reads="office")
def index() -> tuple[str, int]:
    return _page(Form())


@bp.post("")
@access("office", reads="office")
def add() -> AnyResponse | tuple[str, int]:
    """A task of a team; one about a client is set on the client's page."""
    form = Form.sent(NEW)
    body, team_id = _body(form), form.uuid("team_id", required=True)
    entry_id = _once.try_once(form, _SETS, lambda id_: {"task_id": str(id_)} | body, team_id=team_id)
    return _page(form, 422) if entry_id is None else done(url_for(".index"), "lagret", entry_id)


@bp.post("/<uuid:id>/rett")
@access("office", reads="office")
def change(id: UUID) -> AnyResponse | tuple[str, int]:
    """Other words, another day, or somebody else's."""
    task = _there(id)
    form = Form.sent(f"rett-{id}")
    body = _body(form) | {"task_id": str(id), "replaces": [str(one.id) for one in task.versions]}
    entry_id = _once.try_once(form, _SETS, lambda _: body, client_id=task.client_id, team_id=_team(task))
    return _page(form, 422) if entry_id is None else done(url_for(".index"), "lagret", entry_id)


@bp.post("/<uuid:id>/<any(done, dropped):what>")
@access("office", reads="office")
def end(id: UUID, what: str) -> AnyResponse | tuple[str, int]:
    """Done, or nobody does it any more."""
    task = _there(id)
    form = Form.sent(f"slutt-{id}")
    body = {"task_id": str(id), "outcome": what}
    entry_id = _once.try_once(form, _ENDS, lambda _: body, client_id=task.client_id, team_id=_team(task))
    return _page(form, 422) if entry_id is None else done(url_for(".index"), "oppgave-ferdig", entry_id)


def _there(id_: UUID) -> Stands:
    with db().deciding() as session:
        task = standing.one(session, viewer(), "task", id_)
    if task is None or task.ended_at is not None:
        raise not_found()
    return task


def _team(task: Stands) -> UUID | None:
    return task.team_id if task.client_id is None else None


def _body(form: Form) -> dict[str, Any]:
    owner_id, due_on = form.uuid("owner_id"), form.day("due_on")
    return {
        "what": form.text("what", required=True),
        "owner_id": str(owner_id) if owner_id else None,
        "due_on": due_on.isoformat() if due_on else None,
    }


def _page(form: Form, status: int = 200) -> tuple[str, int]:
    return plain_page("tasks/tasks.html", lambda *about: _read(*about) | {"form": form}, status)


def _read(session: Any, reader: Viewer, now: dt.datetime) -> dict[str, Any]:
    """`reader` is narrowed to the chosen team when there is one."""
    found, today, owner = standing.tasks(session, reader), local(now).date(), request.args.get("eier", "")
    owners = {one.owner_id: one.owner or "" for one in found if one.owner_id}
    shown = [one for one in found if _is_of(one, owner)]
    return {
        "groups": _groups(shown, today),
        "found": len(shown),
        "owner": owner,
        "owner_options": [
            ("", gettext(N_("Alle"))),
            *((str(id_), name) for id_, name in sorted(owners.items(), key=lambda one: one[1])),
            (NOBODY, gettext(N_("Ingen har den"))),
        ],
        "staff_of": _staff_of(session, reader, shown),
    }


def _is_of(task: Stands, owner: str) -> bool:
    return not owner or (str(task.owner_id) == owner if task.owner_id else owner == NOBODY)


def _groups(tasks: Sequence[Stands], today: dt.date) -> list[tuple[str, list[Stands]]]:
    """(heading, tasks): overdue first, then what has a day, then the rest."""
    tests: tuple[tuple[str, Callable[[Stands], bool]], ...] = (
        (gettext(N_("Over tida")), lambda one: one.is_past(today)),
        (gettext(N_("Med frist")), lambda one: one.due_on is not None and not one.is_past(today)),
        (gettext(N_("Uten frist")), lambda one: one.due_on is None),
    )
    return [(heading, list(filter(is_in, tasks))) for heading, is_in in tests]


def _staff_of(session: Any, reader: Viewer, tasks: Sequence[Stands]) -> Callable[[Stands | None], list[Any]]:
    """Whom a task can be given to: of a client those who follow, else the team's people."""
    of_clients = clients.may_be_primary_each(session, {one.client_id for one in tasks if one.client_id})
    people = {team_id: _people(session, team_id) for team_id in reader.team_ids}
    anybody = sorted({one for them in people.values() for one in them}, key=lambda one: one[1])

    def options(task: Stands | None) -> list[Any]:
        if task is None:
            return anybody
        return (
            of_clients.get(task.client_id, [])
            if task.client_id
            else people.get(task.team_id, [])
            if task.team_id
            else []
        )

    return options


def _people(session: Any, team_id: UUID) -> list[tuple[UUID, str]]:
    return [(one.staff_id, one.name) for one in duty.members(session, team_id) if one.role in TEAM_ROLES]
