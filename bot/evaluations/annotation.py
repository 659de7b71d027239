"""`tidings evaluate annotation`."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from bot.evaluations.figures import INTERVAL, figures
from bot.evaluations.scratch import scratch_instance
from retrieval.evaluation.annotation import evaluate_categories, evaluate_keywords, evaluate_sentiment
from retrieval.evaluation.estimates import Estimate
from retrieval.evaluation.labelled import read_labelled
from storage.domain.progress import Progress
from storage.errors import InputError


def run_annotation(data: Path, progress: Progress) -> dict[str, Any]:
    """How well subjects, keywords and tone agree with what people say of the texts in `data`.

    Each is measured where the folder holds what it takes; `n` counts the texts of all kinds.

    Raises:
        InputError: The folder holds nothing of the kind, or something that cannot be read.
    """
    return asyncio.run(_annotation(data, progress))


async def _annotation(data: Path, progress: Progress) -> dict[str, Any]:
    start = time.perf_counter()
    labelled = read_labelled(data)
    counts = {"articles": len(labelled.articles), "rated": len(labelled.rated), "titled": len(labelled.titled)}
    if not any(counts.values()):
        wanted = "JSON Lines with title and category, text and sentiment or text and title, or tables of MIND"
        raise InputError(str(data), f"holds nothing to compare with: {wanted}")
    found: dict[str, Estimate] = {}
    async with scratch_instance(None) as app:
        cut = app.cutter.words
        if labelled.articles:
            found |= await evaluate_categories(app.encoder, labelled.articles, app.cutter, progress)
        if labelled.titled:
            found |= evaluate_keywords(labelled.titled, cut, progress)
        if labelled.rated:
            found |= await evaluate_sentiment(app.encoder, labelled.rated, progress)
        encoder = app.encoder.name
    return {
        "name": "annotation",
        "n": sum(counts.values()),
        "metrics": figures(found),
        "seconds": round(time.perf_counter() - start, 2),
        "settings": {"encoder": encoder, **counts, "interval": f"{INTERVAL} over texts"},
    }
