"""The errors that reach the outside, as codes. Their sentences live in `texts`, their HTTP form in `routes/_web`."""

from typing import Any

STATUS = {
    "malformed": 400,
    "bad_credentials": 401,
    "bad_enrolment": 401,
    "bad_passkey": 401,
    "oidc_refused": 401,
    "oidc_unknown": 401,
    "oidc_too_weak": 403,
    "sign_in": 401,
    "cross_site": 403,
    "not_permitted": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "protocol_unsupported": 409,
    "wrong_offset": 409,
    "id_reused": 409,
    "too_large": 413,
    "not_json": 415,
    "not_an_image": 415,
    "push_host_not_allowed": 422,
    "invalid_field": 422,
    "slow_down": 429,
    "server_error": 500,
    "unavailable": 503,
    "oidc_unavailable": 503,
}
"""Every HTTP code with its status. Codes are stable: clients decide by them."""

VERDICTS = (
    "invalid_envelope",
    "invalid_body",
    "too_long",
    "unknown_reference",
    "not_permitted",
    "id_reused",
    "already_exists",
    "stale_base",
    "author_unproven",
    "private_has_no_note",
    "unreadable",
    "unknown_key",
    "newer_version",
    "unknown_type",
)
"""Every code a single entry can be answered with; the last three defer it, and so does author_unproven when its
key was right once; the others reject it."""


class AppError(Exception):
    """The whole request fails with this code; `extra` goes beside it in the answer, `headers` above it."""

    def __init__(
        self, code: str, *, field: str | None = None, headers: dict[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = STATUS[code]
        self.field = field
        self.headers = headers or {}
        self.extra = extra


class Rejected(Exception):
    """One entry is refused with this verdict code; the others in the request go on."""

    def __init__(self, code: str, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.field = field


class CannotDo(Exception):
    """A command or a form cannot be carried out; the message is the sentence the person reads."""
