"""A form at the office that was sent after the session had ended: carried through the sign-in, back to where it was.

What was typed travels in the sign-in page itself, signed, and is kept nowhere on the server. It is given back to the
person whose session it was and to nobody else; and it is put into the form again, never sent on its own.
"""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Request, current_app, render_template, request
from itsdangerous import BadData, URLSafeTimedSerializer

FIELD = "skjema"
_GOOD_FOR_S = 3600
_PAGES = ("/kontor", "/admin")


def page_of(sent: Request) -> str:
    """The page the form stood on, when it is one of ours; else where it was sent."""
    referrer = urlsplit(sent.referrer or "")
    path = referrer.path + (f"?{referrer.query}" if referrer.query else "")
    return path if referrer.netloc == sent.host and _is_office(path) else "/kontor"


def seal(sent: Request, staff_id: UUID | None) -> str:
    """What was sent, as text for a hidden field; empty when there is nothing to carry, or nobody it belongs to."""
    fields = [[name, value] for name in sent.form for value in sent.form.getlist(name)]
    if staff_id is None or not fields or not _is_office(sent.path):
        return ""
    carried = {"for": staff_id.hex, "to": sent.path, "page": page_of(sent), "fields": fields}
    sealed: str = _serializer().dumps(carried)
    return sealed


def back_to_form(staff_id: UUID) -> str | None:
    """The page that leads back to the form with what was typed; None when nothing of this person's was carried."""
    carried = _open(request.form.get(FIELD, ""))
    if carried is None or carried["for"] != staff_id.hex:
        return None
    return render_template("account/back_to_form.html", carried=carried)


def _open(sealed: str) -> dict[str, Any] | None:
    try:
        opened: dict[str, Any] = _serializer().loads(sealed, max_age=_GOOD_FOR_S)
    except BadData:
        return None
    return opened


def _is_office(path: str) -> bool:
    return any(path == page or path.startswith((f"{page}/", f"{page}?")) for page in _PAGES)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="a form carried through the sign-in")
