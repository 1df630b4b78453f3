"""Phones that show every push, for the past only: so that the alerts of two months climb as they do where phones work.

Nothing is sent. The subscriptions point nowhere, and they and their deliveries are gone before the demo is handed over.
"""

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from fieldapp.demo.people import Municipality
from fieldapp.models import Delivery, Subscription

_NOWHERE = "https://demo.invalid/"
_SHOWN_AFTER = dt.timedelta(seconds=4)


def set_up(session: Session, town: Municipality) -> None:
    """Give everybody who may be told a phone that answers."""
    dice = town.dice("phones")
    for one in town.staff:
        if one.role in ("leader", "fieldworker"):
            nowhere = {"p256dh": "", "auth": "", "key_id": ""}
            endpoint = f"{_NOWHERE}{one.device_id}"
            row = Subscription(id=dice.id_at(town.starts_at), device_id=one.device_id, endpoint=endpoint, **nowhere)
            row.created_at = town.starts_at
            session.add(row)
    session.flush()


def show(session: Session, now: dt.datetime) -> None:
    """Whatever is waiting to be sent has been shown."""
    session.execute(
        update(Delivery)
        .where(Delivery.state == "pending")
        .values(state="handed_over", attempts=1, handed_over_at=now, shown_at=now + _SHOWN_AFTER),
        execution_options={"synchronize_session": False},
    )


def take_away(session: Session) -> None:
    """Leave no trace of them: from here on only real phones are told."""
    nowhere = select(Subscription.id).where(Subscription.endpoint.startswith(_NOWHERE))
    unsynchronised = {"synchronize_session": False}
    session.execute(delete(Delivery).where(Delivery.subscription_id.in_(nowhere)), execution_options=unsynchronised)
    session.execute(
        delete(Subscription).where(Subscription.endpoint.startswith(_NOWHERE)), execution_options=unsynchronised
    )
