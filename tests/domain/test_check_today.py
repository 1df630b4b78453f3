"""«Sjekk i dag»: what belongs on the list, and in which order."""

import datetime as dt
from uuid import UUID

import pytest

from fieldapp.domain.check_today import Release, Sign, checks, sign_of

NOW = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
KARI, EVEN, SIV = (UUID(int=number) for number in (1, 2, 3))


def sign(client_id, ago, what="missed", source="lar", number=0):
    return Sign(UUID(int=100 + number), client_id, what, source, NOW - ago)


def order(signs, releases=None, missed=None):
    return [check.client_id for check in checks(signs, releases or {}, missed or {}, NOW)]


@pytest.mark.parametrize(
    ("entry_type", "body", "what"),
    [
        ("concern_raised", {"reason": "x", "urgency": "today"}, "concern"),
        ("concern_raised", {"reason": "x", "urgency": "board"}, None),
        ("concern_raised", {"reason": "x"}, None),
        ("sighting_reported", {"source": "lar", "what": "missed"}, "missed"),
        ("sighting_reported", {"source": "lar", "what": "worried"}, "worried"),
        ("sighting_reported", {"source": "lar", "what": "seen"}, None),
        ("sighting_reported", {"source": "lar"}, None),
        ("visit_logged", {"outcome": "seen"}, None),
    ],
)
def test_a_concern_for_today_and_a_sighting_missed_or_worried_belong_on_the_list(entry_type, body, what):
    assert sign_of(entry_type, body) == what


def test_who_has_waited_longest_comes_first():
    assert order([sign(KARI, HOUR), sign(EVEN, 3 * HOUR), sign(SIV, 2 * HOUR)]) == [EVEN, SIV, KARI]


def test_the_second_day_in_a_row_goes_before_the_longest_wait():
    missed = {(KARI, "lar"): [NOW - DAY, NOW - HOUR]}
    assert order([sign(EVEN, 3 * HOUR), sign(KARI, HOUR)], missed=missed) == [KARI, EVEN]


def test_who_is_just_out_goes_before_all():
    missed = {(KARI, "lar"): [NOW - DAY, NOW - HOUR]}
    releases = {EVEN: [Release("admitted", NOW - 6 * DAY)]}
    assert order([sign(SIV, DAY), sign(KARI, HOUR), sign(EVEN, HOUR)], releases, missed) == [EVEN, KARI, SIV]


@pytest.mark.parametrize(
    ("kind", "ago", "counts"),
    [
        ("admitted", 13 * DAY, True),
        ("prison", DAY, True),
        ("detox", 14 * DAY, False),
        ("treatment", -DAY, False),
        ("travel", DAY, False),
        ("with_others", DAY, False),
    ],
)
def test_just_out_means_an_institution_in_the_last_fourteen_days(kind, ago, counts):
    (check,) = checks([sign(KARI, HOUR)], {KARI: [Release(kind, NOW - ago)]}, {}, NOW)
    assert (check.released is not None) == counts


def test_the_last_release_is_the_one_that_is_told():
    releases = {KARI: [Release("detox", NOW - 9 * DAY), Release("admitted", NOW - 2 * DAY)]}
    (check,) = checks([sign(KARI, HOUR)], releases, {}, NOW)
    assert check.released == Release("admitted", NOW - 2 * DAY)


def test_days_in_a_row_are_norwegian_days_of_one_source():
    missed = {
        (KARI, "lar"): [NOW - 3 * DAY, NOW - DAY, NOW - DAY + HOUR, NOW - HOUR],
        (KARI, "shelter"): [NOW - 2 * DAY],
    }
    (check,) = checks([sign(KARI, HOUR)], {}, missed, NOW)
    assert check.days_missed == 2


def test_two_missed_on_either_side_of_a_norwegian_midnight_are_two_days():
    late = dt.datetime(2026, 11, 24, 22, 30, tzinfo=dt.UTC)
    (check,) = checks([sign(KARI, NOW - late - HOUR)], {}, {(KARI, "lar"): [late, late + HOUR]}, NOW)
    assert check.days_missed == 2


def test_a_worry_alone_is_no_day_missed():
    (check,) = checks([sign(KARI, HOUR, "worried")], {}, {(KARI, "lar"): [NOW - DAY]}, NOW)
    assert check.days_missed == 0


def test_one_client_is_one_line_with_the_oldest_sign_first():
    signs = [sign(KARI, HOUR, number=1), sign(KARI, DAY, "concern", None, number=2)]
    (check,) = checks(signs, {}, {}, NOW)
    assert [one.what for one in check.signs] == ["concern", "missed"]
