"""Teams, the people who work in them, and how they sign in."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from fieldapp.models.base import Base, Code, Json
from fieldapp.models.seal import Sealed, SealedWith, others_of


class Team(Sealed, Base):
    __tablename__ = "team"
    SEALED = ("id", "name", "kind", "escalation", "created_at", "ended_at", "duty_phone")

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[Code]
    """act fact safety_fact housing_first tenancy_support staffed_housing outreach night"""
    escalation: Mapped[list[float]] = mapped_column(Json)
    """Minutes from when an alert became open to each of its four steps."""
    duty_ever_set: Mapped[bool] = mapped_column(Boolean, default=False)
    """False until a `duty_set` was accepted: until then all fieldworkers and leaders are on duty round the clock."""
    duty_phone: Mapped[str | None]
    """The number of the phone that whoever is on duty carries."""
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    """It has no people and follows nobody any more; its name stays on what it did."""


class TeamHours(Base):
    """When a team is open and what becomes of what falls due meanwhile (projection of the newest `team_hours_set`).

    A team without a row is open round the clock.
    """

    __tablename__ = "team_hours"

    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"), primary_key=True)
    hours: Mapped[dict[str, Any]]
    """{mon…sun: [["08:00", "15:30"]]}, Norwegian wall time; a day without spans is closed."""
    shifts: Mapped[dict[str, Any]]
    closed_days: Mapped[list[Any]]
    when_closed: Mapped[Code]
    """wait hand_over on_call"""
    to_team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("team.id"))
    set_by_entry_id: Mapped[uuid.UUID]


class ClosingNotice(Base):
    """«Se lista før dere stenger» for one closing time; whoever inserts the row tells the last shift, once."""

    __tablename__ = "closing_notice"

    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"), primary_key=True)
    closes_at: Mapped[dt.datetime] = mapped_column(primary_key=True)
    told_at: Mapped[dt.datetime]
    told: Mapped[int]


class MorningDigest(Base):
    """The digest of one team and morning; whoever inserts the row tells its leaders, once."""

    __tablename__ = "morning_digest"

    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"), primary_key=True)
    on: Mapped[dt.date] = mapped_column(primary_key=True)
    told_at: Mapped[dt.datetime]


class Staff(Sealed, Base):
    """Somebody with an account. Its seal is over the teams, too: nobody is let into one, or left out, unseen."""

    __tablename__ = "staff"
    SEALED = (
        *("id", "username", "name", "role", "password_hash", "enrolment_hash", "enrolment_ends_at"),
        *("delivery_generation", "language", "email", "phone", "title", "created_at", "ended_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Code]
    """fieldworker peer leader landlord privacy admin; partner for the author behind a partner's link"""
    title: Mapped[str | None]
    """What the person is called in the team (booppfølger, sykepleier): shown, never a right."""
    password_hash: Mapped[str | None]
    enrolment_hash: Mapped[str | None]
    """SHA-256 of the one-time code that sets a first password."""
    enrolment_ends_at: Mapped[dt.datetime | None]
    delivery_generation: Mapped[int] = mapped_column(default=1)
    """Part of every delivery key of this person: raising it ends them all."""
    language: Mapped[Code] = mapped_column(default="nb")
    email: Mapped[str | None]
    """Where alerts go too, when the installation sends e-mail."""
    account_news_at: Mapped[dt.datetime | None]
    """When something happened to the account that the person has not said they have seen."""
    phone: Mapped[str | None]
    """What colleagues ring when an alert can't be sent; shown to the person's own teams only."""
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]

    def sealed_beside(self, session: Session) -> dict[str, Any]:
        return {"teams": others_of(session, StaffTeam, StaffTeam.team_id, has={"staff_id": self.id})}


class AccountEvent(Base):
    """Something that happened to a person's account; never changed."""

    __tablename__ = "account_event"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    what: Mapped[Code]
    """code_made password_set password_changed access_ended passkey_added passkey_removed passkey_refused
    identity_linked identity_removed"""
    by_staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    """None: from the command line."""
    at: Mapped[dt.datetime]


class StaffTeam(SealedWith, Base):
    __tablename__ = "staff_team"

    def sealed_in(self) -> tuple[type[Base], uuid.UUID]:
        return Staff, self.staff_id

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"), primary_key=True, index=True)


class FormerMember(Base):
    """Somebody who no longer works in a team, and since when: what they logged before that is still taken (ADR 0004),
    and the phones of their former colleagues let go of them."""

    __tablename__ = "former_member"

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"), primary_key=True)
    left_at: Mapped[dt.datetime]


class LoginSession(Base):
    """One signed-in device. The cookie holds a random token, this row its hash: a copied table signs nobody in."""

    __tablename__ = "login_session"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    device_id: Mapped[uuid.UUID | None]
    user_agent: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    last_used_at: Mapped[dt.datetime]
    came_from_device_id: Mapped[uuid.UUID | None]
    """The device of the session this browser had before: if it now registers another, its storage was emptied."""


class EndedSession(Base):
    """A session that a person ended (see services/people/ended_sessions.py)."""

    __tablename__ = "ended_session"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID]
    ended_at: Mapped[dt.datetime]


class Passkey(Sealed, Base):
    """A key pair on a person's own phone or PC that signs them in; here is its public half (WebAuthn)."""

    __tablename__ = "passkey"
    SEALED = ("id", "staff_id", "credential_id", "public_key", "name", "created_at")

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    """COSE, as it was registered."""
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    """How often the authenticator says it has signed; 0 for ever where it does not count."""
    name: Mapped[str]
    created_at: Mapped[dt.datetime]
    last_used_at: Mapped[dt.datetime | None]


class StaffIdentity(Sealed, Base):
    """Who a person is at the municipality's own sign-in: linked once by themselves (ADR 0021)."""

    __tablename__ = "staff_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    SEALED = ("id", "staff_id", "issuer", "subject", "created_at")

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    """The claim `sub`: no name, and meaningless elsewhere."""
    created_at: Mapped[dt.datetime]
    last_used_at: Mapped[dt.datetime | None]


class UsedChallenge(Base):
    """A sign-in challenge that has been answered, kept until it would have run out: none is answered twice."""

    __tablename__ = "used_challenge"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    ends_at: Mapped[dt.datetime] = mapped_column(index=True)


class FailedSignIn(Base):
    """One failed sign-in, kept as long as the throttle looks back."""

    __tablename__ = "failed_sign_in"
    __table_args__ = (Index(None, "username", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str]
    address: Mapped[str]
    at: Mapped[dt.datetime]


class Duty(Base):
    """Who takes alerts for a team between two instants (projection of `duty_set`)."""

    __tablename__ = "duty"
    __table_args__ = (Index(None, "team_id", "to_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """The id of the entry that set it."""
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    duty: Mapped[Code]
    """duty backup"""
    from_at: Mapped[dt.datetime]
    to_at: Mapped[dt.datetime]


class DutyOffer(Base):
    """A duty offered to a colleague, perhaps for one of theirs; they change hands when it is taken (projection)."""

    __tablename__ = "duty_offer"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """The id of the entry that offered it."""
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("team.id"), index=True)
    duty_id: Mapped[uuid.UUID] = mapped_column(index=True)
    from_staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    to_staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    in_return_for: Mapped[uuid.UUID | None]
    made_at: Mapped[dt.datetime]
    taken_at: Mapped[dt.datetime | None]


class Device(Base):
    __tablename__ = "device"
    __mapper_args__ = {"eager_defaults": True}  # noqa: RUF012 (what the database has counted is known after a flush)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    platform: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime]
    last_sync_at: Mapped[dt.datetime | None]
    unsent: Mapped[int] = mapped_column(BigInteger, default=0)
    """`unsent_after` of the last sync: entries the phone says it still holds."""
    highest_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    arrived_count: Mapped[int] = mapped_column(default=0)
    """Distinct `device_seq` that have arrived; below `highest_seq` when some are missing."""
    lost_count: Mapped[int] = mapped_column(server_default="0")
    """Numbers that have not arrived and that the phone says it no longer holds."""
    lost_at: Mapped[dt.datetime | None]
    """When the last of them was found."""
    replaced_at: Mapped[dt.datetime | None]
    """Since when it can't hold anything: its storage was emptied, or its people use another. None again if it syncs."""
    permission: Mapped[Code | None]
    """What the phone last said of itself: may it show notifications (granted denied default unsupported) …"""
    installed: Mapped[bool | None]
    """… is Sett on its home screen …"""
    persistent: Mapped[bool | None]
    """… and will its storage be left alone."""
    told_of_itself_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]

    @property
    def missing(self) -> int:
        """Numbers that have neither arrived nor been called lost."""
        return max(0, self.highest_seq - self.arrived_count - self.lost_count)


class DeviceStaff(Base):
    """A person on a device: their delivery key outlives the session; pushes stop at sign-out."""

    __tablename__ = "device_staff"

    device_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("device.id"), primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True, index=True)
    generation: Mapped[int] = mapped_column(default=1)
    signed_in_at: Mapped[dt.datetime]
    signed_out_at: Mapped[dt.datetime | None]


class DeviceArrival(Base):
    """One `device_seq` that is accounted for: arrived, whatever its verdict, or lost. Gaps are still to come."""

    __tablename__ = "device_arrival"

    device_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    device_seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    lost_at: Mapped[dt.datetime | None]
    """Since when the phone says that it does not hold it; None: it has arrived."""


class Subscription(Base):
    """A web push subscription. It belongs to a device; who gets pushes there is decided by `DeviceStaff`."""

    __tablename__ = "subscription"
    __table_args__ = (UniqueConstraint("endpoint"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    device_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("device.id"), index=True)
    endpoint: Mapped[str]
    p256dh: Mapped[str]
    auth: Mapped[str]
    key_id: Mapped[str]
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    ended_reason: Mapped[Code | None]
    slow_since_at: Mapped[dt.datetime | None]
    """Since when it has kept us waiting: until it answers again, it only delays other slow ones."""
    last_handed_over_at: Mapped[dt.datetime | None]
    last_receipt_at: Mapped[dt.datetime | None]
    checked_at: Mapped[dt.datetime | None]
    """When the last weekly check by a test push was put in line; silent when no receipt has come since."""


class SecretKey(Base):
    """A key pair of the installation, its private half sealed under FIELDAPP_SECRET_KEY."""

    __tablename__ = "secret_key"
    __table_args__ = (
        Index(
            "uq_secret_key_current",
            "purpose",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    key_id: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[Code]
    """vapid sealing_p256; one current of each, made by whichever process comes first"""
    public_key: Mapped[str]
    sealed_private_key: Mapped[bytes]
    created_at: Mapped[dt.datetime]
    replaced_at: Mapped[dt.datetime | None]
    """When a newer one took its place. Subscriptions made under it send with it until they are made anew, and what was
    sealed to it opens for ever."""
