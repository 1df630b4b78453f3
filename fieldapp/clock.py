"""The only place that reads the wall clock. Everything else is given `now`, so a test can move time from outside."""

import datetime as dt


def now() -> dt.datetime:
    """The present instant, aware, in UTC."""
    return dt.datetime.now(dt.UTC)
