"""`/melding/<token>`: what a partner sees of Sett. Three buttons, and nothing about anybody.

A token that is unknown, ended or run out, and an Angre that is late, used or made up, are all the same 404.
"""

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response as AnyResponse

from fieldapp.errors import AppError, Rejected
from fieldapp.queries import partner_links
from fieldapp.routes._sign_in_log import refusals_logged
from fieldapp.routes._web import LANGUAGE_COOKIE, clock, db, settings
from fieldapp.security import access
from fieldapp.services.entries import partner_links as links
from fieldapp.services.people import throttle
from fieldapp.texts import LANGUAGES, N_, gettext, message

bp = Blueprint("partner", __name__, url_prefix="/melding/<token>")

LONGEST_NOTE = 500
OWN_WORDS = {"ok": N_("Jeg har det bra"), "ring_me": N_("Ring meg")}
"""What the client says through the client's own link."""
WORDS = {"seen": N_("Sett"), "missed": N_("Ikke møtt"), "worried": N_("Bekymret")}


@bp.after_request
def _stay_out_of_search(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.get("")
@access("token")
def show(token: str) -> AnyResponse:
    """The three buttons; after one of them what was reported, with Angre while there is time."""
    if (language := request.args.get("sprak")) in LANGUAGES:
        return _in_language(token, language or "")
    return _page(token)


@bp.post("")
@access("token")
def report(token: str) -> AnyResponse:
    what, note = request.form.get("what", ""), request.form.get("note", "").strip()[:LONGEST_NOTE]
    try:
        entry_id = db().again(lambda: _report(token, what, note))
    except Rejected as rejected:
        raise AppError("not_found") from rejected
    except AppError as error:
        if error.code == "not_found":
            raise
        return _page(token, error, note)
    return redirect(url_for(".show", token=token, kvittering=_signer().dumps(entry_id.hex)), 303)


@bp.post("/angre")
@access("token")
def undo(token: str) -> AnyResponse:
    entry_id = _receipt_of(request.form.get("kvittering", ""))
    if entry_id is None:
        raise AppError("not_found")
    try:
        db().again(lambda: _take_back(token, entry_id))
    except Rejected as rejected:
        raise AppError("not_found") from rejected
    return redirect(url_for(".show", token=token, angret=1), 303)


def _report(token: str, what: str, note: str) -> UUID:
    now = clock.now()
    with db().transaction() as session:
        link = _found(links.find(session, token, now))
        if what not in _words(link):
            raise AppError("invalid_field", field="what")
        with refusals_logged("report", str(link.id)):
            throttle.note_report(session, link.id, request.remote_addr or "", now)
        say = links.check_in if link.source == links.OWN else links.report
        return say(session, link, what, note or None, now)


def _words(link: links.OpenLink) -> dict[str, str]:
    return OWN_WORDS if link.source == links.OWN else WORDS


def _take_back(token: str, entry_id: UUID) -> None:
    now = clock.now()
    with db().transaction() as session:
        links.take_back(session, _found(links.find(session, token, now)), entry_id, now)


def _page(token: str, problem: AppError | None = None, note: str = "") -> Response:
    now, given = clock.now(), request.args.get("kvittering", "")
    with db().reading() as session:
        link = _found(links.find(session, token, now))
        entry_id = _receipt_of(given)
        receipt = partner_links.receipt(session, link.viewer, entry_id, now) if entry_id else None
    page = render_template(
        "partner/check_in.html" if link.source == links.OWN else "partner/report.html",
        token=token,
        team=link.team,
        words={code: gettext(text) for code, text in _words(link).items()},
        receipt=receipt,
        signed=given,
        taken_back="angret" in request.args,
        problem=message(problem.code) if problem else "",
        note=note,
        longest_note=LONGEST_NOTE,
        languages=LANGUAGES,
    )
    return Response(page, problem.status if problem else 200, problem.headers if problem else None)


def _found(link: links.OpenLink | None) -> links.OpenLink:
    if link is None:
        raise AppError("not_found")
    return link


def _in_language(token: str, language: str) -> Response:
    """Also for a token that is none: nothing is looked up before the page itself."""
    response = make_response(redirect(url_for(".show", token=token), 303))
    response.set_cookie(LANGUAGE_COOKIE, language, samesite="Lax", httponly=True)
    return response


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="partner-receipt")


def _receipt_of(signed: str) -> UUID | None:
    """The entry a receipt speaks of; None when we did not sign it."""
    try:
        return UUID(hex=_signer().loads(signed))
    except (BadSignature, ValueError, AttributeError, TypeError):
        return None
