"""The declaration every route carries: who may call it, and on which surface it shows client content, if it does.

`tests/routes/test_access_of_routes.py` fails for a route without one, and tests/routes/test_read_log.py for one that
shows client content and does not say so.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from fieldapp.domain.read_log import SURFACES

ACCESS = ("public", "signed_in", "office", "readers", "oversight", "admin", "token")
"""public: anyone. signed_in: any staff member. office: roles that work at `/kontor`. readers: who may read the
read log, or gives a client innsyn. oversight: those who decide who may see a client. admin: `/admin`.
token: the view itself checks a credential in the request (a delivery key, a notification id, the metrics token)."""

View = TypeVar("View", bound=Callable[..., Any])


def access(level: str, *, reads: str | None = None) -> Callable[[View], View]:
    """Declare who may call the view, and the surface on which it shows client content (None: it shows none). Nearest to
    the function, below `@bp.route`."""
    if level not in ACCESS or reads not in (None, *SURFACES):
        raise ValueError(f"unknown access {level!r} or surface {reads!r}")

    def declare(view: View) -> View:
        view.access, view.reads = level, reads  # type: ignore[attr-defined]
        return view

    return declare


def declared(view: Any) -> str | None:
    """Who may call the view, or None when it has not declared it."""
    return getattr(view, "access", None)


def surface_of(view: Any) -> str | None:
    """The surface on which the view shows client content, None when it shows none."""
    return getattr(view, "reads", None)
