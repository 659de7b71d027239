from __future__ import annotations

import numpy as np

from retrieval.interests.exploring import Exploration, Explorer
from retrieval.interests.profile import Profile
from retrieval.interests.stories import Stories
from storage.domain.evidence import EvidenceKind
from tests.retrieval.interests.made import (
    CHIPS,
    ENCODER,
    FOOTBALL,
    OPERA,
    WIDTH,
    did,
    matrices,
    profile,
    reader_of,
    stories,
    towards,
)

BASIS = [np.eye(WIDTH, dtype=np.float32)[at] for at in range(WIDTH)]
ALWAYS = Exploration(share=1.0)


def given(**more: object) -> Stories:
    """Eight things, of which the second and the third, football and opera, are hot."""
    return stories(BASIS, **{"heat": np.asarray([0.2, 0.9, 0.8, 0, 0, 0, 0, 0], dtype=np.float32), **more})


def explored(
    known: Profile,
    among: Stories,
    *,
    exploration: Exploration = ALWAYS,
    chosen: tuple[int, ...] = (0, 7),
    allowed: np.ndarray | None = None,
    seeds: int = 64,
    most: int = 2,
) -> set[int]:
    """What is found for somebody by any of so many seeds."""
    readers = matrices(*[known] * seeds)
    explorer = Explorer(among, exploration, alike=0.8)
    given = np.ones((seeds, len(among)), dtype=np.bool_) if allowed is None else np.tile(allowed, (seeds, 1))
    found = explorer.explored(
        explorer.outside(readers, given),
        np.arange(seeds, dtype=np.uint64),
        np.tile(np.asarray(chosen, dtype=np.int64), (seeds, 1)),
        np.full(seeds, most),
    )
    return set(found.tolist())


def test_it_is_hot_and_unlike_what_the_reader_turns_to() -> None:
    assert explored(reader_of(chips=2), given()) == {1, 2}
    assert explored(reader_of(chips=2, football=2), given()) == {2}


def test_it_is_of_no_subject_that_they_turn_to_oftener_than_others() -> None:
    subjects = ("technology", "technology", "sport", *[None] * 5)

    assert explored(reader_of(chips=2), given(subjects=subjects)) == {2}


def test_it_is_nothing_that_they_turned_down() -> None:
    reader = profile((did(), CHIPS), (did(EvidenceKind.LESS, key="less"), FOOTBALL))

    assert explored(reader, given()) == {2}


def test_it_is_not_of_the_worse_half() -> None:
    quality = np.asarray([0.5, 0.1, 0.6, 0.5, 0.5, 0.5, 0.5, 0.5], dtype=np.float32)

    assert explored(reader_of(chips=2), given(quality=quality)) == {2}


def test_it_is_allowed_and_not_the_same_news_as_what_stands_beside_it() -> None:
    allowed = np.ones(WIDTH, dtype=np.bool_)
    allowed[1] = False

    assert explored(reader_of(chips=2), given(), allowed=allowed) == {2}
    assert explored(reader_of(chips=2), given(), chosen=(0, 2)) == {1}
    assert explored(reader_of(chips=2), given(), chosen=(0, 2), allowed=allowed) == {-1}


def test_it_keeps_to_the_share_of_its_outlet() -> None:
    sources = ("Wire", "Wire", "Post", *[None] * 4, "Wire")

    assert explored(reader_of(chips=2), given(sources=sources), most=2) == {2}
    assert explored(reader_of(chips=2), given(sources=sources), most=3) == {1, 2}


def test_nothing_is_found_where_nobody_knows_what_is_hot_or_nothing_is() -> None:
    assert explored(reader_of(chips=2), given(heat=None)) == {-1}
    assert explored(reader_of(chips=2), given(heat=np.zeros(WIDTH, dtype=np.float32))) == {-1}


def test_nothing_is_outside_of_what_somebody_unknown_turns_to() -> None:
    assert explored(Profile(encoder=ENCODER), given()) == {-1}


def test_nothing_stands_alone() -> None:
    assert explored(reader_of(chips=2), given(), chosen=(-1, -1)) == {-1}


def test_about_the_share_of_places_goes_to_it_and_the_same_seed_gives_the_same() -> None:
    n = 4000
    explorer = Explorer(given(), Exploration(share=0.1), alike=0.8)
    chosen = np.tile(np.asarray([0, 5, 6, 7, -1]), (n, 1))
    outside = explorer.outside(matrices(*[reader_of(chips=2)] * n), np.ones((n, WIDTH), dtype=np.bool_))
    asked = outside, np.arange(n, dtype=np.uint64), chosen, np.full(n, 2)

    found = explorer.explored(*asked)

    assert 0.45 < (found >= 0).mean() < 0.55
    assert 0.45 < (found[found >= 0] == 1).mean() < 0.55
    np.testing.assert_array_equal(explorer.explored(*asked), found)


def test_a_share_of_nothing_explores_nothing() -> None:
    assert explored(reader_of(chips=2), given(), exploration=Exploration(share=0.0)) == {-1}


def test_more_interests_than_one_are_all_left_aside() -> None:
    known = profile((did(key="a"), CHIPS), (did(key="b"), towards(0, 1, 0, 0, 0.2)), (did(key="c"), OPERA))

    assert explored(known, given()) == {-1}
    assert FOOTBALL @ known.liked[1].centre > 0.9
