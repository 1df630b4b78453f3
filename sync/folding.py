"""How names are compared: one folding for the phone's search and the server's, held to `vectors/folded_names.json`.

A name that is missed becomes a second registration, and then two half stories of one person. So whatever a keyboard
leaves out or adds is folded away: marks, letters that do not decompose, apostrophes, invisible characters, doubled
letters. Folding is for finding and comparing only; what is shown and kept is what was written.
"""

import re
import unicodedata

_APOSTROPHES = re.compile("['`´΄᾽᾿´῾‘’‚‛′‵՚׳ꞌ＇ʰ-˿]")
"""Written within a name and left out of it, O'Connor and Oconnor alike; some decompose to a space, so they go first."""
_FILLERS = "\u115f\u1160\u2800"
"""Letters and signs without a shape."""
_LETTERS = str.maketrans(
    {"ł": "l", "ı": "i", "ø": "o", "đ": "d", "ð": "d", "ŧ": "t", "ħ": "h", "ŋ": "n", "ĸ": "k", "ə": "e", "ǝ": "e"}
    | {"ɛ": "e", "ɔ": "o", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ɲ": "n", "ƒ": "f", "ς": "σ"}
    | {"æ": "ae", "œ": "oe", "þ": "th", "ß": "ss"}
)
"""What Unicode does not take apart, as it is typed without the key."""


def folded_words(text: str) -> tuple[str, ...]:
    """The words of a text, each folded: ("lukasz", "oconor") of «Łukasz O’Connor»."""
    return tuple(_sounded(word) for word in _bare(text).split())


def folded(text: str) -> str:
    """The whole text as one word, so that Anne-Marie, Anne Marie and Annemarie are one."""
    return _sounded(_bare(text).replace(" ", ""))


def _bare(text: str) -> str:
    """Lower-case letters and digits without marks, and a space wherever something else stood."""
    parts = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", _seen(text)))
    plain = _seen(_APOSTROPHES.sub("", parts)).lower().translate(_LETTERS)
    return "".join(one if unicodedata.category(one)[0] in "LN" else " " for one in plain)


def _seen(text: str) -> str:
    """Without marks, fillers and format characters such as a soft hyphen or a zero-width space."""
    return "".join(
        one for one in text if one not in _FILLERS and unicodedata.category(one) not in ("Mn", "Mc", "Me", "Cf")
    )


def _sounded(word: str) -> str:
    """One letter where one is heard: ae, oe and ue as a, o and u, a doubled letter as one. Digits stay as they are."""
    single = word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return "".join(one for i, one in enumerate(single) if not (i and one == single[i - 1] and one.isalpha()))
