"""Whether digests are told to pause for a time, to leave one out, or to go on: until Monday, 跳过明天的. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.flows.wording import pausing_en, pausing_zh
from bot.flows.wording.spans import Span, one_day, span
from storage.domain.scripts import CJK
from storage.errors import InputError

_LONGEST = 120
"""Characters. What is longer says more than that."""
_ANY_TIME = datetime(2026, 1, 5, 12)  # noqa: DTZ001 - by which it is only known whether words name a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Pausing:
    """What is said.

    Args:
        kind: To pause for a time, to leave out a day, or some digests, to go on, or to pause until further notice.
        named: Whether digests are named: else it may be said of anything.
        when: The words that say for how long, or which day; how many, of digests.
        vague: Whether it may as well be of anything else where no digests come: I'm back.
    """

    kind: Literal["pause", "day", "next", "resume", "off"]
    named: bool
    when: str = ""
    vague: bool = False


@dataclass(frozen=True, slots=True)
class _Tongue:
    """The patterns of a language."""

    resumes: tuple[re.Pattern[str], ...]
    back: tuple[re.Pattern[str], ...]
    next: tuple[re.Pattern[str], ...]
    days: tuple[re.Pattern[str], ...]
    pauses: tuple[re.Pattern[str], ...]
    off: tuple[re.Pattern[str], ...]
    for_good: re.Pattern[str]


def _compiled(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, patterns))


_EN, _ZH = (
    _Tongue(
        _compiled(each.RESUMES),
        _compiled(each.BACK),
        _compiled(each.NEXT),
        _compiled(each.DAYS),
        _compiled(each.PAUSES),
        _compiled(each.OFF),
        each.FOR_GOOD,
    )
    for each in (pausing_en, pausing_zh)
)
_HAN = re.compile(f"[{CJK}]")
_NAMED = re.compile(rf"\b{pausing_en.NAME}\b|{pausing_zh.NAME}")
_ASKED_TO = re.compile(rf"{pausing_en.ASKED_TO}|{pausing_zh.ASKED_TO}")
_ENDS = re.compile(r"(?:,? (?:please|pls|thanks|thank you)|[吧了啦哦。！!.\s]|谢谢)+$")


def pausing(text: str) -> Pausing | None:
    """What is said of that; `None` where it is something else, as any question is."""
    said = re.sub(r"\s+", " ", text.replace("’", "'")).strip().lower()
    named = _NAMED.search(said) is not None
    if said.endswith(("?", "？")):
        # What it is asked to do is no question.
        said = said.rstrip("?？吗 ") if named and _ASKED_TO.match(said) else ""
    if not said or len(said) > _LONGEST:
        return None
    said = _ENDS.sub("", said)
    tongue = _ZH if _HAN.search(said) else _EN
    kind, when = next(_readings(said, tongue), (None, ""))
    if kind is None:
        return None
    return Pausing(kind=kind, named=named, when=when, vague=any(each.fullmatch(said) for each in tongue.back))


_Kind = Literal["pause", "day", "next", "resume", "off"]


def _readings(said: str, tongue: _Tongue) -> Iterator[tuple[_Kind, str]]:
    """What it may be, the likeliest first, each with the words that say when."""
    if any(each.fullmatch(said) for each in (*tongue.resumes, *tongue.back)):
        yield "resume", ""
    yield from (
        ("next", found["n"] or "1" if "n" in each.groupindex else "1") for each, found in _all(tongue.next, said)
    )
    for each, found in _all(tongue.days, said):
        # Mondays are left out for good, and the one of Monday once.
        once = "once" in each.groupindex and found["once"] is not None
        if (once or not tongue.for_good.fullmatch(found["when"])) and _names(one_day, found["when"]):
            yield "day", found["when"]
    for _, found in _all(tongue.pauses, said):
        if not tongue.for_good.fullmatch(found["when"]) and _names(span, found["when"]):
            yield "pause", found["when"]
    if any(each.fullmatch(said) for each in tongue.off):
        yield "off", ""


def _all(patterns: Iterable[re.Pattern[str]], said: str) -> Iterator[tuple[re.Pattern[str], re.Match[str]]]:
    return ((each, found) for each in patterns if (found := each.fullmatch(said)))


def _names(read: Callable[[str, datetime], Span | None], words: str) -> bool:
    """Whether words name such a time; one that there is not is refused as that."""
    try:
        return read(words, _ANY_TIME) is not None
    except InputError:
        return True
