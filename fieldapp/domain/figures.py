"""Figures that may be shown: small cells marked, shares and percentiles only of enough. Never about one employee."""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil

FEWEST = 5
"""Cells under this are marked «færre enn 5» (codes.md, after 002 L1521)."""


def is_small(count: int) -> bool:
    """Say whether a cell is too small to be shown as a number; nothing at all is no secret."""
    return 0 < count < FEWEST


def share(part: int, whole: int) -> int | None:
    """Give the per cent `part` is of `whole`; None when the whole, the part or the rest is too small to be shown."""
    if whole < FEWEST or is_small(part) or is_small(whole - part):
        return None
    return round(100 * part / whole)


def percentile(values: Sequence[timedelta], per_cent: int) -> timedelta | None:
    """Give the value that `per_cent` of the values do not exceed (nearest rank); None of fewer than five."""
    if len(values) < FEWEST:
        return None
    return sorted(values)[max(1, ceil(len(values) * per_cent / 100)) - 1]
