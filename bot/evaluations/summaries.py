"""`tidings evaluate summaries`."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

from bot.evaluations.figures import INTERVAL, figures
from generation.evaluation.headlines import TitledText, evaluate_headlines
from generation.evaluation.summaries import METRICS, JudgedText, Scores, evaluate_summaries
from generation.headlines import plain
from generation.summarize import ExtractiveSummarizer
from retrieval.evaluation.collection import rows
from retrieval.evaluation.estimates import Estimate, mean
from storage.domain.news import ArticleId, Headline
from storage.domain.progress import Progress
from storage.domain.summaries import WORDS
from storage.errors import InputError

_ARTICLE = ArticleId("article")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_GAINS = {"gain": ("", "lead3"), "line_gain": ("line", "lead1")}


def run_summaries(data: Path, progress: Progress, *, words: int = WORDS) -> dict[str, Any]:
    """How near the summaries of the texts in `data` come to their references.

    Beside them, in the same run, the first three sentences (`lead3_…`) and the first 200 characters (`first200_…`);
    `gain_…` is what a summary has over the first three sentences of its own text, `line_gain_…` what the gist in one
    line (`line_…`) has over the first sentence (`lead1_…`). Of articles that have titles and no references, how near
    headlines made of their texts come to those.

    Args:
        data: JSON Lines with text and reference, or text and title, whatever the files' names.
        progress: Told how far it is.
        words: How long the summaries are.

    Raises:
        InputError: The folder holds no such lines, or one that lacks something.
    """
    return asyncio.run(_summaries(data, progress, words=words))


async def _summaries(data: Path, progress: Progress, *, words: int) -> dict[str, Any]:
    start = time.perf_counter()
    texts = list(_texts(data))
    if not texts and (titled := list(_titled(data))):
        return _headlines(data, titled, progress)
    if not texts:
        raise InputError(str(data), "holds no texts with summaries: JSON Lines with text and reference")
    summarizer = ExtractiveSummarizer()
    report = await evaluate_summaries(functools.partial(summarizer.summarize, words=words), texts, progress)
    return {
        "name": "summaries",
        "n": len(texts),
        "metrics": figures(dict(_estimates(report.scores)) | dict(_containments(report.contained))),
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
    for gain, (ours, theirs) in _GAINS.items():
        for at, metric in enumerate(METRICS):
            pairs = zip(scores[ours], scores[theirs], strict=True)
            yield f"{gain}_{metric}", mean([one[at] - other[at] for one, other in pairs])


def _containments(contained: Mapping[str, Sequence[float]]) -> Iterator[tuple[str, Estimate]]:
    for name, values in contained.items():
        yield f"{name}_contained", mean(values)
    pairs = zip(contained["line"], contained["lead1"], strict=True)
    yield "line_gain_contained", mean([ours - theirs for ours, theirs in pairs])


def _headlines(data: Path, articles: Sequence[TitledText], progress: Progress) -> dict[str, Any]:
    start = time.perf_counter()
    report = evaluate_headlines(articles, progress)
    found = report.scores
    if not found[""]:
        raise InputError(str(data), "none of its articles has a title that names an event")
    estimates = {f"{name}_f1" if name else "f1": mean(values) for name, values in found.items()}
    gains = [ours - theirs for ours, theirs in zip(found[""], found["short_lead1"], strict=True)]
    return {
        "name": "headlines",
        "n": len(gains),
        "metrics": figures(estimates | {"gain_f1": mean(gains)}),
        "seconds": round(time.perf_counter() - start, 2),
        "settings": {
            "engine": ExtractiveSummarizer.name,
            "none": report.none,
            "titles_left_out": report.left_out,
            "f1": "over characters where the title is Chinese, over lower-case words elsewhere; no stemming",
            "gain": "over the first sentence, cut to as long as a headline may be",
            "interval": f"{INTERVAL} over articles",
        },
    }


def _titled(data: Path) -> Iterator[TitledText]:
    for path in sorted(path for path in data.iterdir() if path.is_file()):
        for _, row in rows(path, lambda first: {"text", "title"} <= first.keys()):
            text, title, source, url = (row.get(key) for key in ("text", "title", "source", "url"))
            if isinstance(text, str) and isinstance(title, str):
                shown = Headline(
                    id=_ARTICLE,
                    title=title,
                    first_seen=_LONG_AGO,
                    group=_ARTICLE,
                    source=source if isinstance(source, str) else None,
                    url=url if isinstance(url, str) else None,
                )
                yield TitledText(text=text, title=plain(shown))


def _texts(data: Path) -> Iterator[JudgedText]:
    for path in sorted(path for path in data.iterdir() if path.is_file()):
        for at, row in rows(path, lambda first: {"text", "reference"} <= first.keys()):
            text, reference, title = row.get("text"), row.get("reference"), row.get("title")
            if not isinstance(text, str) or not isinstance(reference, str) or not reference.strip():
                raise InputError(at, "has no text, or no reference to compare with")
            yield JudgedText(text=text, reference=reference, title=title if isinstance(title, str) else None)
