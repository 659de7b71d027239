"""What a reader writes of how they want their digests, as settings: 7:30 on weekdays, Berlin, 5 items. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import TypeVar

from bot.flows.pausing import going_on, with_pause
from bot.flows.wording.draft import Choice, Draft
from bot.flows.wording.pausing import pausing
from bot.flows.wording.reading import read
from bot.flows.wording.vocabulary import LANGUAGES
from storage.domain.annotations import Category
from storage.domain.digests import EVERY_DAY, MOST_TIMES, Alerts, DigestSettings, QuietHours, Tastes, Timetable
from storage.domain.kinds import ArticleKind
from storage.errors import InputError

_Value = TypeVar("_Value")


def to_settings(current: DigestSettings, text: str, now: datetime) -> DigestSettings:
    """The settings as they are to be from `now` on.

    Who says when they want digests, wants them, unless they say otherwise. `since` moves only where slots change.
    Who wants them again pauses them no longer.

    Raises:
        InputError: A piece is not understood, or cannot be; or a digest would come within quiet hours. The key is one
            of the catalogue.
    """
    if (said := pausing(text)) is not None:
        return as_of(current, with_pause(current, said, now), now)
    draft = read(text)
    timed = draft.times.said or draft.days.said
    wanted = replace(
        current,
        active=draft.active if draft.active is not None else current.active or timed,
        timetable=_timetable(current.timetable, draft),
        length=draft.length or current.length,
        style=draft.style or current.style,
        tastes=_tastes(current.tastes, draft),
        when_empty=draft.when_empty or current.when_empty,
        alerts=_alerts(current.alerts, draft),
    )
    if draft.active:
        wanted = replace(wanted, timetable=going_on(wanted.timetable, now))
    return as_of(current, wanted, now)


def topics_of(text: str) -> tuple[str, ...]:
    """The topics that are none of the subjects and that news are wished of, in the reader's words.

    Raises:
        InputError: See `to_settings`.
    """
    return () if pausing(text) else tuple(dict.fromkeys(read(text).topics))


def left_out(before: DigestSettings, after: DigestSettings) -> frozenset[int]:
    """The days of the week on which digests come no longer; none where none came, or none comes at all."""
    return before.timetable.days - after.timetable.days if before.active and after.active else frozenset()


def as_of(current: DigestSettings, wanted: DigestSettings, now: datetime) -> DigestSettings:
    """What is wanted from `now` on: no slot of before is theirs where slots change; by a pause none does."""
    before, after = (replace(each.timetable, quiet=None, pauses=()) for each in (current, wanted))
    moved = before != after or (wanted.active and not current.active)
    return replace(wanted, since=now if moved else current.since, changed=now)


def checked(
    held: Timetable,
    times: Collection[time],
    days: frozenset[int] | None = None,
    zone: str | None = None,
    *,
    quiet: QuietHours | None,
) -> Timetable:
    """A timetable with these; days and zone as they are held where not given.

    Raises:
        InputError: There are too many times or no days, or a digest would come within quiet hours. The key is one of
            the catalogue.
    """
    if len(times) > MOST_TIMES:
        raise InputError("digest", f"{len(times)} times a day", key="digest_too_many_times", most=MOST_TIMES)
    if days is not None and not days:
        raise InputError("digest", "no day of the week is left", key="digest_no_days")
    for at in sorted(times):
        if quiet is not None and quiet.hold(at):
            raise InputError(
                f"{at:%H:%M}",
                f"is within the quiet hours {quiet.since:%H:%M} to {quiet.until:%H:%M}",
                key="digest_time_quiet",
                time=f"{at:%H:%M}",
                since=f"{quiet.since:%H:%M}",
                until=f"{quiet.until:%H:%M}",
            )
    return replace(held, times=tuple(sorted(set(times))), days=days or held.days, zone=zone or held.zone, quiet=quiet)


def _timetable(current: Timetable, draft: Draft) -> Timetable:
    if "dtdt" in draft.order or "tdtd" in draft.order:
        raise InputError("digest", "days have no times of their own", key="digest_one_timetable")
    for at in draft.times.unwanted:
        if at not in (*current.times, *draft.times.wanted, *draft.times.added):
            raise InputError(f"{at:%H:%M}", "is no time of theirs", key="digest_not_then", time=f"{at:%H:%M}")
    # Also at 6 on weekends: of another hour, and no days for all of them.
    besides = (*draft.days.added, *draft.days.wanted) if draft.times.added else ()
    of_hours = {*draft.of_hours, *(draft.days.wanted if draft.replaced else ()), *besides}
    if of_hours and of_hours not in (EVERY_DAY, current.days):
        raise InputError("digest", "days have no times of their own", key="digest_one_timetable")
    if draft.replaced:
        draft.times.added[:0], draft.times.wanted = draft.times.wanted, []
    times = draft.times.of(current.times, ())
    if not times:
        last = f"{max(draft.times.unwanted):%H:%M}"
        raise InputError(last, "is the only time that is left", key="settings_last_time", time=last)
    # With an hour of its own a wish is whole: but for Sundays is every day else, whatever the days were so far.
    held = EVERY_DAY if draft.times.wanted else current.days
    days = draft.days.of(sorted(held if draft.days.unwanted else current.days), sorted(EVERY_DAY))
    quiet = None if draft.no_quiet else draft.quiet or current.quiet
    return checked(current, times, frozenset(days), draft.zone, quiet=quiet)


def _tastes(current: Tastes, draft: Draft) -> Tastes:
    if draft.news and draft.kinds.wanted:
        draft.kinds.wanted.append(ArticleKind.NEWS)
    languages = [code for codes in LANGUAGES.values() for code in codes]
    return Tastes(
        languages=_bound(draft.languages, current.languages, languages),
        categories=_bound(draft.categories, current.categories, list(Category)),
        kinds=_bound(draft.kinds, current.kinds, list(ArticleKind)),
        sources=current.sources if draft.sources is None else draft.sources,
    )


def _bound(choice: Choice[_Value], held: tuple[_Value, ...], every: Sequence[_Value]) -> tuple[_Value, ...]:
    """What is wanted of all there is; empty is anything."""
    if not choice.said:
        return held
    wanted = choice.of(held, every)
    if not wanted:
        raise InputError("digest", "nothing is left to tell of", key="digest_nothing_left")
    return () if set(wanted) == set(every) else wanted


def _alerts(current: Alerts | None, draft: Draft) -> Alerts | None:
    if draft.alerts is None:
        # Who wants no more of it wants nothing unasked.
        return None if draft.active is False else current
    if not draft.alerts:
        return None
    held = current or Alerts()
    return Alerts(outlets=draft.outlets or held.outlets, a_day=draft.a_day or held.a_day)
