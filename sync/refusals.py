"""The two ways of saying no: to a whole request, or to one entry in it."""

from typing import Literal

Refusal = Literal["rejected", "deferred"]


class RequestError(Exception):
    """The whole request is refused and nothing of it is taken."""

    def __init__(self, status: int, code: str, **extra: object) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.extra = extra


class Refused(Exception):
    """One entry is rejected or deferred; the others beside it go on."""

    def __init__(self, verdict: Refusal, code: str, field: str | None = None) -> None:
        super().__init__(f"{verdict} {code} {field or ''}".rstrip())
        self.verdict: Refusal = verdict
        self.code = code
        self.field = field


def rejected(code: str, field: str | None = None) -> Refused:
    """A rejection to raise."""
    return Refused("rejected", code, field)
