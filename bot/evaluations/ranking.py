"""`tidings evaluate ranking`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.app import App
from bot.evaluations.figures import INTERVAL, figures
from bot.evaluations.scratch import scratch_instance
from retrieval.annotation.prototypes import EncodedPrototypes
from retrieval.evaluation.estimates import Estimate
from retrieval.evaluation.impressions import Impression, read_lists, read_stream
from retrieval.evaluation.ranking import encoded, evaluate_lists
from retrieval.evaluation.stream import evaluate_stream
from retrieval.evaluation.variety import LENGTH, evaluate_variety
from storage.domain.progress import Progress
from storage.errors import InputError

_IN_TIME = "in time "
_FEWEST_IN_TIME = 10


def run_ranking(data: Path, progress: Progress) -> dict[str, Any]:
    """How well what readers clicked is ranked among what they were shown, by what they had clicked before.

    Tables of MIND are replayed click by click, and digests are chosen of all that is in them; impressions with times go
    by in their order. Beside each, in the same run, the mean cosine; with times, clicks per show as well.

    Raises:
        InputError: The folder holds no impressions, or something that cannot be read.
    """
    return asyncio.run(_ranking(data, progress))


async def _ranking(data: Path, progress: Progress) -> dict[str, Any]:
    start = time.perf_counter()
    lists, stream = read_lists(data), read_stream(data)
    if len(stream) < _FEWEST_IN_TIME:
        stream = []
    if not lists and not stream:
        wanted = "tables of MIND, or JSON Lines with time, history and candidates beside titles by id"
        raise InputError(str(data), f"holds no impressions that were clicked in: {wanted}")
    metrics: dict[str, float] = {}
    settings: dict[str, Any] = {}
    n = 0
    async with scratch_instance(None) as app:
        settings["encoder"] = app.encoder.name
        if lists:
            found, n = await _lists(app, lists, progress)
            metrics |= found
        if stream:
            timed, about, scored = await _stream(app, stream, progress)
            metrics |= {f"{_IN_TIME}{name}": value for name, value in timed.items()} if lists else timed
            settings |= about
            n += scored
    return {
        "name": "ranking",
        "n": n,
        "metrics": metrics,
        "seconds": round(time.perf_counter() - start, 2),
        "settings": {**settings, "ties": "broken by chance", "interval": f"{INTERVAL} over impressions"},
    }


async def _lists(app: App, lists: Sequence[Impression], progress: Progress) -> tuple[dict[str, float], int]:
    vectors = await encoded(app.encoder, lists, progress)
    report = evaluate_lists(lists, vectors, app.encoder.name)
    found = figures(report.ours)
    found |= _named("mean cosine", report.plain) | _named("gain", report.gains) | _named("listed", report.listed)
    for clicks, estimates in report.curve.items():
        found |= _named(f"{clicks} clicks", estimates)
    found |= _named("simulated taps", report.tapped)
    if any(each.history for each in lists):
        varied = evaluate_variety(lists, vectors, app.encoder.name)
        for way in varied.distance:
            where = f"digest of {LENGTH}{'' if way == 'ours' else ' by score alone'}"
            found |= figures({f"{where} distance": varied.distance[way], f"{where} divergence": varied.divergence[way]})
            found[f"{where} coverage"] = round(varied.coverage[way], 4)
        found |= _named("varied", varied.kept["ours"])
    return found, report.n


async def _stream(
    app: App, stream: Sequence[Impression], progress: Progress
) -> tuple[dict[str, float], dict[str, Any], int]:
    vectors = await encoded(app.encoder, stream, progress)
    prototypes = await EncodedPrototypes().of(app.encoder)
    report = evaluate_stream(stream, vectors, prototypes, progress)
    found = figures(report.rankings["ours"])
    for name, title in (
        ("titled", "titled"),
        ("ctr", "clicks per show"),
        ("plain", "mean cosine"),
        ("learned", "learned"),
        ("listed", "listed"),
    ):
        found |= _named(title, report.rankings.get(name, {}))
    for name, title in (
        ("ours over ctr", "gain over clicks per show"),
        ("ours over plain", "gain over mean cosine"),
        ("learned over ours", "gain by learning"),
    ):
        found |= _named(title, report.gains[name])
    about = {"learned_from": report.learned_from, "learned_installed": report.learned.better}
    return found, about, report.n


def _named(title: str, estimates: Mapping[str, Estimate]) -> dict[str, float]:
    return figures({f"{title} {name}": estimate for name, estimate in estimates.items()})
