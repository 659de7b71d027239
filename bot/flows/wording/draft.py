"""What the pieces of a wish say so far, and what a piece is. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import time
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from bot.flows.wording.hours import NUMBER_EN, NUMBER_ZH, number_of
from storage.domain.annotations import Category
from storage.domain.digests import QuietHours, Style, WhenEmpty
from storage.domain.kinds import ArticleKind
from storage.errors import InputError

END = r"(?![a-z])"
"""Ends a word of letters."""
NUMBER = rf"(?:\d{{1,4}}(?!\d|[:.]\d)|(?:{NUMBER_EN}){END}|{NUMBER_ZH})"
MOST = r"(?:(?:at\s+most|up\s+to|no\s+more\s+than|max(?:imum)?|最多|至多|不超过)\s*)"


_Value = TypeVar("_Value")


class Unclear(Exception):
    """A piece that says nothing that can be done."""


class Contradiction(Exception):
    """A piece that says otherwise than one before it."""


@dataclass(slots=True, kw_only=True)
class Choice(Generic[_Value]):
    """Some of a set: what is wanted, what is besides all that was so far, and what is not; or anything of it."""

    wanted: list[_Value] = field(default_factory=list)
    added: list[_Value] = field(default_factory=list)
    unwanted: list[_Value] = field(default_factory=list)
    anything: bool = False

    @property
    def said(self) -> bool:
        return self.anything or bool(self.wanted or self.added or self.unwanted)

    def open(self) -> None:
        """Anything is wanted."""
        self.anything = True

    def turn(self, value: _Value) -> None:
        """That one is not wanted after all."""
        self._take(value)
        self.unwanted.append(value)

    def add(self, value: _Value) -> None:
        """That one is wanted besides, and not in place of what was so far."""
        self._take(value)
        self.added.append(value)

    def _take(self, value: _Value) -> None:
        (self.wanted if value in self.wanted else self.added).remove(value)

    def of(self, held: Iterable[_Value], every: Iterable[_Value]) -> tuple[_Value, ...]:
        """What is chosen where `held` was so far; not wanting some leaves the others of that, or of `every`."""
        base = self.wanted or (() if self.anything else tuple(held)) or every
        return tuple(value for value in dict.fromkeys((*base, *self.added)) if value not in self.unwanted)


class _Chosen(NamedTuple):
    """One of a set that was chosen, as wanted or not."""

    choice: Choice[Any]
    value: Any
    negated: bool


@dataclass(slots=True, kw_only=True)
class Draft:
    """What the pieces said so far.

    Args:
        order: Of days (d) and times (t), as they come: days have no times of their own.
        news: Whether news were named, which may be as one kind beside others.
        topics: What news are wanted of beside the subjects, in the reader's words.
        replaced: Whether hours come in place of others, and all that are not named stay.
        of_hours: Days that hours are left out of or replaced on, and not such as digests come on.
        run: What was chosen last, of one set, one after the other.
        before: What was chosen right before that, of another set.
        negated: Whether what comes is not wanted: as many as there are of one set.
        adding: Whether what comes is wanted besides what was so far.
        about: What the last piece was about: a number alone may go on with it.
    """

    times: Choice[time] = field(default_factory=Choice)
    days: Choice[int] = field(default_factory=Choice)
    order: str = field(default="", compare=False)
    replaced: bool = False
    of_hours: list[int] = field(default_factory=list)
    zone: str | None = None
    quiet: QuietHours | None = None
    no_quiet: bool = False
    length: int | None = None
    style: Style | None = None
    languages: Choice[str] = field(default_factory=Choice)
    categories: Choice[Category] = field(default_factory=Choice)
    kinds: Choice[ArticleKind] = field(default_factory=Choice)
    news: bool = False
    topics: list[str] = field(default_factory=list)
    sources: tuple[str, ...] | None = None
    when_empty: WhenEmpty | None = None
    alerts: bool | None = None
    outlets: int | None = None
    a_day: int | None = None
    active: bool | None = None
    run: list[_Chosen] = field(default_factory=list, compare=False)
    before: list[_Chosen] = field(default_factory=list, compare=False)
    negated: bool = field(default=False, compare=False)
    adding: bool = field(default=False, compare=False)
    about: str = field(default="", compare=False)

    def once(self, name: str, value: object) -> None:
        """Let a field be that value.

        Raises:
            Contradiction: It was said to be another.
        """
        if getattr(self, name) not in (None, value):
            raise Contradiction
        setattr(self, name, value)

    def then(self, what: str) -> None:
        """Days or times come here; several of the same in a row are one."""
        self.order = self.order.removesuffix(what) + what

    def choose(self, choice: Choice[_Value], values: Iterable[_Value]) -> None:
        """Take these as wanted, besides others or in their place, or as not."""
        if self.run and self.run[-1].choice is not choice:
            before = list(self.run)
            self.end_run()
            self.before = before
        for value in values:
            (choice.unwanted if self.negated else choice.added if self.adding else choice.wanted).append(value)
            self.run.append(_Chosen(choice, value, self.negated))

    def turn(self) -> None:
        """None of what was chosen last is wanted."""
        for each in self.run:
            if not each.negated:
                each.choice.turn(each.value)
        self.order = self.order[:-1] if self.run else self.order
        if self.run and self.run[-1].choice is self.times:
            self.days_of_hours(self.before)

    def days_of_hours(self, chosen: Iterable[_Chosen]) -> None:
        """The days of these are those of the hours that are named with them: 每天不要7:30 adds no day."""
        days = [each for each in chosen if each.choice is self.days and not each.negated]
        for each in days:
            (self.days.wanted if each.value in self.days.wanted else self.days.added).remove(each.value)
            self.of_hours.append(each.value)
        self.order = self.order.removesuffix("d") if days else self.order

    def add(self) -> None:
        """What was chosen last is wanted besides."""
        for each in self.run:
            if not each.negated:
                each.choice.add(each.value)

    def end_run(self) -> None:
        """What comes is apart from what was chosen before."""
        self.run.clear()
        self.before = []
        self.negated = False


Says = Callable[[Draft, re.Match[str]], None]


# No slots: what is worked out once is kept in the instance.
@dataclass(frozen=True, kw_only=True)
class Piece:
    """A rule.

    Args:
        written: What the piece looks like.
        says: What it adds to the draft.
        about: What it is about, where others may go on with it.
        goes_on: What the piece before it must be about; empty is anything.
        chooses: Whether it names some of a closed set, and may name what is not wanted.
    """

    written: str
    says: Says
    about: str = ""
    goes_on: str = ""
    chooses: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The same, to match with; made when it is first looked for."""
        # All of them take a quarter of a second, which every start of the program would wait for.
        return re.compile(self.written)


def either(*patterns: str) -> str:
    """A pattern that finds the first of these that matches."""
    return f"(?:{'|'.join(patterns)})"


def piece(pattern: str, says: Says, *, about: str = "", goes_on: str = "", chooses: bool = False) -> Piece:
    """A rule; see `Piece`."""
    return Piece(written=pattern, says=says, about=about, goes_on=goes_on, chooses=chooses)


def sets(name: str, value: object) -> Says:
    """That a field of the draft is that value."""
    return lambda draft, _said: draft.once(name, value)


def within(said: re.Match[str], number: str, fewest: int, most: int, key: str) -> int:
    """The number, if it is in its bounds.

    Raises:
        InputError: It is not; `key` is its sentence in the catalogue, which says the bounds.
    """
    n = number_of(number)
    if not fewest <= n <= most:
        raise InputError(said[0], f"is not from {fewest} to {most}", key=key, fewest=fewest, most=most)
    return n
