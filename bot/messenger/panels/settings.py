"""The settings panel: how a reader wants their digests and what comes unasked, changed by tapping.

Decides and changes nothing; what it decides takes effect with the tap, and is shown at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from bot.flows import digest_choices as choose
from bot.flows.pausing import going_on, paused_for
from bot.messenger.incoming.events import Origin
from bot.messenger.panels import settings_pages as pages
from bot.messenger.panels.choices import Choice, Panel, Turn, View, hour_of, signed
from bot.messenger.panels.common import asked, zone_of
from bot.messenger.panels.ports import Wishes
from bot.messenger.panels.settings_pages import MAIN, Held, page
from bot.texts import languages, say
from bot.texts.digests import told_zone
from storage.domain.annotations import Category
from storage.domain.changes import Awaited, Change, Spoken
from storage.domain.digests import DigestSettings, QuietHours, Style, Tastes, WhenEmpty
from storage.domain.kinds import ArticleKind
from storage.domain.times import Clock
from storage.errors import InputError

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPanel:
    """Shows a reader's settings and changes them."""

    digests: Wishes
    clock: Clock

    async def opened(self, origin: Origin) -> View:
        """Its first page."""
        return self._view(origin, await self.digests.settings(origin.reader, origin.language), MAIN)

    async def chosen(self, origin: Origin, choice: Choice) -> Turn | None:
        """What a tap comes to; `None` where there is no such button (any more).

        Raises:
            InputError: What is chosen does not go with what was chosen before.
        """
        held = await self.digests.settings(origin.reader, origin.language)
        if choice.page == "close":
            return Turn(view=pages.closed(self._held(origin, held)))
        if choice.page == "speech" and choice.wish in languages():
            here = replace(origin, language=choice.wish)
            return Turn(
                view=self._view(here, held, "speech"), changes=(Spoken(reader=origin.reader, language=choice.wish),)
            )
        if not choice.wish:
            return self._led(origin, held, choice.page)
        edit = _EDITS.get(choice.page)
        if choice.page == "pause":
            wanted = _paused(held, choice.wish, self.clock())
        else:
            wanted = None if edit is None else edit(held, choice.wish)
        if wanted is None:
            return None
        shown = _SHOWN_ON.get(choice.page, choice.page)
        return Turn(view=self._view(origin, wanted, shown), changes=self._changes(origin, held, wanted))

    async def written(self, origin: Origin, words: str, message: int) -> Turn | None:
        """What it comes to that they write where they live; `None` where it is no place."""
        held = await self.digests.settings(origin.reader, origin.language)
        wanted = _placed(held, words)
        if wanted is None:
            return None
        zone = told_zone(wanted.timetable.zone, origin.language)
        return Turn(
            view=self._view(origin, wanted, MAIN),
            changes=self._changes(origin, held, wanted),
            message=message,
            said=say(origin.language, "settings_zone_noted", zone=zone),
        )

    async def placed(self, origin: Origin, zone: str) -> Turn:
        """That they are in a zone, which they were not asked for."""
        held = await self.digests.settings(origin.reader, origin.language)
        said = say(origin.language, "settings_zone_noted", zone=told_zone(zone, origin.language))
        return Turn(view=None, changes=self._changes(origin, held, choose.by_zone(held, zone)), said=said)

    def _led(self, origin: Origin, held: DigestSettings, name: str) -> Turn | None:
        view = page(name, self._held(origin, held))
        waits = Awaited(reader=origin.reader, asked=asked(Panel.SETTINGS, origin.message_id))
        return None if view is None else Turn(view=view, changes=(waits,) if name == "zone" else ())

    def _view(self, origin: Origin, settings: DigestSettings, name: str) -> View:
        view = page(name, self._held(origin, settings))
        if view is None:
            raise AssertionError(f"no page {name}")
        return view

    def _held(self, origin: Origin, settings: DigestSettings) -> Held:
        return Held(settings=settings, language=origin.language, now=self.clock())

    def _changes(self, origin: Origin, held: DigestSettings, wanted: DigestSettings) -> tuple[Change, ...]:
        if wanted == held:
            return ()
        return (self.digests.to_change(held, replace(wanted, language=origin.language)),)


# Each tells how they want it by what a button carries, and nothing where it carries what none of ours does.
_Edit = Callable[[DigestSettings, str], DigestSettings | None]


def _active(held: DigestSettings, wish: str) -> DigestSettings | None:
    return replace(held, active=wish == "on") if wish in {"on", pages.OFF} else None


def _timed(held: DigestSettings, wish: str) -> DigestSettings | None:
    said = signed(wish)
    at = None if said is None else hour_of(said[0])
    return None if said is None or at is None else choose.also_at(held, at, wanted=said[1])


def _paused(held: DigestSettings, wish: str, now: datetime) -> DigestSettings | None:
    if wish == pages.OFF:
        return replace(held, timetable=going_on(held.timetable, now))
    if wish not in set(map(str, pages.PAUSES)):
        return None
    if not held.active:
        raise InputError("digest", "none comes", key="digest_none_yet")
    return paused_for(held, int(wish), now)


def _on_days(held: DigestSettings, wish: str) -> DigestSettings | None:
    return choose.on_days(held, pages.DAYS[wish]) if wish in pages.DAYS else None


def _placed(held: DigestSettings, wish: str) -> DigestSettings | None:
    zone = zone_of(wish)
    return None if zone is None else choose.by_zone(held, zone)


def _quiet(held: DigestSettings, wish: str) -> DigestSettings | None:
    if wish == pages.OFF:
        return choose.quiet(held, None)
    since, until = map(hour_of, (wish.partition("-")[0], wish.partition("-")[2]))
    if since is None or until is None or since == until:
        return None
    return choose.quiet(held, QuietHours(since=since, until=until))


def _length(held: DigestSettings, wish: str) -> DigestSettings | None:
    return replace(held, length=int(wish)) if wish in set(map(str, pages.LENGTHS)) else None


def _style(held: DigestSettings, wish: str) -> DigestSettings | None:
    return replace(held, style=Style(wish)) if wish in set(Style) else None


def _when_empty(held: DigestSettings, wish: str) -> DigestSettings | None:
    return replace(held, when_empty=WhenEmpty(wish)) if wish in set(WhenEmpty) else None


def _alerts(held: DigestSettings, wish: str) -> DigestSettings | None:
    if wish == pages.OFF:
        return replace(held, alerts=None)
    if wish in {f"o{n}" for n in pages.OUTLETS}:
        return choose.alerted(held, outlets=int(wish[1:]))
    return choose.alerted(held, a_day=int(wish[1:])) if wish in {f"d{n}" for n in pages.A_DAY} else None


def _tastes(bound: Callable[[Tastes, str], Tastes | None]) -> _Edit:
    def edited(held: DigestSettings, wish: str) -> DigestSettings | None:
        tastes = bound(held.tastes, wish)
        return None if tastes is None else replace(held, tastes=tastes)

    return edited


def _subjects(held: Tastes, wish: str) -> Tastes | None:
    chosen = _bounded(held.categories, wish, {str(each): each for each in Category})
    return None if chosen is None else replace(held, categories=chosen)


def _kinds(held: Tastes, wish: str) -> Tastes | None:
    chosen = _bounded(held.kinds, wish, {str(each): each for each in ArticleKind})
    return None if chosen is None else replace(held, kinds=chosen)


def _languages(held: Tastes, wish: str) -> Tastes | None:
    chosen = _bounded(held.languages, wish, {each: each for each in (*pages.READ_IN, *held.languages)})
    return None if chosen is None else replace(held, languages=chosen)


def _bounded(held: tuple[_Value, ...], wish: str, every: Mapping[str, _Value]) -> tuple[_Value, ...] | None:
    if wish == pages.ANY:
        return ()
    said = signed(wish)
    if said is None or said[0] not in every:
        return None
    return choose.bounded(held, every[said[0]], list(every.values()), wanted=said[1])


_EDITS: Mapping[str, _Edit] = MappingProxyType(
    {
        "digest": _active,
        "when": _timed,
        "days": _on_days,
        "zone": _placed,
        "quiet": _quiet,
        "length": _length,
        "style": _style,
        "empty": _when_empty,
        "alerts": _alerts,
        "subjects": _tastes(_subjects),
        "kinds": _tastes(_kinds),
        "languages": _tastes(_languages),
    }
)
_SHOWN_ON: Mapping[str, str] = MappingProxyType(
    {"digest": MAIN, "days": "when", "length": "amount", "style": "amount", "empty": "amount"}
)
"""Where it is shown what is chosen, where that is no page of its own."""
