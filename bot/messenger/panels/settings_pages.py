"""What the settings panel shows, page by page. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from types import MappingProxyType

from bot.flows.wording.vocabulary import LANGUAGES
from bot.flows.wording.weekdays import WEEKEND, WORKDAYS
from bot.messenger.panels.choices import Choice, Panel, View, button, clocked, rows
from bot.messenger.panels.common import language_buttons, zone_buttons
from bot.messenger.wire.bot_api import Json
from bot.texts import say
from bot.texts.digests import (
    bounds,
    described,
    next_told,
    told_alerts,
    told_language,
    told_pauses,
    told_quiet,
    told_zone,
    when,
)
from storage.domain.annotations import Category
from storage.domain.digests import EVERY_DAY, DigestSettings, QuietHours, Style, Tastes, WhenEmpty
from storage.domain.kinds import ArticleKind

MAIN = "main"
DAYS: Mapping[str, frozenset[int]] = MappingProxyType({"daily": EVERY_DAY, "workdays": WORKDAYS, "weekend": WEEKEND})
LENGTHS = (3, 5, 7, 10, 15)
QUIET = tuple(
    QuietHours(since=time(since), until=time(until)) for since, until in ((21, 7), (22, 7), (22, 8), (23, 7), (0, 8))
)
OUTLETS, A_DAY = (3, 5, 8), (1, 2, 5)
READ_IN = tuple(dict.fromkeys(code for codes in LANGUAGES.values() for code in codes))
"""Languages that news can be wanted in (ISO 639-1)."""
PAUSES = (1, 3, 7, 14)
"""For how many days digests can be paused."""
ANY, OFF = "any", "off"

_HOURS = tuple(
    time.fromisoformat(at)
    for at in (
        "06:00", "06:30", "07:00", "07:30", "08:00", "08:30", "09:00", "12:00", "12:30", "13:00", "17:00", "18:00",
        "18:30", "19:00", "20:00", "21:00",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a reader wants, and the language that it is told in, at a time."""

    settings: DigestSettings
    language: str
    now: datetime

    def say(self, key: str, /, **fields: object) -> str:
        """A sentence in their language."""
        return say(self.language, key, **fields)

    def choice(self, text: str, page: str, wish: str = "", *, marked: bool = False) -> Json:
        """A button of the panel."""
        return button(text, Choice(panel=Panel.SETTINGS, page=page, wish=wish), marked=marked)


def page(name: str, held: Held) -> View | None:
    """A page of the panel as it is by now; `None` where there is none of that name."""
    made = _PAGES.get(name)
    return None if made is None else made(held)


def closed(held: Held) -> View:
    """What is left of the panel when it is done with."""
    return View(title=held.say("settings_title"), lines=_told(held), keyboard={"inline_keyboard": []})


def _main(held: Held) -> View:
    active = held.settings.active
    leads = [held.choice(held.say(f"settings_{name}"), name) for name in _PAGES if name != MAIN]
    buttons = [
        [
            held.choice(held.say("settings_digest_on"), "digest", "on", marked=active),
            held.choice(held.say("settings_digest_off"), "digest", "off", marked=not active),
        ],
        *rows(leads, 2),
        [held.choice(held.say("button_done"), "close")],
    ]
    usage = held.say("digest_usage").splitlines()
    return View(
        title=held.say("settings_title"),
        lines=(*_told(held), "", *usage),
        keyboard={"inline_keyboard": list(buttons)},
    )


def _told(held: Held) -> tuple[str, ...]:
    coming = next_told(held.settings, held.language, held.now)
    told = described(held.settings, held.language, held.now)
    return (*told, *((coming,) if coming else ()), held.say("settings_spoken"))


def _when(held: Held) -> View:
    table = held.settings.timetable
    times = sorted({*_HOURS, *table.times})
    hours = [
        held.choice(
            f"{at:%H:%M}",
            "when",
            f"{'-' if held.settings.active and at in table.times else '+'}{clocked(at)}",
            marked=held.settings.active and at in table.times,
        )
        for at in times
    ]
    days = [
        held.choice(held.say(f"settings_days_{name}"), "days", name, marked=table.days == of)
        for name, of in DAYS.items()
    ]
    told = held.say("digest_on" if held.settings.active else "digest_off", when=when(table, held.language))
    return _page(held, "when", told, [*rows(hours, 4), days])


def _pause(held: Held) -> View:
    told = told_pauses(held.settings.timetable, held.language, held.now) if held.settings.active else ()
    days = [held.choice(held.say("settings_days", n=n), "pause", str(n)) for n in PAUSES]
    on = held.choice(held.say("settings_no_pause"), "pause", OFF, marked=not told)
    return _page(held, "pause", "\n".join(told) or held.say("settings_not_paused"), [days, [on]])


def _zone(held: Held) -> View:
    zone = held.settings.timetable.zone
    return _page(held, "zone", told_zone(zone, held.language), zone_buttons(Panel.SETTINGS, zone))


def _quiet(held: Held) -> View:
    quiet = held.settings.timetable.quiet
    offered = QUIET if quiet is None or quiet in QUIET else (*QUIET, quiet)
    hours = [
        held.choice(
            f"{each.since:%H:%M}–{each.until:%H:%M}",
            "quiet",
            f"{clocked(each.since)}-{clocked(each.until)}",
            marked=each == quiet,
        )
        for each in offered
    ]
    none = held.choice(held.say("settings_none"), "quiet", OFF, marked=quiet is None)
    told = held.say("settings_no_quiet") if quiet is None else told_quiet(quiet, held.language)
    return _page(held, "quiet", told, [*rows(hours, 2), [none]])


def _alerts(held: Held) -> View:
    alerts = held.settings.alerts
    wanted = (None, None) if alerts is None else (alerts.outlets, alerts.a_day)
    outlets = [
        held.choice(held.say("settings_outlets", n=n), "alerts", f"o{n}", marked=wanted[0] == n) for n in OUTLETS
    ]
    a_day = [held.choice(held.say("settings_a_day", n=n), "alerts", f"d{n}", marked=wanted[1] == n) for n in A_DAY]
    off = held.choice(held.say("settings_off"), "alerts", OFF, marked=alerts is None)
    return _page(held, "alerts", told_alerts(alerts, held.language), [outlets, a_day, [off]])


def _amount(held: Held) -> View:
    settings = held.settings
    lengths = [held.choice(str(n), "length", str(n), marked=settings.length == n) for n in LENGTHS]
    styles = [
        held.choice(held.say(f"settings_style_{each}"), "style", each, marked=settings.style is each) for each in Style
    ]
    empty = [
        held.choice(held.say(f"settings_empty_{each}"), "empty", each, marked=settings.when_empty is each)
        for each in WhenEmpty
    ]
    style = held.say(f"digest_style_{settings.style}")
    told = held.say("digest_amount", length=settings.length, style=style)
    also = held.say(f"digest_when_empty_{settings.when_empty}")
    return _page(held, "amount", f"{told}\n{also}", [lengths, styles, *rows(empty, 1)])


def _subjects(held: Held) -> View:
    tastes = held.settings.tastes
    named = [(str(each), held.say(f"category_{each}"), each in tastes.categories) for each in Category]
    return _bound(held, "subjects", named, Tastes(categories=tastes.categories), width=2)


def _kinds(held: Held) -> View:
    tastes = held.settings.tastes
    named = [(str(each), held.say(f"digest_kind_{each}"), each in tastes.kinds) for each in ArticleKind]
    return _bound(held, "kinds", named, Tastes(kinds=tastes.kinds), width=2)


def _languages(held: Held) -> View:
    tastes = held.settings.tastes
    every = dict.fromkeys((*READ_IN, *tastes.languages))
    named = [(each, told_language(each, held.language), each in tastes.languages) for each in every]
    return _bound(held, "languages", named, Tastes(languages=tastes.languages), width=3)


def _speech(held: Held) -> View:
    buttons = [language_buttons(Panel.SETTINGS, "speech", held.language)]
    return _page(held, "speech", held.say("settings_spoken"), list(buttons))


def _bound(held: Held, name: str, named: Iterable[tuple[str, str, bool]], bound: Tastes, *, width: int) -> View:
    """A page on what of the news is wanted: some of a list, or anything."""
    buttons = [
        held.choice(text, name, f"{'-' if marked else '+'}{value}", marked=marked) for value, text, marked in named
    ]
    only = bounds(bound, held.language)
    told = held.say("digest_only", bounds=only) if only else held.say("settings_anything")
    anything = held.choice(held.say("settings_any"), name, ANY, marked=not only)
    return _page(held, name, told, [*rows(buttons, width), [anything]])


def _page(held: Held, name: str, told: str, buttons: Sequence[Json]) -> View:
    """A page that says how something is, with its buttons and the way back."""
    return View(
        title=held.say(f"settings_{name}"),
        lines=(*told.splitlines(), "", *held.say(f"settings_{name}_hint").splitlines()),
        keyboard={"inline_keyboard": [*buttons, [held.choice("↩", MAIN)]]},
    )


_PAGES: Mapping[str, Callable[[Held], View]] = MappingProxyType(
    {
        MAIN: _main,
        "when": _when,
        "pause": _pause,
        "zone": _zone,
        "quiet": _quiet,
        "alerts": _alerts,
        "amount": _amount,
        "subjects": _subjects,
        "kinds": _kinds,
        "languages": _languages,
        "speech": _speech,
    }
)
"""In the order in which the first leads to the others."""
