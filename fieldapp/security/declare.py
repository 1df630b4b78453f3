"""The declaration every route carries. `tests/routes/test_access_of_routes.py` fails for a route without one."""

from collections.abc import Callable
from typing import Any, TypeVar

ACCESS = ("public", "signed_in", "office", "oversight", "admin", "token")
"""public: anyone. signed_in: any staff member. office: roles that work at `/kontor`. oversight:
those who decide who may see a client. admin: `/admin`.
token: the view itself checks a credential in the request (a delivery key, a notification id, the metrics token)."""

View = TypeVar("View", bound=Callable[..., Any])


def access(level: str) -> Callable[[View], View]:
    """Declare who may call the view. Nearest to the function, below `@bp.route`."""
    if level not in ACCESS:
        raise ValueError(f"unknown access {level!r}")

    def declare(view: View) -> View:
        view.access = level  # type: ignore[attr-defined]
        return view

    return declare


def declared(view: Any) -> str | None:
    """What the view declared, or None."""
    return getattr(view, "access", None)
