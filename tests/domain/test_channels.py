"""Which channels an installation has, and when a push is not enough."""

from datetime import UTC, datetime

import pytest

from fieldapp.domain.channels import Channels, covers_night


def test_an_address_is_known_by_host_and_port_without_the_password_in_it() -> None:
    assert Channels.at("smtp://sett:hest@mail.example", "https://a:b@gateway.example/x") == Channels(
        "mail.example:25", "gateway.example:443"
    )
    assert Channels.at("smtps://[::1]", "http://[::1]:8080") == Channels("[::1]:465", "[::1]:8080")
    assert Channels.at("", "") == Channels()


@pytest.mark.parametrize(
    ("from_hour", "to_day", "to_hour", "covers"),
    [
        (7, 23, 15, False),
        (14, 23, 22, False),
        (14, 23, 23, False),
        (21, 24, 6, True),
        (23, 24, 7, True),
        (5, 23, 8, False),
        (4, 23, 8, True),
        (7, 25, 7, True),
    ],
)
def test_a_duty_that_lasts_into_the_hours_after_midnight_needs_a_channel_that_rings(
    from_hour: int, to_day: int, to_hour: int, covers: bool
) -> None:
    """Hours in UTC, in winter: Oslo is one ahead."""
    from_at = datetime(2026, 11, 23, from_hour, tzinfo=UTC)
    assert covers_night(from_at, datetime(2026, 11, to_day, to_hour, tzinfo=UTC)) is covers
