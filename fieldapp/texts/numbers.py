"""Numbers somebody is told to ring are links, wherever they stand: the rule of the phone (views/words.js)."""

import re

from markupsafe import Markup, escape

_EMERGENCY = re.compile(r"(?<![\d.,–-])(116 117|11[023])(?![\d.,–-]*\d)")
"""The emergency numbers and the legevakt; alone, so that neither an amount nor a house number is taken for one."""


def with_numbers(text: str) -> Markup:
    """The text, escaped, with each emergency number as a `tel:` link."""
    parts = _EMERGENCY.split(text)
    return Markup("").join(
        Markup('<a href="tel:{}">{}</a>').format(part.replace(" ", ""), part) if i % 2 else escape(part)
        for i, part in enumerate(parts)
    )


def phone_link(number: str) -> Markup:
    """A number as it was written, as a `tel:` link with its digits."""
    return Markup('<a href="tel:{}">{}</a>').format(re.sub(r"[^\d+]", "", number), number)
