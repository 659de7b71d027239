from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.topics.archive import Retired
from retrieval.topics.clusterer import Clusterer, Limits, Placement, Standing
from retrieval.topics.held import Member
from retrieval.topics.odds import Weights
from retrieval.topics.pool import NAMES
from retrieval.topics.sketch import Sketch

DIMENSIONS = 64
SMALL = Limits(compared=12, per_story=3, held=24, archived=8)


def by_meaning(threshold: float = 0.5) -> Weights:
    """Two tell of one event where the cosine of their vectors is above a threshold, whatever else there is."""
    within = [10.0 if name == "meaning" else 0.0 for name in NAMES]
    return Weights(within=(*within, -10.0 * threshold), across=(*within, -10.0 * threshold))


def sketch(*directions: float, group: str | None = None) -> Sketch:
    vector = np.zeros(DIMENSIONS, dtype=np.float32)
    vector[: len(directions)] = directions
    return Sketch(
        vector=vector / np.linalg.norm(vector),
        terms=np.arange(3, dtype=np.uint32),
        counts=np.ones(3, dtype=np.uint8),
        named=np.zeros(3, dtype=np.bool_),
        numbers=np.zeros(3, dtype=np.bool_),
        pairs=np.zeros(0, dtype=np.uint32),
        group=group,
    )


def invented(event: int, seed: int, *, group: str | None = None) -> Sketch:
    """An article of an event: near the others of it, by meaning and by words."""
    of_event, own = np.random.default_rng([event, 1]), np.random.default_rng([event, seed, 2])
    vector = of_event.standard_normal(DIMENSIONS) + 0.9 * own.standard_normal(DIMENSIONS)
    words = np.concatenate([1000 * (event + 1) + own.choice(12, 6, replace=False), own.choice(100, 6, replace=False)])
    terms = np.unique(words).astype(np.uint32)
    return Sketch(
        vector=(vector / np.linalg.norm(vector)).astype(np.float32),
        terms=terms,
        counts=np.ones(len(terms), dtype=np.uint8),
        named=terms % 3 == 0,
        numbers=terms % 7 == 0,
        pairs=terms[::2],
        days=1 << event % 7,
        group=group,
    )


@dataclass
class Notebook:
    """What a database holds after all placements were done as they say."""

    story: dict[str, str] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    kept: dict[str, Sketch] = field(default_factory=dict)
    born: dict[str, int] = field(default_factory=dict)
    retired: dict[str, Retired] = field(default_factory=dict)

    def note(self, placed: Placement, its_sketch: Sketch) -> None:
        for name in placed.started:
            assert name not in self.born
            self.born[name] = placed.order
        for old, new in placed.merged.items():
            del self.born[old]
            self.story |= {each: new for each, name in self.story.items() if name == old}
        for each, name in placed.moved.items():
            assert self.story[each] != name
            self.story[each] = name
        self.story[placed.article] = placed.story
        self.order[placed.article] = placed.order
        self.kept[placed.article] = its_sketch
        for each in placed.settled:
            del self.kept[each]
        for each in placed.retired:
            self.retired[each.story] = each

    def standing(self, name: str) -> Standing:
        settled = [self.order[each] for each in self.story if self.story[each] == name and each not in self.kept]
        return Standing(story=name, born=self.born[name], settled=max([-1, *settled]))

    def members(self, names: Iterable[str]) -> list[Member]:
        return [
            Member(article=each, story=self.story[each], order=self.order[each], sketch=its_sketch)
            for each, its_sketch in self.kept.items()
            if self.story[each] in set(names)
        ]

    def restored(self, weights: Weights | None, limits: Limits) -> Clusterer:
        clusterer = Clusterer(weights, limits)
        active = self.born.keys() - self.retired.keys()
        clusterer.restore(
            [self.standing(name) for name in sorted(active)], self.members(active), tuple(self.retired.values())
        )
        return clusterer


def streamed(clusterer: Clusterer, notebook: Notebook, articles: Mapping[str, Sketch]) -> list[Placement]:
    placements = []
    for each, its_sketch in articles.items():
        placements.append(clusterer.place(each, its_sketch))
        notebook.note(placements[-1], its_sketch)
    return placements


def articles(drawn: Iterable[tuple[int, int, bool]]) -> dict[str, Sketch]:
    return {
        f"a{at}": invented(event, seed, group=f"{event}-{seed}" if copied else None)
        for at, (event, seed, copied) in enumerate(drawn)
    }


streams = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.booleans()), min_size=1, max_size=60)
models = st.sampled_from([None, by_meaning(0.3), by_meaning(0.6)])


@settings(max_examples=60, deadline=None)
@given(streams, models)
def test_every_article_is_in_exactly_one_story(drawn: list[tuple[int, int, bool]], weights: Weights | None) -> None:
    clusterer, notebook = Clusterer(weights, SMALL), Notebook()

    streamed(clusterer, notebook, articles(drawn))

    assert notebook.story.keys() == articles(drawn).keys()
    assert set(notebook.story.values()) == notebook.born.keys()
    held = {member.article: member.story for member in clusterer.members()}
    active = {standing.story for standing in clusterer.standings()}
    assert active == notebook.born.keys() - notebook.retired.keys()
    assert held == {each: name for each, name in notebook.story.items() if each in notebook.kept and name in active}
    assert len(held) <= SMALL.held
    assert all(n <= SMALL.per_story for n in Counter(held.values()).values())


@settings(max_examples=60, deadline=None)
@given(streams, streams, models)
def test_a_clusterer_that_is_restored_goes_on_as_if_it_had_never_stopped(
    before: list[tuple[int, int, bool]], after: list[tuple[int, int, bool]], weights: Weights | None
) -> None:
    first, notebook = Clusterer(weights, SMALL), Notebook()
    streamed(first, notebook, articles(before))
    second = notebook.restored(weights, SMALL)

    later = {f"later {each}": its_sketch for each, its_sketch in articles(after).items()}

    assert second.standings() == first.standings()
    for each, its_sketch in later.items():
        assert second.dormant(its_sketch) == first.dormant(its_sketch)
        assert second.place(each, its_sketch) == first.place(each, its_sketch)


@settings(max_examples=40, deadline=None)
@given(streams)
def test_the_same_stream_gives_the_same_stories(drawn: list[tuple[int, int, bool]]) -> None:
    once = streamed(Clusterer(None, SMALL), Notebook(), articles(drawn))

    again = streamed(Clusterer(None, SMALL), Notebook(), articles(drawn))

    assert once == again


def test_articles_on_one_event_share_a_story_and_others_do_not() -> None:
    clusterer, notebook = Clusterer(by_meaning()), Notebook()

    streamed(clusterer, notebook, {"a": sketch(1), "b": sketch(1, 0.1), "c": sketch(0, 0, 1), "d": sketch(1, 0.2)})

    assert notebook.story == {"a": "a", "b": "a", "c": "c", "d": "a"}


def test_an_article_between_two_stories_brings_them_together_under_the_older_id() -> None:
    clusterer, notebook = Clusterer(by_meaning(0.3)), Notebook()
    streamed(clusterer, notebook, {"a": sketch(1), "b": sketch(0.1, 1)})

    bridging = clusterer.place("c", sketch(1, 1))

    assert (bridging.story, bridging.merged, bridging.moved) == ("a", {"b": "a"}, {})


def test_a_story_that_shows_to_be_two_keeps_its_id_with_the_larger_part() -> None:
    clusterer, notebook = Clusterer(by_meaning(0.6)), Notebook()
    streamed(clusterer, notebook, {"a": sketch(1, 0.45), "b": sketch(1, -0.45)})
    assert notebook.story == {"a": "a", "b": "a"}

    for name, its_sketch in {"c": sketch(1, -1.6), "d": sketch(1, -1.7), "e": sketch(1, -1.5)}.items():
        notebook.note(clusterer.place(name, its_sketch), its_sketch)

    assert notebook.story["a"] != notebook.story["b"]
    assert set(notebook.story.values()) == notebook.born.keys()


def test_stories_that_are_far_away_are_left_alone() -> None:
    clusterer, notebook = Clusterer(by_meaning(), Limits(compared=4, per_story=2)), Notebook()
    away = {f"away {at}": sketch(*[0.0] * 8, 1, 0.05 * at) for at in range(4)}
    streamed(clusterer, notebook, away)
    before = dict(notebook.story)

    placements = streamed(clusterer, notebook, {f"near {at}": sketch(1, 0.3 * at) for at in range(6)})

    assert {each: notebook.story[each] for each in away} == before
    touched = {name for placed in placements for name in (*placed.merged, *placed.moved.values())}
    assert touched.isdisjoint(before.values())


def test_a_copy_joins_the_story_of_its_original_and_need_not_be_kept() -> None:
    clusterer = Clusterer(by_meaning())
    clusterer.place("a", sketch(1, group="same"))

    copy = clusterer.place("b", sketch(0, 1, group="same"))

    assert (copy.story, copy.settled) == ("a", ("b",))
    assert [member.article for member in clusterer.members()] == ["a"]


def test_of_a_large_story_a_bounded_number_is_kept_and_the_latest_among_them() -> None:
    clusterer, notebook = Clusterer(by_meaning(), SMALL), Notebook()

    streamed(clusterer, notebook, {f"a{at}": sketch(1, 0.01 * at) for at in range(10)})

    kept = [member.article for member in clusterer.members()]
    assert len(kept) == SMALL.per_story
    assert kept[-1] == "a9"
    assert set(notebook.story.values()) == {"a0"}


def test_stories_nothing_is_added_to_are_retired_and_can_be_revived() -> None:
    limits = replace(SMALL, held=12)
    clusterer, notebook = Clusterer(by_meaning(), limits), Notebook()
    streamed(clusterer, notebook, {"old": invented(99, 0), "old too": invented(99, 1)})
    name = notebook.story["old"]
    streamed(clusterer, notebook, {f"a{at}": invented(at, 0) for at in range(12)})
    assert name in notebook.retired

    returning = replace(invented(99, 0), days=0)
    dormant = clusterer.dormant(returning)
    clusterer.revive(notebook.standing(name), notebook.members([name]))
    placed = clusterer.place("new", returning)

    assert dormant[0] == name
    assert placed.story == name
    assert clusterer.dormant(returning) == ()


def test_what_is_forgotten_is_compared_with_no_longer() -> None:
    clusterer = Clusterer(by_meaning())
    clusterer.place("a", sketch(1))
    clusterer.place("b", sketch(1, 0.1))

    for each in ("a", "b", "never placed"):
        clusterer.forget(each)

    assert clusterer.members() == clusterer.standings() == ()
    assert clusterer.place("c", sketch(1)).story == "c"


def test_a_forgotten_article_that_comes_again_does_not_take_the_id_of_its_story_from_others() -> None:
    clusterer = Clusterer(by_meaning())
    clusterer.place("a", sketch(1))
    clusterer.place("b", sketch(1, 0.1))
    clusterer.forget("a")

    again = clusterer.place("a", sketch(0, 0, 1))

    assert again.story != "a"
    assert [member.story for member in clusterer.members()] == ["a", again.story]


def test_the_notes_of_when_stories_were_added_to_do_not_pile_up() -> None:
    clusterer = Clusterer(by_meaning(), SMALL)

    for at in range(1500):
        clusterer.place(f"a{at}", sketch(1, 0.001 * at))

    assert len(clusterer._stale) <= 1_024 + 8


def test_an_article_is_placed_once_and_only_an_empty_clusterer_is_restored() -> None:
    clusterer = Clusterer(by_meaning())
    clusterer.place("a", sketch(1))

    with pytest.raises(ValueError, match="a was placed before"):
        clusterer.place("a", sketch(1))
    with pytest.raises(ValueError, match="empty"):
        clusterer.restore([], [])


def test_limits_that_do_not_fit_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="limits"):
        Limits(compared=10, per_story=6)
