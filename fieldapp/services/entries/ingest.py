"""The one write door: every fact in the database came in through `receive` or `submit`.

Promises: an entry answered `accepted` is committed with everything that follows from it; the same entry twice
has the effect of one (UNIQUE id, for ever); a rejected or deferred one is kept verbatim; one bad entry never stops the
others; and whatever the order and splitting, the state ends the same once every verdict has stopped changing.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.errors import Rejected
from fieldapp.models import Alert, Client, Entry, EntryState, Watch
from fieldapp.models.change import last_seq, marks, restore_marks
from fieldapp.services.entries import arrivals, refused
from fieldapp.services.entries.admission import admit
from fieldapp.services.entries.candidates import Candidate
from fieldapp.services.entries.corrections import admit_correction
from fieldapp.services.entries.effects import Changed, Settling, project, react, settle, try_out
from fieldapp.services.projections.clients import SAFETY_FIELDS
from fieldapp.texts import message
from sync import clocks
from sync.envelope import Envelope, Refused, SyncRequest, Verdict, content_key, echo_id, judge_element
from sync.ids import uuid7


@dataclass
class Batch:
    """One request at the door: who may be the author of its entries, and what it has set in motion so far."""

    device_id: uuid.UUID | None
    sent_at: dt.datetime
    now: dt.datetime
    viewer: Viewer | None
    proven: Mapping[uuid.UUID, Viewer]
    settling: Settling = field(default_factory=Settling)

    def author(self, envelope: Envelope) -> Viewer:
        """The author whose rights count; raises Rejected when nothing proves it."""
        if self.viewer is not None and envelope.author_id in (None, self.viewer.staff_id):
            return self.viewer
        if envelope.author_id is not None and envelope.author_id in self.proven:
            return self.proven[envelope.author_id]
        raise Rejected("author_unproven", "author_id")


def receive(
    session: Session,
    request: SyncRequest,
    viewer: Viewer | None,
    proven: Mapping[uuid.UUID, Viewer],
    now: dt.datetime,
    *,
    is_the_device: bool = True,
) -> list[Verdict]:
    """Judge the entries of a sync request in order; one verdict each, all in this one transaction.

    Where nothing shows that it comes from the device it names, they are taken all the same, but as from no device: what
    is unsent or missing there is for that device alone to say.
    """
    batch = Batch(request.device_id if is_the_device else None, request.sent_at, now, viewer, proven)
    _lock_clients(session, request.entries)
    verdicts = [_judge(session, raw, batch) for raw in request.entries]
    settle(session, batch.settling, now)
    if is_the_device:
        arrivals.record(session, request, now)
    return verdicts


def submit(
    session: Session,
    viewer: Viewer,
    type_: str,
    body: dict[str, Any],
    *,
    client_id: uuid.UUID | None = None,
    case_id: uuid.UUID | None = None,
    team_id: uuid.UUID | None = None,
    now: dt.datetime,
) -> uuid.UUID:
    """Take one entry from an office form through the same door; its id. Raises Rejected and keeps nothing."""
    about = {"client_id": client_id, "case_id": case_id, "team_id": team_id}
    (entry_id,) = submit_all(session, viewer, [(type_, body)], about, now)
    return entry_id


def submit_all(
    session: Session,
    viewer: Viewer,
    entries: Sequence[tuple[str, dict[str, Any]]],
    about: Mapping[str, uuid.UUID | None],
    now: dt.datetime,
) -> list[uuid.UUID]:
    """Take (type, body) from one office form, all about the same; their ids. Raises Rejected and keeps none of them."""
    around = {name: _text(id_) for name, id_ in about.items()}
    drafts = [_draft(type_, body, now) | around for type_, body in entries]
    batch = Batch(None, now, now, viewer, {})
    _lock_clients(session, drafts)
    try:
        envelopes = [judge_element(draft) for draft in drafts]
    except Refused as refusal:
        raise Rejected(refusal.code, refusal.field) from refusal
    for envelope in envelopes:
        _take(session, envelope, batch)
    settle(session, batch.settling, now)
    return [envelope.id for envelope in envelopes]


def _draft(type_: str, body: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "device_seq": 0,
        "type": type_,
        "version": 1,
        "occurred_at": now.isoformat(),
        "clock_offset_ms": 0,
        "body": body,
    }


def _judge(session: Session, raw: Any, batch: Batch) -> Verdict:
    """One verdict for one element. The savepoint keeps a refused entry's half-done work out of the others'."""
    try:
        envelope = judge_element(raw)
        return _accept(session, envelope, batch)
    except Refused as refusal:
        verdict, code, where = refusal.verdict, refusal.code, refusal.field
    except Rejected as rejected:
        verdict, code, where = "rejected", rejected.code, rejected.field
    if code not in ("id_reused", "author_unproven", refused.PRIVATE) and _is_accepted(session, echo_id(raw)):
        verdict, code, where = "rejected", "id_reused", "id"
    refused.keep(session, raw, batch.device_id, batch.viewer, verdict, code, where, batch.now)
    if _is_of_another(raw, batch.viewer):
        return Verdict(id=echo_id(raw), verdict=verdict, code=code)
    return Verdict(id=echo_id(raw), verdict=verdict, code=code, field=where, message=message(code))


def _accept(session: Session, envelope: Envelope, batch: Batch) -> Verdict:
    marked = marks(session)
    try:
        with session.begin_nested():
            return _take(session, envelope, batch)
    except (Rejected, Refused):
        restore_marks(session, marked)
        raise
    except IntegrityError:
        # Another request was taking the same entry (or case, or client) and has committed; now it can be seen.
        restore_marks(session, marked)
    try:
        with session.begin_nested():
            return _take(session, envelope, batch)
    except (Rejected, Refused):
        restore_marks(session, marked)
        raise
    except IntegrityError as error:
        # Nobody's doing but its own: it would fail for ever, and with it everything sent in the same request.
        restore_marks(session, marked)
        raise Rejected("unknown_reference", "body") from error


def _take(session: Session, envelope: Envelope, batch: Batch) -> Verdict:
    author = batch.author(envelope)
    key = content_key(envelope, author.staff_id)
    known = session.get(Entry, envelope.id)
    if known is not None:
        if known.content_key != key:
            raise Rejected("id_reused", "id")
        return Verdict(id=str(envelope.id), verdict="duplicate", original="accepted")
    entry = _entry(envelope, author, key, batch)
    candidate = Candidate(envelope, envelope.parsed, author, entry.clock_at)
    is_correction = envelope.type == "entry_corrected"
    admitted = admit_correction(session, candidate, batch.now) if is_correction else admit(session, candidate)
    entry.client_id, entry.team_id, entry.subject_id = admitted.client_id, admitted.team_id, admitted.subject_id
    entry.flags = sorted({*entry.flags, *admitted.flags})
    session.add(entry)
    session.flush()
    changed = project(session, entry, batch.now)
    _mark_safety(session, envelope)
    _react(session, envelope, changed, batch)
    session.flush()
    return Verdict(id=str(envelope.id), verdict="accepted")


def _react(session: Session, envelope: Envelope, changed: list[Changed], batch: Batch) -> None:
    """A new text may name what is not there where only the settling finds out: too late to refuse that entry alone."""
    if envelope.type != "entry_corrected" or envelope.body["what"] != "text":
        react(session, changed, batch.settling, batch.now)
        return
    own = Settling()
    react(session, changed, own, batch.now)
    try_out(session, own, batch.now)
    batch.settling.add(own)


def _entry(envelope: Envelope, author: Viewer, key: bytes, batch: Batch) -> Entry:
    corrected = clocks.corrected_at(envelope.occurred_at, envelope.clock_offset_ms, envelope.time_chosen)
    times = (corrected, envelope.occurred_at, batch.sent_at, batch.now)
    return Entry(
        id=envelope.id,
        type=envelope.type,
        version=envelope.version,
        author_id=author.staff_id,
        client_id=envelope.client_id,
        case_id=envelope.case_id,
        device_id=batch.device_id,
        device_seq=envelope.device_seq if batch.device_id else None,
        occurred_at=envelope.occurred_at_text,
        time_chosen=envelope.time_chosen,
        clock_offset_ms=envelope.clock_offset_ms,
        corrected_at=corrected,
        clock_at=clocks.clock_time(*times),
        received_at=batch.now,
        flags=clocks.flags(*times),
        mends=envelope.mends,
        body=envelope.body,
        extra=envelope.extra,
        content_key=key,
    )


def _mark_safety(session: Session, envelope: Envelope) -> None:
    """Whoever edits a safety field next must have seen this value: see `Client.safety_seq`."""
    if envelope.type == "client_updated" and SAFETY_FIELDS & set(envelope.body["fields"]):
        session.get_one(Client, envelope.client_id).safety_seq = last_seq(session) + 1


def _lock_clients(session: Session, elements: list[Any]) -> None:
    """Take the clocks of the clients a request concerns, in one order, before anything is read.

    Two requests about one client must not both compute its clock from half of the entries, and the worker must not
    open an alert meanwhile. SQLite has one writer; there this costs one look-up. What a correction or an answer to an
    alert is about need not be named in its envelope, so that is asked for.
    """
    of_elements = [element for element in elements if isinstance(element, dict)]
    bodies = [body for element in of_elements if isinstance(body := element.get("body"), dict)]
    client_ids = _ids(of_elements, "client_id")
    client_ids |= _ids(bodies, "to_client_id")
    client_ids |= _clients_of(session, EntryState.client_id, EntryState.entry_id, _ids(bodies, "entry_id"))
    client_ids |= _clients_of(session, Alert.client_id, Alert.id, _ids(bodies, "alert_id"))
    if client_ids:
        query = select(Watch.client_id).where(Watch.client_id.in_(sorted(client_ids)))
        session.execute(query.order_by(Watch.client_id).with_for_update()).all()


def _clients_of(session: Session, client_id: Any, id_: Any, ids: set[uuid.UUID]) -> set[uuid.UUID]:
    if not ids:
        return set()
    return set(session.scalars(select(client_id).where(id_.in_(ids), client_id.is_not(None))))


def _ids(objects: list[dict[str, Any]], name: str) -> set[uuid.UUID]:
    return set(filter(None, (_uuid(one.get(name)) for one in objects)))


def _is_accepted(session: Session, echoed: str | None) -> bool:
    entry_id = _uuid(echoed)
    return entry_id is not None and session.get(Entry, entry_id) is not None


def _is_of_another(raw: Any, viewer: Viewer | None) -> bool:
    """Whoever is signed in learns nothing of a colleague's entry but the code of its verdict."""
    author_id = _uuid(raw.get("author_id")) if isinstance(raw, dict) else None
    return viewer is None or author_id not in (None, viewer.staff_id)


def _uuid(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _text(value: uuid.UUID | None) -> str | None:
    return str(value) if value else None
