from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bot.flows.wording.clocks import zone_guessed


@pytest.mark.parametrize(
    ("locale", "zone"),
    [
        ("zh", "Asia/Shanghai"),
        ("zh-hans", "Asia/Shanghai"),
        ("zh-Hant", "Etc/GMT-8"),
        ("zh_TW", "Asia/Taipei"),
        ("ja", "Asia/Tokyo"),
        ("de-AT", "Europe/Berlin"),
    ],
)
def test_a_language_of_one_clock_tells_the_zone(locale: str, zone: str) -> None:
    assert zone_guessed(locale) == zone
    assert ZoneInfo(zone)


@pytest.mark.parametrize("locale", ["", "en", "en-GB", "es", "fr", "pt-br", "ar", "ru", "xx", "-", "z"])
def test_a_language_that_is_spoken_around_the_world_tells_none(locale: str) -> None:
    assert zone_guessed(locale) is None
