"""What a name is, of a client, a member of staff, a team, a place, a device: text of which something can be seen.

Two names that look alike are the same text, and nothing in a name can hide or turn the text around it. So a name is
kept in one form (NFC), without control characters, direction marks and other characters nobody sees, its spaces plain.
The phone computes the same (`core/names.js`); `vectors/names.json` holds for both.
"""

import re
import unicodedata

_SPACES = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""They change the direction of what stands beside them."""
_UNSEEN = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f"
    "\u2800\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff"
)
"""Written out and not asked of a Unicode table: phone and server have different ones. Private use shows nothing that
two machines agree on."""
_JOINERS = "\u200c\u200d"
"""They join or part letters in Persian, Hindi and others; between two of them they belong to the name."""

_SPACE = re.compile(f"[{_SPACES}]+")
_DROPPED = re.compile(f"[{_TURNING}{_UNSEEN}]")
_LOOSE_JOINER = re.compile(f"(?<![^ {_JOINERS}])[{_JOINERS}]|[{_JOINERS}](?![^ {_JOINERS}])")
_NEVER_TYPED = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """The name in `text` in its one form; empty when nothing of it can be seen."""
    plain = _SPACE.sub(" ", _DROPPED.sub("", text))
    name = unicodedata.normalize("NFC", _LOOSE_JOINER.sub("", plain).strip(" "))
    return name if any(_is_seen(char) for char in name) else ""


def is_name(text: str) -> bool:
    """Whether `text` can stand as a name: something can be seen, and it holds no control character and nothing that
    turns the direction of text. What else `clean` takes away does no harm."""
    return bool(clean(text)) and not _NEVER_TYPED.search(text)


def _is_seen(char: str) -> bool:
    """A mark alone sits on nothing."""
    return char not in " " + _JOINERS and not unicodedata.category(char).startswith("M")
