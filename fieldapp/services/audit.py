"""The place for the log of access: who has read what about whom, as rows in the transaction that reads it.

Nothing is written here yet. The rule it will hold (pasientjournalloven § 22 a): no read of client content without a
row, and if the row cannot be written, nothing is shown. Until then Sett is not for real personal data, and says so in
README and `fieldapp doctor`. Every read that must be logged goes through `queries/` with a viewer, so the calls have
one home.
"""

import datetime as dt
import uuid

import structlog

from fieldapp.domain.access import Viewer

_log = structlog.get_logger()


def address_shown(viewer: Viewer, client_id: uuid.UUID, reason: str, now: dt.datetime) -> None:
    """An address behind code 7 is shown to this person, who has given a reason. Ids alone: logs hold nothing personal.

    Until the log of access takes the reason, too, that it was given is what is noted.
    """
    _log.info(
        "address_shown",
        staff_id=str(viewer.staff_id),
        client_id=str(client_id),
        at=now.isoformat(),
        reason=bool(reason),
    )
