"""The questions that several panels ask: which language, and which time zone. Pure."""

from __future__ import annotations

from bot.flows.wording.places import zone_named
from bot.messenger.panels.choices import Choice, Panel, button, rows
from bot.messenger.wire.bot_api import Json
from bot.texts import languages, say

_OFFSETS = (
    "-10", "-9", "-8", "-7", "-6", "-5", "-4", "-3", "+0", "+1", "+2", "+3", "+3:30", "+4", "+5", "+5:30", "+6", "+7",
    "+8", "+9", "+9:30", "+10", "+11", "+12", "+13",
)  # fmt: skip
"""From UTC, those that most people's clocks stand at; others are written."""
_OFFSETS_IN_A_ROW = 5
_LONGEST_PLACE = 60
"""Characters of what may name a place."""


def zone_of(words: str) -> str | None:
    """The zone (its IANA name) of a place or an offset that is written or carried; `None` where it is none."""
    return zone_named(words) if len(words) <= _LONGEST_PLACE else None


def language_buttons(panel: Panel, page: str, language: str) -> list[Json]:
    """The languages that the bot speaks, each in its own words, the one that it speaks marked."""
    named = ((each, say(each, "language_name")) for each in languages())
    return [button(name, Choice(panel=panel, page=page, wish=each), marked=each == language) for each, name in named]


def zone_buttons(panel: Panel, zone: str | None) -> list[Json]:
    """Offsets from UTC, in rows, that of the zone of that name marked where it is one of them."""
    return rows(
        [
            button(
                f"UTC{offset}",
                Choice(panel=panel, page="zone", wish=f"UTC{offset}"),
                marked=zone is not None and zone_named(f"UTC{offset}") == zone,
            )
            for offset in _OFFSETS
        ],
        _OFFSETS_IN_A_ROW,
    )


def asked(panel: Panel, message: int) -> str:
    """How it is kept that a panel, of that message, asked for a place."""
    return f"{panel}:{message}"


def asked_by(kept: str | None) -> tuple[Panel, int] | None:
    """Which panel asked, and in which message; `None` where none did."""
    name, _, number = (kept or "").partition(":")
    return (Panel(name), int(number)) if name in set(Panel) and number.isdecimal() else None
