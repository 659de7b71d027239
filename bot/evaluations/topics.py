"""`tidings evaluate topics`."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import numpy as np

from bot.evaluations.scratch import scratch_instance
from retrieval.evaluation.topics import Agreement, TopicsReport, evaluate_topics, read_grouped
from storage.domain.progress import Progress


def run_topics(data: Path, progress: Progress) -> dict[str, Any]:
    """How well the articles in `data`, one after the other, are gathered into the stories people made of them.

    Raises:
        InputError: The folder does not hold such articles.
    """
    return asyncio.run(_topics(data, progress))


async def _topics(data: Path, progress: Progress) -> dict[str, Any]:
    start = time.perf_counter()
    articles = read_grouped(data)
    async with scratch_instance(None) as app:
        report = await evaluate_topics(app.encoder, app.cutter, articles, progress)
        encoder = app.encoder.name
    return {
        "name": "topics",
        "n": report.n,
        "metrics": {each: round(value, 4) for each, value in _metrics(report).items()},
        "seconds": round(time.perf_counter() - start, 2),
        "settings": {
            "encoder": encoder,
            "stories": report.stories,
            "found": report.found,
            "orders": len(report.orders),
            "interval": "95 % bootstrap over stories",
        },
    }


def _metrics(report: TopicsReport) -> dict[str, float]:
    figures = _figures(report.agreement, "")
    figures |= {"bcubed_f1_low": report.f1.low, "bcubed_f1_high": report.f1.high}
    for name, values in (
        ("bcubed_f1", [each.f1 for each in report.orders]),
        ("ari", [each.ari for each in report.orders]),
    ):
        figures |= {
            f"{name} orders mean": float(np.mean(values)),
            f"{name} orders min": min(values),
            f"{name} orders sd": float(np.std(values)),
        }
    for part, agreement in report.parts.items():
        figures |= _figures(agreement, f" {part}")
    return figures | _figures(report.at_arrival, " at arrival") | {"moved": report.moved}


def _figures(agreement: Agreement, where: str) -> dict[str, float]:
    return {
        f"bcubed_f1{where}": agreement.f1,
        f"bcubed_precision{where}": agreement.precision,
        f"bcubed_recall{where}": agreement.recall,
        f"ari{where}": agreement.ari,
    }
