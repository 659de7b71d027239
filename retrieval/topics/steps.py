"""What the stories have in memory, and what a step decides, as they are made of what is written and written again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from retrieval.topics.archive import Retired
from retrieval.topics.clusterer import Clusterer, Placement, Standing
from retrieval.topics.held import Member
from retrieval.topics.packing import signed, unsigned
from retrieval.topics.sketch import Sketch
from storage.domain.annotations import Annotation
from storage.domain.news import ArticleId
from storage.domain.stories import Placed, RetiredStory, Stand, StoryId, StoryMark, StoryStep


@dataclass(slots=True)
class State:
    """What is in memory, and what it was made at and with.

    `numbers` are the stories' and `ids` the articles' by what clustering calls them; `remade` are articles whose sketch
    was made anew and is to be written with the next step.
    """

    revision: int
    encoder: str
    clusterer: Clusterer
    numbers: dict[str, StoryId]
    next_number: int
    ids: dict[str, ArticleId]
    remade: dict[ArticleId, Placed]

    def number(self, key: str) -> StoryId:
        """The number of a story, a new one where it has none."""
        if key not in self.numbers:
            self.numbers[key] = StoryId(self.next_number)
            self.next_number += 1
        return self.numbers[key]


@dataclass(slots=True)
class Step:
    """What one step decided so far; stories by what clustering calls them."""

    noted: dict[ArticleId, Annotation] = field(default_factory=dict)
    came: dict[ArticleId, Placed] = field(default_factory=dict)
    where: dict[ArticleId, str] = field(default_factory=dict)
    merged: list[tuple[str, str]] = field(default_factory=list)
    standings: dict[str, Standing] = field(default_factory=dict)
    roundups: set[str] = field(default_factory=set)
    settled: set[ArticleId] = field(default_factory=set)
    companies: dict[str, list[tuple[str, Sketch]]] = field(default_factory=dict)
    revived: list[str] = field(default_factory=list)
    retired: dict[str, tuple[bytes, int]] = field(default_factory=dict)

    def take(self, placement: Placement, clusterer: Clusterer, ids: Mapping[str, ArticleId]) -> None:
        """Take over what an arrival changed."""
        for old, into in placement.merged.items():
            self.merged.append((old, into))
            self.where = {article: into if key == old else key for article, key in self.where.items()}
        self.where |= {ids[name]: key for name, key in placement.moved.items()}
        self.where[ids[placement.article]] = placement.story
        changed = (placement.story, *placement.started, *placement.merged.values(), *placement.moved.values())
        # One that is retired as soon as it is started stands nowhere any longer.
        begun = {key: Standing(story=key, born=placement.order) for key in placement.started}
        standing = {key: held for key in changed if (held := clusterer.standing(key)) is not None}
        self.standings |= begun | standing
        self.settled |= {ids[name] for name in placement.settled}
        self.retired |= {each.story: (each.signs, placement.order) for each in placement.retired}


def restore(
    clusterer: Clusterer,
    stand: Stand,
    sketches: Mapping[ArticleId, Sketch | None],
    encoder: str,
) -> None:
    """Put the stories into a clusterer as they stand.

    Args:
        clusterer: It holds none yet.
        stand: The stories.
        sketches: Of their articles; none of those that are gone.
        encoder: The one of which sketches have vectors.
    """
    keys = {mark.id: mark.key for mark in stand.marks}
    members = [
        Member(article=named(each.article), story=keys[each.story], order=each.arrival, sketch=made)
        for each in stand.members
        if (made := sketches[each.article]) is not None
    ]
    living = {member.story for member in members}
    clusterer.restore(
        [Standing(story=mark.key, born=mark.born, settled=mark.settled) for mark in stand.marks if mark.key in living],
        members,
        [
            Retired(story=keys[each.id], signs=signs)
            for each in stand.retired
            if (signs := unsigned(each.signs, encoder)) is not None
        ],
    )


def written(state: State, step: Step, upto: int) -> StoryStep:
    """A step as it is written, stories by their numbers."""
    placed = tuple(
        Placed(
            article=each.article,
            story=state.number(step.where[id_]),
            arrival=each.arrival,
            novelty=each.novelty,
            sketch=None if id_ in step.settled else each.sketch,
        )
        for id_, each in step.came.items()
    )
    # Those that moved or were settled in this step are written as such afterwards.
    remade = tuple(each for id_, each in state.remade.items() if id_ not in step.came)
    return StoryStep(
        after=state.revision,
        upto=upto,
        marks=tuple(
            StoryMark(id=state.number(key), key=key, born=each.born, settled=each.settled, roundup=key in step.roundups)
            for key, each in step.standings.items()
        ),
        merged=tuple((state.number(old), state.number(kept)) for old, kept in step.merged),
        placed=(*remade, *placed),
        moved={id_: state.number(key) for id_, key in step.where.items() if id_ not in step.came},
        settled=tuple(sorted(step.settled - step.came.keys())),
        revived=tuple(state.number(key) for key in step.revived),
        retired=tuple(
            RetiredStory(id=state.number(key), signs=signed(signs, state.encoder), since=since)
            for key, (signs, since) in step.retired.items()
        ),
        noted=step.noted,
    )


def named(article: ArticleId) -> str:
    """What clustering calls an article, and the story it begins: nothing that an article may be known by."""
    return blake2b(article.encode("utf-8", "replace"), digest_size=10).hexdigest()
