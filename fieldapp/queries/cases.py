"""Cases as the office reads them: of rent, complaints, incidents and crises, with next step, owner, the law's dates."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.domain.tenancy import LegalDate, Letter, legal_dates
from fieldapp.models import Case, Client
from fieldapp.models.read_log import shown
from fieldapp.queries import still_here
from fieldapp.queries.names import staff_names
from fieldapp.queries.visible import hidden_cases, visible_clients
from sync.entry_type import CaseKind

KINDS = ("rent", "complaint", "housing", "crisis")
TENANCY_KINDS: tuple[CaseKind, ...] = ("rent", "complaint", "housing")
CLOSED = ("resolved", "evicted", "handled", "closed")
MOST = 200
FOLLOW_UP_STANDS = dt.timedelta(days=30)
"""How long a follow-up that nobody has told of stays on I dag."""


@dataclass(frozen=True)
class CaseRow:
    """One case. `from_dates` say what can happen from a day, `by_dates` what must be answered by one: never mixed."""

    id: UUID
    kind: str
    status: str
    is_open: bool
    client_id: UUID | None
    client: str | None
    """None: somebody nobody knows; `facts` may say who in words."""
    team_id: UUID
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    owner_id: UUID
    owner: str
    owner_left: bool
    """Whoever owned the next step works here no longer: it is the leader's."""
    next_step: str | None
    next_step_on: dt.date | None
    deadline_on: dt.date | None
    facts: dict[str, Any]
    from_dates: tuple[LegalDate, ...]
    by_dates: tuple[LegalDate, ...]

    @property
    def who(self) -> str | None:
        """Whom it is about: the client's name, else what was said of somebody nobody knows."""
        return self.client or self.facts.get("about")

    @property
    def first_day(self) -> dt.date:
        """The first day that asks something of somebody; a case without one comes last."""
        return min((day for day in (self.next_step_on, self.deadline_on) if day), default=dt.date.max)


def open_cases(session: Session, viewer: Viewer, kinds: Sequence[str] = KINDS) -> list[CaseRow]:
    """What is open, the most pressing day first."""
    found = _cases(session, viewer, Case.kind.in_(kinds), Case.status.not_in(CLOSED))
    return sorted(found, key=lambda row: (row.first_day, row.opened_at))


def closed_cases(session: Session, viewer: Viewer, kinds: Sequence[str] = KINDS) -> list[CaseRow]:
    """What has ended, the latest first; at most 200."""
    return _cases(session, viewer, Case.kind.in_(kinds), Case.status.in_(CLOSED))


def crises_since(session: Session, viewer: Viewer, since: dt.datetime) -> list[CaseRow]:
    """The crises that are open, and those that ended after `since`. None goes on for somebody dead."""
    recent = or_(and_(Case.status.not_in(CLOSED), Client.deceased.is_not(True)), Case.closed_at >= since)
    return _cases(session, viewer, and_(Case.kind == "crisis", recent))


def follow_ups_due(session: Session, viewer: Viewer, today: dt.date) -> list[CaseRow]:
    """Crises that have ended and whose follow-up is due today or overdue, the oldest day first; for 30 days."""
    since = today - FOLLOW_UP_STANDS
    due = (Case.kind == "crisis", Case.status.in_(CLOSED), Case.next_step.is_not(None))
    found = _cases(session, viewer, *due, Case.next_step_on.between(since, today))
    return sorted(found, key=lambda row: row.first_day)


def cases_of_client(session: Session, viewer: Viewer, client_id: UUID) -> list[CaseRow]:
    """Every case of one client, the latest first."""
    return _cases(session, viewer, Case.client_id == client_id)


def one_case(session: Session, viewer: Viewer, case_id: UUID) -> CaseRow | None:
    """The case, or None when it does not exist for the viewer."""
    found = _cases(session, viewer, Case.id == case_id)
    for case in found:
        shown(session, "case", case.client_id, case.id, opened=True)
    return found[0] if found else None


def _cases(session: Session, viewer: Viewer, *wanted: ColumnElement[bool]) -> list[CaseRow]:
    if viewer.role not in access.TEAM_ROLES:
        return []
    nobodys = and_(Case.client_id.is_(None), Case.team_id.in_(viewer.team_ids))
    query = (
        select(Case, Client.name)
        .outerjoin(Client, Client.id == Case.client_id)
        .where(*wanted, or_(Case.client_id.in_(visible_clients(viewer)), nobodys))
        .where(Case.id.not_in(hidden_cases(viewer)))
        .order_by(Case.opened_at.desc(), Case.id.desc())
        .limit(MOST)
    )
    rows = session.execute(query).all()
    for case, _ in rows:
        shown(session, "case", case.client_id, case.id)
    owners = staff_names(session, [case.owner_id for case, _ in rows])
    here = still_here.owners(session, [case.id for case, _ in rows])
    return [_row(case, client, owners, here[case.id] is None) for case, client in rows]


def _row(case: Case, client: str | None, owners: dict[UUID, str], owner_left: bool) -> CaseRow:
    dates = legal_dates(_letters(case.facts)) if case.kind == "rent" and case.status not in CLOSED else []
    return CaseRow(
        id=case.id,
        kind=case.kind,
        status=case.status,
        is_open=case.status not in CLOSED,
        client_id=case.client_id,
        client=client,
        team_id=case.team_id,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        owner_id=case.owner_id,
        owner=owners.get(case.owner_id, ""),
        owner_left=owner_left,
        next_step=case.facts.get("next_step") or case.next_step,
        next_step_on=case.next_step_on,
        deadline_on=case.deadline_on,
        facts=case.facts,
        from_dates=tuple(one for one in dates if not one.must_answer),
        by_dates=tuple(one for one in dates if one.must_answer),
    )


def _letters(facts: dict[str, Any]) -> list[Letter]:
    return [
        Letter(
            letter["kind"],
            _date(letter.get("dated_on")),
            received_on=_date(letter.get("received_on")),
            sent_on=_date(letter.get("sent_on")),
        )
        for letter in facts.get("letters", [])
    ]


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
