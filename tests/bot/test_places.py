from __future__ import annotations

import pytest

from bot.flows.wording.places import zone_named
from bot.places import zone_at


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (52.52, 13.40, "Europe/Berlin"),
        (29.76, -95.37, "America/Chicago"),
        (31.23, 121.47, "Asia/Shanghai"),
        (37.39, -5.98, "Europe/Madrid"),
        (-34.60, -58.38, "America/Argentina/Buenos_Aires"),
    ],
)
def test_a_place_has_the_zone_of_its_country_there(latitude: float, longitude: float, zone: str) -> None:
    assert zone_at(latitude, longitude) == zone


@pytest.mark.parametrize(("latitude", "longitude"), [(0, -150), (90, 0), (-90, 180), (10, -180)])
def test_at_sea_and_at_the_poles_there_is_a_zone_that_hours_can_be_told_in(latitude: float, longitude: float) -> None:
    found = zone_at(latitude, longitude)

    assert found is not None
    assert zone_named(found) is not None


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, 181), (float("nan"), 0), (float("inf"), 0)])
def test_what_is_nowhere_on_earth_has_none(latitude: float, longitude: float) -> None:
    assert zone_at(latitude, longitude) is None
