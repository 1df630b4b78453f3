"""What a database error means, in our own words. Nothing of the driver's text is passed on: with an unescaped `@` in
the address it takes a part of the password for the host, and names it.

Invariant: no log line, page or command prints more of a database error than `code_of` and `reason_of` give.
"""

from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnection

OLD_SCHEMA = "skjemaet mangler eller er gammelt"
_LOCKED = "noen andre holder den låst"
_FULL = "disken er full"
_REFUSED = "brukeren eller passordet avvises"
_NOBODY = "ingen svarer på adressa"
_BROKEN = "forbindelsen ble brutt"

_BY_CODE = {
    "28000": _REFUSED,
    "28P01": _REFUSED,
    "3D000": "basen finnes ikke",
    "25006": "den kan bare leses",
    "42P01": OLD_SCHEMA,
    "42703": OLD_SCHEMA,
    "40P01": _LOCKED,
    "53100": _FULL,
    "53300": "den har for mange forbindelser",
    "55P03": _LOCKED,
    "57014": _LOCKED,
    "57P01": "den stanser",
    "57P02": "den stanser",
    "57P03": "den starter eller stanser",
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_CANTOPEN": "fila lar seg ikke åpne",
    "SQLITE_CORRUPT": "fila er skadet",
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR": "disken svarer med feil, eller er full",
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_NOTADB": "fila er ikke en database",
    "SQLITE_READONLY": "den kan bare leses",
}
_BY_PHRASE = (
    ("no such table", OLD_SCHEMA),
    ("no such column", OLD_SCHEMA),
    ("locked", _LOCKED),
    ("authentication failed", _REFUSED),
    ("no password supplied", _REFUSED),
    ("resolve", "tjeneren finnes ikke"),
    ("translate host name", "tjeneren finnes ikke"),
    ("name or service not known", "tjeneren finnes ikke"),
    ("refused", _NOBODY),
    ("no such file", _NOBODY),
    ("no route", _NOBODY),
    ("unreachable", _NOBODY),
    ("timeout", "den svarer ikke i tide"),
    ("timed out", "den svarer ikke i tide"),
    ("certificate", "en sikker forbindelse lar seg ikke lage"),
    ("ssl", "en sikker forbindelse lar seg ikke lage"),
    ("closed", _BROKEN),
    ("terminat", _BROKEN),
    ("lost", _BROKEN),
    ("does not exist", "basen eller brukeren finnes ikke"),
)


def find(error: BaseException | None) -> BaseException | None:
    """The database error that this is, or that it comes from: one that says that the database does not answer."""
    for _ in range(5):
        if error is None or isinstance(error, OperationalError | InterfaceError | NoConnection):
            return error
        error = error.__cause__
    return None


def code_of(error: BaseException) -> str:
    """The driver's code, or the error's kind."""
    original: Any = getattr(error, "orig", None) or error
    code = getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None)
    return str(code) if code else type(original).__name__


def reason_of(error: BaseException) -> str:
    """Why the database does not answer, in Norwegian: one of a closed list, or the error's code."""
    code = code_of(error)
    known = _BY_CODE.get(code) or _BY_CODE.get("_".join(code.split("_")[:2]))
    if known:
        return known
    text = str(getattr(error, "orig", None) or error).lower()
    return next((reason for phrase, reason in _BY_PHRASE if phrase in text), code)


def said_plainly(error: OperationalError | ProgrammingError | InterfaceError) -> str:
    """One sentence about a database that is away, or whose schema is missing or old."""
    reason = reason_of(error)
    if reason == OLD_SCHEMA:
        return f"Databasen svarer ikke som ventet ({reason}). Kjør «fieldapp migrate» først."
    return f"Databasen svarer ikke ({reason}). Se FIELDAPP_DATABASE_URL."
