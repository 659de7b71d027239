"""`tidings evaluate summaries`."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from bot.evaluations.figures import INTERVAL, figures
from generation.evaluation.summaries import METRICS, JudgedText, Scores, evaluate_summaries
from generation.summarize import ExtractiveSummarizer
from retrieval.evaluation.collection import rows
from retrieval.evaluation.estimates import Estimate, mean
from storage.domain.progress import Progress
from storage.domain.summaries import WORDS
from storage.errors import InputError

_GAIN_OVER = "lead3"


def run_summaries(data: Path, progress: Progress, *, words: int = WORDS) -> dict[str, Any]:
    """How near the summaries of the texts in `data` come to their references.

    Beside them, in the same run, the first three sentences (`lead3_…`) and the first 200 characters (`first200_…`);
    `gain_…` is what a summary has over the first three sentences of its own text.

    Args:
        data: JSON Lines with text and reference, whatever the files' names.
        progress: Told how far it is.
        words: How long the summaries are.

    Raises:
        InputError: The folder holds no such lines, or one that lacks something.
    """
    return asyncio.run(_summaries(data, progress, words=words))


async def _summaries(data: Path, progress: Progress, *, words: int) -> dict[str, Any]:
    start = time.perf_counter()
    texts = list(_texts(data))
    if not texts:
        raise InputError(str(data), "holds no texts with summaries: JSON Lines with text and reference")
    summarizer = ExtractiveSummarizer()
    report = await evaluate_summaries(functools.partial(summarizer.summarize, words=words), texts, progress)
    return {
        "name": "summaries",
        "n": len(texts),
        "metrics": figures(dict(_estimates(report.scores))),
        "seconds": round(time.perf_counter() - start, 2),
        "settings": {
            "engine": summarizer.name,
            "words": words,
            "length": round(fmean(report.lengths), 1),
            "reference_length": round(fmean(report.reference_lengths), 1),
            "rouge": "F1 over characters where the reference is Chinese, over lower-case words elsewhere; no stemming",
            "interval": f"{INTERVAL} over texts",
        },
    }


def _estimates(scores: Mapping[str, Sequence[Scores]]) -> Iterator[tuple[str, Estimate]]:
    for name, each in scores.items():
        for metric, column in zip(METRICS, zip(*each, strict=True), strict=True):
            yield f"{name}_{metric}" if name else metric, mean(column)
    for at, metric in enumerate(METRICS):
        pairs = zip(scores[""], scores[_GAIN_OVER], strict=True)
        yield f"gain_{metric}", mean([ours[at] - theirs[at] for ours, theirs in pairs])


def _texts(data: Path) -> Iterator[JudgedText]:
    for path in sorted(path for path in data.iterdir() if path.is_file()):
        for at, row in rows(path, lambda first: {"text", "reference"} <= first.keys()):
            text, reference, title = row.get("text"), row.get("reference"), row.get("title")
            if not isinstance(text, str) or not isinstance(reference, str) or not reference.strip():
                raise InputError(at, "has no text, or no reference to compare with")
            yield JudgedText(text=text, reference=reference, title=title if isinstance(title, str) else None)
