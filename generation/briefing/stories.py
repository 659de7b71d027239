"""Which stories a topic is of: articles that tell of one event belong together, whatever else shares the topic's words.

By the words that tell the articles apart, their titles' above all, and by when they were published. An article is about
a topic that it names in its title or its opening, opens a sentence with, or comes back to. Knows nothing of the lines
that are quoted.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from generation.quoting.agreement import agreeing
from generation.quoting.select import Reading
from generation.reading.orders import is_order
from generation.reading.terms import background, terms
from storage.domain.news import ArticleId, Headline
from storage.domain.roundups import is_roundup

MOST_OTHERS = 5

# The share of a topic, by weight, that a story must be about.
_ABOUT = 0.5
_WHOLLY = 0.9
# And of what the one that is about most of it is.
_AS_MUCH = 0.6
# Two articles, or two groups of them on average, that have this much in common tell of one event; tuned on the sample
# edition and on invented stories of several outlets.
_ONE_EVENT = 0.125
_TITLE = 2.0
# For each word more than one that a topic has, where two articles are about all of it.
_ON_TOPIC = 0.06
# What was published on one day tells of one event sooner than the same words do weeks apart: by these factors.
_AT_ONCE, _LONG_AFTER, _FADES = 1.5, 0.6, timedelta(days=4)
_OPENING_LINES, _OPENING_TERMS, _OFTEN = 2, 2, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The hits of one event, by index, best first; `about` is the share of the topic that it is about, 0 to 1."""

    hits: tuple[int, ...]
    about: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Article:
    """Hits of an article, its copies among them, and what tells it apart."""

    hits: tuple[int, ...]
    about: float
    weights: Mapping[str, float]
    published: datetime | None


def stories(reading: Reading) -> list[Story]:
    """The stories of a topic, the one that fits best first: about most of it, by its titles too, told by most outlets.

    None where no article is about the topic, or the topic names nothing.
    """
    telling = [term for term in reading.inquiry.terms if background(term) >= 1]
    if not telling:
        return []
    # A run of n Chinese characters has n - 1 terms, and a word of two or three of them.
    words = len(telling) / 2 if reading.inquiry.chinese else len(telling)
    found = [_story(group) for group in _groups(_articles(reading), max(0.0, words - 1))]
    least = max([_ABOUT, *(_AS_MUCH * story.about for story in found)])
    return sorted((story for story in found if story.about >= least), key=lambda story: _fit(reading, story))


def _fit(reading: Reading, story: Story) -> tuple[float, float, int, int]:
    """What stories are put in order by, the least first."""
    titled = max(reading.story_share(reading.titles[hit]) for hit in story.hits)
    return -round(story.about, 1), -round(titled, 1), -_outlets(reading, story), story.hits[0]


def headlines(reading: Reading, found: Sequence[Story]) -> tuple[Headline, ...]:
    """One headline a story, in their order, none twice, and none of a round-up."""
    first = (reading.hits[story.hits[0]].passage.headline for story in found)
    told = (each for each in first if each.title.strip() and not is_order(each.title) and not is_roundup(each))
    titled = {each.title: each for each in told}
    return tuple(titled.values())[:MOST_OTHERS]


def _story(articles: Sequence[_Article]) -> Story:
    return Story(
        hits=tuple(sorted(hit for article in articles for hit in article.hits)),
        about=max(article.about for article in articles),
    )


def _outlets(reading: Reading, story: Story) -> int:
    headlines = [reading.hits[hit].passage.headline for hit in story.hits]
    return len({headline.source or headline.group for headline in headlines})


def _articles(reading: Reading) -> Iterator[_Article]:
    """Those that hold something of the topic and name whom it names."""
    named = agreeing(reading)
    of_group: dict[ArticleId, list[int]] = defaultdict(list)
    for i, hit in enumerate(reading.hits):
        of_group[hit.passage.headline.group].append(i)
    said = {group: _said(reading, hits) for group, hits in of_group.items()}
    held_by = Counter(term for held in said.values() for term in held)
    for group, hits in of_group.items():
        if named.isdisjoint(hits) or not any(reading.passages[hit] for hit in hits):
            continue
        yield _Article(
            hits=tuple(hits),
            about=reading.story_share(_prominent(reading, hits)),
            weights={term: n * math.log(1 + len(said) / held_by[term]) for term, n in said[group].items()},
            published=reading.hits[hits[0]].passage.headline.published,
        )


def _said(reading: Reading, hits: Sequence[int]) -> dict[str, float]:
    """What tells an article apart beside the topic: more by what its title says, and by what it says often."""
    asked = frozenset(reading.inquiry.terms)
    often = Counter(term for line in reading.lines if line.hit in hits for term in line.terms)
    titled = {term for hit in hits for term in terms(reading.hits[hit].passage.headline.title)}
    return {
        term: (_TITLE if term in titled else 1.0) * (1 + math.log(max(1, often[term])))
        for term in often.keys() | titled
        if background(term) >= 1 and not term[0].isdigit() and term not in asked
    }


def _prominent(reading: Reading, hits: Sequence[int]) -> frozenset[str]:
    """The topic's terms that an article is about, rather than holds in passing."""
    asked = frozenset(reading.inquiry.terms)
    lines = [i for i, line in enumerate(reading.lines) if line.hit in hits]
    often = Counter(term for i in lines for term in reading.own[i])
    found = {term for term, n in often.items() if n >= _OFTEN}.union(*(reading.titles[hit] for hit in hits))
    for i in lines:
        line = reading.lines[i]
        opening = line.place < _OPENING_LINES and reading.hits[line.hit].passage.position == 0
        found |= reading.own[i] if opening else asked.intersection(line.terms[:_OPENING_TERMS])
    return frozenset(found)


def _groups(articles: Iterator[_Article], further: float = 0.0) -> list[list[_Article]]:
    """Articles that belong together: the two groups most alike are joined until no two are alike enough.

    Args:
        articles: Those on the topic.
        further: How many words it has beyond the first.
    """
    groups = [[article] for article in articles]
    firsts = [group[0] for group in groups]
    alike = {(id(one), id(other)): _alike(one, other, further) for one, other in combinations(firsts, 2)}

    def average(ones: Sequence[_Article], others: Sequence[_Article]) -> float:
        pairs = [(id(one), id(other)) for one in ones for other in others]
        return sum(alike.get(pair, 0.0) or alike.get(pair[::-1], 0.0) for pair in pairs) / len(pairs)

    while len(groups) > 1:
        one, other = max(combinations(range(len(groups)), 2), key=lambda pair: average(*(groups[i] for i in pair)))
        if average(groups[one], groups[other]) < _ONE_EVENT:
            break
        groups[one] += groups.pop(other)
    return groups


def _alike(one: _Article, other: _Article, further: float) -> float:
    """The cosine of what tells two articles apart, raised for what was published together or is all on the topic."""
    common = sum(weight * other.weights[term] for term, weight in one.weights.items() if term in other.weights)
    size = math.hypot(*one.weights.values()) * math.hypot(*other.weights.values())
    on_topic = _ON_TOPIC * further if min(one.about, other.about) >= _WHOLLY else 0.0
    return (common / size * _in_time(one, other) if size else 0.0) + on_topic


def _in_time(one: _Article, other: _Article) -> float:
    if one.published is None or other.published is None:
        return 1.0
    return _LONG_AFTER + (_AT_ONCE - _LONG_AFTER) * math.exp(-abs(one.published - other.published) / _FADES)
