"""Raw JSON from outside: reading it without surprises, finding what no database or phone could hold, writing it back.

Nothing here recurses: a sender decides how deep a value is.
"""

import json
import math
from collections.abc import Iterator
from typing import Any

MAX_DEPTH = 32
MAX_INT = 2**63 - 1

Path = tuple[str, ...]


def read(raw: bytes) -> Any:
    """The JSON value in `raw`; ValueError when it is not JSON.

    U+0000 and unpaired surrogates are read, NaN and Infinity are not JSON; a whole number of absurd length becomes
    infinity, so that only what holds it is refused.
    """
    try:
        # An unpaired surrogate written as three bytes is read like its escape: only the entry it is in shall answer.
        text = raw.decode("utf-8", "surrogatepass")
        return json.loads(text, parse_constant=_not_json, parse_int=_whole)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _not_json(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= 20 else math.inf


def flaw(value: Any) -> Path | None:
    """Where `value` holds something that can't be kept: the outer two names leading there, or None when all is well.

    That is U+0000, an unpaired surrogate, a number that is not finite or beyond 64 bits, or more than 32 levels.
    """
    level: list[tuple[Path, Any]] = [((), value)]
    for _ in range(MAX_DEPTH):
        for path, item in level:
            if _spoilt(item):
                return path
        level = [child for path, item in level for child in _children(path, item)]
        if not level:
            return None
    return level[0][0]


def _children(path: Path, item: Any) -> Iterator[tuple[Path, Any]]:
    if isinstance(item, dict):
        yield from (((*path, key)[:2], child) for key, child in item.items())
    elif isinstance(item, list):
        yield from ((path, child) for child in item)


def _spoilt(item: Any) -> bool:
    if isinstance(item, str):
        return not is_clean(item)
    if isinstance(item, float):
        return not math.isfinite(item)
    if isinstance(item, int):
        return abs(item) > MAX_INT
    return isinstance(item, dict) and not all(map(is_clean, item))


def is_clean(text: str) -> bool:
    """Whether a text is free of U+0000 and unpaired surrogates."""
    return "\0" not in text and (text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text))


def size(value: Any) -> int:
    """Bytes of `value` as compact UTF-8 JSON, as JSON.stringify writes it; for values without a flaw."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def canonical(value: Any) -> bytes:
    """The same bytes for the same value whatever the order of its keys; 1 and 1.0 differ. For values without a flaw."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def verbatim(value: Any) -> str:
    """`value` as ASCII JSON text, however deep or broken it is, so that what was refused can be kept anywhere."""
    pieces: list[str] = []
    todo: list[tuple[bool, Any]] = [(False, value)]
    while todo:
        is_text, item = todo.pop()
        if is_text:
            pieces.append(item)
        elif isinstance(item, dict | list):
            todo.extend(reversed(list(_opened(item))))
        else:
            pieces.append(json.dumps(item))
    return "".join(pieces)


def _opened(item: dict[str, Any] | list[Any]) -> Iterator[tuple[bool, Any]]:
    is_dict = isinstance(item, dict)
    yield True, "{" if is_dict else "["
    for position, part in enumerate(item):
        if position:
            yield True, ","
        if isinstance(item, dict):
            yield True, json.dumps(part) + ":"
            yield False, item[part]
        else:
            yield False, part
    yield True, "}" if is_dict else "]"
