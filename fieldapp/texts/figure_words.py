"""How a figure reads: small cells marked, shares in per cent, weeks with their dates."""

import datetime as dt

from fieldapp.texts.catalogues import N_, gettext
from fieldapp.texts.times import day


def count_words(count: int | None) -> str:
    """«0», «12»; «færre enn 5» for a cell too small to be shown."""
    return gettext(N_("færre enn 5")) if count is None else str(count)


def share_words(per_cent: int | None) -> str:
    """«40 %»; «for få» when the figure would tell of single alerts."""
    return gettext(N_("for få")) if per_cent is None else f"{per_cent}\u00a0%"


def decimal(value: float | None) -> str:
    """«0,4»"""
    return gettext(N_("for få")) if value is None else f"{value:.1f}".replace(".", ",")


def week_words(monday: dt.date) -> str:
    """«Uke 47, 16. nov.–22. nov.»"""
    words = {"n": monday.isocalendar().week, "first": day(monday), "last": day(monday + dt.timedelta(days=6))}
    return gettext(N_("Uke %(n)s, %(first)s–%(last)s")) % words
