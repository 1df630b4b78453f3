"""What time it was: pure functions from the phone's clock, the offset it knew and the server's clock to an instant."""

import datetime as dt

UNCERTAIN = "clock_uncertain"

MAX_APART = dt.timedelta(minutes=5)
MAX_AGE = dt.timedelta(days=30)
MAX_AHEAD = dt.timedelta(minutes=10)


def corrected_at(occurred_at: dt.datetime, clock_offset_ms: int | None, time_chosen: bool) -> dt.datetime:
    """`occurred_at` by the server's clock, in UTC; a time picked by hand stands as it is."""
    offset = 0 if time_chosen else clock_offset_ms or 0
    return occurred_at.astimezone(dt.UTC) + dt.timedelta(milliseconds=offset)


def by_sending(occurred_at: dt.datetime, sent_at: dt.datetime, received_at: dt.datetime) -> dt.datetime:
    """`occurred_at` moved by how far the phone's clock was off when it sent, in UTC."""
    return occurred_at.astimezone(dt.UTC) + (received_at - sent_at)


def clock_time(
    corrected: dt.datetime, occurred_at: dt.datetime, sent_at: dt.datetime, received_at: dt.datetime
) -> dt.datetime:
    """What clocks and alerts go by: the earliest of the three, so that a wrong phone clock never hides an alert."""
    return min(corrected, by_sending(occurred_at, sent_at, received_at), received_at.astimezone(dt.UTC))


def flags(
    corrected: dt.datetime, occurred_at: dt.datetime, sent_at: dt.datetime, received_at: dt.datetime
) -> list[str]:
    """`clock_uncertain` when the two corrections differ by more than 5 minutes, or it is very old, or yet to come."""
    apart = abs(corrected - by_sending(occurred_at, sent_at, received_at))
    age = received_at - corrected
    return [UNCERTAIN] if apart > MAX_APART or age > MAX_AGE or -age > MAX_AHEAD else []
