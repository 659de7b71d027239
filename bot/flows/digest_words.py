"""What a reader writes of how they want their digests, as settings: 7:30 on weekdays, Berlin, 5 items. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from bot.flows.wording.draft import Choice, Draft
from bot.flows.wording.reading import read
from bot.flows.wording.vocabulary import LANGUAGES
from storage.domain.annotations import Category
from storage.domain.digests import EVERY_DAY, MOST_TIMES, Alerts, DigestSettings, Tastes, Timetable
from storage.domain.kinds import ArticleKind
from storage.errors import InputError

_Value = TypeVar("_Value")


def to_settings(current: DigestSettings, text: str, now: datetime) -> DigestSettings:
    """The settings as they are to be from `now` on.

    Who says when they want digests, wants them, unless they say otherwise. `since` moves only where slots change.

    Raises:
        InputError: A piece is not understood, or cannot be; or a digest would come within quiet hours. The key is one
            of the catalogue.
    """
    draft = read(text)
    timetable = _timetable(current.timetable, draft)
    timed = bool(draft.times or draft.days.said)
    active = draft.active if draft.active is not None else current.active or timed
    moved = replace(timetable, quiet=None) != replace(current.timetable, quiet=None) or (active and not current.active)
    return replace(
        current,
        since=now if moved else current.since,
        active=active,
        timetable=timetable,
        length=draft.length or current.length,
        style=draft.style or current.style,
        tastes=_tastes(current.tastes, draft),
        when_empty=draft.when_empty or current.when_empty,
        alerts=_alerts(current.alerts, draft),
    )


def _timetable(current: Timetable, draft: Draft) -> Timetable:
    times = tuple(sorted(set(draft.times))) or current.times
    if len(times) > MOST_TIMES:
        raise InputError("digest", f"{len(times)} times a day", key="digest_too_many_times", most=MOST_TIMES)
    if "dtdt" in draft.order or "tdtd" in draft.order:
        raise InputError("digest", "days have no times of their own", key="digest_one_timetable")
    days = frozenset(draft.days.of(sorted(current.days), sorted(EVERY_DAY)))
    if not days:
        raise InputError("digest", "no day of the week is left", key="digest_no_days")
    quiet = None if draft.no_quiet else draft.quiet or current.quiet
    for at in times:
        if quiet is not None and quiet.hold(at):
            raise InputError(
                f"{at:%H:%M}",
                f"is within the quiet hours {quiet.since:%H:%M} to {quiet.until:%H:%M}",
                key="digest_time_quiet",
                time=f"{at:%H:%M}",
                since=f"{quiet.since:%H:%M}",
                until=f"{quiet.until:%H:%M}",
            )
    return Timetable(times=times, days=days, zone=draft.zone or current.zone, quiet=quiet)


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
        return current
    if not draft.alerts:
        return None
    held = current or Alerts()
    return Alerts(outlets=draft.outlets or held.outlets, a_day=draft.a_day or held.a_day)
