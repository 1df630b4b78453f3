"""The tables. Imported all together here so that `Base.metadata` is whole wherever it is used."""

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
from fieldapp.models.change import Change, CursorEpoch, SightLost
from fieldapp.models.client import Absence, Agreement, Case, Client, ClientTeam, Watch
from fieldapp.models.entry import Entry, EntryState, SetAside
from fieldapp.models.staff import (
    Device,
    DeviceArrival,
    DeviceStaff,
    Duty,
    FailedSignIn,
    LoginSession,
    SecretKey,
    Staff,
    StaffTeam,
    Subscription,
    Team,
)

__all__ = [
    "Absence",
    "Agreement",
    "Alert",
    "AlertHold",
    "AlertTransition",
    "Base",
    "Case",
    "Change",
    "Client",
    "ClientTeam",
    "CursorEpoch",
    "Delivery",
    "Device",
    "DeviceArrival",
    "DeviceStaff",
    "Duty",
    "Entry",
    "EntryState",
    "FailedSignIn",
    "HandCheck",
    "Heartbeat",
    "LoginSession",
    "Notification",
    "OperatorAlarm",
    "Outage",
    "SecretKey",
    "SetAside",
    "SightLost",
    "Staff",
    "StaffTeam",
    "Subscription",
    "Team",
    "Watch",
]
