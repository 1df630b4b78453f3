"""The day at a glance: who should be seen, what has rung, who is away; and a mark that says if anything changed."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from fieldapp.domain.absence import FIRST_DAY, Homecoming, home_until, missing_for_home
from fieldapp.domain.access import Viewer
from fieldapp.domain.alert_states import DRILL, KINDS, State
from fieldapp.domain.norway import day_of, next_working_day
from fieldapp.models import Absence, Alert, AlertTransition, Client, EntryState, HandCheck, Staff, Standing, Team, Watch
from fieldapp.models.alert import FIRST_ROUND, LAST_STEP
from fieldapp.models.change import last_seq
from fieldapp.models.read_log import shown
from fieldapp.queries.alerts.history import next_checks, snoozes
from fieldapp.queries.alerts.unresolved import visible
from fieldapp.queries.names import staff_names
from fieldapp.queries.visible import visible_clients

SOON = dt.timedelta(hours=16)
"""How far ahead «bør ses snart» looks: the same as on the phone."""
ENDS_SOON = dt.timedelta(days=3)
MOST_RECENT_ALERTS = 100
_MOST_URGENT_FIRST = ("staff_help", "crisis", "concern", "staff_overdue", "not_seen", "drill")
"""The same as on the phone."""


@dataclass(frozen=True)
class WatchLine:
    """One client with a running clock."""

    client_id: UUID
    client: str
    team: str
    due_at: dt.datetime
    last_seen_at: dt.datetime | None
    last_seen_as: str | None
    """seen heard reported: what the last contact that counts was."""
    primary: str | None
    agreed: bool
    checked_at: dt.datetime | None = None
    """An alert was ended by hand then, without a contact: `due_at` is when somebody looks again."""


@dataclass(frozen=True)
class NotSeen:
    """Whose clock has run out (most overdue first), who is looked for again (soonest first), whose runs out soon.

    Whoever was not seen as agreed stays in one of the first two until somebody has seen them: an alert that was ended
    by hand moves the clock, not the person.
    """

    overdue: tuple[WatchLine, ...]
    looked_for: tuple[WatchLine, ...]
    soon: tuple[WatchLine, ...]


@dataclass(frozen=True)
class AlertLine:
    """One alert in a list."""

    id: UUID
    kind: str
    state: str
    step: int
    round: int
    client_id: UUID | None
    client: str | None
    team: str
    opened_at: dt.datetime
    due_at: dt.datetime
    unseen_since_at: dt.datetime | None
    owner_id: UUID | None
    owner: str | None
    resolved_at: dt.datetime | None
    resolution: str | None
    waits_until_at: dt.datetime | None
    staff: str | None
    """Whose safety it is about."""
    counts: tuple[str, ...]
    """What counts as contact under the client's agreement."""
    ended_by: str | None
    """The degree of the contact that ended it, where one did."""
    snoozed_by: str | None = None
    snoozed_until: dt.datetime | None = None
    next_check_at: dt.datetime | None = None
    """Ended by hand without a contact: when somebody looks again."""

    @property
    def rings(self) -> bool:
        """Whether it is a matter of minutes; a line on I dag is not."""
        return KINDS[self.kind].climbs

    @property
    def is_untaken(self) -> bool:
        """Whether it rings now, and nobody has it."""
        return self.rings and self.owner_id is None and self.state == State.open

    @property
    def is_drill(self) -> bool:
        """Whether it is about nobody; no count has it."""
        return self.kind == DRILL

    @property
    def has_been_everywhere(self) -> bool:
        """Whether everybody it could climb to was told, and nobody has taken it: then every page says so."""
        return self.is_untaken and not self.is_drill and (self.step >= LAST_STEP or self.round > FIRST_ROUND)

    def is_left(self, now: dt.datetime) -> bool:
        """A line nobody has touched for one working day: the leader's."""
        return not self.rings and self.owner_id is None and day_of(now) > next_working_day(day_of(self.opened_at))


@dataclass(frozen=True)
class AbsenceLine:
    """One absence that has not ended, or that ended within a day with something missing.

    `ask_at`: when somebody should ask how it stands. `missing`: what is missing for coming home. `home_until`: the end
    of a step home that runs now.
    """

    id: UUID
    kind: str
    client_id: UUID
    client: str
    place: str | None
    started_at: dt.datetime
    expected_end_at: dt.datetime | None
    ask_at: dt.datetime | None
    ended_at: dt.datetime | None
    home_until: dt.datetime | None
    missing: tuple[str, ...]

    def ends_soon(self, now: dt.datetime) -> bool:
        return (
            self.ended_at is None and self.expected_end_at is not None and now < self.expected_end_at <= now + ENDS_SOON
        )

    def is_asked_about(self, now: dt.datetime) -> bool:
        return self.ask_at is not None and self.ask_at <= now


@dataclass(frozen=True)
class ReviewLine:
    """One watch agreement whose day to be looked at again has come."""

    client_id: UUID
    client: str
    primary: str | None
    review_on: dt.date

    def is_left(self, now: dt.datetime) -> bool:
        """Whether nobody has touched it for one working day: the leader's."""
        return day_of(now) > next_working_day(self.review_on)


def mark(session: Session) -> int:
    """The last number of the change log: while it stands still, no page shows anything new but the time."""
    return last_seq(session)


def not_seen(session: Session, viewer: Viewer, now: dt.datetime) -> NotSeen:
    """Everybody whose clock has run out or runs out soon."""
    by_hand = and_(HandCheck.client_id == Watch.client_id, HandCheck.next_check_at == Watch.due_at)
    query = (
        select(
            Watch,
            EntryState.degree,
            Client.name,
            Team.name,
            Staff.name,
            func.max(HandCheck.at, type_=HandCheck.at.type),
        )
        .join(Client, Client.id == Watch.client_id)
        .join(Team, Team.id == Watch.team_id)
        .outerjoin(Staff, and_(Staff.id == Client.primary_staff_id, Staff.ended_at.is_(None)))
        .outerjoin(EntryState, EntryState.entry_id == Watch.last_seen_entry_id)
        .outerjoin(HandCheck, by_hand)
        .where(
            Watch.client_id.in_(visible_clients(viewer)),
            or_(Watch.due_at <= now + SOON, HandCheck.entry_id.is_not(None)),
        )
        .group_by(Watch.client_id, EntryState.entry_id, Client.id, Team.id, Staff.id)
        .order_by(Watch.due_at)
    )
    lines = [
        WatchLine(
            watch.client_id, client, team, watch.due_at, watch.last_seen_at, degree, primary, watch.agreed, checked_at
        )
        for watch, degree, client, team, primary, checked_at in session.execute(query)
        if watch.due_at is not None and not (watch.paused_until and watch.paused_until > now)
    ]
    lines.sort(key=lambda line: (line.due_at, line.client))
    for line in lines:
        shown(session, "watch", line.client_id)
    ahead = [line for line in lines if line.due_at > now]
    return NotSeen(
        overdue=tuple(line for line in lines if line.due_at <= now),
        looked_for=tuple(line for line in ahead if line.checked_at is not None),
        soon=tuple(line for line in ahead if line.checked_at is None),
    )


def open_alerts(session: Session, viewer: Viewer) -> list[AlertLine]:
    """Alerts nobody has ended; what rings first: untaken, then taken, then waiting; most urgent kind, then oldest."""
    return sorted(_alerts(session, viewer, Alert.state != "resolved"), key=_urgency)


def _urgency(line: AlertLine) -> tuple[bool, int, int, dt.datetime]:
    stands = 0 if line.is_untaken else 2 if line.state == State.waiting else 1
    kind = _MOST_URGENT_FIRST.index(line.kind) if line.kind in _MOST_URGENT_FIRST else len(_MOST_URGENT_FIRST)
    return not line.rings, stands, kind, line.opened_at


def ended_alerts(session: Session, viewer: Viewer, since: dt.datetime) -> list[AlertLine]:
    """Alerts that ended after `since`, the latest first; at most 100."""
    found = _alerts(session, viewer, Alert.state == "resolved", Alert.resolved_at >= since)
    return sorted(found, key=lambda line: line.resolved_at or line.opened_at, reverse=True)[:MOST_RECENT_ALERTS]


def alerts_of_client(session: Session, viewer: Viewer, client_id: UUID) -> list[AlertLine]:
    """The alerts about one client that nobody has ended."""
    return _alerts(session, viewer, Alert.client_id == client_id, Alert.state != "resolved")


def absences_of_client(session: Session, viewer: Viewer, client_id: UUID, now: dt.datetime) -> list[AbsenceLine]:
    """The absences of one client that have not ended."""
    return absences(session, viewer, now, Absence.client_id == client_id, Absence.ended_at.is_(None))


def absences(session: Session, viewer: Viewer, now: dt.datetime, *wanted: ColumnElement[bool]) -> list[AbsenceLine]:
    """Absences that have not ended, and those that ended within a day with something missing for coming home; what to
    ask about soonest first."""
    query = (
        select(Absence, Client.name, Watch.last_seen_at)
        .join(Client, Client.id == Absence.client_id)
        .outerjoin(Watch, Watch.client_id == Client.id)
        .where(
            Absence.client_id.in_(visible_clients(viewer)),
            or_(Absence.ended_at.is_(None), Absence.ended_at > now - FIRST_DAY),
            *wanted,
            Client.ended_at.is_(None),
            Client.deceased.is_(False),
        )
    )
    rows = session.execute(query).all()
    visits = _planned_visits(session, [row.client_id for row, *_ in rows])
    found = [_absence(row, client, visits[row.client_id], seen_at, now) for row, client, seen_at in rows]
    lines = [line for line in found if line.ended_at is None or line.missing]
    for line in lines:
        shown(session, "absence", line.client_id, line.id)
    return sorted(lines, key=lambda line: (line.ask_at or dt.datetime.max.replace(tzinfo=dt.UTC), line.client))


def reviews(session: Session, viewer: Viewer, now: dt.datetime) -> list[ReviewLine]:
    """Watch agreements to be looked at again today or since, the oldest first."""
    query = (
        select(Watch.client_id, Client.name, Staff.name, Watch.review_on)
        .join(Client, Client.id == Watch.client_id)
        .outerjoin(Staff, and_(Staff.id == Client.primary_staff_id, Staff.ended_at.is_(None)))
        .where(
            Watch.client_id.in_(visible_clients(viewer)),
            Watch.mode != "off",
            Watch.review_on <= day_of(now),
            Client.ended_at.is_(None),
            Client.deceased.is_(False),
        )
    )
    rows = session.execute(query).all()
    for row in rows:
        shown(session, "watch", row.client_id)
    lines = [ReviewLine(client_id, client, primary, on) for client_id, client, primary, on in rows if on is not None]
    return sorted(lines, key=lambda line: (line.review_on, line.client))


def _planned_visits(session: Session, client_ids: Collection[UUID]) -> dict[UUID, list[dt.datetime]]:
    """When each of these clients is to be visited, by what is planned and not over."""
    query = select(Standing.client_id, Standing.due_at).where(
        Standing.kind == "planned", Standing.client_id.in_(client_ids), Standing.ended_at.is_(None)
    )
    found: dict[UUID, list[dt.datetime]] = {client_id: [] for client_id in client_ids}
    for client_id, due_at in session.execute(query):
        if client_id is not None and due_at is not None:
            found[client_id].append(due_at)
    return found


def _absence(
    row: Absence, client: str, visits_at: Collection[dt.datetime], seen_at: dt.datetime | None, now: dt.datetime
) -> AbsenceLine:
    homecoming = Homecoming(row.kind, row.ended_at, row.expected_end_at, row.discharge.get("home"))
    return AbsenceLine(
        id=row.id,
        kind=row.kind,
        client_id=row.client_id,
        client=client,
        place=row.place,
        started_at=row.started_at,
        expected_end_at=row.expected_end_at,
        ask_at=row.ask_at,
        ended_at=row.ended_at,
        home_until=home_until(row.steps, now) if row.ended_at is None else None,
        missing=missing_for_home(homecoming, visits_at, seen_at, now),
    )


def _alerts(session: Session, viewer: Viewer, *wanted: ColumnElement[bool]) -> list[AlertLine]:
    """Whom a colleague in need was with is named to those who see that client only."""
    subject = aliased(Staff)
    seen = and_(Client.id == Alert.client_id, Client.id.in_(visible_clients(viewer)))
    query = (
        select(Alert, Client.id, Client.name, Team.name, Staff.name, subject.name, Watch.counts, _ended_by())
        .join(Team, Team.id == Alert.team_id)
        .outerjoin(Client, seen)
        .outerjoin(Watch, Watch.client_id == Client.id)
        .outerjoin(Staff, Staff.id == Alert.owner_id)
        .outerjoin(subject, subject.id == Alert.staff_id)
        .where(visible(viewer), *wanted)
        .order_by(Alert.opened_at.desc(), Alert.id.desc())
    )
    rows = session.execute(query).all()
    for row in rows:
        shown(session, "alert", row[1], row.Alert.id)
    put_off = snoozes(session, [row.Alert.id for row in rows if row.Alert.state == State.snoozed])
    checks = next_checks(session, [row.Alert.id for row in rows if row.Alert.state == State.resolved])
    names = staff_names(session, [one.staff_id for one in put_off.values()])
    return [
        AlertLine(
            id=alert.id,
            kind=alert.kind,
            state=alert.state,
            step=alert.step,
            round=alert.round,
            client_id=client_id,
            client=client,
            team=team,
            opened_at=alert.opened_at,
            due_at=alert.due_at,
            unseen_since_at=alert.unseen_since_at,
            owner_id=alert.owner_id,
            owner=owner,
            resolved_at=alert.resolved_at,
            resolution=alert.resolution,
            waits_until_at=alert.waits_until_at,
            staff=staff,
            counts=tuple(counts or ()),
            ended_by=ended_by,
            snoozed_by=names.get(put_off[alert.id].staff_id) if alert.id in put_off else None,
            snoozed_until=put_off[alert.id].until_at if alert.id in put_off else None,
            next_check_at=checks.get(alert.id),
        )
        for alert, client_id, client, team, owner, staff, counts, ended_by in rows
    ]


def _ended_by() -> ScalarSelect[str]:
    return (
        select(EntryState.degree)
        .join(AlertTransition, AlertTransition.entry_id == EntryState.entry_id)
        .where(AlertTransition.alert_id == Alert.id, AlertTransition.to_state == State.resolved.value)
        .order_by(AlertTransition.id.desc())
        .limit(1)
        .correlate(Alert)
        .scalar_subquery()
    )
