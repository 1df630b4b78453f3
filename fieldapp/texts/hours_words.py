"""Opening hours as people write them: «08.00–15.30», «8-12, 12.30-15», «døgnet», and nothing at all for closed."""

import re

ROUND_THE_CLOCK = ("00:00", "24:00")
_ALL_DAY = frozenset({"døgnet", "hele døgnet", "heile døgnet", "all day"})
_SPAN = re.compile(r"^(\d{1,2})(?:[.:](\d{2}))?\s*(?:-|–|til)\s*(\d{1,2})(?:[.:](\d{2}))?$")

Spans = list[tuple[str, str]]


def read_spans(text: str) -> Spans:
    """Read one day as the contract has it, [("08:00", "15:30")]. Raises ValueError when it can't be read."""
    written = text.strip().lower()
    if written in _ALL_DAY:
        return [ROUND_THE_CLOCK]
    return [_span(part.strip()) for part in re.split(r"[,;]|\bog\b", written) if part.strip()]


def write_spans(spans: Spans) -> str:
    """«08.00–15.30, 16.00–18.00»; empty for a closed day."""
    return ", ".join(f"{begins}–{ends}".replace(":", ".") for begins, ends in spans)


def _span(text: str) -> tuple[str, str]:
    found = _SPAN.match(text)
    if found is None:
        raise ValueError(text)
    begins, ends = _time(found[1], found[2]), _time(found[3], found[4])
    if begins in (ends, "24:00"):
        raise ValueError(text)
    return begins, ends


def _time(hour: str, minute: str | None) -> str:
    if int(hour) > 24 or int(minute or 0) > 59 or (int(hour) == 24 and int(minute or 0)):
        raise ValueError(hour)
    return f"{int(hour):02}:{minute or '00'}"
