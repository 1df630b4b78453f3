"""The gettext catalogues: read straight from the .po files, so that there is no compiled copy to forget.

Inside a request the language is Flask-Babel's; on the command line and in the worker it is bokmål unless `speak` says
something else.
"""

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import has_request_context
from flask_babel import Domain, get_locale

DEFAULT_LANGUAGE = "nb"
LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
FOLDER = Path(__file__).parents[1] / "translations"

_spoken: ContextVar[str] = ContextVar("spoken", default=DEFAULT_LANGUAGE)


PHONE = "phone"
"""The context of what only the phone says, in the same files."""


def translations(language: str, context: str | None = None) -> dict[str, str]:
    """Every text of the language's file in this context, by its bokmål."""
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id and entry.context == context}


def N_(text: str) -> str:  # noqa: N802 (gettext's own name for it)
    """Mark a text for the catalogues where it stands; it is translated where it is shown."""
    return text


def gettext(text: str) -> str:
    """`text` in the language of this request, or of `speak`."""
    return _catalogue(language()).gettext(text)


_HOLE_AND_STOP = re.compile(r"%\((\w+)\)s(\.?)")


def filled(text: str, values: Mapping[str, object]) -> str:
    """`text` with its holes filled; a value that ends with a full stop («29. des.») gets no second one."""

    def fill(hole: re.Match[str]) -> str:
        value = str(values[hole[1]])
        return value if hole[2] and value.endswith(".") else value + hole[2]

    return _HOLE_AND_STOP.sub(fill, text).replace("%%", "%")


@contextmanager
def speak(language: str) -> Iterator[None]:
    """Use another language outside a request."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


class PoDomain(Domain):
    """Flask-Babel's domain over our catalogues, for templates."""

    def get_translations(self) -> NullTranslations:
        return _catalogue(language())


def language() -> str:
    """The language of this request, or of `speak`: nb, nn or en."""
    locale = get_locale() if has_request_context() else None
    return locale.language if locale else _spoken.get()


@cache
def _catalogue(language: str) -> NullTranslations:
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)
