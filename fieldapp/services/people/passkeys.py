"""Passkeys (WebAuthn): a key pair on a person's own phone or PC that signs them in with its screen lock.

Challenges are in `challenges`. Invariants: a passkey is used only with user verification, from the site it was made
for; one whose counter goes back may have been copied, so it is refused and its owner is told; a new password, and a
code to choose one with, remove all of the person's passkeys (accounts.py): whoever could sign in before can no longer.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from fieldapp.errors import CannotDo
from fieldapp.models import Passkey, Staff
from fieldapp.services.people import account_history
from fieldapp.texts import N_, gettext
from sync import names
from sync.ids import uuid7

MOST_PER_PERSON = 20
_LONGEST_NAME = 60
_LONGEST_CREDENTIAL_ID = 1023
"""Bytes (WebAuthn § 4)."""


@dataclass(frozen=True)
class Site:
    """Where passkeys are made for and used: the host name, and the address as the browser says it."""

    rp_id: str
    origin: str


@dataclass(frozen=True)
class Answer:
    """What a browser answered to a sign-in challenge; nothing in it is proven yet."""

    credential: AuthenticationCredential
    challenge: bytes

    @property
    def credential_id(self) -> bytes:
        return self.credential.raw_id


def creation_options(session: Session, site: Site, staff_id: UUID, challenge: bytes) -> str:
    """What the browser needs to make a passkey for this person, as JSON."""
    person = session.get_one(Staff, staff_id)
    known = session.scalars(select(Passkey.credential_id).where(Passkey.staff_id == staff_id))
    return options_to_json(
        generate_registration_options(
            rp_id=site.rp_id,
            rp_name="Sett",
            user_id=staff_id.bytes,
            user_name=person.username,
            user_display_name=person.name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        )
    )


def request_options(site: Site, challenge: bytes) -> str:
    """What the browser needs to sign somebody in with whichever passkey they choose, as JSON."""
    required = UserVerificationRequirement.REQUIRED
    return options_to_json(
        generate_authentication_options(rp_id=site.rp_id, challenge=challenge, user_verification=required)
    )


def read_answer(sent: str) -> Answer | None:
    """The answer to a sign-in challenge in what a browser sent; None when it is none."""
    try:
        credential = parse_authentication_credential_json(sent)
        return Answer(credential, parse_client_data_json(credential.response.client_data_json).challenge)
    except Exception:  # whatever the library trips over in what somebody sent
        return None


def challenge_of_new(sent: str) -> bytes | None:
    """The challenge that a browser says it has made a passkey for; None when it says nothing of the kind."""
    try:
        return parse_client_data_json(parse_registration_credential_json(sent).response.client_data_json).challenge
    except Exception:  # as above
        return None


def owner_of(session: Session, credential_id: bytes) -> Staff | None:
    """Who works here and has this passkey."""
    query = select(Staff).join(Passkey, Passkey.staff_id == Staff.id)
    return session.scalar(query.where(Passkey.credential_id == credential_id, Staff.ended_at.is_(None)))


def prove(session: Session, site: Site, answer: Answer, now: dt.datetime) -> UUID | None:
    """Whose passkey has signed this answer, once its challenge has been taken; None when it is not to be trusted."""
    query = select(Passkey).where(Passkey.credential_id == answer.credential_id).with_for_update()
    passkey = session.scalar(query)
    if passkey is None or owner_of(session, passkey.credential_id) is None:
        return None
    count = _signed_count(site, answer, passkey)
    if count is None:
        return None
    if (count or passkey.sign_count) and count <= passkey.sign_count:
        account_history.note(session, passkey.staff_id, "passkey_refused", now, by=None)
        return None
    passkey.sign_count, passkey.last_used_at = count, now
    session.flush()
    return passkey.staff_id


def _signed_count(site: Site, answer: Answer, passkey: Passkey) -> int | None:
    """The counter that the passkey has signed for our site; None when it has signed nothing of the kind."""
    if answer.credential.response.user_handle != passkey.staff_id.bytes:
        return None
    try:
        verified = verify_authentication_response(
            credential=answer.credential,
            expected_challenge=answer.challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,  # compared by `prove`, which tells the owner
            require_user_verification=True,
        )
    except Exception:  # as above
        return None
    return verified.new_sign_count


def add(session: Session, site: Site, staff_id: UUID, sent: str, challenge: bytes, name: str, now: dt.datetime) -> None:
    """Keep the passkey that the browser has made, once its challenge has been taken. Raises CannotDo."""
    name = checked_name(session, staff_id, name)
    try:
        made = verify_registration_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception as error:  # as above
        raise CannotDo(gettext(N_("Passnøkkelen lot seg ikke lage. Prøv igjen."))) from error
    known = session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id))
    if known is not None or len(made.credential_id) > _LONGEST_CREDENTIAL_ID:
        raise CannotDo(gettext(N_("Denne passnøkkelen finnes fra før.")))
    row = Passkey(id=uuid7(), staff_id=staff_id, credential_id=made.credential_id, name=name, created_at=now)
    row.public_key, row.sign_count = made.credential_public_key, made.sign_count
    session.add(row)
    account_history.note(session, staff_id, "passkey_added", now, by=staff_id)


def checked_name(session: Session, staff_id: UUID, name: str) -> str:
    """The name of one more passkey in its one form. Raises CannotDo, also when there are too many already."""
    cleaned = names.clean(name)
    if not names.is_name(name) or len(cleaned) > _LONGEST_NAME:
        raise CannotDo(gettext(N_("Gi passnøkkelen et navn på høyst 60 tegn, for eksempel «jobbtelefonen».")))
    if _count(session, staff_id) >= MOST_PER_PERSON:
        raise CannotDo(gettext(N_("Du har så mange passnøkler som det går an å ha. Fjern en du ikke bruker.")))
    return cleaned


def remove(session: Session, staff_id: UUID, passkey_id: UUID, now: dt.datetime, *, other_way: bool = False) -> None:
    """The person takes one of their passkeys away; another's, or none, changes nothing. Raises CannotDo for the last
    way to sign in. `other_way`: there is one beside passwords and passkeys."""
    row = session.get(Passkey, passkey_id)
    if row is None or row.staff_id != staff_id:
        return
    has_password = session.get_one(Staff, staff_id).password_hash is not None
    if not (has_password or other_way) and _count(session, staff_id) == 1:
        raise CannotDo(gettext(N_("Dette er den siste måten du kan logge inn på. Lag en annen først.")))
    session.delete(row)
    account_history.note(session, staff_id, "passkey_removed", now, by=staff_id)


def remove_all(session: Session, staff_id: UUID) -> None:
    """None of the person's passkeys lets anybody in any more."""
    for row in session.scalars(select(Passkey).where(Passkey.staff_id == staff_id)).all():
        session.delete(row)
    session.flush()


def _count(session: Session, staff_id: UUID) -> int:
    return session.scalar(select(func.count()).select_from(Passkey).where(Passkey.staff_id == staff_id)) or 0
