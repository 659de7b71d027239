"""Questions that the language model of the settings writes of an instance's articles, for its encoder to learn from.

One is kept where the instance's own search finds the article it was written of among the first hits: what does not
lead back is mostly no question on it (round-trip consistency: Dai et al., "Promptagator", 2022). They are written of
articles that are learnt from, so that none of them ever judges a model.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from generation.grounding.listening import Patience
from generation.questions import QuestionWriter
from generation.reading.terms import is_chinese
from retrieval.training.chance import chance_of
from retrieval.training.examples import Example, Lesson, Written, of_written
from retrieval.training.negatives import Search
from retrieval.training.split import Split
from storage.domain.news import ArticleId, Headline, Hit, Passage, PassageId, SearchRequest
from storage.domain.progress import Progress
from storage.errors import GenerationError

if TYPE_CHECKING:
    from generation.ports import ChatModel

FOUND_AMONG = 20
"""Hits of a search, one an article; of fewer than 2,000 articles one in a hundred, for any is among 20 of 100."""
_ONE_IN = 100
PER_PASSAGE = 2
AT_ONCE = 4
"""Passages that a model is given side by side; more wait in its queue."""
# A passage of fewer characters answers little; one of Chinese says as much in a third.
_SHORTEST, _SHORTEST_ZH = 240, 80
# After so many passages in a row of which a model wrote nothing, it is not asked for more.
_GIVEN_UP_AFTER = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What was written and what is left of it.

    Args:
        examples: Of those questions that led back to their articles.
        passages: How many a model was given.
        questions: How many it wrote that were sound.
        lapses: How it failed, by what it did.
    """

    examples: tuple[Example, ...]
    passages: int
    questions: int
    lapses: Mapping[str, int]


async def written(
    model: ChatModel,
    lessons: Mapping[ArticleId, Lesson],
    learnt: Collection[ArticleId],
    search: Search,
    *,
    most: int,
    patience: Patience,
    seed: int,
    progress: Progress,
) -> Harvest:
    """Up to `most` questions over a spread of the lessons, those that lead back as examples.

    Args:
        model: Writes them.
        lessons: The articles.
        learnt: The groups that may be learnt from.
        search: The instance's own.
        most: How many to write; how many are left of them nobody knows before.
        patience: How long a model may take for one passage.
        seed: Decides which passages.
        progress: Told now and then.

    Raises:
        GenerationError: The model cannot be used, or wrote nothing of many passages in a row.
        IndexUnavailable: There is no index to search in.
    """
    await model.load()
    writer = QuestionWriter(model=model, patience=patience)
    among = max(1, min(FOUND_AMONG, len({lesson.group for lesson in lessons.values()}) // _ONE_IN))
    waiting = _spread(lessons, learnt, seed)
    kept: list[Example] = []
    known: set[str] = set()
    lapses: Counter[str] = Counter()
    passages = barren = 0
    while len(known) < most and (batch := list(itertools.islice(waiting, AT_ONCE))):
        given = await asyncio.gather(*(writer.write(hit, PER_PASSAGE) for hit in batch))
        passages += len(batch)
        for hit, questions in zip(batch, given, strict=True):
            lapses.update([questions.lapse.value] if questions.lapse else [])
            barren = 0 if questions.texts else barren + 1
            for text in questions.texts:
                if text.casefold() in known or len(known) == most:
                    continue
                known.add(text.casefold())
                if await _leads_back(text, hit, search, among):
                    asked = Written(text=text, article=hit.passage.headline.id, passage=hit.passage.text)
                    kept.append(of_written(asked, lessons))
        progress("questions written", len(known), most)
        if barren >= _GIVEN_UP_AFTER:
            raise GenerationError(model.name, f"wrote no question that could be taken of {barren} passages in a row")
    return Harvest(examples=tuple(kept), passages=passages, questions=len(known), lapses=dict(lapses))


def with_written(parts: Split, harvest: Harvest) -> Split:
    """The parts with what was written among what is learnt from, but for texts that stand on another side as well."""
    others = {text for side in (parts.stopping, parts.judging) for each in side for text in (each.query, each.positive)}
    more = (each for each in harvest.examples if others.isdisjoint((each.query, each.positive)))
    return replace(parts, training=(*parts.training, *more))


def as_figures(harvest: Harvest) -> dict[str, Any]:
    """What became of the questions, as the command shows it."""
    return {
        "passages": harvest.passages,
        "questions": harvest.questions,
        "found_again": len(harvest.examples),
        "lapses": dict(sorted(harvest.lapses.items())),
    }


def _spread(lessons: Mapping[ArticleId, Lesson], learnt: Collection[ArticleId], seed: int) -> Iterator[Hit]:
    """A passage of each group of copies, in the order of chance: over all times, sources and languages alike."""
    chance = chance_of(seed, "written")
    groups: dict[ArticleId, Lesson] = {}
    for article in sorted(lessons):
        if lessons[article].group in learnt:
            groups.setdefault(lessons[article].group, lessons[article])
    drawn = list(groups.values())
    chance.shuffle(drawn)
    for lesson in drawn:
        long_enough = [at for at, passage in enumerate(lesson.passages) if _tells(passage)]
        if long_enough:
            yield _hit(lesson, chance.choice(long_enough))


def _tells(passage: str) -> bool:
    return len(passage) >= (_SHORTEST_ZH if is_chinese(passage) else _SHORTEST)


def _hit(lesson: Lesson, position: int) -> Hit:
    headline = Headline(
        id=lesson.article, title=lesson.title, first_seen=lesson.at, group=lesson.group, language=lesson.language
    )
    passage = Passage(id=PassageId(position), position=position, text=lesson.passages[position], headline=headline)
    return Hit(passage=passage, score=1.0)


async def _leads_back(question: str, hit: Hit, search: Search, among: int) -> bool:
    result = await search(SearchRequest(text=question, k=among))
    return any(found.passage.headline.group == hit.passage.headline.group for found in result.hits)
