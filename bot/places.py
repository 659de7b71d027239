"""Which time zone a place on Earth has. The only module that knows the borders of zones."""

from __future__ import annotations


def zone_at(latitude: float, longitude: float) -> str | None:
    """The zone (its IANA name) there, in degrees north and east; `None` where that is no place."""
    from tzfpy import get_tz

    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004 - the poles, and the date line
        return None
    return get_tz(longitude, latitude) or None
