"""Whether a correction may come in, and whether it has any effect. Changes nothing.

Invariant: nobody gains by a correction what they may not do directly. A new text is judged as its target's type would
be if the corrector wrote the merged body now, by the very functions of admission.py, limits and sight at the target's
own time: the correction's own time decides nothing. To take back what steers takes the right to steer so, now. A type
that is new to Sett needs nothing here.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from fieldapp.domain import access, steering
from fieldapp.domain.access import Viewer
from fieldapp.errors import Rejected
from fieldapp.models import Entry, EntryState
from fieldapp.services.casefile import case_file
from fieldapp.services.entries import duty_rights
from fieldapp.services.entries.admission import Admitted, admit, check_right_now
from fieldapp.services.entries.candidates import Before, Candidate, follows, is_forbidden
from fieldapp.services.projections.states import amend, body_of
from sync import clocks, json_values, private_talks
from sync.entry_types import ENTRY_TYPES, parse_body
from sync.envelope import MAX_ENTRY_BYTES, Refused


def admit_correction(session: Session, candidate: Candidate, now: dt.datetime) -> Admitted:
    """Check the right to correct and what comes of it; raises Rejected or Refused with the field it concerns."""
    file = case_file(session)
    # So that two new texts of one entry are merged and judged one after the other.
    file.hold_targets([candidate.body.entry_id])
    target = file.entry(candidate.body.entry_id)
    if target is None or not _sees(session, candidate, target):
        raise Rejected("unknown_reference", "body.entry_id")
    if target.type == "entry_corrected":
        raise Rejected("invalid_body", "body.entry_id")
    state = case_file(session).state(target.id)
    _check_envelope(session, candidate, target, state)
    _check_private_talk(candidate, target)
    _check_corrector(candidate, target, now)
    flags: tuple[str, ...] = ()
    if candidate.body.what == "text":
        flags = _admit_text(session, candidate, target, state, now)
    else:
        _admit_strike(session, candidate, target, state)
    team_id = candidate.envelope.team_id or target.team_id
    return Admitted(candidate.envelope.client_id, team_id, target.id, flags)


def _sees(session: Session, candidate: Candidate, target: Entry) -> bool:
    """One's own, and for those who follow up clients what was written while their team followed, or follows now;
    nothing of a client that did not exist for the corrector when they wrote the correction, nor what is not shown to
    their role."""
    author, about = candidate.author, case_file(session).state(target.id).client_id
    if about is not None and is_forbidden(session, author.staff_id, about, candidate.clock_at):
        return False
    if _is_barred(session, candidate, target):
        return False
    if target.author_id == author.staff_id:
        return True
    if author.role not in access.TEAM_ROLES or target.type in access.unread_types(author.role):
        return False
    state = case_file(session).state(target.id)
    if state.client_id is not None:
        return bool(follows(session, author, state.client_id, state.happened_at(target)))
    return target.team_id in author.team_ids


def _is_barred(session: Session, candidate: Candidate, target: Entry) -> bool:
    """What was kept from the corrector when they wrote is not there for them to correct, be it their own."""
    author = candidate.author
    since_at = case_file(session).barred_since(author.staff_id, author.team_ids).get(target.id)
    return since_at is not None and candidate.clock_at >= since_at


def _check_envelope(session: Session, candidate: Candidate, target: Entry, state: EntryState) -> None:
    """What a correction says of itself must be so of its target: a client named here is told to those who follow it."""
    envelope = candidate.envelope
    of_target = (target.client_id, state.client_id)
    are_one = case_file(session).are_one
    if envelope.client_id is not None and not any(are_one(envelope.client_id, one) for one in of_target):
        raise Rejected("unknown_reference", "client_id")
    if envelope.team_id not in {None, target.team_id, *candidate.author.team_ids}:
        raise Rejected("unknown_reference", "team_id")


def _check_private_talk(candidate: Candidate, target: Entry) -> None:
    """A correction neither adds to a private talk nor changes whether a talk is private: see sync/private_talks.py."""
    if target.type != private_talks.TYPE:
        return
    becomes_private = private_talks.is_private(candidate.body.body)
    was_private = private_talks.is_private(target.body)
    if (becomes_private and not was_private) or (was_private and _says_too_much(candidate)):
        raise Rejected("private_has_no_note", "body")


def _says_too_much(candidate: Candidate) -> bool:
    envelope = candidate.envelope
    return private_talks.correction_says_too_much({"body": envelope.body} | envelope.extra)


def _check_corrector(candidate: Candidate, target: Entry, now: dt.datetime) -> None:
    body, author = candidate.body, candidate.author
    since = now - target.received_at
    if not _declines(candidate, target) and not access.may_correct(author, target.author_id, body.what, since):
        raise Rejected("not_permitted")


def _declines(candidate: Candidate, target: Entry) -> bool:
    """Whoever a duty was offered to says no, while they work in the team."""
    asked = duty_rights.was_offered_to(target)
    says_no = candidate.body.what == "retracted" and access.may_decline(candidate.author, asked)
    return says_no and target.subject_id in candidate.author.team_ids


def _admit_text(
    session: Session, candidate: Candidate, target: Entry, state: EntryState, now: dt.datetime
) -> tuple[str, ...]:
    """Judge the entry as it would read; the flags of the correction."""
    old, old_at = body_of(target, state), state.happened_at(target)
    text = amend(target, _with(session, candidate, target))
    new_at = text.at or target.clock_at
    if json_values.size(text.body) > MAX_ENTRY_BYTES:
        raise Rejected("too_long", "body.body")
    with _named_as_of("entry_id" if new_at == old_at else "occurred_at"):
        new = parse_body(target.type, text.body)
        # What one wrote oneself one saw, then; at another time it must be so that one did.
        before = Before(old, target.author_id == candidate.author.staff_id and new_at == old_at)
        merged = _as_written(candidate, target, state.client_id, text.body, new, new_at, before)
        if admit(session, merged).subject_id != target.subject_id:
            raise Rejected("unknown_reference", "body")  # others rest on what it points at: it is written anew
    flags = _flags_of_time(candidate, now)
    stopped = steering.stops_more(target.type, (old, old_at), (new, new_at))
    if stopped and not _follows(session, candidate.author, state.client_id):
        flags.append(steering.NO_EFFECT)
    return tuple(flags)


def _flags_of_time(candidate: Candidate, now: dt.datetime) -> list[str]:
    if candidate.body.occurred_at is None:
        return []
    chosen = candidate.body.occurred_at.astimezone(dt.UTC)
    return clocks.flags(chosen, chosen, now, now)


def _with(session: Session, candidate: Candidate, target: Entry) -> list[Entry]:
    """The corrections of the target with this one in its place: an older one does not undo a newer."""
    new = Entry(id=candidate.envelope.id, clock_at=candidate.clock_at, body=candidate.envelope.body, flags=[])
    return sorted([*case_file(session).corrections(target.id), new], key=lambda one: (one.clock_at, str(one.id)))


def _admit_strike(session: Session, candidate: Candidate, target: Entry, state: EntryState) -> None:
    body = body_of(target, state)
    at = state.happened_at(target)
    as_it_is = _as_written(candidate, target, state.client_id, state.body, body, at, Before(body, sight_is_known=False))
    if steering.steers(target.type, body) and not _declines(candidate, target):
        with _named_as_of("entry_id"):
            if ENTRY_TYPES[target.type].about == "team" and target.subject_id not in candidate.author.team_ids:
                raise Rejected("unknown_reference", "team_id")
            check_right_now(session, as_it_is)
    if candidate.body.to_client_id is not None:
        _admit_move(session, candidate, target, state, as_it_is)


def _admit_move(session: Session, candidate: Candidate, target: Entry, state: EntryState, as_it_is: Candidate) -> None:
    """To the record of another client that the corrector follows, as this one: there it must be as good."""
    to_client_id = case_file(session).record_of(candidate.body.to_client_id)
    # Whom an entry without a client was about is said by an entry of its own, whichever comes first.
    of_nobody = target.client_id is None or state.client_id is None
    stays = candidate.body.to_client_id == state.own_client_id
    if not ENTRY_TYPES[target.type].moves or of_nobody or stays:
        raise Rejected("invalid_body", "body.to_client_id")
    of_both = (_follows(session, candidate.author, one) for one in (state.client_id, to_client_id))
    if case_file(session).client(to_client_id) is None or not all(of_both):
        raise Rejected("unknown_reference", "body.to_client_id")
    envelope = msgspec.structs.replace(as_it_is.envelope, client_id=to_client_id)
    moved = Candidate(envelope, as_it_is.body, candidate.author, as_it_is.clock_at, as_it_is.before)
    with _named_as_of("to_client_id"):
        admit(session, moved)
        check_right_now(session, moved)


def _as_written(
    candidate: Candidate,
    target: Entry,
    client_id: uuid.UUID | None,
    body: dict[str, Any],
    parsed: Any,
    at: dt.datetime,
    before: Before,
) -> Candidate:
    """The target as if the corrector wrote it now."""
    envelope = msgspec.structs.replace(
        candidate.envelope,
        id=target.id,
        type=target.type,
        client_id=client_id,
        case_id=target.case_id,
        team_id=None,
        body=body,
        parsed=parsed,
    )
    return Candidate(envelope, parsed, candidate.author, at, before)


def _follows(session: Session, author: Viewer, client_id: uuid.UUID | None) -> bool:
    return client_id is not None and bool(follows(session, author, client_id, None))


@contextmanager
def _named_as_of(around: str) -> Iterator[None]:
    """Name faults as fields of the correction: of the merged body below `body.body`, others `body.<around>`.

    What the merged body names and its author may not see is `body`: the correction need not have been what named it.
    """
    try:
        yield
    except (Rejected, Refused) as error:
        elsewhere, of_body, inner = (error.field or "").partition("body")
        if of_body and not elsewhere:
            error.field = "body" if error.code == "unknown_reference" else f"body.body{inner}"
        elif elsewhere:
            error.field = f"body.{around}"
        raise
