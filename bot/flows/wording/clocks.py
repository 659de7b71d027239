"""Which time zone a language lets one guess: only where nearly all who read it live by the same clock. Pure."""

from __future__ import annotations

from types import MappingProxyType

_ONE_CLOCK = MappingProxyType(
    {
        "zh": "Asia/Shanghai",
        # Hong Kong and Taiwan have the same time, and each its own zone.
        "zh-hant": "Etc/GMT-8",
        "zh-tw": "Asia/Taipei",
        "zh-hk": "Asia/Hong_Kong",
        "ja": "Asia/Tokyo",
        "ko": "Asia/Seoul",
        "th": "Asia/Bangkok",
        "vi": "Asia/Ho_Chi_Minh",
        "de": "Europe/Berlin",
        "it": "Europe/Rome",
        "nl": "Europe/Amsterdam",
        "pl": "Europe/Warsaw",
        "cs": "Europe/Prague",
        "hu": "Europe/Budapest",
        "sv": "Europe/Stockholm",
        "da": "Europe/Copenhagen",
        "nb": "Europe/Oslo",
        "fi": "Europe/Helsinki",
        "el": "Europe/Athens",
        "tr": "Europe/Istanbul",
        "he": "Asia/Jerusalem",
    }
)


def zone_guessed(locale: str) -> str | None:
    """The IANA name of the zone that those live in whose programs speak so (an IETF tag); `None` where they may not.

    English, Spanish, French, Portuguese, Arabic and Russian are spoken around the world, and tell of no zone.
    """
    tag = locale.replace("_", "-").casefold()
    return _ONE_CLOCK.get(tag) or _ONE_CLOCK.get(tag.split("-", 1)[0])
