"""How hot a story is: how many outlets tell of it, how fast, for how long, and how much of it is new.

    heat = (log2(1 + breadth) + log2(1 + speed) + persistence / 4 + novelty) * (1 - 1 / 2^reports)

`breadth` is the number of independent outlets, each counting less the longer it has been silent (half after 12 h; all
half-lives but the trend's are those of a day's list, and as much longer as the time is that a list looks back on).
Copies of one text count once, as the first of them: what ten papers take from one agency, one agency says.
`speed` is the number of independent reports, weighed down by age (half after 6 h) and by how much their outlets
usually publish at that hour: one more report of an agency that files thirty an hour says little, one at night much. Of
one outlet's reports the n-th in weight counts 1/n: what one outlet alone tells over and over, such as what shares did
today, is its series, and not told by ever more.
`persistence` is log2(1 + quarters of a day with a report) of the last week. `novelty` is how little of the latest
reports the story had before, in [0, 1], weighed down by age like `breadth`. What one report alone tells is news and
not yet hot: it counts half, what two tell independently three quarters.

What has a date and no hour came at any hour of that day, as far as it has gone: it counts what an article counts on
average that comes then. At the day's end it is not a day old.

An article without a date counts as of when it was first seen where a feed that is read regularly brought it. Of any
other it is not known how old it is: it adds an outlet to those that are counted, and nothing else; a story of which
nothing else is known has the heat of its breadth alone, and no trend.

The trend is the crossing of two exponential averages of the rate of reports, the fast one's half-life 6 h, the slow
one's 24 h: moving average convergence and divergence, which He and Parker (Topic Dynamics, KDD 2010) found to tell
bursts in streams of topics. Logarithms of counts follow Kleinberg (Bursty and Hierarchical Structure in Streams, 2002):
each level of a burst is a constant factor more than the one below.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from storage.domain.stories import OVER_AFTER, Heat, Report, Trend
from storage.domain.times import is_day

DAY = timedelta(days=1)
# Of the time that is looked back on.
_BREADTH_HALF, _SPEED_HALF = 0.5, 0.25
_FAST, _SLOW = timedelta(hours=6), timedelta(hours=24)
_WEEK = timedelta(days=7)
_QUARTER_SECONDS = 6 * 3600
_PERSISTENCE_SHARE = 0.25
# How much faster than usual, or slower, the fast average must be for a trend.
_RISING, _FADING = 1.25, 0.6
# Of an outlet nobody knows.
_NAMELESS = ""


class Usual:
    """How many articles an hour each outlet usually publishes, by the hour of the day (UTC).

    Args:
        published: (outlet, when), of some days.
        days: How many days these are, more than 0.
    """

    def __init__(self, published: Iterable[tuple[str, datetime]], days: float) -> None:
        self._days = days
        self._counts = Counter((source, at.hour) for source, at in published)

    def rate(self, source: str, at: datetime) -> float:
        """Articles an hour, averaged over that hour and those beside it: one hour of a few days is too little.

        Over all hours, where no more than the day is known of `at`.
        """
        if is_day(at):
            return sum(self._counts[source, hour] for hour in range(24)) / (24 * self._days)
        around = sum(self._counts[source, (at.hour + beside) % 24] for beside in (-1, 0, 1))
        return around / (3 * self._days)


def against(
    published: Iterable[tuple[str, datetime]], days: float
) -> Callable[[Sequence[Report], datetime, timedelta], Heat]:
    """What measures heat against what outlets published in some days; see `Usual`."""
    usual = Usual(published, days)
    return lambda reports, now, lately: heat(reports, usual, now, lately)


def heat(reports: Sequence[Report], usual: Usual, now: datetime, lately: timedelta = DAY) -> Heat:
    """How hot the story is that `reports` tell, at least one, as of `now`; what is later does not count.

    Args:
        reports: In any order.
        usual: What their outlets usually publish.
        now: As of when.
        lately: How long a time is looked back on, more than none.
    """
    everything = [report for report in independent(reports) if report.at <= now]
    told = [report for report in everything if report.timed]
    breadth = sum(_kept(at, now, _BREADTH_HALF * lately) for at in _latest(told or everything).values())
    speed = _speed(told, usual, now, _SPEED_HALF * lately)
    quarters = {int(each.at.timestamp()) // _QUARTER_SECONDS for each in told if now - each.at <= _WEEK}
    persistence = math.log2(1 + len(quarters))
    novelty = _novelty(told, now, _BREADTH_HALF * lately)
    summed = math.log2(1 + breadth) + math.log2(1 + speed) + _PERSISTENCE_SHARE * persistence + novelty
    return Heat(
        value=summed * (1 - 0.5 ** len(told or everything)),
        breadth=breadth,
        speed=speed,
        persistence=persistence,
        novelty=novelty,
        outlets=len(_latest(everything)),
        trend=_told_trend(told, now),
    )


def independent(reports: Sequence[Report]) -> list[Report]:
    """The first of each text, the oldest first."""
    first: dict[str, Report] = {}
    for report in sorted(reports, key=lambda each: each.at):
        first.setdefault(report.headline.group, report)
    return list(first.values())


def trend(times: Sequence[datetime], now: datetime) -> Trend:
    """Where a story goes whose reports came at `times`, at least one, none later than `now`."""
    if now - max(times) >= OVER_AFTER:
        return Trend.OVER
    fast, slow = _rate(times, now, _FAST), _rate(times, now, _SLOW)
    if fast > _RISING * slow:
        return Trend.RISING
    return Trend.FADING if fast < _FADING * slow else Trend.STEADY


def _latest(told: Sequence[Report]) -> Mapping[str, datetime]:
    """When each outlet last told of it; `told` is the oldest first."""
    return {_outlet(report): report.at for report in told}


def _speed(told: Sequence[Report], usual: Usual, now: datetime, half: timedelta) -> float:
    """The reports, the younger and the less usual the more of a say; the n-th of one outlet the n-th part of it."""
    by_outlet: dict[str, list[float]] = defaultdict(list)
    for each in told:
        by_outlet[_outlet(each)].append(_kept(each.at, now, half) / (1 + usual.rate(_outlet(each), each.at)))
    ranked = (enumerate(sorted(weights, reverse=True), start=1) for weights in by_outlet.values())
    return sum(weight / rank for weights in ranked for rank, weight in weights)


def _told_trend(told: Sequence[Report], now: datetime) -> Trend:
    """Where a story goes, as far as its sources say when."""
    if all(each.headline.published is None for each in told):
        return Trend.UNKNOWN
    return trend([each.at for each in told], now)


def _novelty(told: Sequence[Report], now: datetime, half: timedelta) -> float:
    """The novelty of the reports, the younger the more of a say; all of it the less, the older the youngest is."""
    if not told:
        return 0.0
    weights = [_kept(each.at, now, half) for each in told]
    mean = sum(weight * each.novelty for weight, each in zip(weights, told, strict=True)) / (sum(weights) or 1.0)
    return mean * max(weights)


def _rate(times: Sequence[datetime], now: datetime, half: timedelta) -> float:
    """Reports an hour, exponentially averaged."""
    return sum(_kept(at, now, half) for at in times) * math.log(2) / (half / timedelta(hours=1))


def _kept(at: datetime, now: datetime, half: timedelta) -> float:
    """What is left by now of what came out at `at`; of an unknown hour, on the mean over its day so far."""
    age = (now - at) / half
    if not is_day(at):
        return float(2**-age)
    gone = min(now - at, DAY) / half
    return float(2**-age * (2**gone - 1) / (gone * math.log(2))) if gone else 1.0


def _outlet(report: Report) -> str:
    return report.headline.source or _NAMELESS
