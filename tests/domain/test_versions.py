"""An entry before and after each of its corrections."""

import datetime as dt
import uuid

from fieldapp.domain.versions import Change, Fix, changes

AT = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(hours=1)
FIRST, SECOND, THIRD = (uuid.UUID(int=n) for n in (1, 2, 3))


def test_each_correction_stands_on_the_one_before():
    fixes = [Fix(FIRST, {"note": "te"}), Fix(SECOND, {"note": None, "place": "cafe"}), Fix(THIRD, {}, LATER)]
    assert dict(changes({"note": "kaffe"}, AT, fixes)) == {
        FIRST: Change({"note": "kaffe"}, {"note": "te"}, AT, AT),
        SECOND: Change({"note": "te"}, {"note": None, "place": "cafe"}, AT, AT),
        THIRD: Change({"note": None, "place": "cafe"}, {"note": None, "place": "cafe"}, AT, LATER),
    }


def test_what_has_no_effect_changes_nothing_for_those_after_it():
    fixes = [Fix(FIRST, {"note": "te"}, LATER, has_effect=False), Fix(SECOND, {"place": "cafe"})]
    told = dict(changes({"note": "kaffe"}, AT, fixes))
    assert told[FIRST] == Change({"note": "kaffe"}, {"note": "kaffe"}, AT, AT)
    assert told[SECOND].after == {"note": "kaffe", "place": "cafe"}
