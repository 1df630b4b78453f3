"""Alerts that somebody may see and nobody has ended: as rows for the list, and as data for the phones."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from fieldapp.domain import access
from fieldapp.domain.access import Viewer
from fieldapp.domain.alert_states import ABOUT_STAFF, KINDS, State
from fieldapp.models import AccessLimit, Alert, ClientTeam, Entry
from fieldapp.models.access import listed_clients
from fieldapp.models.alert import NO_LONGER_HOPED
from fieldapp.models.read_log import shown
from fieldapp.queries.alerts.history import Happening, NotifiedPerson, happenings, next_checks, snoozes, told
from fieldapp.queries.json_columns import IDS
from fieldapp.queries.phones.unsent import UnsentPhone, unsent_phones
from fieldapp.queries.visible import about_hidden, visible_clients, who, whoever

_UNHEARD = NO_LONGER_HOPED | {"no_device"}


@dataclass(frozen=True)
class AlertRow:
    """One unresolved alert, as the contract lists it."""

    id: uuid.UUID
    kind: str
    client_id: uuid.UUID | None
    team_id: uuid.UUID
    state: str
    step: int
    opened_at: dt.datetime
    due_at: dt.datetime
    owner: uuid.UUID | None


@dataclass(frozen=True)
class AlertDetail(AlertRow):
    """The same with what a screen shows of one alert: since when, what has happened, and which phones may know more."""

    round: int
    subject_id: uuid.UUID
    case_id: uuid.UUID | None
    staff_id: uuid.UUID | None
    waits_until_at: dt.datetime | None
    nobody_told: bool
    """It rings, and there is nobody it could ring: whoever raised it must call for help themselves."""
    unseen_since_at: dt.datetime | None
    resolved_at: dt.datetime | None
    resolution: str | None
    snoozed_by: uuid.UUID | None
    snoozed_until: dt.datetime | None
    next_check_at: dt.datetime | None
    """Ended by hand without a contact: when somebody looks again."""
    told: tuple[NotifiedPerson, ...]
    history: tuple[Happening, ...]
    unsent_phones: tuple[UnsentPhone, ...]


def unresolved_alerts(session: Session, viewer: Viewer) -> list[AlertRow]:
    """All that are visible to the viewer and not resolved, newest first."""
    query = (
        select(Alert)
        .where(Alert.state != "resolved", visible(viewer))
        .order_by(Alert.opened_at.desc(), Alert.id.desc())
    )
    alerts = session.scalars(query).all()
    seen = _seen_clients(session, viewer, alerts)
    rows = [AlertRow(**_columns(alert, seen)) for alert in alerts]
    for row in rows:
        shown(session, "alert", row.client_id, row.id)
    return rows


def one_alert(
    session: Session, viewer: Viewer, alert_id: uuid.UUID, now: dt.datetime, *, whole: bool = False
) -> AlertDetail | None:
    """One alert with its history (the `whole` of it, or the newest rounds), resolved or not; None when it does not
    exist for the viewer."""
    alert = session.scalar(select(Alert).where(Alert.id == alert_id, visible(viewer)))
    if alert is None:
        return None
    found = _details(session, viewer, [alert], now, whole=whole)[alert.id]
    shown(session, "alert", found.client_id, found.id, opened=True)
    return found


def alert_details(session: Session, viewer: Viewer, now: dt.datetime) -> list[AlertDetail]:
    """The unresolved ones with their histories, newest first (the office's live list)."""
    query = select(Alert).where(Alert.state != "resolved", visible(viewer))
    alerts = session.scalars(query.order_by(Alert.opened_at.desc(), Alert.id.desc())).all()
    found = _details(session, viewer, alerts, now)
    for one in found.values():
        shown(session, "alert", one.client_id, one.id)
    return [found[alert.id] for alert in alerts]


def alert_data(
    session: Session, viewer: Viewer, ids: Collection[uuid.UUID], now: dt.datetime
) -> dict[uuid.UUID, dict[str, Any]]:
    """What the phones keep of these alerts. A resolved one is left out: the phones are told that it is gone."""
    rows = session.scalars(_unresolved(viewer.role), who(viewer) | {"ids": list(ids)}).all()
    about = [row.client_id for row in rows if row.client_id]
    off_phones = set(session.scalars(listed_clients().where(AccessLimit.client_id.in_(about)))) if about else set()
    details = _details(session, viewer, [row for row in rows if row.client_id not in off_phones or row.staff_id], now)
    data = {alert_id: vars(detail) for alert_id, detail in details.items()}
    for one in data.values():
        one["client_id"] = None if one["client_id"] in off_phones else one["client_id"]
    return data


@cache
def _unresolved(role: str) -> Select[Alert]:
    return select(Alert).where(Alert.id.in_(IDS), Alert.state != "resolved", visible(whoever(role)))


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Which alerts exist for a viewer: the client decides; without a client, and about a colleague's safety, the team.

    Whoever is rung must see it: `staff_*` rings the team also when that no longer follows the client, less those for
    whom that client does not exist; their own they see without it. Never for a landlord.
    """
    if viewer.role not in access.TEAM_ROLES:
        return false()
    of_team = or_(Alert.client_id.is_(None), Alert.kind.in_(ABOUT_STAFF))
    own = Alert.staff_id.is_not_distinct_from(viewer.staff_id)
    return or_(
        and_(~of_team, Alert.client_id.in_(visible_clients(viewer))),
        and_(of_team, Alert.team_id.in_(viewer.team_ids), or_(own, ~about_hidden(viewer, Alert.client_id))),
    )


def _details(
    session: Session, viewer: Viewer, alerts: Collection[Alert], now: dt.datetime, *, whole: bool = False
) -> dict[uuid.UUID, AlertDetail]:
    if not alerts:
        return {}
    ids = [alert.id for alert in alerts]
    seen = _seen_clients(session, viewer, alerts)
    told_by, happened = told(session, ids, whole=whole), happenings(session, ids, whole=whole)
    authors = _authors(session, alerts)
    put_off = snoozes(session, [alert.id for alert in alerts if alert.state == State.snoozed.value])
    checks = next_checks(session, [alert.id for alert in alerts if alert.state == State.resolved.value])
    phones = unsent_phones(session, [alert for alert in alerts if alert.state != "resolved"], now)
    return {
        alert.id: AlertDetail(
            **_columns(alert, seen),
            round=alert.round,
            subject_id=alert.subject_id,
            case_id=alert.case_id,
            staff_id=alert.staff_id,
            waits_until_at=alert.waits_until_at,
            nobody_told=_is_unheard(alert, told_by.get(alert.id, ()), authors),
            unseen_since_at=alert.unseen_since_at,
            resolved_at=alert.resolved_at,
            resolution=alert.resolution,
            snoozed_by=put_off[alert.id].staff_id if alert.id in put_off else None,
            snoozed_until=put_off[alert.id].until_at if alert.id in put_off else None,
            next_check_at=checks.get(alert.id),
            told=tuple(told_by.get(alert.id, ())),
            history=tuple(happened.get(alert.id, ())),
            unsent_phones=tuple(phones.get(alert.id, ())),
        )
        for alert in alerts
    }


def _is_unheard(alert: Alert, told_so_far: Collection[NotifiedPerson], authors: Mapping[uuid.UUID, uuid.UUID]) -> bool:
    """Of a worry that never waits no message is, or may still get, on the screen of anybody but who raised it."""
    never_waits = KINDS[alert.kind].climbs and not KINDS[alert.kind].waits
    raised_by = (alert.staff_id, authors.get(alert.subject_id))
    heard = [one for one in told_so_far if one.staff_id not in raised_by and one.how not in _UNHEARD]
    return never_waits and alert.state == State.open.value and not heard


def _authors(session: Session, alerts: Collection[Alert]) -> dict[uuid.UUID, uuid.UUID]:
    """Who wrote the entries that some alerts are about, by entry."""
    about = [alert.subject_id for alert in alerts if alert.kind == "concern"]
    if not about:
        return {}
    rows = session.execute(select(Entry.id, Entry.author_id).where(Entry.id.in_(about)))
    return dict(rows.all())


def _seen_clients(session: Session, viewer: Viewer, alerts: Collection[Alert]) -> Collection[uuid.UUID]:
    about = {alert.client_id for alert in alerts if alert.client_id is not None}
    return set(session.scalars(visible_clients(viewer).where(ClientTeam.client_id.in_(about)))) if about else ()


def _columns(alert: Alert, seen: Collection[uuid.UUID]) -> dict[str, Any]:
    """Whom a colleague was with is told to those who see that client."""
    return {
        "id": alert.id,
        "kind": alert.kind,
        "client_id": alert.client_id if alert.client_id in seen else None,
        "team_id": alert.team_id,
        "state": alert.state,
        "step": alert.step,
        "opened_at": alert.opened_at,
        "due_at": alert.due_at,
        "owner": alert.owner_id,
    }
