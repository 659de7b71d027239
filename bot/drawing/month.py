"""What readers turn to, day by day, as bands one over the other, to be read on a phone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from bot.drawing.canvas import picture
from bot.texts import say

_WIDTH, _READER, _ABOUT, _LETTERS, _SMALL = 7.2, 2.4, 1.3, 13.0, 11.5
_MOST = 3
# Told apart by those who see colours differently, too: after Okabe and Ito (2008), the others in grey.
_COLOURS = ("#0072b2", "#e69f00", "#009e73")
_TOLD, _OTHERS = "#404040", "#c8c8c8"
# The grey that is read as letters.
_OTHERS_NAMED = "#767676"
_REST = ""
# Of a strip: how high its bands are, and from which share on they are named; and how much room names have at its right.
_HEIGHT, _LEAST, _NAMES = 0.66, 0.07, 0.34
_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What a reader turned to.

    Args:
        name: What they are.
        says: What they wrote of themselves.
        days: Day by day, at least one, how much each subject weighs.
        told: What stands for their own words among the subjects.
        turn: The day, from 0, on which they turned to something else.
    """

    name: str
    says: str
    days: Sequence[Mapping[str, float]]
    told: str
    turn: int | None = None


def draw_month(courses: Sequence[Course], target: Path | IO[bytes]) -> None:
    """Draw the shares of what some readers turn to, at least one of them, a strip each.

    Args:
        courses: Theirs, of the same days.
        target: A file, or what takes bytes (PNG).

    Raises:
        InputError: The file cannot be written.
    """
    subjects = _subjects(courses)
    colours: dict[str, str] = dict(zip(subjects, _COLOURS, strict=False))
    days = max(len(course.days) for course in courses)
    with picture(target, _WIDTH, _ABOUT + _READER * len(courses), letters=_LETTERS) as axes:
        for place, course in enumerate(courses):
            _draw(axes, course, colours, len(courses) - 1 - place)
        axes.set_title("A simulated month: what invented readers turn to", loc="left")
        axes.set_ylim(-0.03, len(courses) + 0.02)
        axes.set_xlim(1, days * (1 + _NAMES))
        axes.set_xticks([1, *range(_WEEK, days + 1, _WEEK)])
        axes.set_yticks([])
        axes.set_xlabel("day", loc="left")
        axes.spines["left"].set_visible(False)


def _draw(axes: Any, course: Course, colours: Mapping[str, str], floor: int) -> None:
    """One reader's strip, with the names of its bands at its right."""
    days = range(1, len(course.days) + 1)
    below = [float(floor)] * len(course.days)
    for subject, colour in ((course.told, _TOLD), *colours.items(), (_REST, _OTHERS)):
        shares = [_share(day, subject, {course.told, *colours}) for day in course.days]
        above = [low + _HEIGHT * share for low, share in zip(below, shares, strict=True)]
        axes.fill_between(days, below, above, color=colour, linewidth=0)
        if shares[-1] >= _LEAST:
            name = _name(subject, course.told)
            letters = _OTHERS_NAMED if subject == _REST else colour
            axes.text(days[-1] + 0.5, (below[-1] + above[-1]) / 2, name, color=letters, va="center", fontsize=_SMALL)
        below = above
    axes.text(1, floor + _HEIGHT + 0.03, f"{course.name}:\n“{course.says}”", va="bottom", fontsize=_SMALL)
    if course.turn is not None:
        axes.vlines(course.turn + 1, floor, floor + _HEIGHT, colors="white", linestyles="dashed")


def _subjects(courses: Sequence[Course]) -> list[str]:
    """Those that weigh most in any reader's days, the strongest first."""
    most: dict[str, float] = {}
    for course in courses:
        for day in course.days:
            whole = sum(day.values()) or 1.0
            for subject, weight in day.items():
                if subject != course.told:
                    most[subject] = most.get(subject, 0.0) + weight / whole
    return sorted(most, key=lambda subject: -most[subject])[:_MOST]


def _share(day: Mapping[str, float], subject: str, named: Collection[str]) -> float:
    """Of all that weighs on a day: a subject's share, or that of all that have no name."""
    whole = sum(day.values()) or 1.0
    if subject == _REST:
        return sum(weight for name, weight in day.items() if name not in named) / whole
    return day.get(subject, 0.0) / whole


def _name(subject: str, told: str) -> str:
    if subject in {told, _REST}:
        return "own words" if subject == told else "others"
    return say("en", f"category_{subject}")
