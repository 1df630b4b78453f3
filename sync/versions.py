"""Which versions of one thing stand, where people may have written without having seen each other.

The newest by clock time, then id, stands. Beside it stays every version that no later one names as replaced («to
versjoner»), until someone merges. Whoever writes again without saying what they replace, replaces their own. The phone
computes the same (core/replica/versions.js); `vectors/versions.json` holds for both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Version:
    """One version; `at` sorts as time does. `replaces`: the versions its author was shown, None when they don't say."""

    id: str
    at: str
    author_id: str
    replaces: tuple[str, ...] | None = None


def standing_versions(versions: Iterable[Version]) -> list[Version]:
    """Those that stand, the newest first."""
    newest_first = sorted(versions, key=lambda one: (one.at, one.id), reverse=True)
    return [one for n, one in enumerate(newest_first) if not _is_replaced(one, newest_first[:n])]


def _is_replaced(version: Version, later: Sequence[Version]) -> bool:
    return any(_replaces(one, version) for one in later)


def _replaces(later: Version, version: Version) -> bool:
    if later.replaces is None:
        return later.author_id == version.author_id
    return version.id in later.replaces


def united(texts: Iterable[str | None]) -> str | None:
    """What must not be done or told, of all versions that stand: each text once, in the order given."""
    said = [text for text in dict.fromkeys(text.strip() for text in texts if text) if text]
    return "\n".join(said) or None
