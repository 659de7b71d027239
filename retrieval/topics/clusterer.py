"""Articles into stories as they arrive, one after the other, at a cost that does not grow with how many came before.

An article is held against the articles of the nearest stories, and these few dozen are parted anew, so that an arrival
may join a story, start one, bring two together or show that one is two. Only stories in that neighbourhood change, and
they keep their ids as far as can be: of stories that meet the older one's id stays, of one that falls apart the id
stays with the larger part.

Of each story a bounded number of articles is compared; one that is much like another is settled: it stays with its
story's id for good. Everything follows from what `Standing` and `Member` say, so that a clusterer that is restored goes
on as if it had never stopped.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from retrieval.topics.archive import Archive, Retired, retired
from retrieval.topics.held import Held, Member
from retrieval.topics.linkage import linked
from retrieval.topics.odds import Weights, odds, shipped_weights
from retrieval.topics.sketch import Sketch

# What is corrected or brought up to date means much the same; below this cosine it is another text.
_SAME_ARTICLE = 0.5
# Notes of when stories were last added to are cleared of those that no longer hold beyond so many.
_FEWEST_NOTES = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What bounds memory and time.

    Args:
        compared: So many articles at most are parted anew with an arrival.
        per_story: Of a story so many are held; fewer than half of `compared`.
        held: So many in all; beyond that the story that nothing was added to for longest is retired.
        archived: So many retired stories are remembered.
    """

    compared: int = 48
    per_story: int = 16
    held: int = 32_768
    archived: int = 65_536

    def __post_init__(self) -> None:
        if not 1 <= self.per_story <= self.compared // 2 or self.held < self.compared or self.archived < 1:
            raise ValueError(f"limits do not fit each other: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A story.

    Args:
        story: Its id.
        born: The order of the arrival that made it.
        settled: The order of the last of its settled articles; -1 where it has none.
    """

    story: str
    born: int
    settled: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """What an arrival changed, to be done in this order.

    Args:
        article: What arrived.
        order: Which of all arrivals it was.
        story: Where it is now.
        started: Stories that are new.
        merged: Stories that are no more, and where all of their articles went.
        moved: Articles that then went to another story, or to a new one.
        settled: Articles whose sketches need not be kept any longer; the one that arrived may be among them.
        retired: Stories that are no longer compared with, and what to find them again by.
    """

    article: str
    order: int
    story: str
    started: tuple[str, ...] = ()
    merged: Mapping[str, str] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    settled: tuple[str, ...] = ()
    retired: tuple[Retired, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Story:
    """A story that is compared with; `members` are its articles that are held, in the order of arrival."""

    born: int
    settled: int
    members: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What parting a neighbourhood anew changed; `stories` are those that it now consists of."""

    stories: tuple[str, ...]
    started: tuple[str, ...]
    merged: dict[str, str]
    moved: dict[str, str]


class Clusterer:
    """Stories as they stand. Not safe to use from several threads.

    Args:
        weights: Says how likely two articles tell of one event; `None` is the model that ships with Tidings.
        limits: What bounds memory and time. A clusterer is restored under the same ones.
    """

    def __init__(self, weights: Weights | None = None, limits: Limits | None = None) -> None:
        self._weights = weights or shipped_weights()
        self._limits = limits or Limits()
        self._held = Held()
        self._stories: dict[str, _Story] = {}
        self._story_of: dict[str, str] = {}
        self._copies: dict[str, list[str]] = {}
        self._archive = Archive(self._limits.archived)
        # (order of the last article, story), with entries that no longer hold true among them.
        self._stale: list[tuple[int, str]] = []
        self._next = 0

    def restore(
        self, standings: Sequence[Standing], members: Sequence[Member], archived: Sequence[Retired] = ()
    ) -> None:
        """Take over what another clusterer left, into one that is empty.

        Args:
            standings: The stories that are compared with.
            members: Their articles that are held: not the settled ones.
            archived: The stories that were retired and not revived, the longest retired first.
        """
        if self._next:
            raise ValueError("only an empty clusterer can be restored")
        for each in archived:
            self._archive.add(each)
        self._take(standings, members)
        self._next = 1 + max([-1, *(each.born for each in standings), *map(self._last, self._stories)])

    def dormant(self, sketch: Sketch) -> tuple[str, ...]:
        """Retired stories that an article may belong to, best first: they are to be revived before it is placed."""
        return self._archive.near(sketch.vector)

    def revive(self, standing: Standing, members: Sequence[Member]) -> None:
        """Compare with a retired story again."""
        self._archive.remove(standing.story)
        self._take([standing], members)

    def standings(self) -> tuple[Standing, ...]:
        """The stories that are compared with, oldest first."""
        by_age = sorted(self._stories.items(), key=lambda each: (each[1].born, each[0]))
        return tuple(Standing(story=name, born=story.born, settled=story.settled) for name, story in by_age)

    def standing(self, story: str) -> Standing | None:
        """How a story stands; `None` where it is not compared with."""
        held = self._stories.get(story)
        return None if held is None else Standing(story=story, born=held.born, settled=held.settled)

    def likeness(self, article: str) -> float:
        """The greatest cosine of an article that is held to another of its story; 0 where it is alone."""
        others = [each for each in self._stories[self._story_of[article]].members if each != article]
        if not others:
            return 0.0
        vectors = np.stack([self._held.sketch(each).vector for each in others])
        return float((vectors @ self._held.sketch(article).vector).max())

    def members(self) -> tuple[Member, ...]:
        """The articles that are held, in the order of arrival."""
        found = (
            Member(article=each, story=name, order=self._held.order(each), sketch=self._held.sketch(each))
            for each, name in self._story_of.items()
        )
        return tuple(sorted(found, key=lambda member: member.order))

    def place(self, article: str, sketch: Sketch) -> Placement:
        """Give an article that was not placed before its story."""
        if article in self._held:
            raise ValueError(f"{article} was placed before")
        order, self._next = self._next, self._next + 1
        copies = self._copies.get(sketch.group) if sketch.group is not None else None
        if copies:
            name = self._story_of[copies[-1]]
            self._settle(self._stories[name], order)
            self._note(name)
            return Placement(article=article, order=order, story=name, settled=(article,))
        near = self._neighbourhood(sketch)
        self._hold(article, order, sketch)
        pool = sorted((each for name in near for each in self._stories[name].members), key=self._held.order)
        changed = self._part(article, order, near, [*pool, article])
        settled = [each for name in changed.stories for each in self._shrink(name)]
        for name in changed.stories:
            self._note(name)
        return Placement(
            article=article,
            order=order,
            story=self._story_of[article],
            started=changed.started,
            merged=changed.merged,
            moved=changed.moved,
            settled=tuple(settled),
            retired=tuple(self._retire()),
        )

    def turned(self, article: str, sketch: Sketch) -> bool:
        """Whether an article that is held, and was changed since, tells of something else by now."""
        return article in self._held and float(self._held.sketch(article).vector @ sketch.vector) < _SAME_ARTICLE

    def held(self) -> frozenset[str]:
        """The articles that are held."""
        return frozenset(self._story_of)

    def home(self, sketch: Sketch) -> str | None:
        """The story an article would join, were it placed: that of most of those it would be with; `None` for none.

        Nothing changes: for articles that others must not see the effects of.
        """
        near = self._neighbourhood(sketch)
        pool = sorted((each for name in near for each in self._stories[name].members), key=self._held.order)
        told = [(self._story_of[each], self._held.sketch(each)) for each in pool]
        return self._joined(told, sketch, self._held)

    def home_among(self, told: Sequence[tuple[str, Sketch]], sketch: Sketch) -> str | None:
        """The same among other articles, which are not held and change nothing either.

        Args:
            told: Their stories and sketches, in the order in which they came.
            sketch: Of the article.
        """
        cosines = [float(other.vector @ sketch.vector) for _, other in told]
        nearest = sorted(range(len(told)), key=lambda at: -cosines[at])[: self._limits.compared - 1]
        held = self._held
        if len(held) < len(told):
            # What words are rare is told by as many articles as there are.
            held = Held()
            for at, (_, other) in enumerate(told):
                held.add(str(at), at, other)
        return self._joined([told[at] for at in sorted(nearest)], sketch, held)

    def _joined(self, told: Sequence[tuple[str, Sketch]], sketch: Sketch, held: Held) -> str | None:
        sketches = [*(other for _, other in told), sketch]
        parts = linked(odds(sketches, *held.rarity(sketches), self._weights))
        company = next(part for part in parts if len(told) in part)
        names = Counter(told[at][0] for at in company if at < len(told))
        return min(names, key=lambda name: (-names[name], name), default=None)

    def forget(self, article: str) -> None:
        """Compare with an article no longer, as it is to be remembered nowhere; one that is settled is not held."""
        if article not in self._held:
            return
        name = self._story_of[article]
        self._stories[name].members.remove(article)
        self._drop(article)
        if self._stories[name].members:
            self._note(name)
        else:
            del self._stories[name]

    def _neighbourhood(self, sketch: Sketch) -> list[str]:
        """The stories of the nearest articles, as many as can be compared whole."""
        chosen: list[str] = []
        room = self._limits.compared - 1
        for article, _ in self._held.nearest(sketch.vector, self._limits.compared):
            name = self._story_of[article]
            if name in chosen:
                continue
            room -= len(self._stories[name].members)
            if room < 0:
                break
            chosen.append(name)
        return chosen

    def _part(self, article: str, order: int, near: Sequence[str], pool: Sequence[str]) -> _Change:
        """Part the articles of some stories anew, and give the parts their ids."""
        sketches = [self._held.sketch(each) for each in pool]
        parts = [
            [pool[at] for at in part] for part in linked(odds(sketches, *self._held.rarity(sketches), self._weights))
        ]
        before = {each: self._story_of[each] for each in pool if each != article}
        heirs, merged = self._heirs(near, parts, before)
        stories: list[str] = []
        started: list[str] = []
        moved: dict[str, str] = {}
        # An article that was forgotten may come again while a story has its id.
        own = article if article not in self._stories else f"{article}+{order}"
        gone = {name: self._stories.pop(name) for name in near}
        for at, part in enumerate(parts):
            name = heirs.get(at)
            if name is None:
                name = own if article in part else f"{own}+{len(started) + 1}"
                started.append(name)
            # Where stories meet, the settled articles of all of them are the heir's.
            settled = [gone[old].settled for old in near if merged.get(old, old) == name]
            born = gone[name].born if name in gone else order
            self._stories[name] = _Story(born=born, settled=max([-1, *settled]), members=list(part))
            stories.append(name)
            for each in part:
                self._story_of[each] = name
                if each in before and merged.get(before[each], before[each]) != name:
                    moved[each] = name
        return _Change(stories=tuple(stories), started=tuple(started), merged=merged, moved=moved)

    def _heirs(
        self, near: Sequence[str], parts: Sequence[Sequence[str]], before: Mapping[str, str]
    ) -> tuple[dict[int, str], dict[str, str]]:
        """Which part keeps which story's id, and which stories are merged into which."""
        claims: dict[int, list[str]] = {}
        counted = [Counter(before.get(each) for each in part) for part in parts]
        for name in near:
            shares = [each[name] for each in counted]
            claims.setdefault(shares.index(max(shares)), []).append(name)
        heirs: dict[int, str] = {}
        merged: dict[str, str] = {}
        for at, names in claims.items():
            heirs[at], *others = sorted(names, key=lambda name: (self._stories[name].born, name))
            merged |= dict.fromkeys(others, heirs[at])
        return heirs, merged

    def _shrink(self, name: str) -> list[str]:
        """Settle what is too much to hold: of the two that are most alike, over and over, the earlier one."""
        story = self._stories[name]
        too_many = len(story.members) - self._limits.per_story
        if too_many <= 0:
            return []
        vectors = np.stack([self._held.sketch(each).vector for each in story.members])
        alike = vectors @ vectors.T
        np.fill_diagonal(alike, -np.inf)
        # The latest stays, by which it is told how long nothing was added.
        alike[-1] = alike[:, -1] = -np.inf
        members, settled = list(story.members), []
        for _ in range(too_many):
            earlier = min(divmod(int(alike.argmax()), len(members)))
            alike[earlier] = alike[:, earlier] = -np.inf
            settled.append(members[earlier])
        for each in settled:
            self._settle(story, self._held.order(each))
            story.members.remove(each)
            self._drop(each)
        return settled

    def _retire(self) -> list[Retired]:
        gone: list[Retired] = []
        while len(self._held) > self._limits.held:
            last, name = heapq.heappop(self._stale)
            if name not in self._stories or self._last(name) != last:
                continue
            story = self._stories.pop(name)
            gone.append(retired(name, [self._held.sketch(each).vector for each in story.members]))
            self._archive.add(gone[-1])
            for each in story.members:
                self._drop(each)
        return gone

    def _take(self, standings: Sequence[Standing], members: Sequence[Member]) -> None:
        for each in standings:
            self._stories[each.story] = _Story(born=each.born, settled=each.settled, members=[])
        for member in sorted(members, key=lambda member: member.order):
            self._stories[member.story].members.append(member.article)
            self._story_of[member.article] = member.story
            self._hold(member.article, member.order, member.sketch)
        for each in standings:
            self._note(each.story)

    def _hold(self, article: str, order: int, sketch: Sketch) -> None:
        self._held.add(article, order, sketch)
        if sketch.group is not None:
            self._copies.setdefault(sketch.group, []).append(article)

    def _drop(self, article: str) -> None:
        group = self._held.sketch(article).group
        if group is not None:
            self._copies[group].remove(article)
            if not self._copies[group]:
                del self._copies[group]
        del self._story_of[article]
        self._held.remove(article)

    def _settle(self, story: _Story, order: int) -> None:
        story.settled = max(story.settled, order)

    def _last(self, name: str) -> int:
        story = self._stories[name]
        return max(story.settled, self._held.order(story.members[-1]))

    def _note(self, name: str) -> None:
        heapq.heappush(self._stale, (self._last(name), name))
        if len(self._stale) > _FEWEST_NOTES + 4 * len(self._stories):
            self._stale = [(self._last(each), each) for each in self._stories]
            heapq.heapify(self._stale)
