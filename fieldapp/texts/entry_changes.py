"""How a corrected entry reads: every field as it says now, beside what it said before."""

from collections.abc import Sequence
from dataclasses import dataclass

from fieldapp.texts.entry_fields import Said


@dataclass(frozen=True)
class Field:
    """One field, in words. `before`: what it said, "" for nothing; None where it says what it said. `words` "": it was
    taken out."""

    label: str
    words: str
    before: str | None = None
    apart: bool = False


def beside(now: Sequence[Said], before: Sequence[Said] | None = None) -> list[Field]:
    """The fields as they say now, in the order of reading, and last those that were taken out."""
    if before is None:
        return [Field(one.label, one.words, None, one.apart) for one in now]
    was, told = _by_label(before), _by_label(now)
    fields = [Field(one.label, one.words, _was(was, told, one), one.apart) for one in _joined(now, told)]
    gone = [one for one in _joined(before, was) if one.label not in told]
    return fields + [Field(one.label, "", one.words, one.apart) for one in gone]


def changed(before: Sequence[Said], after: Sequence[Said]) -> list[Field]:
    """Only what is otherwise than it was."""
    return [one for one in beside(after, before) if one.before is not None]


def _was(was: dict[str, str], told: dict[str, str], one: Said) -> str | None:
    before = was.get(one.label, "")
    return None if before == told[one.label] else before


def _by_label(said: Sequence[Said]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in said:
        found[one.label] = f"{found[one.label]}, {one.words}" if one.label in found else one.words
    return found


def _joined(said: Sequence[Said], words: dict[str, str]) -> list[Said]:
    """Each label once: what is told of in several lines stands in one."""
    first = {one.label: one for one in reversed(said)}
    return [Said(label, text, first[label].apart) for label, text in words.items()]
