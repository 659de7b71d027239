"""Every sentence the bot says, from one catalogue per language. Adding a language is adding a TOML file here.

All catalogues have the same keys with the same placeholders; a test keeps them so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from datetime import datetime, timedelta, tzinfo
from functools import cache
from importlib import resources

from storage.domain.dialogue import Answer
from storage.domain.news import Part

DEFAULT_LANGUAGE = "en"
_WINDOWS = {
    timedelta(days=1): "window_day",
    timedelta(days=7): "window_week",
    timedelta(days=30): "window_month",
}
_AGES = (("years", 365), ("months", 30.4), ("weeks", 7))
_TOLD_IN_HOURS = 3
"""Times of up to so many days are told in hours, but for a whole one."""


@cache
def languages() -> tuple[str, ...]:
    """The languages there is a catalogue for (ISO 639-1), sorted."""
    files = resources.files(__package__).iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


@cache
def catalogue(language: str) -> dict[str, str]:
    """The sentences of a language by key.

    Raises:
        KeyError: There is no catalogue for it.
    """
    if language not in languages():
        raise KeyError(language)
    return tomllib.loads(resources.files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))


def say(language: str | None, key: str, /, **fields: object) -> str:
    """The sentence `key` in `language`, or in English where there is no such catalogue, with its fields filled in.

    Raises:
        KeyError: No such sentence, or a field it needs is missing.
    """
    chosen = language if language in languages() else DEFAULT_LANGUAGE
    return catalogue(chosen)[key].format(**fields)


def ahead(answer: Answer) -> str:
    """What a reader should know before they read an answer: that it is to another question; mostly empty."""
    return say(answer.question.language, "meant", question=answer.meant) if answer.meant else ""


def notes(answer: Answer) -> list[str]:
    """What a reader should know beside an answer, such as that its sources differ, or that a model failed."""
    language = answer.question.language
    found = []
    if answer.told_in is not None:
        found.append(say(language, f"told_{'also' if answer.told_here else 'only'}_in_{answer.told_in}"))
    if answer.conflicting:
        found.append(say(language, "conflicting"))
    if answer.untold:
        found.append(say(language, "untold", side=answer.untold))
    if answer.unexplained:
        found.append(say(language, "unexplained"))
    found += failed(answer.without, language)
    if answer.lapse is not None:
        found.append(say(language, f"model_{answer.lapse}"))
    if answer.stale_for is not None:
        found.append(say(language, "stale", age=age(answer.stale_for, language)))
    return found


def failed(without: Collection[Part], language: str | None) -> list[str]:
    """How something was looked for, where parts of the search failed."""
    return [say(language, f"without_{part}") for part in Part if part in without]


def age(span: timedelta, language: str | None) -> str:
    """About how old something is that is two weeks old or older, as people say it: in weeks, months or years."""
    unit, days = next((each for each in _AGES if span.days >= 2 * each[1]), _AGES[-1])
    return say(language, f"age_{unit}", n=round(span.days / days))


def over_listing(answer: Answer, zone: tzinfo | None = None) -> str:
    """The sentence that stands over a listing; times are of `zone`."""
    language = answer.question.language
    if answer.hottest:
        looked_at = window(answer.lately, answer.until, language, zone)
        return over_hot(looked_at, answer.topic, language)
    return say(language, "newest_otherwise" if answer.otherwise else "newest")


def over_hot(looked_at: str, subject: str, language: str | None) -> str:
    """The sentence that stands over what is hot of a time; `subject` is empty where it is of any."""
    if subject:
        return say(language, "hot_title_of", window=looked_at, subject=subject)
    return say(language, "hot_title", window=looked_at)


def window(lately: timedelta, until: datetime | None, language: str | None, zone: tzinfo | None = None) -> str:
    """The time that was looked at: so much before `until` (told in `zone`), or before now where that is `None`."""
    if until is not None:
        from bot.texts.times import minute

        since, end = (minute(at, language, zone) for at in (until - lately, until))
        return say(language, "window_between", since=since, until=end)
    days, hours = round(lately / timedelta(days=1)), max(1, round(lately / timedelta(hours=1)))
    if named := _WINDOWS.get(lately):
        return say(language, named)
    if days > _TOLD_IN_HOURS:
        return say(language, "window_days", n=days)
    return say(language, "window_hour" if hours == 1 else "window_hours", n=hours)
