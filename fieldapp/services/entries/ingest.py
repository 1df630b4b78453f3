"""The one write door: every fact in the database came in through `receive` or `submit`.

Promises: an entry answered `accepted` is committed with everything that follows from it; the same entry twice
has the effect of one (UNIQUE id, for ever); a rejected or deferred one is kept verbatim; one bad entry never stops the
others; and whatever the order and splitting, the state ends the same once every verdict has stopped changing.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from msgspec import structs
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fieldapp.domain.access import Viewer
from fieldapp.domain.retention import EXPIRED
from fieldapp.errors import Rejected
from fieldapp.models import Alert, Entry, EntryState
from fieldapp.models.change import last_seq
from fieldapp.models.merged import MERGES, two_of
from fieldapp.models.record_key import fingerprint
from fieldapp.services.casefile import case_file, hold
from fieldapp.services.entries import arrivals, refused
from fieldapp.services.entries.admission import admit
from fieldapp.services.entries.candidates import Candidate
from fieldapp.services.entries.corrections import admit_correction
from fieldapp.services.entries.effects import project
from fieldapp.services.entries.elements import Element
from fieldapp.services.entries.settling import Settling, react, settle, try_out
from fieldapp.services.projections.cases import OPENERS
from fieldapp.services.projections.clients import SAFETY_FIELDS
from fieldapp.services.writing import savepoint
from fieldapp.texts import message
from sync import clocks
from sync.entry_types import ENTRY_TYPES
from sync.envelope import LOCKED, Envelope, Refused, SyncRequest, Verdict, content_key, echo_id, judge_element
from sync.ids import uuid7

_log = structlog.get_logger()


@dataclass
class Batch:
    """One request at the door: who may be the author of its entries, and what it has set in motion so far."""

    device_id: uuid.UUID | None
    sent_at: dt.datetime
    now: dt.datetime
    viewer: Viewer | None
    proven: Mapping[uuid.UUID, Viewer]
    settling: Settling = field(default_factory=Settling)
    once_proven: uuid.UUID | None = None
    """Whose key was right once: what they wrote is kept, and taken when somebody confirms it."""
    came_at: dt.datetime | None = None
    """When what is confirmed only now was first received; `sent_at` is then of that time, too."""

    def author(self, envelope: Envelope) -> Viewer | None:
        """The author whose rights count, None for one proven only once; raises Rejected when nothing proves it."""
        if self.viewer is not None and envelope.author_id in (None, self.viewer.staff_id):
            return self.viewer
        if envelope.author_id is not None and envelope.author_id in self.proven:
            return self.proven[envelope.author_id]
        if envelope.author_id is not None and envelope.author_id == self.once_proven:
            return None
        raise Rejected("author_unproven", "author_id")

    def of(self, element: Element) -> "Batch":
        """The same for one element: what is in its seal proves its own author alone."""
        if not element.is_trusted:
            return self
        proven = {**self.proven, element.author.staff_id: element.author} if element.author else self.proven
        return replace(self, proven=proven, once_proven=element.author_id if element.was_right else None)

    def keeps(self, element: Element) -> bool:
        """Whether anything of it is kept. Without a session or a proof anybody could fill the database."""
        return self.viewer is not None or bool(self.proven) or element.is_trusted


def receive(
    session: Session,
    request: SyncRequest,
    viewer: Viewer | None,
    proven: Mapping[uuid.UUID, Viewer],
    now: dt.datetime,
    *,
    is_the_device: bool = True,
    elements: Sequence[Element] | None = None,
) -> list[Verdict]:
    """Judge the entries of a sync request in order; one verdict each, all in this one transaction.

    `elements`: the same entries, opened and proven (elements.py), where any came sealed.

    Where nothing shows that it comes from the device it names, they are taken all the same, but as from no device: what
    is unsent or missing there is for that device alone to say.
    """
    batch = Batch(request.device_id if is_the_device else None, request.sent_at, now, viewer, proven)
    judged = [Element(raw) for raw in request.entries] if elements is None else elements
    try:
        with savepoint(session):
            verdicts = _judge_all(session, judged, batch, _take)
            session.flush()
    except IntegrityError:
        # One of them is at fault, or another request was taking the same: each by itself shows which.
        verdicts = _judge_all(session, judged, replace(batch, settling=Settling()), _take_apart)
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
    _read_ahead(session, drafts)
    try:
        envelopes = [judge_element(draft) for draft in drafts]
        for envelope in envelopes:
            _take(session, envelope, batch)
    except Refused as refusal:
        raise Rejected(refusal.code, refusal.field) from refusal
    settle(session, batch.settling, now)
    return [envelope.id for envelope in envelopes]


def submit_once(
    session: Session,
    viewer: Viewer,
    entry_id: uuid.UUID,
    type_: str,
    body: dict[str, Any],
    about: Mapping[str, uuid.UUID | None],
    now: dt.datetime,
) -> uuid.UUID:
    """Take one entry under the id its form was given: the same form again writes nothing. Raises Rejected, `id_reused`
    where something else has that id."""
    known = session.get(Entry, entry_id)
    # The time is part of what an entry says, and a form has none: sent again, it has the time it had.
    at = {"occurred_at": known.occurred_at} if known is not None else {}
    around = {name: _text(id_) for name, id_ in about.items()}
    draft = _draft(type_, body, now) | around | {"id": str(entry_id)} | at
    batch = Batch(None, now, now, viewer, {})
    _read_ahead(session, [draft])
    try:
        envelope = judge_element(draft)
        _take(session, envelope, batch)
    except Refused as refusal:
        raise Rejected(refusal.code, refusal.field) from refusal
    settle(session, batch.settling, now)
    return envelope.id


def submit_kept(
    session: Session, raw: Any, author: Viewer, device_id: uuid.UUID | None, came: tuple[dt.datetime, dt.datetime],
    now: dt.datetime,
) -> uuid.UUID:  # fmt: skip
    """Take what was kept until somebody confirmed it, under its author; its id. Raises Rejected or Refused and keeps
    nothing. `came`: when it was first sent and received, which its clock goes by."""
    sent_at, came_at = came
    batch = Batch(device_id, sent_at, now, author, {}, came_at=came_at)
    _read_ahead(session, [raw])
    envelope = judge_element(raw)
    _take(session, envelope, batch)
    settle(session, batch.settling, now)
    return envelope.id


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


Take = Callable[[Session, Envelope, Batch], Verdict]


def _judge_all(session: Session, elements: Sequence[Element], batch: Batch, take: Take) -> list[Verdict]:
    """One verdict each, in order, and everything settled after the last."""
    _read_ahead(session, [element.raw for element in elements if element.refusal is None and batch.keeps(element)])
    verdicts = [_judge(session, element, batch.of(element), take) for element in elements]
    settle(session, batch.settling, batch.now)
    return verdicts


def _judge(session: Session, element: Element, batch: Batch, take: Take) -> Verdict:
    """One verdict for one element; a refused one is kept."""
    if not batch.keeps(element):
        return verdict_on_nobodys(element)
    raw = element.raw
    try:
        envelope = element.envelope()
        return take(session, envelope, batch)
    except Refused as refusal:
        verdict, code, where = refusal.verdict, refusal.code, refusal.field
    except Rejected as rejected:
        verdict, code, where = "rejected", rejected.code, rejected.field
    if code not in _OF_NO_CONTENT and element.refusal is None and _is_accepted(session, echo_id(raw)):
        verdict, code, where = "rejected", "id_reused", "id"
    waits = (verdict, code) == ("deferred", "author_unproven")
    if waits and not refused.has_room(session, raw, batch.device_id, batch.once_proven):
        _log.warning("no_room_to_confirm", device_id=str(batch.device_id), staff_id=str(batch.once_proven))
        return Verdict(id=echo_id(raw), verdict=verdict, code=code)
    row = refused.keep(session, raw, batch.device_id, batch.viewer, verdict, code, where, batch.now)
    if waits:
        refused.ask_to_confirm(row, batch.once_proven, batch.sent_at, batch.now)
    if element.refusal is not None or _is_of_another(raw, batch.viewer):
        return Verdict(id=echo_id(raw), verdict=verdict, code=code)
    return Verdict(id=echo_id(raw), verdict=verdict, code=code, field=where, message=message(code))


_OF_NO_CONTENT = ("id_reused", "author_unproven", refused.PRIVATE)
"""What is refused so is not asked whether its id has been taken with other content."""


def verdict_on_nobodys(element: Element) -> Verdict:
    """The verdict on an element that came without a session or a proof, and brings none: nothing of it is kept."""
    refusal = element.refusal or Refused("rejected", "author_unproven")
    return Verdict(id=echo_id(element.raw), verdict=refusal.verdict, code=refusal.code)


def _take(session: Session, envelope: Envelope, batch: Batch) -> Verdict:
    """Take one entry. All checks come before the first change: a refused one leaves nothing to undo."""
    entry = _enter(session, envelope, batch)
    if entry is None:
        return Verdict(id=str(envelope.id), verdict="duplicate", original="accepted")
    changed = project(session, entry, batch.now)
    _mark_safety(session, envelope)
    react(session, changed, batch.settling, batch.now)
    return Verdict(id=str(envelope.id), verdict="accepted")


def _take_apart(session: Session, envelope: Envelope, batch: Batch) -> Verdict:
    """The same with all that comes of it written at once: it alone is refused for what the database does not take."""
    for is_last in (False, True):
        own = replace(batch, settling=Settling())
        try:
            with savepoint(session):
                verdict = _take(session, envelope, own)
                session.flush()
                _try_new_text(session, envelope, own)
        except IntegrityError as error:
            # The first time, another request may have been taking the same; it has committed, and now it can be seen.
            if is_last:
                raise Rejected("unknown_reference", "body") from error
        else:
            break
    batch.settling.add(own.settling)
    return verdict


def _try_new_text(session: Session, envelope: Envelope, batch: Batch) -> None:
    """A new text may name what is not there where only the settling finds out: too late to refuse that entry alone."""
    if envelope.type == "entry_corrected" and envelope.body["what"] == "text":
        try_out(session, batch.settling, batch.now)


def _enter(session: Session, envelope: Envelope, batch: Batch) -> Entry | None:
    """The entry as it is to be kept, admitted but not written; None for one that is there. Raises Rejected, Refused."""
    author = batch.author(envelope)
    author_id = author.staff_id if author is not None else envelope.author_id
    assert author_id is not None  # nobody else has been proven, not even once
    key = fingerprint(session, content_key(envelope, author_id))
    known = case_file(session).entry(envelope.id)
    if known is not None:
        if known.content_key != key and not _is_tombstone_of(known, envelope, author_id):
            raise Rejected("id_reused", "id")
        return None
    if author is None:
        raise Refused("deferred", "author_unproven", "author_id")
    entry = _entry(envelope, author, key, batch)
    candidate = Candidate(_to_record(session, envelope), envelope.parsed, author, entry.clock_at)
    is_correction = envelope.type == "entry_corrected"
    admitted = admit_correction(session, candidate, batch.now) if is_correction else admit(session, candidate)
    named = candidate.envelope.client_id is not None and candidate.envelope.client_id == admitted.client_id
    entry.client_id = envelope.client_id if named else admitted.client_id
    entry.team_id, entry.subject_id = admitted.team_id, admitted.subject_id
    entry.flags = sorted({*entry.flags, *admitted.flags})
    return entry


def _to_record(session: Session, envelope: Envelope) -> Envelope:
    """The same about the client in whose record the named one stands: late entries for either id of two clients that
    are one are judged alike."""
    if envelope.client_id is None:
        return envelope
    record_id = case_file(session).record_of(envelope.client_id)
    return envelope if record_id == envelope.client_id else structs.replace(envelope, client_id=record_id)


def _is_tombstone_of(known: Entry, envelope: Envelope, author_id: uuid.UUID) -> bool:
    """Whether this was taken, and its words are gone: whatever it says now is not kept again."""
    return EXPIRED in known.flags and (known.type, known.author_id) == (envelope.type, author_id)


def _entry(envelope: Envelope, author: Viewer, key: bytes, batch: Batch) -> Entry:
    corrected = clocks.corrected_at(envelope.occurred_at, envelope.clock_offset_ms, envelope.time_chosen)
    times = (corrected, envelope.occurred_at, batch.sent_at, batch.came_at or batch.now)
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
        flags=[*clocks.flags(*times), *([LOCKED] if envelope.locked else [])],
        mends=envelope.mends,
        body=envelope.body,
        extra=envelope.extra,
        content_key=key,
    )


def _mark_safety(session: Session, envelope: Envelope) -> None:
    """Whoever edits a safety field next must have seen this value: see `Client.safety_seq`."""
    if envelope.type == "client_updated" and SAFETY_FIELDS & set(envelope.body["fields"]):
        file = case_file(session)
        client = file.client(file.record_of(envelope.client_id)) if envelope.client_id else None
        if client is not None:
            client.safety_seq = last_seq(session) + 1


def _read_ahead(session: Session, elements: list[Any]) -> None:
    """Hold the clients and the corrected entries that a request concerns before anything is judged, and read which of
    its entries are there.

    Two requests about one client must not both compute its clock from half of the entries, and the worker must not
    open an alert meanwhile. What a correction or an answer to an alert is about need not be named in its envelope, so
    that is asked for.
    """
    of_elements = [element for element in elements if isinstance(element, dict)]
    bodies = [body for element in of_elements if isinstance(body := element.get("body"), dict)]
    pointed_at = _ids(bodies, "entry_id")
    client_ids = _ids(of_elements, "client_id") | _ids(bodies, "to_client_id") | _ids(bodies, "into_client_id")
    client_ids |= _clients_of(session, EntryState.client_id, EntryState.entry_id, pointed_at)
    client_ids |= _merged_by(session, pointed_at)
    client_ids |= _clients_of(session, Alert.client_id, Alert.id, _ids(bodies, "alert_id"))
    openings = _openings(session, _ids(of_elements, "case_id") | _ids(bodies, "case_id"))
    client_ids |= {client_id for client_id in openings.values() if client_id is not None}
    for minted in _NAMED_ALONE:
        client_ids |= _clients_of(session, Entry.client_id, Entry.subject_id, _ids(bodies, minted))
    file = hold(session, client_ids)
    file.hold_targets(pointed_at | openings.keys())
    file.know(_ids(of_elements, "id"))


def _openings(session: Session, case_ids: set[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID | None]:
    """Of the cases that were opened about nobody known: the entry that opened each, and whom it is about by now."""
    if not case_ids:
        return {}
    query = select(Entry.id, EntryState.client_id).join(EntryState, EntryState.entry_id == Entry.id)
    of_nobody = (Entry.case_id.in_(case_ids), Entry.type.in_(OPENERS), Entry.client_id.is_(None))
    found = session.execute(query.where(*of_nobody))
    return {row[0]: row[1] for row in found}


def _merged_by(session: Session, entry_ids: set[uuid.UUID]) -> set[uuid.UUID]:
    """The clients that these entries, if they say so, call one: a correction of one moves the clocks of all."""
    if not entry_ids:
        return set()
    query = select(Entry).where(Entry.id.in_(entry_ids), Entry.type.in_(MERGES))
    return {id_ for entry in session.scalars(query) for id_ in two_of(entry)}


_NAMED_ALONE = sorted(
    row.stands.id
    for row in ENTRY_TYPES.values()
    if row.about == "subject" and row.points_at == "thing" and row.stands is not None and row.stands.id is not None
)
"""The fields of minted ids that say alone whose record an entry is of."""


def _clients_of(session: Session, client_id: Any, id_: Any, ids: set[uuid.UUID]) -> set[uuid.UUID]:
    if not ids:
        return set()
    return set(session.scalars(select(client_id).where(id_.in_(ids), client_id.is_not(None))))


def _ids(objects: list[dict[str, Any]], name: str) -> set[uuid.UUID]:
    return set(filter(None, (_uuid(one.get(name)) for one in objects)))


def _is_accepted(session: Session, echoed: str | None) -> bool:
    entry_id = _uuid(echoed)
    return entry_id is not None and case_file(session).entry(entry_id) is not None


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
