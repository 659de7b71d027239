"""`tidings evaluate …`: the evaluations, run on what an instance runs on, as the command line prints them."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from bot.console import Progress
from retrieval.evaluation.extraction import evaluate_extraction
from retrieval.ingest.reading import Reading
from retrieval.ingest.sandbox import Sandbox


def run_extraction(data: Path, progress: Progress) -> dict[str, Any]:
    """Shingle F1 of the text extracted from the pages in `data`.

    Raises:
        InputError: The folder does not hold such pages.
    """
    return asyncio.run(_extraction(data, progress))


async def _extraction(data: Path, progress: Progress) -> dict[str, Any]:
    start = time.perf_counter()
    async with Sandbox() as sandbox:
        report = await evaluate_extraction(data, Reading(sandbox), progress)
    metrics: dict[str, float] = {"unreadable": report.unreadable}
    for name, estimate in (("f1", report.f1), ("precision", report.precision), ("recall", report.recall)):
        metrics[name] = round(estimate.value, 4)
        metrics[f"{name}_low"] = round(estimate.low, 4)
        metrics[f"{name}_high"] = round(estimate.high, 4)
    return {
        "name": "extraction",
        "n": report.n,
        "metrics": metrics,
        "seconds": round(time.perf_counter() - start, 2),
        "settings": {"shingle_tokens": 4, "interval": "95 % bootstrap over pages"},
    }
