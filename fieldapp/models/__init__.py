"""The tables. Imported all together here so that `Base.metadata` is whole wherever it is used."""

from fieldapp.models.access import AccessGrant, AccessLimit, EmergencyAsked
from fieldapp.models.alert import (
    Alert,
    AlertHold,
    AlertTransition,
    Delivery,
    HandCheck,
    Heartbeat,
    Notification,
    OperatorAlarm,
    Outage,
)
from fieldapp.models.base import Base
from fieldapp.models.board import BoardCard, BoardColumns, TeamSetting
from fieldapp.models.calendar_link import CalendarLink
from fieldapp.models.change import Change, CursorEpoch, SightLost
from fieldapp.models.client import Absence, Agreement, Case, Client, ClientTeam, HandOver, StaffVisit, Watch
from fieldapp.models.entry import Entry, EntryState, SetAside
from fieldapp.models.fact import SharedFact
from fieldapp.models.file import AttachedFile, StoredFile
from fieldapp.models.innsyn import InnsynStep
from fieldapp.models.meeting import MeetingDraft, MeetingNote
from fieldapp.models.partner import PartnerLink
from fieldapp.models.read_log import ReadLog, ReadLogHead
from fieldapp.models.record_key import DestroyedKey, RecordKey
from fieldapp.models.record_request import RecordStep
from fieldapp.models.staff import (
    AccountEvent,
    ClosingNotice,
    Device,
    DeviceArrival,
    DeviceStaff,
    Duty,
    DutyOffer,
    EndedSession,
    FailedSignIn,
    FormerMember,
    LoginSession,
    MorningDigest,
    Passkey,
    SecretKey,
    Staff,
    StaffIdentity,
    StaffTeam,
    Subscription,
    Team,
    TeamHours,
    UsedChallenge,
)
from fieldapp.models.standing import HandoverReading, Standing
from fieldapp.models.text_review import TextReview

__all__ = [
    "Absence",
    "AccessGrant",
    "AccessLimit",
    "AccountEvent",
    "Agreement",
    "Alert",
    "AlertHold",
    "AlertTransition",
    "AttachedFile",
    "Base",
    "BoardCard",
    "BoardColumns",
    "CalendarLink",
    "Case",
    "Change",
    "Client",
    "ClientTeam",
    "ClosingNotice",
    "CursorEpoch",
    "Delivery",
    "DestroyedKey",
    "Device",
    "DeviceArrival",
    "DeviceStaff",
    "Duty",
    "DutyOffer",
    "EmergencyAsked",
    "EndedSession",
    "Entry",
    "EntryState",
    "FailedSignIn",
    "FormerMember",
    "HandCheck",
    "HandOver",
    "HandoverReading",
    "Heartbeat",
    "InnsynStep",
    "LoginSession",
    "MeetingDraft",
    "MeetingNote",
    "MorningDigest",
    "Notification",
    "OperatorAlarm",
    "Outage",
    "PartnerLink",
    "Passkey",
    "ReadLog",
    "ReadLogHead",
    "RecordKey",
    "RecordStep",
    "SecretKey",
    "SetAside",
    "SharedFact",
    "SightLost",
    "Staff",
    "StaffIdentity",
    "StaffTeam",
    "StaffVisit",
    "Standing",
    "StoredFile",
    "Subscription",
    "Team",
    "TeamHours",
    "TeamSetting",
    "TextReview",
    "UsedChallenge",
    "Watch",
]
