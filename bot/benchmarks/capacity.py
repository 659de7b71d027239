"""`tidings bench capacity`: what a day of very many readers needs, simulated second by second.

Nothing is timed here: what a message, a digest and a plan cost is given, as `bench telegram` and `bench digest` measure
it. Readers live in three groups of time zones. Questions come as a Poisson process whose rate follows waking hours;
digests are due at full hours of the readers' mornings and evenings. There are two queues. One is the processors': work
in core-seconds. The other is a bot's line to Telegram: so many messages a second, replies ahead of digests. Both empty
by Lindley's recursion (D. V. Lindley, "The theory of queues with a single server", 1952). What is searched for is the
least of either that keeps the promises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
import numpy.typing as npt

from bot.benchmarks.kept import Kept

Floats = npt.NDArray[np.float64]

_DAY = 24 * 3600
_MONTH_HOURS, _MONTH_DAYS = 730, 30
_MANY = 10**9
"""Cores that nobody waits for."""
_ZONES = {8: 0.4, 1: 0.35, -5: 0.25}
"""Hours east of UTC, and the share of readers who live by them."""
_AWAKE = np.array([1, 0.5, 0.3, 0.2, 0.3, 1, 3, 6, 7, 6, 5, 5, 6, 6, 5, 5, 5, 6, 7, 8, 8, 7, 5, 3], dtype=np.float64)
"""How questions are spread over the hours of a reader's day, in parts."""
_WANTED = {7: 0.5, 8: 0.25, 18: 0.15, 12: 0.1}
"""The local hours that digests are due at, and the share of digests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What readers do; assumed, not measured.

    Args:
        active: The share of them who ask something on a day.
        questions: How many each of these asks.
        digests: The share of all who have a digest a day.
    """

    active: float = 0.1
    questions: float = 3.0
    digests: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What one of each costs.

    Args:
        question: Core-seconds from a message to its reply.
        digest: Core-seconds to write one planned digest, to enqueue and to send it.
        plan: Core-seconds to choose the stories of one digest.
        line: Messages a second that one bot may send.
        commits: Of the database, for a question and for a digest.
        kept: What rows take and how long they stay.
        core_hour: Price of a core for an hour.
        busy: The share of a core that may be used; the rest is for what else runs, and for what comes all at once.
    """

    question: float = 0.067
    digest: float = 0.03
    plan: float = 0.00018
    line: float = 30.0
    commits: tuple[float, float] = (5.0, 4.0)
    kept: Kept = field(default_factory=Kept)
    core_hour: float = 0.04
    busy: float = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """What readers wait for at most, in seconds, at the 95th percentile."""

    reply: float = 1.0
    digest: float = 900.0
    planned: float = 300.0


def run_bench(
    *, readers: Sequence[int], habits: Habits, costs: Costs, promises: Promises, seed: int = 0
) -> dict[str, object]:
    """What each number of readers needs, under its name in `metrics`, with all that was assumed."""
    metrics = {str(n): needs(n, habits, costs, promises, seed=seed) for n in sorted(set(readers))}
    assumed = {"habits": asdict(habits), "costs": asdict(costs), "promises": asdict(promises)}
    return {"name": "capacity", "metrics": metrics, "assumed": assumed}


def needs(readers: int, habits: Habits, costs: Costs, promises: Promises, *, seed: int) -> dict[str, float]:
    """What keeps the promises to so many readers on one day."""
    rng = np.random.default_rng(seed)
    asked = rng.poisson(readers * habits.active * habits.questions * _by_second(_AWAKE)).astype(np.float64)
    due = readers * habits.digests * _due_by_second()

    def late_replies(cores: int, bots: int) -> float:
        answered = _late(asked, np.full(_DAY, cores * costs.busy / costs.question))
        return costs.question + answered + _late(asked, np.full(_DAY, bots * costs.line))

    def late_digests(bots: int) -> float:
        return _late(due, np.maximum(bots * costs.line - asked, 0.0))

    bots = _least(lambda bots: late_digests(bots) <= promises.digest and late_replies(_MANY, bots) <= promises.reply)
    answering = _least(lambda cores: late_replies(cores, bots) <= promises.reply)
    planning = int(np.ceil(due.max() * costs.plan / costs.busy / promises.planned))
    # Digests are written and sent as fast as the lines go, at most.
    sending = int(np.ceil(min(bots * costs.line, due.max()) * costs.digest / costs.busy))
    cores = answering + planning + sending
    commits = asked * costs.commits[0] + min(bots * costs.line, due.max()) * costs.commits[1]
    questions = float(asked.sum())
    return {
        "questions_a_day": questions,
        "questions_a_second_peak": round(float(_minutes(asked).max()), 1),
        "cores_answering": answering,
        "reply_p95_s": round(late_replies(answering, bots), 2),
        "digests_due_at_once": float(round(due.max())),
        "bots": bots,
        "digest_late_p95_s": round(late_digests(bots)),
        "digest_late_p95_s_one_bot": round(late_digests(1)),
        "cores_planning": planning,
        "cores_sending": sending,
        "commits_a_second_peak": round(float(_minutes(commits).max())),
        "disk_gb_of_readers": round(readers * costs.kept.reader_kb(questions / readers, habits.digests) / 1e6, 1),
        "disk_gb_a_month_of_questions": round(questions * _MONTH_DAYS * costs.kept.question_kb / 1e6, 1),
        "cores_per_100000_readers": round(cores / readers * 100_000, 2),
        "price_a_reader_and_month": round(cores * costs.core_hour * _MONTH_HOURS / readers, 6),
    }


def _by_second(hours: Floats) -> Floats:
    """Parts of a local day's hours as shares of each second of the day in UTC, over all zones; their sum is 1."""
    local = np.repeat(hours / hours.sum() / 3600, 3600)
    day = np.zeros(_DAY)
    for zone, share in _ZONES.items():
        day += share * np.roll(local, -zone * 3600)
    return day


def _due_by_second() -> Floats:
    """The share of a day's digests that is due in each second in UTC."""
    due = np.zeros(_DAY)
    for zone, share in _ZONES.items():
        for hour, wanted in _WANTED.items():
            due[(hour - zone) % 24 * 3600] += share * wanted
    return due


def _late(came: Floats, capacity: Floats) -> float:
    """Seconds that the 95th percentile of what came waits for its turn, first come first served.

    The day is lived through twice, so that what is left at midnight goes on; only the second day counts.
    """
    came, capacity = np.tile(came, 2), np.tile(capacity, 2)
    net = np.cumsum(came - capacity)
    waiting = net - np.minimum(np.minimum.accumulate(net), 0.0)
    total = np.cumsum(came)
    gone = total - waiting
    seconds = np.arange(_DAY, 2 * _DAY)
    # The last of each second is gone when as many are gone as had come by then; what never is takes longer than a day.
    left = np.searchsorted(gone, total[seconds] - 1e-6)
    late = np.maximum(left - seconds, 0).astype(np.float64)
    order = np.argsort(late)
    weight = np.cumsum(came[seconds][order])
    return float(late[order][np.searchsorted(weight, 0.95 * weight[-1])])


def _least(holds: Callable[[int], bool]) -> int:
    """The least number that holds, where all above it do."""
    high = 1
    while not holds(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _minutes(by_second: Floats) -> Floats:
    """Its mean over each minute."""
    mean: Floats = by_second.reshape(-1, 60).mean(axis=1)
    return mean
