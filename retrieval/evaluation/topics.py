"""How well articles that arrive one by one are gathered into the stories that people see in them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.collection import rows
from retrieval.evaluation.estimates import Estimate
from retrieval.index.words import WordCutter
from retrieval.ingest.moments import read_moment
from retrieval.ports import Encoder
from retrieval.topics.clusterer import Clusterer, Limits
from retrieval.topics.odds import Weights
from retrieval.topics.sketch import Sketch
from retrieval.topics.sketching import opening, sketch
from storage.domain.progress import Progress
from storage.errors import InputError

ORDERS = 10
"""Beside the order of the digests of their ids, articles are streamed in so many orders drawn by chance."""

_RESAMPLES = 2_000
_TAILS = (0.025, 0.975)
_STEP = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedArticle:
    """An article, and which story people put it into; `part` is the part of the data it comes from."""

    id: str
    beginning: str
    story: str
    part: str
    published: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How found stories agree with people's, by BCubed (Bagga and Baldwin, 1998) and the adjusted Rand index."""

    precision: float
    recall: float
    f1: float
    ari: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsReport:
    """What the evaluation found.

    Args:
        n: Articles.
        stories: How many people made of them.
        found: How many were made of them here.
        agreement: In the order of the digests of their ids.
        f1: The same with its interval, by bootstrap over people's stories.
        orders: In other orders.
        parts: Of each part of the data that names itself, streamed alone.
        moved: How often a placed article went to another story later, per article, merged stories not counted.
        at_arrival: Had nothing been mended afterwards.
    """

    n: int
    stories: int
    found: int
    agreement: Agreement
    f1: Estimate
    orders: tuple[Agreement, ...]
    parts: Mapping[str, Agreement]
    moved: float
    at_arrival: Agreement


def read_grouped(folder: Path) -> list[GroupedArticle]:
    """The articles of all files in `folder` whose lines have a text and a cluster.

    Raises:
        InputError: There are none; a file breaks off, or holds a line that is none.
    """
    found = [
        _grouped(row, at)
        for path in sorted(path for path in folder.iterdir() if path.is_file())
        for at, row in rows(path, lambda first: "text" in first and "cluster" in first)
    ]
    if not found:
        raise InputError(str(folder), "holds no grouped articles: JSON Lines with text and cluster")
    if len({article.id for article in found}) < len(found):
        raise InputError(str(folder), "holds several articles of one id")
    return found


async def evaluate_topics(
    encoder: Encoder,
    cutter: WordCutter,
    articles: Sequence[GroupedArticle],
    progress: Progress,
    *,
    weights: Weights | None = None,
    limits: Limits | None = None,
) -> TopicsReport:
    """Stream the articles through a clusterer, in several orders.

    Raises:
        EncoderUnavailable: The model cannot be loaded.
    """
    sketches = await _sketches(encoder, cutter, articles, progress)
    hashed = sorted(range(len(articles)), key=lambda at: _digest(articles[at].id))
    people = [article.story for article in articles]
    done = _streamed(sketches, hashed, weights, limits)
    orders: list[Agreement] = []
    for seed in range(ORDERS):
        order = np.random.default_rng(seed).permutation(len(articles)).tolist()
        orders.append(agreement(_streamed(sketches, order, weights, limits).stories, people))
        progress("orders", seed + 1, ORDERS)
    parts: dict[str, Agreement] = {}
    for part in sorted({article.part for article in articles} - {""}):
        own = [at for at in hashed if articles[at].part == part]
        found = _streamed(sketches, own, weights, limits).stories
        parts[part] = agreement([found[at] for at in own], [people[at] for at in own])
    return TopicsReport(
        n=len(articles),
        stories=len(set(people)),
        found=len(set(done.stories)),
        agreement=agreement(done.stories, people),
        f1=_interval(done.stories, people),
        orders=tuple(orders),
        parts=parts,
        moved=done.moved / len(articles),
        at_arrival=agreement(done.first, people),
    )


def agreement(found: Sequence[str], people: Sequence[str]) -> Agreement:
    """How two groupings of the same articles agree; each gives the group of every article, at least one."""
    precision, recall = (float(each.mean()) for each in _by_article(found, people))
    return Agreement(
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall),
        ari=_adjusted_rand(found, people),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Streamed:
    """The story of each article at the end, and when it came; how often one went to another later."""

    stories: list[str]
    first: list[str]
    moved: int


def _streamed(
    sketches: Sequence[Sketch], order: Sequence[int], weights: Weights | None, limits: Limits | None
) -> _Streamed:
    clusterer = Clusterer(weights, limits)
    stories, first, moved = [""] * len(sketches), [""] * len(sketches), 0
    for at in order:
        placed = clusterer.place(str(at), sketches[at])
        if placed.merged:
            stories = [placed.merged.get(story, story) for story in stories]
        for article, story in placed.moved.items():
            stories[int(article)] = story
        stories[at] = first[at] = placed.story
        moved += len(placed.moved)
    return _Streamed(stories=stories, first=first, moved=moved)


async def _sketches(
    encoder: Encoder, cutter: WordCutter, articles: Sequence[GroupedArticle], progress: Progress
) -> list[Sketch]:
    sketches: list[Sketch] = []
    for start in range(0, len(articles), _STEP):
        batch = articles[start : start + _STEP]
        vectors = await encoder.encode_documents([article.beginning for article in batch])
        sketches += (
            sketch(
                article.beginning,
                vector,
                cutter,
                published=read_moment(article.published) if article.published else None,
                language=article.language,
            )
            for article, vector in zip(batch, vectors, strict=True)
        )
        progress("articles", len(sketches), len(articles))
    return sketches


def _by_article(found: Sequence[str], people: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(n,) BCubed precision and recall of each article."""
    both = Counter(zip(found, people, strict=True))
    ours, theirs = Counter(found), Counter(people)
    each = list(zip(found, people, strict=True))
    return (
        np.asarray([both[pair] / ours[pair[0]] for pair in each]),
        np.asarray([both[pair] / theirs[pair[1]] for pair in each]),
    )


def _adjusted_rand(found: Sequence[str], people: Sequence[str]) -> float:
    """Hubert and Arabie, 1985; 1 where both groupings are the same."""

    def pairs(groups: Sequence[object]) -> float:
        return sum(n * (n - 1) / 2 for n in Counter(groups).values())

    ours, theirs, all_pairs = pairs(found), pairs(people), len(found) * (len(found) - 1) / 2
    by_chance = ours * theirs / all_pairs if all_pairs else 0.0
    best = (ours + theirs) / 2
    return (pairs(list(zip(found, people, strict=True))) - by_chance) / (best - by_chance) if best > by_chance else 1.0


def _interval(found: Sequence[str], people: Sequence[str]) -> Estimate:
    """BCubed F1, and where it falls with 95 % of other draws of stories: articles of one err together."""
    precision, recall = _by_article(found, people)
    names, index = np.unique(np.asarray(people), return_inverse=True)
    sums = np.stack([np.bincount(index, values) for values in (precision, recall, np.ones(len(index)))])
    drawn = np.random.default_rng(0).integers(len(names), size=(_RESAMPLES, len(names)))
    p, r, n = sums[:, drawn].sum(axis=2)
    low, high = np.quantile(2 * p * r / (p + r) / n, _TAILS)
    value = agreement(found, people).f1
    return Estimate(value=value, low=float(low), high=float(high))


def _digest(id_: str) -> str:
    return hashlib.sha256(id_.encode()).hexdigest()


def _grouped(row: Mapping[str, Any], at: str) -> GroupedArticle:
    text, story = row.get("text"), row.get("cluster")
    if not isinstance(text, str) or not text.strip() or story is None:
        raise InputError(at, "needs a text and a cluster")
    title = row.get("title")
    return GroupedArticle(
        id=str(row.get("id", at)),
        beginning=opening(str(title) if title else None, text),
        story=str(story),
        part=str(row.get("split") or ""),
        published=str(row["published"]) if row.get("published") else None,
        language=str(row["language"]) if row.get("language") else None,
    )
