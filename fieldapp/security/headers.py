"""The headers of every answer. No inline code, no third parties, no framing, and nothing personal in any cache."""

from flask import Flask, Response, current_app, request

from fieldapp.security.declare import declared

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_ALWAYS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)",
}
"""`data:` images: the design system draws its icons so. `same-origin` referrers: with none at all a form's own Origin
is `null`, which the cross-site rule refuses."""

_OF_PARTS = {name: _ALWAYS[name] for name in ("X-Content-Type-Options", "Cross-Origin-Resource-Policy")}
"""Code and style that a page loads obey the page's policy; repeating it on eighty small files costs more than many of
them weigh."""


def install(app: Flask) -> None:
    """Set them on every answer, errors included."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    is_part = request.endpoint == "static.file" and response.status_code < 400
    wanted = _OF_PARTS if is_part else _ALWAYS
    response.headers.extend({name: value for name, value in wanted.items() if name not in response.headers})
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if _is_private():
        response.headers["Cache-Control"] = "no-store"
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache"
    return response


def _is_private() -> bool:
    """Everything behind a login, and every machine endpoint, since those answer about somebody."""
    if request.endpoint is None or request.path.startswith("/api/"):
        return True
    return declared(current_app.view_functions[request.endpoint]) != "public"
