"""Every alarm there is has advice, and every channel its alarms."""

from enum import Enum

import pytest

from fieldapp.domain.channels import EMAIL, PUSH, WEBHOOK
from fieldapp.domain.operator_alarms import Alarm


@pytest.mark.parametrize("row", [("new_code",), ("new_code", ""), ("", "gjør noe")])
def test_an_alarm_without_advice_cannot_be_written_down(row: tuple[str, ...]) -> None:
    with pytest.raises((TypeError, ValueError)):
        Enum("More", {"NEW": row}, type=_WithAdvice)


class _WithAdvice:
    __init__ = Alarm.__init__


@pytest.mark.parametrize("channel", [PUSH, EMAIL, WEBHOOK])
def test_every_channel_that_says_no_has_an_alarm(channel: str) -> None:
    assert Alarm.refused_by(channel).code == f"{channel}_refused"
    assert Alarm.too_large_for(channel).code == f"{channel}_too_large"


def test_a_code_fits_its_column_and_stands_once() -> None:
    codes = [alarm.code for alarm in Alarm]
    assert len(codes) == len(set(codes))
    assert max(map(len, codes)) <= 40
