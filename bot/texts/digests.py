"""What is said of how a reader wants their digests, wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.flows.pausing import local_minute, pauses_ahead
from bot.flows.schedule import next_slot
from bot.flows.wording.places import zone_called
from bot.flows.wording.weekdays import WEEKEND, WORKDAYS
from bot.texts import catalogue, say
from bot.texts.times import dated
from storage.domain.annotations import Category
from storage.domain.changes import Unheard, Wished
from storage.domain.digests import EVERY_DAY, Alerts, DigestSettings, Pause, QuietHours, Tastes, Timetable

_ONE, _A_DAY = timedelta(minutes=1), timedelta(days=1)
_MOST_NAMED = 8
"""Of more subjects those are named that are left out."""


def described(settings: DigestSettings, language: str | None, now: datetime) -> tuple[str, ...]:
    """How they want them, in a few lines: when, and when not for a time; what, what comes unasked and when not."""
    timetable = settings.timetable
    lines = [
        say(language, "digest_on" if settings.active else "digest_off", when=when(timetable, language)),
        *(told_pauses(timetable, language, now) if settings.active else ()),
        say(
            language,
            "digest_amount",
            length=settings.length,
            style=say(language, f"digest_style_{settings.style}"),
        ),
    ]
    if only := bounds(settings.tastes, language):
        lines.append(say(language, "digest_only", bounds=only))
    lines.append(say(language, f"digest_when_empty_{settings.when_empty}"))
    if timetable.quiet is not None:
        lines.append(told_quiet(timetable.quiet, language))
    lines.append(told_alerts(settings.alerts, language))
    return tuple(lines)


def told_pauses(timetable: Timetable, language: str | None, now: datetime) -> tuple[str, ...]:
    """Until when none comes, or which are left out; nothing where all come."""
    ahead = pauses_ahead(timetable, now)
    told = [_told_pause(each, language, local_minute(timetable, now)) for each in ahead]
    return (*told, say(language, "digest_pause_ends")) if told else ()


def _told_pause(pause: Pause, language: str | None, now: datetime) -> str:
    since, until = pause.since, pause.until
    if until - since <= _ONE:
        return say(language, "digest_one_skipped", at=_local(since, language))
    if until == datetime.combine(since.date(), time()) + _A_DAY:
        return say(language, "digest_day_skipped", day=_local_day(since, language))
    if since <= now:
        return say(language, "digest_paused", until=_local(until, language))
    return say(language, "digest_paused_later", since=_local(since, language), until=_local(until, language))


def _local(at: datetime, language: str | None) -> str:
    """A day of the reader's own, and the time of day unless it begins then."""
    day = _local_day(at, language)
    return day if at.time() == time() else say(language, "digest_day_time", day=day, time=_clock(at.time()))


def _local_day(at: datetime, language: str | None) -> str:
    return say(language, "digest_day", day=_weekday(at.isoweekday(), language), date=dated(at.date(), language))


def told_quiet(quiet: QuietHours, language: str | None) -> str:
    """When nothing comes unasked."""
    return say(language, "digest_quiet", since=_clock(quiet.since), until=_clock(quiet.until))


def told_alerts(alerts: Alerts | None, language: str | None) -> str:
    """Whether breaking news come at once."""
    if alerts is None:
        return say(language, "digest_no_alerts")
    return say(language, "digest_alerts", outlets=alerts.outlets, a_day=alerts.a_day)


def when(timetable: Timetable, language: str | None) -> str:
    """On which days and at what times, and by which clock."""
    return say(
        language,
        "digest_when",
        days=_days(timetable.days, language),
        times=_listed((_clock(at) for at in timetable.times), language),
        zone=told_zone(timetable.zone, language),
    )


def bounds(tastes: Tastes, language: str | None) -> str:
    """What of the news they want to be shown; empty where that is anything."""
    parts = []
    if tastes.categories:
        left_out = [each for each in Category if each not in tastes.categories]
        few = len(tastes.categories) <= _MOST_NAMED
        named = _listed(
            (say(language, f"category_{each}") for each in (tastes.categories if few else left_out)), language
        )
        parts.append(named if few else say(language, "digest_all_but", categories=named))
    if tastes.kinds:
        parts.append(_listed((say(language, f"digest_kind_{each}") for each in tastes.kinds), language))
    if tastes.languages:
        named = _listed((told_language(each, language) for each in tastes.languages), language)
        parts.append(say(language, "digest_in", languages=named))
    if tastes.sources:
        parts.append(say(language, "digest_from", sources=_listed(tastes.sources, language)))
    return say(language, "digest_between").join(parts)


def wished(change: Wished, language: str | None) -> tuple[str, ...]:
    """What a reader's wish comes to, what was learned from it, and when the next digest comes."""
    first, *rest = described(change.settings, language, change.at)
    topics = _listed((str(each.text) for each in change.evidence), language)
    learned = (say(language, "digest_topics", topics=topics),) if topics else ()
    told = next_told(change.settings, language, change.at)
    unheard = (_told_unheard(each, language) for each in change.unheard)
    back = () if change.settings.active else (say(language, "digest_back"),)
    if change.left_out:
        named = _listed((_weekday(day, language) for day in sorted(change.left_out)), language)
        back = (say(language, "digest_left_out", days=named),)
    if change.settings.active and pauses_ahead(change.settings.timetable, change.at):
        rest.insert(
            len(told_pauses(change.settings.timetable, language, change.at)), say(language, "digest_pause_alone")
        )
    return (first, *back, *learned, *rest, *unheard, *(() if told is None else (told,)))


def _told_unheard(unheard: Unheard, language: str | None) -> str:
    if unheard.near:
        return say(language, "digest_unheard_near", name=unheard.name, near=_listed(unheard.near, language))
    return say(language, "digest_unheard", name=unheard.name)


def next_told(settings: DigestSettings, language: str | None, now: datetime) -> str | None:
    """When the next digest comes, by the reader's own clock; `None` where none does."""
    if not settings.active:
        return None
    at = next_slot(settings.timetable, now).at.astimezone(ZoneInfo(settings.timetable.zone))
    return say(
        language,
        "digest_next",
        day=_weekday(at.isoweekday(), language),
        date=dated(at.date(), language),
        time=_clock(at.time()),
        zone=told_zone(settings.timetable.zone, language),
    )


def _days(days: frozenset[int], language: str | None) -> str:
    for group, name in ((EVERY_DAY, "daily"), (WORKDAYS, "workdays"), (WEEKEND, "weekend")):
        if days == group:
            return say(language, f"digest_{name}")
    return say(language, "digest_on_days", days=_listed((_weekday(day, language) for day in sorted(days)), language))


def _weekday(day: int, language: str | None) -> str:
    return say(language, "digest_weekdays").split()[day - 1]


def told_zone(zone: str, language: str | None) -> str:
    """What the zone of that name (IANA) is called."""
    called = zone_called(zone, language or "")
    return called if called.startswith("UTC") else say(language, "digest_zone", place=called)


def told_language(code: str, language: str | None) -> str:
    """What a language is called in another."""
    key = f"digest_language_{code}"
    return say(language, key) if key in catalogue("en") else code


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


def _listed(names: Iterable[str], language: str | None) -> str:
    return say(language, "hot_between").join(names)
