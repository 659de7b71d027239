"""`tidings bench topics`: what an article costs to be placed, as the stream grows, beside a clustering of all anew.

Stories are invented to lie as real ones do (see `crowd`): most have one article or a few, some hundreds; an article's
words are partly its story's. The peer is HDBSCAN over the same vectors, run on as many as it can take, which says
nothing of the next article until it is run again.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from bot.benchmarks.apart import apart
from bot.benchmarks.crowd import NEWEST, SPAN, Crowd, vectors
from bot.benchmarks.machine import machine, memory_mb, percentiles
from retrieval.evaluation.topics import agreement
from retrieval.topics.clusterer import Clusterer, Placement
from retrieval.topics.sketch import Sketch
from storage.domain.progress import Progress

_TENTHS = 10
# How many of the articles before each tenth of the stream its figures are of, and how many HDBSCAN gets.
_TIMED = 2_000
_PEER = 10_000
_TOLD = 100
# Sizes of stories fall off as a power (Zipf): half of them have one article.
_EXPONENT, _LARGEST = 2.0, 300
_DAYS = 2.0
_TOPICS, _CHINESE_SHARE = 200, 0.2
_TERMS, _OF_STORY, _OWN = 60, 40, 25
_NAMED_SHARE = 0.25
_VOCABULARY = 50_000


def run_bench(*, articles: int, progress: Progress) -> dict[str, object]:
    """Milliseconds an article at each tenth of the stream, and memory; the same of the peer for one run.

    Raises:
        InputError: A contender did not come to its end: most likely there was too little memory.
    """
    left_out = [] if importlib.util.find_spec("sklearn") else ["HDBSCAN: scikit-learn is not installed"]
    metrics: dict[str, object] = {"tidings": apart("tidings", partial(place_all, articles), progress)}
    if not left_out:
        metrics["hdbscan"] = apart("hdbscan", partial(cluster_anew, articles, min(articles, _PEER)), progress)
    return {"name": "topics", "metrics": metrics, "left_out": left_out, "machine": machine()}


def place_all(n: int, progress: Progress) -> dict[str, object]:
    """Place n articles one by one, each after a look for retired stories of its kind.

    The making of their sketches is not timed, and none of what is retired is revived. The figures of each tenth are
    told as it ends, so that a run that is cut off shows something.
    """
    known = stream(n)
    arriving = sketches(known)
    first = next(arriving)
    clusterer, before = Clusterer(), memory_mb()
    seconds, busy, found = np.zeros(n), np.zeros(n), list[str]()
    ends = {n * tenth // _TENTHS: f"at_{tenth * 100 // _TENTHS}%" for tenth in range(1, _TENTHS + 1)}
    figures: dict[str, object] = {"articles": n}
    doing = "articles placed"
    for row, sketch in enumerate(chain([first], arriving)):
        start, began = time.perf_counter(), time.thread_time()
        clusterer.dormant(sketch)
        placed = clusterer.place(str(row), sketch)
        seconds[row], busy[row] = time.perf_counter() - start, time.thread_time() - began
        if row < _PEER:
            found = _followed(found, placed)
        if name := ends.get(row + 1):
            last = slice(max(0, row + 1 - _TIMED), row + 1)
            measured = _measured(seconds[last].tolist(), busy[last].tolist(), memory_mb() - before)
            figures[name] = measured
            doing = f"articles placed; {name}: " + ", ".join(f"{what} {figure}" for what, figure in measured.items())
        if not (row + 1) % _TOLD:
            progress(doing, row + 1, n)
    return figures | {"articles_per_second": round(n / float(seconds.sum()), 1)} | _agreement(found, known)


def _measured(seconds: list[float], busy: list[float], memory: float) -> dict[str, float]:
    """By the clock; and by what the processor was at work, which other programs lengthen less."""
    return {
        **percentiles(seconds),
        "max_ms": round(max(seconds) * 1000, 2),
        **{f"cpu_{name}": figure for name, figure in percentiles(busy).items()},
        "memory_mb": round(memory, 1),
    }


def cluster_anew(articles: int, n: int, progress: Progress) -> dict[str, object]:
    """Cluster the first n articles of a stream at once, as would have to be done for each that arrives."""
    from sklearn.cluster import HDBSCAN  # type: ignore[import-untyped]  # the library has none

    known = stream(articles)
    rows = np.stack(list(islice(chain.from_iterable(vectors(known)), n)))
    before = memory_mb()
    progress("hdbscan", 0, None)
    start = time.perf_counter()
    labels = HDBSCAN(min_cluster_size=2, copy=True).fit_predict(rows)
    seconds = time.perf_counter() - start
    # What it calls noise is a story of its own.
    found = [str(label) if label >= 0 else f"alone {row}" for row, label in enumerate(labels.tolist())]
    figures: dict[str, object] = {
        "articles": n,
        "ms": round(seconds * 1000),
        "memory_mb": round(memory_mb() - before, 1),
    }
    return figures | _agreement(found, known)


def stream(n: int, *, seed: int = 0) -> Crowd:
    """The facets of n articles in order of arrival, one passage each; the same seed gives the same."""
    random = np.random.default_rng([seed, 11])
    sizes = np.minimum(random.zipf(_EXPONENT, n), _LARGEST)
    stories = np.repeat(np.arange(n), sizes)[:n]
    stories = random.permutation(n)[stories]
    _, stories = np.unique(stories, return_inverse=True)
    count = int(stories.max()) + 1
    span = SPAN.total_seconds()
    begun = span * random.random(count)
    published = np.minimum(begun[stories] + random.exponential(_DAYS * 86_400, n), span - 1)
    order = np.argsort(published, kind="stable")
    topics, chinese = random.integers(_TOPICS, size=count), random.random(count) < _CHINESE_SHARE
    stories = stories[order]
    return Crowd(
        seed=seed,
        articles=np.arange(n),
        stories=stories,
        topics=topics[stories],
        chinese=chinese[stories],
        seconds=published[order].astype(np.int64),
        outlets=np.zeros(n, dtype=np.int64),
    )


def sketches(known: Crowd) -> Iterator[Sketch]:
    """The sketch of each article: words by Zipf's law, a part of them its story's."""
    row = 0
    for block in vectors(known):
        for vector in block:
            yield _sketch(known, row, vector)
            row += 1


def _sketch(known: Crowd, row: int, vector: NDArray[np.float32]) -> Sketch:
    story = int(known.stories[row])
    of_story = np.random.default_rng([known.seed, 12, story])
    own = np.random.default_rng([known.seed, 13, row])
    # A story's words are rare ones, numbered beyond the vocabulary by the story.
    telling = _VOCABULARY + story * _OF_STORY + own.choice(_OF_STORY, _OF_STORY - _OWN, replace=False)
    shared = (_VOCABULARY ** of_story.random(_TERMS)).astype(np.int64)[own.random(_TERMS) < _NAMED_SHARE]
    said = (_VOCABULARY ** own.random(_OWN)).astype(np.int64)
    terms = np.unique(np.concatenate([telling, shared, said])).astype(np.uint64)
    hashed = np.unique((terms * np.uint64(2_654_435_761) % np.uint64(1 << 32)).astype(np.uint32))
    pairs = np.unique((hashed[:-1].astype(np.uint64) * np.uint64(31) + hashed[1:]).astype(np.uint32))
    second = int(known.seconds[row])
    return Sketch(
        vector=vector,
        terms=hashed,
        counts=np.ones(len(hashed), dtype=np.uint8),
        named=hashed % 4 == 0,
        numbers=hashed % 16 == 1,
        pairs=pairs,
        published=NEWEST - SPAN + timedelta(seconds=second),
        language="zh" if known.chinese[row] else "en",
    )


def _followed(found: list[str], placed: Placement) -> list[str]:
    """The story of each article so far, after one more; articles are numbered in the order of arrival."""
    if placed.merged:
        found = [placed.merged.get(story, story) for story in found]
    for article, story in placed.moved.items():
        found[int(article)] = story
    found.append(placed.story)
    return found


def _agreement(found: list[str], known: Crowd) -> dict[str, object]:
    agreed = agreement(found, [str(story) for story in known.stories[: len(found)].tolist()])
    return {"bcubed_f1": round(agreed.f1, 4), "ari": round(agreed.ari, 4), "compared": len(found)}
