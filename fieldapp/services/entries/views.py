"""What was opened on phones, as the phones tell it later: rows of the read log, of the kind `opened`.

A phone shows its replica without asking anybody; so it reports, and its reports survive lock, sign-out and weeks
without coverage. Invariants: a report is written once, whoever delivers it; it counts only for whoever it is proven to
be by (the session, or a delivery key); and only clients that once came to that person's phone can have been opened.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.domain.read_log import OPENED
from fieldapp.models import ClientTeam, ReadLog, Staff, StaffTeam
from fieldapp.models.read_log import LOG_IN_SESSION, Line, append
from fieldapp.services.people import devices, keys
from sync import sealed
from sync.envelope import Refused, Verdict, echo_id
from sync.refusals import rejected
from sync.sealing import VIEWS_INFO
from sync.views import ViewReport, judge_report


@dataclass(frozen=True)
class Report:
    """One report as it came, and what was inside, or why it does not open."""

    raw: Any
    inside: Any
    refusal: Refused | None = None

    def read(self) -> ViewReport:
        """Raises Refused."""
        if self.refusal is not None:
            raise self.refusal
        return judge_report(self.inside)


def open_views(session: Session, secret_key: str, elements: Sequence[Any]) -> list[Report]:
    """The reports of a request, opened where they are sealed."""
    named = sealed.key_ids(elements)
    private_keys = keys.private_sealing_keys(session, secret_key, named) if named else {}
    return [_open(element, private_keys) for element in elements]


def _open(element: Any, private_keys: Mapping[str, bytes]) -> Report:
    if not sealed.is_sealed(element):
        return Report(element, element)
    try:
        return Report(element, sealed.unsealed(element, private_keys, VIEWS_INFO))
    except Refused as refusal:
        return Report(element, None, refusal)


def receive_views(
    session: Session,
    reports: Sequence[Report],
    reader: Viewer | None,
    secret_key: str,
    device_id: uuid.UUID,
    now: dt.datetime,
) -> list[Verdict]:
    """A verdict for each report, in order; what is taken is in the log. Must come last in the transaction."""
    verdicts, lines, taken = [], [], set[uuid.UUID]()
    for one in reports:
        try:
            report = one.read()
            _prove(session, report, reader, secret_key, device_id)
            if report.id in taken or _is_taken(session, report.id):
                verdicts.append(Verdict(id=str(report.id), verdict="duplicate", original="accepted"))
                continue
            lines += _lines(session, report, device_id, now)
            taken.add(report.id)
            verdicts.append(Verdict(id=str(report.id), verdict="accepted"))
        except Refused as refused:
            verdict, code, field = refused.verdict, refused.code, refused.field
            verdicts.append(Verdict(id=echo_id(one.raw), verdict=verdict, code=code, field=field))
    if lines:
        append(session, lines)
    return verdicts


def _prove(session: Session, report: ViewReport, reader: Viewer | None, secret_key: str, device_id: uuid.UUID) -> None:
    if reader is not None and reader.staff_id == report.staff_id:
        return
    if not devices.proves(session, secret_key, device_id, report.staff_id, report.author_key or ""):
        raise rejected("author_unproven")


def _is_taken(session: Session, report_id: uuid.UUID) -> bool:
    return session.scalar(select(ReadLog.seq).where(ReadLog.report_id == report_id).limit(1)) is not None


def _lines(session: Session, report: ViewReport, device_id: uuid.UUID, now: dt.datetime) -> list[Line]:
    """The views of clients that came to this person. Where there is none: as of a client that does not exist."""
    known = _came_to(session, report.staff_id, {view.client_id for view in report.views})
    if not known:
        raise rejected("unknown_reference", "views")
    role = session.get_one(Staff, report.staff_id).role
    lines = []
    for view in report.views:
        if view.client_id not in known:
            continue
        team_id, ground = known[view.client_id]
        lines.append(
            Line(
                kind=OPENED,
                at=now,
                from_at=min(report.corrected(view.from_at), now),
                to_at=min(report.corrected(view.to_at), now),
                staff_id=report.staff_id.hex,
                role=role,
                team_id=team_id.hex if team_id else None,
                employer=session.info[LOG_IN_SESSION].employer,
                ground=ground,
                surface="phone",
                device_id=device_id.hex,
                client_id=view.client_id.hex,
                report_id=report.id.hex,
                what=msgspec.json.encode({"client": []}).decode(),
            )
        )
    return lines


def _came_to(
    session: Session, staff_id: uuid.UUID, client_ids: set[uuid.UUID]
) -> dict[uuid.UUID, tuple[uuid.UUID | None, str]]:
    """Through which team and on what ground each of these clients came to this person's phone, ever. Whom the person
    follows now came there, too: phones were filled before there was a log."""
    follows = (
        select(ClientTeam.client_id, ClientTeam.team_id)
        .join(StaffTeam, StaffTeam.team_id == ClientTeam.team_id)
        .where(StaffTeam.staff_id == staff_id, ClientTeam.client_id.in_(client_ids), ClientTeam.active.is_(True))
    )
    found: dict[uuid.UUID, tuple[uuid.UUID | None, str]] = {
        client_id: (team_id, "team") for client_id, team_id in session.execute(follows)
    }
    logged = (
        select(ReadLog.client_id, ReadLog.team_id, ReadLog.ground)
        .where(ReadLog.client_id.in_(client_ids), ReadLog.staff_id == staff_id)
        .distinct()
    )
    for client_id, team_id, ground in session.execute(logged):
        if client_id is not None:
            found.setdefault(client_id, (team_id, ground or "team"))
    return found
