"""How well article text is told from the rest of a page, by the article extraction benchmark's definition.

Shingles of four tokens; precision and recall per page on normalised counts; each averaged over the pages where it is
defined; F1 of the two averages (scrapinghub/article-extraction-benchmark, 2020).
"""

from __future__ import annotations

import gzip
import json
import random
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.ingest.reading import Reading
from storage.domain.progress import Progress
from storage.errors import InputError, ParseError

_TOKEN = re.compile(r"\w+")
_TOKENS_A_SHINGLE = 4
_RESAMPLES = 1_000
_TAIL = 0.025


@dataclass(frozen=True, slots=True, kw_only=True)
class PageScore:
    """Shingles of one page: found rightly, found wrongly, and missed, as shares of all three."""

    right: float
    wrong: float
    missed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A metric over all pages with its 95 % interval, by bootstrap over the pages."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionReport:
    """What the evaluation found; `unreadable` pages count as empty texts."""

    n: int
    f1: Estimate
    precision: Estimate
    recall: Estimate
    unreadable: int


async def evaluate_extraction(folder: Path, reading: Reading, progress: Progress) -> ExtractionReport:
    """Extract every page of `folder` and compare it with the text people marked.

    Args:
        folder: Holds `ground-truth.json` ({id: {articleBody, url}}) and `html/ID.html.gz` (or `.html`).
        reading: The reader to evaluate.
        progress: Told after each page.

    Raises:
        InputError: The folder does not hold such data.
    """
    truth = _ground_truth(folder)
    scores: list[PageScore] = []
    unreadable = 0
    for done, (name, (body, url)) in enumerate(truth.items(), start=1):
        try:
            text = (await reading.page(_html(folder, name), url=url)).text
        except ParseError:
            text = ""
            unreadable += 1
        scores.append(score_page(body, text))
        progress("extraction", done, len(truth))
    f1, precision, recall = _estimates(scores)
    return ExtractionReport(n=len(scores), f1=f1, precision=precision, recall=recall, unreadable=unreadable)


def score_page(wanted: str, found: str) -> PageScore:
    """Compare a found text with the wanted one; both empty scores as nothing at all."""
    a, b = _shingles(wanted), _shingles(found)
    right, wrong, missed = (a & b).total(), (b - a).total(), (a - b).total()
    total = (right + wrong + missed) or 1
    return PageScore(right=right / total, wrong=wrong / total, missed=missed / total)


def combine(scores: Sequence[PageScore]) -> tuple[float, float, float]:
    """F1, precision and recall over pages; a page where nothing was found has no precision, and so for recall."""
    precisions = [s.right / (s.right + s.wrong) for s in scores if s.right + s.wrong > 0]
    recalls = [s.right / (s.right + s.missed) for s in scores if s.right + s.missed > 0]
    precision = statistics.fmean(precisions) if precisions else 0.0
    recall = statistics.fmean(recalls) if recalls else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f1, precision, recall


def _estimates(scores: Sequence[PageScore]) -> tuple[Estimate, ...]:
    chance = random.Random(0)  # noqa: S311  resampling, repeatable
    resampled = [combine(chance.choices(scores, k=len(scores))) for _ in range(_RESAMPLES)]
    estimates: list[Estimate] = []
    for value, draws in zip(combine(scores), zip(*resampled, strict=True), strict=True):
        ordered = sorted(draws)
        low, high = ordered[int(_TAIL * _RESAMPLES)], ordered[int((1 - _TAIL) * _RESAMPLES) - 1]
        estimates.append(Estimate(value=value, low=low, high=high))
    return tuple(estimates)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    if not tokens:
        return Counter()
    # A text shorter than a shingle is one shingle.
    count = max(1, len(tokens) - _TOKENS_A_SHINGLE + 1)
    return Counter(tuple(tokens[start : start + _TOKENS_A_SHINGLE]) for start in range(count))


def _ground_truth(folder: Path) -> dict[str, tuple[str, str]]:
    """Wanted text and address of each page that has a file."""
    path = folder / "ground-truth.json"
    try:
        pages = json.loads(path.read_bytes())
        truth = {
            name: (str(fields.get("articleBody") or ""), str(fields.get("url") or "http://localhost/"))
            for name, fields in sorted(pages.items())
        }
    except OSError as error:
        raise InputError(str(path), error.strerror or "cannot be read") from error
    except (ValueError, AttributeError) as error:
        raise InputError(str(path), "is not a JSON object of pages by id") from error
    if not truth:
        raise InputError(str(path), "names no page")
    return truth


def _html(folder: Path, name: str) -> bytes:
    zipped = folder / "html" / f"{name}.html.gz"
    plain = folder / "html" / f"{name}.html"
    try:
        return gzip.decompress(zipped.read_bytes()) if zipped.exists() else plain.read_bytes()
    except (OSError, EOFError) as error:
        raise InputError(str(zipped), "cannot be read") from error
