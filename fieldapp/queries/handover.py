"""What has happened since a time, for whoever takes over: alerts, crises, concerns, absences, visits nobody was met at,
what is to be done, and the notes for the next shift.

Leaves the order and what is said aloud to domain/handover.py. Each read is that of the page it stands on elsewhere.
"""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.domain.handover import Happening
from fieldapp.queries import cases, duty, entries, overview, standing
from fieldapp.queries.entry_rows import EntryRow
from fieldapp.queries.names import client_names
from fieldapp.queries.standing import Stands
from fieldapp.texts import gettext
from fieldapp.texts.alert_words import alert_headline, resolution_words
from fieldapp.texts.case_words import case_title, status_words
from fieldapp.texts.catalogues import N_
from fieldapp.texts.entry_words import entry_detail, entry_title
from sync.entry_types import types_that

MOST = 50
"""How many notes one reading names, by the contract."""
_CONCERNS = types_that(lambda row: row.outcome == ("urgency", "urgency"))
_ABSENCES = types_that(lambda row: row.points_at in ("new_absence", "absence", "absence_step"))


def happenings(
    session: Session, viewer: Viewer, since: dt.datetime, now: dt.datetime, today: dt.date
) -> list[Happening]:
    """All of it, in no order."""
    told = entries.entries_since(session, viewer, _CONCERNS | _ABSENCES, since)
    missed = [
        one for one in entries.contacts_since(session, viewer, since) if one.degree == "attempt" and not one.struck
    ]
    names = client_names(session, [one.client_id for one in (*told, *missed)])
    return [
        *_alerts(session, viewer, since, now),
        *_crises(session, viewer, since),
        *_entries("concern", (one for one in told if one.type in _CONCERNS), names, now),
        *_entries("absence", (one for one in told if one.type in _ABSENCES), names, now),
        *_entries("missed", missed, names, now),
        *_tasks(session, viewer, today, now),
        *map(_note, notes(session, viewer, now)),
    ]


def notes(session: Session, viewer: Viewer, now: dt.datetime) -> list[Stands]:
    """The notes that still stand."""
    return standing.handovers(session, viewer, now)


def since_last_shift_of(session: Session, viewer: Viewer) -> list[dict[str, tuple[dt.time, dt.time]]]:
    """The shifts of each of the viewer's teams."""
    return [duty.shift_times(session, team_id) for team_id in sorted(viewer.team_ids)]


def _alerts(session: Session, viewer: Viewer, since: dt.datetime, now: dt.datetime) -> Iterable[Happening]:
    for one in (*overview.open_alerts(session, viewer), *overview.ended_alerts(session, viewer, since)):
        words = alert_headline(one.kind, one.client, one.unseen_since_at, one.resolved_at or now, one.staff, one.counts)
        if not one.rings:
            if not one.resolved_at:
                left = gettext(N_("ikke fulgt opp på en virkedag")) if one.is_left(now) else ""
                yield Happening("reminder", one.client_id, one.client or "", one.opened_at, words, left, one.id)
            continue
        if one.resolved_at:
            detail = resolution_words(one.resolution or "", one.ended_by)
        elif one.owner:
            detail = gettext(N_("Tatt av %(who)s")) % {"who": one.owner}
        else:
            detail = gettext(N_("Varselet er ikke tatt"))
        yield Happening(
            "alert", one.client_id, one.client or "", one.resolved_at or one.opened_at, words, detail, one.id
        )


def _crises(session: Session, viewer: Viewer, since: dt.datetime) -> Iterable[Happening]:
    for case in cases.crises_since(session, viewer, since):
        at = case.closed_at or case.opened_at
        words, detail = case_title(case.kind, case.facts), status_words(case.kind, case.status)
        yield Happening("crisis", case.client_id, case.who or gettext(N_("Ukjent person")), at, words, detail, case.id)


def _entries(kind: str, rows: Iterable[EntryRow], names: dict[UUID, str], now: dt.datetime) -> Iterable[Happening]:
    for row in rows:
        client = names.get(row.client_id, "") if row.client_id else gettext(N_("Ukjent person"))
        detail = entry_detail(row.type, row.body, now, row.names)
        yield Happening(kind, row.client_id, client, row.at, entry_title(row.type, row.body), detail, row.id)


def _tasks(session: Session, viewer: Viewer, today: dt.date, now: dt.datetime) -> Iterable[Happening]:
    for task in standing.tasks(session, viewer):
        if task.due_on is not None and task.due_on <= today:
            words = gettext(N_("Oppgave over tida")) if task.is_past(today) else gettext(N_("Oppgave i dag"))
            detail = " · ".join(filter(None, (task.body["what"], task.owner)))
            yield Happening("task", task.client_id, task.client or "", now, words, detail, task.id)


def _note(note: Stands) -> Happening:
    return Happening(
        "note",
        note.client_id,
        note.client or "",
        note.noted.at,
        gettext(N_("Beskjed fra %(who)s")) % {"who": note.noted.author},
        note.body["what"],
        note.id,
        important=bool(note.body.get("important")),
    )
