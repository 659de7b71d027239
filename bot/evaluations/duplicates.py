"""`tidings evaluate duplicates`."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from bot.evaluations.figures import INTERVAL, figures
from bot.evaluations.scratch import scratch_instance
from retrieval.evaluation.collection import read_collection
from retrieval.evaluation.duplicates import evaluate_duplicates
from storage.domain.progress import Progress
from storage.errors import InputError

_FEWEST_PAIRS = 2


def run_duplicates(data: Path, progress: Progress) -> dict[str, Any]:
    """How well the likeness of headlines in `data` agrees with the scores people gave them.

    Raises:
        InputError: The folder does not hold such pairs.
    """
    return asyncio.run(_duplicates(data, progress))


async def _duplicates(data: Path, progress: Progress) -> dict[str, Any]:
    start = time.perf_counter()
    pairs = read_collection(data).pairs
    if len(pairs) < _FEWEST_PAIRS:
        raise InputError(str(data), "holds no scored pairs: JSON Lines with a, b and score")
    async with scratch_instance(None) as app:
        report = await evaluate_duplicates(app.encoder, pairs, progress)
        encoder = app.encoder.name
    by_group = {f"pearson {name}": estimate for name, estimate in report.groups.items() if name}
    return {
        "name": "duplicates",
        "n": report.n,
        "metrics": figures({"pearson": report.pearson} | by_group | {"cosine_pearson": report.meaning_alone}),
        "seconds": round(time.perf_counter() - start, 2),
        "settings": {"encoder": encoder, "interval": f"{INTERVAL} over pairs"},
    }
