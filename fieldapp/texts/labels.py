"""What each code of the closed lists is called on screen, in the same words as on the phone.

The codes are the contract's (`sync.codes.LISTS`, same names); a few lists are the office's own.
"""

from fieldapp.texts.catalogues import gettext
from fieldapp.texts.words_board import BOARD, BOARD_TYPES
from fieldapp.texts.words_checks import CHECKS
from fieldapp.texts.words_field import CASES, CONTACT, PEOPLE
from fieldapp.texts.words_incidents import INCIDENTS
from fieldapp.texts.words_links import LINKS
from fieldapp.texts.words_plans import PLAN_TYPES, PLANS
from fieldapp.texts.words_watch import ALERTS, WATCH

LABELS: dict[str, dict[str, str]] = {
    **PEOPLE,
    **CONTACT,
    **CASES,
    **INCIDENTS,
    **CHECKS,
    **LINKS,
    **WATCH,
    **ALERTS,
    **PLANS,
    **BOARD,
}
LABELS["entry_type"] = ALERTS["entry_type"] | PLAN_TYPES | BOARD_TYPES


def label(list_name: str, code: str) -> str:
    """What `code` is called on screen; the code itself when the list does not know it (a newer phone may)."""
    text = LABELS[list_name].get(code)
    return gettext(text) if text else code


def choices(list_name: str) -> list[tuple[str, str]]:
    """(code, label) of a whole list, in its own order."""
    return [(code, gettext(text)) for code, text in LABELS[list_name].items()]
