"""Search among clients as the phone does it: forgiving of spelling, a slip, a space. Held to vectors/searches.json.

Also who may be the same person as somebody about to be registered. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sync.folding import folded, folded_words

_NEVER = 100
_SHORTEST_NEAR, _SHORTEST_INSIDE = 4, 3
_NORWEGIAN = str.maketrans({"æ": "{a", "ø": "{b", "å": "{c", "é": "e", "ü": "u", "ö": "{b", "ä": "{a"})

Key = TypeVar("Key")


@dataclass(frozen=True)
class Findable:
    """What a client is found by."""

    name: str
    alias: str | None = None
    birth_year: int | None = None
    address: str | None = None


def search(clients: Mapping[Key, Findable], text: str) -> list[Key]:
    """The keys of those who fit everything that was typed, best first; all by name when nothing was."""
    typed = folded_words(text)
    whole = folded(text) if len(typed) > 1 else ""
    hits = []
    for key, client in clients.items():
        words = _words(client)
        fits = sum(_misfit(words, word) for word in typed)
        # "al y" is Aly, too: somebody put in a space that is not there
        misfit = min(fits, _misfit(words, whole)) if whole else fits
        if misfit < _NEVER:
            hits.append((misfit, by_name(client.name), key))
    return [hit[-1] for hit in sorted(hits, key=lambda hit: hit[:2])]


def maybe_same(clients: Mapping[Key, Findable], new: Findable) -> list[Key]:
    """The keys of those who may be this person already: nearly the same name, and no other birth year."""
    known = _names(new)
    found = []
    for key, client in clients.items():
        other_year = new.birth_year and client.birth_year and new.birth_year != client.birth_year
        if not other_year and any(_nearly(a, b) for a in known for b in _names(client)):
            found.append(key)
    return sorted(found, key=lambda key: by_name(clients[key].name))


def by_name(name: str) -> str:
    """What names are sorted by: æ, ø and å last, whatever the case."""
    return name.casefold().translate(_NORWEGIAN)


def one_slip(a: str, b: str) -> bool:
    """Whether the two are at most one slip apart: a letter wrong, missing, extra, or two swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    rest_a, rest_b = a[i:], b[i:]
    swapped = rest_a[:1] == rest_b[1:2] and rest_a[1:2] == rest_b[:1] and rest_a[2:] == rest_b[2:]
    return rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:] or swapped


@dataclass(frozen=True)
class _Words:
    names: Sequence[str]
    others: Sequence[str]
    years: Sequence[str]


def _words(client: Findable) -> _Words:
    year = str(client.birth_year or "")
    return _Words(
        names=[*_runs(client.alias), *_runs(client.name)],
        others=_runs(client.address),
        years=[year, year[2:]] if year else [],
    )


def _runs(text: str | None) -> list[str]:
    """Each word, and the text as one word from each of its words on: what is typed without the spaces."""
    words = folded_words(text or "")
    # A doubled letter where two words meet is one, too.
    return [*words, *(folded(" ".join(words[i:])) for i in range(len(words)))]


def _misfit(client: _Words, typed: str) -> int:
    """How badly one typed word fits; 100: not at all."""
    names = client.names
    near = [word for word in names if _nearly_begins(word, typed)]
    levels = (
        typed in names,
        any(word.startswith(typed) for word in names),
        typed in client.years,
        any(word.startswith(typed) for word in client.others),
        len(typed) >= _SHORTEST_INSIDE and any(typed in word for word in names),
        any(word[:1] == typed[:1] for word in near),
        bool(near),
        any(word[:1] == typed[:1] and _nearly_begins(word, typed) for word in client.others),
    )
    return next((level for level, fits in enumerate(levels) if fits), _NEVER)


def _nearly_begins(word: str, typed: str) -> bool:
    """A word begins with what was typed, give or take a slip, in the first letter too."""
    return len(typed) >= _SHORTEST_NEAR and any(one_slip(word[: len(typed) + more], typed) for more in (-1, 0, 1))


def _names(client: Findable) -> Iterable[str]:
    """The name and the alias, each as one word; a single short word says too little."""
    return [one for one in (folded(client.name), folded(client.alias or "")) if len(one) >= _SHORTEST_NEAR]


def _nearly(a: str, b: str) -> bool:
    return one_slip(a, b) or a.startswith(b) or b.startswith(a)
