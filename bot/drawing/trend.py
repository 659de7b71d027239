"""How a story was told: how many articles of which outlet came when, to be read on a phone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import IO, Any

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from bot.drawing.canvas import picture
from bot.excerpts import one_line
from bot.terminal.wrapping import wrapped
from bot.texts import say
from bot.texts.times import UNTOLD
from storage.domain.stories import Report
from storage.domain.times import is_day

MOST_OUTLETS, MOST_BARS = 5, 36
FEWEST_REPORTS = 3
"""Fewer are read sooner than looked at."""
# What a bar may stand for: the first of these that leaves few enough of them.
_HOURS = (1, 2, 3, 6, 12, 24, 48, 24 * 7, 24 * 28, 24 * 365)
_DAY = timedelta(days=1)
_MOST_TICKS = 6
# Told apart by those who see colours differently, too: after Okabe and Ito (2008), the others in grey.
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9")
_GREY = "#b8b8b8"
_WIDTH, _HEIGHT, _LETTERS = 7.2, 5.4, 13.0
_TITLE_CELLS, _TITLE_LINES, _OUTLET_CELLS = 54, 2, 24


def shows_something(reports: Sequence[Report]) -> bool:
    """Whether a picture of them shows more than their number: of several it is known when, not all at once."""
    told = [report for report in reports if report.timed]
    step = _DAY if any(map(_of_a_day, told)) else timedelta(hours=1)
    return len(told) >= FEWEST_REPORTS and len({_floor(_moment(report, UTC), step) for report in told}) > 1


def draw_trend(
    title: str, reports: Sequence[Report], target: Path | IO[bytes], *, language: str | None, zone: tzinfo
) -> None:
    """Draw the reports of a story by hour (or day, or week) and outlet; none shorter than a day where no hour is known.

    Args:
        title: Of the story, any language.
        reports: In any order, at least one of which it is known when it came out; the others are left out.
        target: A file, or what takes bytes (PNG).
        language: Of the words around them.
        zone: Whose hours and days these are.

    Raises:
        InputError: The file cannot be written.
    """
    reports = [report for report in reports if report.timed]
    times = sorted(_moment(report, zone) for report in reports)
    step = _step(times[0], times[-1], _DAY if any(map(_of_a_day, reports)) else timedelta(0))
    begin = _floor(times[0], step)
    bars = (times[-1] - begin) // step + 1
    counts = _by_outlet(reports, language, zone)
    places = [begin + (i + 0.5) * step for i in range(bars)]
    below = [0] * bars
    with picture(target, _WIDTH, _HEIGHT, legend="upper left", letters=_LETTERS) as axes:
        for (outlet, ats), colour in zip(counts, (*_COLOURS, _GREY), strict=False):
            held = Counter((at - begin) // step for at in ats)
            heights = [held[i] for i in range(bars)]
            label = _shortened(outlet).replace("$", r"\$")
            axes.bar(places, heights, width=0.9 * step, bottom=below, color=colour, label=label)
            below = [low + more for low, more in zip(below, heights, strict=True)]
        _label(axes, begin, begin + bars * step, step, language)
        if zone is UNTOLD:
            axes.set_xlabel("UTC")
        # Room for the legend above the bars.
        axes.set_ylim(0, max(below) * 1.15 + 0.55 * len(counts) * max(below) / 6)
        axes.set_title(_wrapped(title), fontsize=_LETTERS + 1, loc="left")


def _label(axes: Any, begin: datetime, end: datetime, step: timedelta, language: str | None) -> None:
    shown, apart = _ticks(begin, end)
    axes.set_xticks(shown, [f"{at:%m-%d}" if apart >= _DAY else f"{at:%H:%M}\n{at:%m-%d}" for at in shown])
    axes.set_xlim(begin - 0.1 * step, end + 0.1 * step)
    axes.locator_params(axis="y", integer=True, nbins=5)
    hours = step // timedelta(hours=1)
    days = hours // 24
    axes.set_ylabel(_per("day", days, language) if days else _per("hour", hours, language))


def _per(unit: str, n: int, language: str | None) -> str:
    return say(language, f"trend_per_{unit}") if n == 1 else say(language, f"trend_per_{unit}s", n=n)


def _of_a_day(report: Report) -> bool:
    """Whether it is not known at what hour it came out."""
    return is_day(report.at)


def _moment(report: Report, zone: tzinfo) -> datetime:
    """When it came out by the clock of `zone`; its day is the same anywhere."""
    return report.at.astimezone(UTC).replace(tzinfo=zone) if _of_a_day(report) else report.at.astimezone(zone)


def _ticks(begin: datetime, end: datetime) -> tuple[list[datetime], timedelta]:
    """A few full hours or midnights within a time, and how far apart they are."""
    midnight = begin.replace(hour=0, minute=0)
    for hours in _HOURS:
        apart = timedelta(hours=hours)
        first = midnight + -(-(begin - midnight) // apart) * apart
        found = [first + i * apart for i in range((end - first) // apart + 1)]
        if len(found) <= _MOST_TICKS:
            # Where a step is longer than all of it, the beginning is enough.
            return found or [midnight], apart
    return [midnight], end - begin


def _step(first: datetime, last: datetime, least: timedelta = timedelta(0)) -> timedelta:
    """How long a bar is, no shorter than `least`."""
    steps = (step for hours in _HOURS if (step := timedelta(hours=hours)) >= least)
    return next((step for step in steps if (last - first) / step < MOST_BARS - 1), timedelta(hours=_HOURS[-1]))


def _floor(at: datetime, step: timedelta) -> datetime:
    """The full hour, or the midnight, that a bar begins at."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if step >= timedelta(days=1):
        return midnight
    return midnight + (at - midnight) // step * step


def _by_outlet(reports: Sequence[Report], language: str | None, zone: tzinfo) -> list[tuple[str, list[datetime]]]:
    """When, in `zone`, each of the outlets that tell most told, most first; the others in one at the end."""
    nameless, others = say(language, "trend_nameless"), say(language, "trend_others")
    told = Counter(report.headline.source or nameless for report in reports)
    most = [outlet for outlet, _ in told.most_common(len(told) if len(told) <= MOST_OUTLETS + 1 else MOST_OUTLETS)]
    found: dict[str, list[datetime]] = {outlet: [] for outlet in most}
    for report in reports:
        outlet = report.headline.source or nameless
        found.setdefault(outlet if outlet in most else others, []).append(_moment(report, zone))
    return list(found.items())


def _wrapped(title: str) -> str:
    lines = [line.plain for line in wrapped(Text(one_line(title)), _TITLE_CELLS)]
    if len(lines) > _TITLE_LINES:
        lines[_TITLE_LINES - 1] += "…"
    # A dollar sign would begin a formula.
    return "\n".join(lines[:_TITLE_LINES]).replace("$", r"\$")


def _shortened(name: str) -> str:
    if cell_len(name) <= _OUTLET_CELLS:
        return name
    return set_cell_size(name, _OUTLET_CELLS - 1).rstrip() + "…"
