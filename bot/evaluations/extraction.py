"""`tidings evaluate extraction`."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from bot.evaluations.figures import INTERVAL, figures
from retrieval.evaluation.extraction import evaluate_extraction
from retrieval.ingest.reading import Reading
from retrieval.ingest.sandbox import Sandbox
from storage.domain.progress import Progress


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
    return {
        "name": "extraction",
        "n": report.n,
        "metrics": {"unreadable": report.unreadable}
        | figures({"f1": report.f1, "precision": report.precision, "recall": report.recall}),
        "seconds": round(time.perf_counter() - start, 2),
        "settings": {"shingle_tokens": 4, "interval": f"{INTERVAL} over pages"},
    }
