"""`tidings evaluate ranking` without data: by what this instance's own readers did."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np

from bot.app import App, open_app
from bot.evaluations.figures import INTERVAL, figures
from bot.settings import load_settings
from retrieval.evaluation.estimates import Estimate, mean
from retrieval.evaluation.orderings import METRICS, worth
from retrieval.interests.features import NAMES
from retrieval.interests.learned import Shown
from retrieval.interests.ranking import SHIPPED, Weights, installed
from storage.digests import KEPT, DigestStore
from storage.domain.digests import ShownList
from storage.domain.evidence import Act
from storage.domain.people import ReaderId
from storage.errors import InputError
from storage.evidence import EvidenceStore

_ANSWERED_WITHIN = timedelta(days=3)
"""What is done about a story later was led to by something else."""

_PLAIN = Weights.named({"mean": 1.0})


def run_own_ranking() -> dict[str, Any]:
    """How well what this instance's readers turned to was ranked among what they were shown together.

    As it is ranked now, and beside it by the mean similarity, by heat, and in the order it was shown in.

    Raises:
        InputError: No reader has turned to some of a list and not to the rest yet.
    """
    return asyncio.run(_evaluated())


async def _evaluated() -> dict[str, Any]:
    start = time.perf_counter()
    settings = load_settings()
    async with open_app(settings) as app:
        shown = await shown_lists(app)
    if not shown:
        raise InputError("feedback", "no reader has turned to some of a digest yet; or give --data DIR")
    now = installed(settings.home / SHIPPED)
    ways = {"ours": now, "mean similarity": _PLAIN, "heat": Weights.named({"heat": 1.0})}
    scores = {way: [weights.scores(each.rows) for each in shown] for way, weights in ways.items()}
    scores["listed"] = [-np.arange(len(each.rows), dtype=np.float32) for each in shown]
    measured = {way: _measured(shown, each) for way, each in scores.items()}
    metrics = figures(_estimates(measured["ours"]))
    for way in ("mean similarity", "heat", "listed"):
        metrics |= _named(way, _estimates(measured[way]))
    gains = [
        [a - b for a, b in zip(x, y, strict=True)]
        for x, y in zip(measured["ours"], measured["mean similarity"], strict=True)
    ]
    metrics |= _named("gain over mean similarity", _estimates(gains))
    return {
        "name": "ranking",
        "n": len(shown),
        "metrics": metrics,
        "seconds": round(time.perf_counter() - start, 2),
        "settings": {
            "feedback": f"of this instance, the last {KEPT.days} days",
            "ties": "broken by chance",
            "interval": f"{INTERVAL} over lists",
        },
    }


async def shown_lists(app: App) -> list[Shown]:
    """What readers were shown together, in the order of time, where they turned to some of it and not to the rest."""
    since = app.clock() - KEPT
    lists = await DigestStore(app.database).lists(since)
    acts = await EvidenceStore(app.database).acted_on({each.reader for each in lists}, since)
    return [found for each in lists if (found := responded(each, acts)) is not None]


def responded(shown: ShownList, acts: Mapping[ReaderId, Sequence[Act]]) -> Shown | None:
    """A list with what its reader turned to; `None` where that is nothing or all of it, and tells no order.

    Nor does one of a reader who started over since: by what it was ranked is forgotten.
    """
    if not any(shown.features):
        return None
    until = shown.at + _ANSWERED_WITHIN
    keys = {act.key for act in acts.get(shown.reader, ()) if shown.at <= act.at <= until and act.worth > 0}
    turned_to = np.asarray([any(article in keys for article in articles) for articles in shown.articles])
    if not turned_to.any() or turned_to.all():
        return None
    rows = [[each.get(name, 0.0) for name in NAMES] for each in shown.features]
    return Shown(rows=np.asarray(rows, dtype=np.float32), turned_to=turned_to, places=np.arange(len(rows)))


def _measured(shown: Sequence[Shown], scores: Sequence[Any]) -> list[tuple[float, ...]]:
    return [
        worth(list(map(float, mine)), list(map(bool, each.turned_to)), str(number))
        for number, (each, mine) in enumerate(zip(shown, scores, strict=True))
    ]


def _estimates(measured: Sequence[Sequence[float]]) -> dict[str, Estimate]:
    return {name: mean([each[at] for each in measured]) for at, name in enumerate(METRICS)}


def _named(title: str, estimates: Mapping[str, Estimate]) -> dict[str, float]:
    return figures({f"{title} {name}": estimate for name, estimate in estimates.items()})
