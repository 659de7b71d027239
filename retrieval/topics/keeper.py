"""The stories kept equal to the database: each article that came in is put into one, a step at a time, and annotated.

What a step decides is written with the revision it leads to, in one transaction; a kill repeats at most a step. What is
in memory follows from what is written, and is made of it again wherever the two could differ.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from retrieval.annotation.annotate import annotate
from retrieval.annotation.categories import article_vector
from retrieval.annotation.prototypes import EncodedPrototypes, Prototypes
from retrieval.index.words import WordCutter
from retrieval.ports import Corpus, Spaces, StoryBook, Vector
from retrieval.topics.clusterer import Clusterer, Limits, Standing
from retrieval.topics.held import Member
from retrieval.topics.packing import kept, packed, unpacked
from retrieval.topics.sketch import Sketch
from retrieval.topics.sketching import opening, sketch
from retrieval.topics.steps import State, Step, named, restore, written
from storage.domain.annotations import Annotation
from storage.domain.news import ArticleId, Headline, Passage, PassageId
from storage.domain.progress import Progress
from storage.domain.roundups import is_roundup
from storage.domain.series import is_instalment
from storage.domain.stories import Placed

logger = logging.getLogger(__name__)

STORIES = "stories"
"""What progress is told of."""

# Passages a step takes over, whole articles.
_STEP = 400
# Of what exactly the same readers see, so many articles are compared with one that comes.
_COMPANY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Came:
    """An article that came in or changed: its passages in order, at least one, and a vector of each."""

    passages: Sequence[Passage]
    vectors: Sequence[Vector]

    @property
    def headline(self) -> Headline:
        return self.passages[0].headline


class StoryKeeper:
    """Puts articles into stories, in the order in which they came.

    Args:
        corpus: The articles.
        book: Where the stories are kept.
        spaces: Which encoder's vectors are compared: those that searches use.
        cutter: Cuts texts into words.
        owner: Whether this process is the one that does so; asked before each time.
        cache: Where what articles are compared with is kept from one process to the next.
        limits: What bounds memory and time.
    """

    def __init__(
        self,
        corpus: Corpus,
        book: StoryBook,
        spaces: Spaces,
        cutter: WordCutter,
        owner: Callable[[], bool],
        cache: Path | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._corpus = corpus
        self._book = book
        self._spaces = spaces
        self._cutter = cutter
        self._owner = owner
        self._limits = limits or Limits()
        self._prototypes = EncodedPrototypes(cache)
        self._lock = asyncio.Lock()
        self._state: State | None = None

    async def follow(self, progress: Progress) -> int:
        """Put every article into a story that came in since the last time and has its vectors.

        Returns:
            How many were placed.

        Raises:
            StorageError: The database cannot be used; what was written before stays.
            EncoderUnavailable: What articles are compared with cannot be encoded.
        """
        placed = 0
        async with self._lock:
            while self._owner() and (done := await self._step()) is not None:
                placed += done
                progress(STORIES, placed, None)
        return placed

    async def behind(self) -> int:
        """How many articles are stored and have not been put into a story yet."""
        return await self._corpus.ahead(await self._book.revision())

    async def _step(self) -> int | None:
        """One step: how many articles it placed; `None` where there is nothing to take over now."""
        revision = await self._book.revision()
        changes = await self._corpus.changes(revision, _STEP)
        if changes.revision == revision:
            return None
        encoder = (await self._spaces.current()).encoder
        vectors = await self._corpus.vectors(encoder.name, [passage.id for passage in changes.added])
        if len(vectors) < len(changes.added):
            # The index of vectors follows first.
            return None
        state = await self._ready(revision, encoder.name)
        prototypes = await self._prototypes.of(encoder)
        came = list(_articles(changes.added, vectors))
        known = await self._book.known([each.headline.id for each in came])
        private = await self._book.private([each.headline.id for each in came])
        if changes.removed:
            await self._forget_removed(state)
        # Until it is written, what is in memory is ahead of the database.
        self._state, step = None, Step()
        for each in came:
            step.noted[each.headline.id] = await asyncio.to_thread(self._noted, each, prototypes)
            if each.headline.id in known and not await self._turned(state, each):
                continue
            if is_roundup(each.headline, each.passages[0].text) or is_instalment(each.headline.title):
                step.roundups.add(self._place_apart(state, step, each))
            elif each.headline.id in private:
                await self._place_private(state, step, each, private[each.headline.id])
            else:
                await self._place(state, step, each)
        if not await self._book.commit(written(state, step, changes.revision)):
            return 0
        state.revision = changes.revision
        state.remade.clear()
        self._state = state
        return len(step.came)

    async def _turned(self, state: State, came: _Came) -> bool:
        """Whether an article that is in a story tells of something else by now: then it is placed like a new one."""
        name = named(came.headline.id)
        made = await asyncio.to_thread(lambda: kept(self._sketch(came.passages[0], came.vectors[0]), state.encoder)[1])
        if not state.clusterer.turned(name, made):
            return False
        state.clusterer.forget(name)
        return True

    async def _forget_removed(self, state: State) -> None:
        """Compare no longer with articles that are gone: nothing of them is to be remembered, or to be joined."""
        held = {state.ids[name] for name in state.clusterer.held()}
        for id_ in held - (await self._book.known(sorted(held))).keys():
            state.clusterer.forget(named(id_))
            state.remade.pop(id_, None)

    async def _place_private(self, state: State, step: Step, came: _Came, feed: str) -> None:
        """Put an article that only some readers see into the story it tells of, where none of it changes for others.

        That is one that everybody's articles tell of, else one of articles that exactly the same readers see. It is
        compared with by none but such, and brings no stories together.
        """
        data, made = await asyncio.to_thread(
            lambda: kept(self._sketch(came.passages[0], came.vectors[0]), state.encoder)
        )
        home = await asyncio.to_thread(state.clusterer.home, made)
        if home is not None:
            self._place_apart(state, step, came, home)
            return
        company = await self._company(state, step, feed)
        own = await asyncio.to_thread(state.clusterer.home_among, company, made)
        alike = max((float(other.vector @ made.vector) for key, other in company if key == own), default=0.0)
        key = self._place_apart(state, step, came, own)
        id_ = came.headline.id
        step.came[id_] = replace(step.came[id_], sketch=data, novelty=min(1.0, max(0.0, 1.0 - alike)))
        company.append((key, made))

    async def _company(self, state: State, step: Step, feed: str) -> list[tuple[str, Sketch]]:
        """The stories and sketches of articles that exactly those see who see what a feed brings, oldest first."""
        if feed not in step.companies:
            found = await self._book.company(feed, _COMPANY)
            made = {each.article: unpacked(each.sketch or b"", state.encoder) for _, each in found.members}
            anew = await self._made_anew([id_ for id_, sketch in made.items() if sketch is None], state.encoder)
            state.remade |= {
                each.article: replace(each, sketch=packed(sketch, state.encoder))
                for _, each in found.members
                if (sketch := anew.get(each.article)) is not None
            }
            both = [(key, made[each.article] or anew.get(each.article)) for key, each in found.members]
            told = [(key, sketch) for key, sketch in both if sketch is not None]
            step.settled.update(found.settled)
            for each in found.feeds:
                step.companies[each] = told
        return step.companies[feed]

    def _place_apart(self, state: State, step: Step, came: _Came, home: str | None = None) -> str:
        """Put an article into a story that exists, or one of its own, and not among those that everybody's come to.

        A round-up, which tells of many events, is alone: it would bring together what has nothing in common. So is an
        instalment of a series, which is worded as all others of it are.

        Returns:
            What clustering calls the story.
        """
        id_ = came.headline.id
        key = home or f"apart {named(id_)}"
        if home is None:
            step.standings[key] = Standing(story=key, born=-1)
        step.came[id_] = Placed(article=id_, story=state.number(key), arrival=-1, novelty=1.0, sketch=None)
        step.where[id_] = key
        return key

    async def _place(self, state: State, step: Step, came: _Came) -> None:
        id_ = came.headline.id
        data, made = await asyncio.to_thread(
            lambda: kept(self._sketch(came.passages[0], came.vectors[0]), state.encoder)
        )
        for key in state.clusterer.dormant(made):
            # What this step retired is not written yet, and waits for the next one.
            if key not in step.retired:
                await self._revive(state, step, key)
        name = named(id_)
        state.ids[name] = id_
        placement = await asyncio.to_thread(state.clusterer.place, name, made)
        alike = 1.0 if name in placement.settled else state.clusterer.likeness(name)
        number = state.number(placement.story)
        step.came[id_] = Placed(
            article=id_, story=number, arrival=placement.order, novelty=max(0.0, 1.0 - alike), sketch=data
        )
        step.take(placement, state.clusterer, state.ids)

    async def _revive(self, state: State, step: Step, key: str) -> None:
        """Compare with a retired story again; with none of which every article is gone by now."""
        found = await self._book.retired(state.numbers[key])
        if found is None:
            return
        mark, held = found
        members = [
            Member(article=named(each.article), story=key, order=each.arrival, sketch=made)
            for each in held
            if each.sketch is not None and (made := unpacked(each.sketch, state.encoder)) is not None
        ]
        state.ids |= {named(each.article): each.article for each in held}
        if members:
            state.clusterer.revive(Standing(story=key, born=mark.born, settled=mark.settled), members)
            step.revived.append(key)

    async def _ready(self, revision: int, encoder: str) -> State:
        """What is in memory, where it is of this revision and encoder; otherwise made anew."""
        if self._state is not None and (self._state.revision, self._state.encoder) == (revision, encoder):
            return self._state
        start = time.perf_counter()
        stand = await self._book.stand(self._limits.archived)
        sketches = await asyncio.to_thread(
            lambda: {each.article: unpacked(each.sketch, encoder) for each in stand.members if each.sketch is not None}
        )
        outdated = [id_ for id_, made in sketches.items() if made is None]
        anew = await self._made_anew(outdated, encoder)
        clusterer = Clusterer(limits=self._limits)
        await asyncio.to_thread(restore, clusterer, stand, {**sketches, **anew}, encoder)
        took = round(time.perf_counter() - start, 3)
        logger.info("stories_restored", extra={"articles": len(sketches), "anew": len(outdated), "seconds": took})
        return State(
            revision=revision,
            encoder=encoder,
            clusterer=clusterer,
            numbers={mark.key: mark.id for mark in stand.marks},
            next_number=await self._book.next_id(),
            ids={named(each.article): each.article for each in stand.members},
            remade={
                each.article: replace(each, sketch=packed(made, encoder))
                for each in stand.members
                if (made := anew.get(each.article)) is not None
            },
        )

    async def _made_anew(self, ids: Sequence[ArticleId], encoder: str) -> dict[ArticleId, Sketch | None]:
        """Sketches with vectors of this encoder; none of articles that are gone or have none yet."""
        firsts = await self._corpus.openings(ids, 1, None)
        vectors = await self._corpus.vectors(encoder, [passage.id for passage in firsts])
        there = [(passage, vectors[passage.id]) for passage in firsts if passage.id in vectors]
        return await asyncio.to_thread(lambda: {each.headline.id: self._sketch(each, of) for each, of in there})

    def _noted(self, came: _Came, prototypes: Prototypes) -> Annotation:
        return annotate(
            title=came.headline.title,
            # Passages overlap a little: what stands at a seam counts twice.
            text="\n".join(passage.text for passage in came.passages),
            vector=article_vector(np.stack(came.vectors)),
            prototypes=prototypes,
            cutter=self._cutter,
            language=came.headline.language,
            url=came.headline.url,
        )

    def _sketch(self, first: Passage, vector: Vector) -> Sketch:
        shown = first.headline
        return sketch(
            opening(shown.title, first.text),
            vector,
            self._cutter,
            published=shown.published,
            language=shown.language,
            group=shown.group,
        )


def _articles(passages: Sequence[Passage], vectors: Mapping[PassageId, Vector]) -> Iterator[_Came]:
    """Passages, which come article by article, as articles."""
    for _, of_article in groupby(passages, key=lambda passage: passage.headline.id):
        held = tuple(of_article)
        yield _Came(passages=held, vectors=tuple(vectors[passage.id] for passage in held))
