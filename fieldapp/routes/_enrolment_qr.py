"""The one-time code as a picture for a phone's camera: the enrolment page's address, with user name and code behind
`#`, which no browser sends to a server, so they stand in no log.
"""

from urllib.parse import quote, urlencode

import segno
from flask import request, url_for
from markupsafe import Markup

from fieldapp.routes._web import settings
from fieldapp.texts import N_, gettext

_QUIET_ZONE = 4
"""Modules of white around it (ISO 18004)."""


def enrolment_qr(username: str, code: str) -> Markup:
    """The picture, as SVG without style of its own."""
    picture = segno.make_qr(enrolment_address(username, code), error="m")
    title = gettext(N_("QR-kode som åpner siden med brukernavn og kode fylt ut"))
    drawn = picture.svg_inline(border=_QUIET_ZONE, dark="#000", light="#fff", title=title, omitsize=True)
    return Markup(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704 - drawn from modules, not from text


def enrolment_address(username: str, code: str) -> str:
    """Where the person chooses a password, with user name and code for the page to fill in."""
    base = settings().public_url or request.host_url.rstrip("/")
    filled_in = urlencode({"bruker": username, "kode": code}, quote_via=quote)
    return f"{base}{url_for('account.enrolment_page')}#{filled_in}"
