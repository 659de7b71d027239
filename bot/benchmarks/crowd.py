"""Any number of invented passages that lie as those of real news do: in meaning, in time, in language, in words.

An article belongs to a story, a story to a topic. Real passages of English news under MiniLM (19,079 of them) have
neighbours at cosines .79, .62, .45 and .29 in ranks 1, 10, 100 and 1,000, .10 between any two, .65 within an article;
questions find .64, .53, .37 and .22; the variance falls off over the directions as a power and then exponentially. So
vectors here are a language's mean and, of such spectra, a topic's, a story's and a passage's own part, weighed to give
the same. A story lasts days, news come denser the nearer the present, one article in fifty has no date, one in five is
Chinese. Words are drawn by Zipf's law; each story has names of its own. The same seed gives the same crowd.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from storage.domain.news import ArticleId, Filters, Headline, Passage, PassageId

DIMENSIONS = 384
PER_ARTICLE = 4
NEWEST = datetime(2026, 11, 22, tzinfo=UTC)
SPAN = timedelta(days=730)
WINDOW = SPAN * 0.05

_ARTICLES_PER_STORY = 4
_TOPICS = 200
_STORY_DAYS = 3.0
_CHINESE_SHARE = 0.2
_UNDATED_SHARE = 0.02
_OUTLETS = 150
# Squared lengths of the parts of a vector, which are cosines of what shares them: any two of a language, of a topic, of
# a story. A Chinese passage is nearer to every other, as the encoders at hand have it.
_MEAN, _CHINESE_MEAN = 0.10, 0.30
_TOPIC, _STORY = 0.20, 0.35
# How much of a question is the passage it asks for; the rest points anywhere.
_QUESTION = 0.72
_BLOCK = 4096

_WORDS = 40
_VOCABULARY = 50_000
_SYLLABLES = [start + end for start in "bcdfghjklmnprstv" for end in "ai"]
_FIRST_CHARACTER, _CHARACTERS = 0x4E00, 3000


@dataclass(frozen=True, kw_only=True, eq=False)
class Crowd:
    """The facets of n passages, in order of publication: (n,) arrays.

    `articles` numbers their articles, `stories` and `topics` what these belong to; `seconds` counts from the beginning
    of the span, -1 where there is no date.
    """

    seed: int
    articles: NDArray[np.int64]
    stories: NDArray[np.int64]
    topics: NDArray[np.int64]
    chinese: NDArray[np.bool_]
    seconds: NDArray[np.int64]
    outlets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.articles)


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """Something to look for: its unit vector, its words, and what each kind of filter bounds it by."""

    vector: NDArray[np.float32]
    text: str
    filters: dict[str, Filters]


def crowd(n: int, *, seed: int = 0) -> Crowd:
    """The facets of `n` passages."""
    random = np.random.default_rng([seed, 1])
    n_articles = -(-n // PER_ARTICLE)
    n_stories = -(-n_articles // _ARTICLES_PER_STORY)
    span = SPAN.total_seconds()
    begun = span * np.sqrt(random.random(n_stories))
    stories = random.integers(n_stories, size=n_articles)
    published = begun[stories] + random.exponential(_STORY_DAYS * 86_400, size=n_articles)
    order = np.argsort(published)
    stories, published = stories[order], np.minimum(published[order], span - 1)
    published[random.random(n_articles) < _UNDATED_SHARE] = -1
    topics, chinese = random.integers(_TOPICS, size=n_stories), random.random(n_stories) < _CHINESE_SHARE
    # The larger the outlet, the more it publishes.
    outlets = np.minimum((_OUTLETS ** random.random(n_articles)).astype(np.int64), _OUTLETS - 1)
    articles = np.repeat(np.arange(n_articles), PER_ARTICLE)[:n]
    return Crowd(
        seed=seed,
        articles=articles,
        stories=stories[articles],
        topics=topics[stories][articles],
        chinese=chinese[stories][articles],
        seconds=published[articles].astype(np.int64),
        outlets=outlets[articles],
    )


def vectors(crowd: Crowd) -> Iterator[NDArray[np.float32]]:
    """The vectors of all passages, some thousand (m, 384) float32 unit rows at a time."""
    means, turn = _means(crowd.seed), _turn()
    topics = _parts(np.random.default_rng([crowd.seed, 2]), _TOPICS, _TOPIC)
    stories = _parts(np.random.default_rng([crowd.seed, 3]), int(crowd.stories.max()) + 1, _STORY)
    random = np.random.default_rng([crowd.seed, 4])
    for start in range(0, len(crowd), _BLOCK):
        block = slice(start, start + _BLOCK)
        own = _parts(random, len(crowd.stories[block]), 1.0 - _MEAN - _TOPIC - _STORY)
        parts = topics[crowd.topics[block]] + stories[crowd.stories[block]] + own
        yield _unit(means[crowd.chinese[block].astype(np.int64)] + np.matmul(parts, turn, dtype=np.float32))


def passages(crowd: Crowd, start: int, end: int) -> list[Passage]:
    """The passages from `start` up to `end`, whose ids are their numbers from 1 on."""
    return [
        Passage(
            id=PassageId(row + 1), position=row % PER_ARTICLE, text=_text(crowd, row), headline=_headline(crowd, row)
        )
        for row in range(start, end)
    ]


def questions(crowd: Crowd, vectors: NDArray[np.float32], n: int) -> Iterator[Question]:
    """`n` questions, each about some passage; half of the times asked for are that passage's own.

    Args:
        crowd: What is asked about.
        vectors: (len(crowd), 384) the vectors of its passages.
        n: How many are wanted.
    """
    random = np.random.default_rng([crowd.seed, 5])
    rows = np.sort(random.choice(len(crowd), n, replace=False))
    elsewhere = _unit(np.matmul(_parts(random, n, 1.0), _turn(), dtype=np.float32))
    asked = _unit(np.float32(_QUESTION) * vectors[rows] + np.float32(np.sqrt(1 - _QUESTION**2)) * elsewhere)
    for number, (row, vector) in enumerate(zip(rows.tolist(), asked, strict=True)):
        own = crowd.seconds[row] if number % 2 and crowd.seconds[row] >= 0 else random.random() * SPAN.total_seconds()
        since = NEWEST - SPAN + timedelta(seconds=float(own)) - WINDOW * random.random()
        language, source = _language(crowd, row), _outlet(crowd, row)
        yield Question(
            vector=vector,
            text=_asked(crowd, row, random),
            filters={
                "none": Filters(),
                "language": Filters(language=language),
                "time": Filters(since=since, until=since + WINDOW),
                "language_and_time": Filters(language=language, since=since, until=since + WINDOW),
                "source": Filters(sources=(source,)),
            },
        )


def _headline(crowd: Crowd, row: int) -> Headline:
    article = ArticleId(f"crowd-{crowd.articles[row]}")
    second = int(crowd.seconds[row])
    return Headline(
        id=article,
        title=" ".join(_names(crowd, row)),
        first_seen=NEWEST,
        group=article,
        url=f"https://{_outlet(crowd, row)}/{crowd.articles[row]}",
        published=None if second < 0 else NEWEST - SPAN + timedelta(seconds=second),
        language=_language(crowd, row),
    )


def _language(crowd: Crowd, row: int) -> str:
    return "zh" if crowd.chinese[row] else "en"


def _outlet(crowd: Crowd, row: int) -> str:
    return f"outlet{crowd.outlets[row]}.{_language(crowd, row)}.example"


def _names(crowd: Crowd, row: int) -> list[str]:
    """Three names that hardly another story has."""
    numbers = _VOCABULARY + 1 + int(crowd.stories[row]) * 3 + np.arange(3)
    return [_word(int(number), chinese=bool(crowd.chinese[row])) for number in numbers]


def _asked(crowd: Crowd, row: int, random: np.random.Generator) -> str:
    """Two of the story's names, and four words of the passage."""
    return " ".join([*_names(crowd, row)[:2], *random.choice(_words(crowd, row), 4)])


def _text(crowd: Crowd, row: int) -> str:
    return ("" if crowd.chinese[row] else " ").join([*_names(crowd, row), *_words(crowd, row)])


def _words(crowd: Crowd, row: int) -> list[str]:
    """Drawn by Zipf's law; a passage has the same however it is asked for."""
    drawn = np.random.default_rng([crowd.seed, 7, row]).random(_WORDS)
    return [_word(int(number), chinese=bool(crowd.chinese[row])) for number in _VOCABULARY**drawn]


def _word(number: int, *, chinese: bool) -> str:
    """The word of a number: the smaller, the shorter."""
    if chinese:
        # Neighbouring numbers must not share their characters.
        mixed = number * 7919
        return chr(_FIRST_CHARACTER + mixed % _CHARACTERS) + chr(_FIRST_CHARACTER + mixed // _CHARACTERS % _CHARACTERS)
    syllables = []
    while number:
        number, last = divmod(number, len(_SYLLABLES))
        syllables.append(_SYLLABLES[last])
    return "".join(syllables) or "a"


def _means(seed: int) -> NDArray[np.float32]:
    """(2, 384) what all passages in English, and all in Chinese, share."""
    directions = _unit(np.matmul(_parts(np.random.default_rng([seed, 6]), 2, 1.0), _turn(), dtype=np.float32))
    lengths = np.sqrt(np.asarray([_MEAN, _CHINESE_MEAN], dtype=np.float32))
    means: NDArray[np.float32] = directions * lengths[:, np.newaxis]
    return means


def _parts(random: np.random.Generator, n: int, squared: float) -> NDArray[np.float32]:
    """(n, 384) parts of expected squared length `squared`, whose variance falls off from direction to direction."""
    directions = np.arange(DIMENSIONS)
    spectrum = (directions + 4.0) ** -0.7 * np.exp(-directions / 130)
    scales = np.sqrt(squared * spectrum / spectrum.sum()).astype(np.float32)
    parts: NDArray[np.float32] = random.standard_normal((n, DIMENSIONS), dtype=np.float32) * scales
    return parts


def _turn() -> NDArray[np.float32]:
    """A rotation, so that no direction is an axis."""
    turn, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((DIMENSIONS, DIMENSIONS)))
    return turn.astype(np.float32)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
