from __future__ import annotations

import numpy as np
import pytest

from retrieval.interests.exploring import Exploration
from retrieval.interests.fillers import far, without_fillers
from retrieval.interests.planning import Planner, Wishes
from retrieval.interests.profile import Profile
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

TOLD = profile((did(EvidenceKind.TOLD, key="text:1"), CHIPS))
HALF = towards(1, 0, 0, 0, 3)
BASIS = list(np.eye(WIDTH, dtype=np.float32))


def test_far_is_what_is_like_no_interest_and_of_no_subject_that_they_turn_to() -> None:
    given = stories([CHIPS, FOOTBALL, HALF, OPERA], subjects=(None, None, None, "technology"))
    every = np.asarray([[0, 1, 2, 3, -1]] * 3)

    found = far(matrices(TOLD, reader_of(chips=1), Profile(encoder=ENCODER)), given, every)

    assert found.tolist() == [
        [False, True, False, True, False],
        [False, True, False, False, False],
        [False] * 5,
    ]


def test_what_somebody_turned_down_or_muted_is_far_all_the_same() -> None:
    known = profile((did(), CHIPS), (did(EvidenceKind.LESS), FOOTBALL), (did(EvidenceKind.MUTED, key="m"), OPERA))

    assert far(matrices(known), stories([CHIPS, FOOTBALL, OPERA]), np.asarray([[0, 1, 2]])).tolist() == [
        [False, True, True]
    ]


@pytest.mark.parametrize(
    ("distant", "filled", "kept"),
    [
        ([0, 1, 0, 1, 1], 3, [0, 1, 2, -1, -1]),
        ([1, 1, 0, 0, 0], 3, [2, 3, 4, -1, -1]),
        ([1, 1, 1, 1, 1], 3, [0, 1, 2, -1, -1]),
        ([0, 0, 0, 0, 0], 3, [0, 1, 2, 3, 4]),
        ([1, 1, 1, 1, 1], 0, [-1] * 5),
        ([0, 1, 1, 1, 1], 9, [0, 1, 2, 3, 4]),
    ],
)
def test_what_is_far_fills_no_more_places_than_it_may(distant: list[int], filled: int, kept: list[int]) -> None:
    found = without_fillers(np.asarray([distant]) > 0, np.asarray([[7, 6, 5, 4, 3]]), np.asarray([filled]))

    assert found.tolist() == [kept]


def test_where_nothing_is_there_is_nothing_to_fill_with() -> None:
    found = without_fillers(np.zeros((1, 3), dtype=np.bool_), np.asarray([[2, -1, -1]]), np.asarray([3]))

    assert found.tolist() == [[0, -1, -1]]


def test_a_digest_ends_where_nothing_is_near_any_more_but_for_something_to_explore() -> None:
    given = stories(BASIS, heat=np.asarray([0, 0.9, *[0.0] * (WIDTH - 2)], dtype=np.float32))
    wishes = Wishes(
        lengths=np.full(3, 6),
        spare=2,
        filled=np.asarray([1, 3, 8]),
        seeds=np.arange(3, dtype=np.uint64),
    )

    # All that is hot is one story: whoever is filled up with it has nothing left to explore.
    for share, expected in ((0.0, [1, 3, 8]), (1.0, [2, 3, 8])):
        found = Planner(given, exploration=Exploration(share=share)).plan(matrices(TOLD, TOLD, TOLD), wishes)

        assert (found.stories >= 0).sum(axis=1).tolist() == expected
        assert found.stories[:, 0].tolist() == [0, 0, 0]
        assert not found.scores[found.stories < 0].any()
        assert not found.rows[found.stories < 0].any()


def test_what_is_for_those_alone_who_turn_to_such_fills_no_digest_and_is_nothing_to_explore() -> None:
    given = stories(BASIS, heat=np.asarray([0, 0.9, *[0.0] * (WIDTH - 2)], dtype=np.float32))
    wishes = Wishes(
        lengths=np.full(2, 4),
        filled=np.full(2, 4),
        seeds=np.arange(2, dtype=np.uint64),
        if_near=np.isin(np.arange(WIDTH), range(4)),
    )

    plans = Planner(given, exploration=Exploration(share=1)).plan(matrices(TOLD, Profile(encoder=ENCODER)), wishes)

    told, unknown = ({int(each) for each in row if each >= 0} for row in plans.stories)
    assert {0} == told & set(range(4))
    # To somebody of whom nothing is known nothing is near.
    assert not unknown & set(range(4))
    assert plans.far.sum(axis=1).tolist() == [len(told) - 1, 0]
    assert (plans.explored == -1).all()


def test_of_what_is_for_those_alone_a_subject_is_near_only_with_an_interest_that_nearly_is() -> None:
    nearly = [towards(1, 0, 0, 0, tilt) for tilt in (1, 3, 10)]
    given = stories([*nearly, *nearly], subjects=(None,) * 3 + ("technology",) * 3)
    every = np.asarray([range(6)] * 2)

    found = far(matrices(TOLD, reader_of(chips=1)), given, every, np.ones(6, dtype=np.bool_))

    assert found.tolist() == [[False, True, True] * 2, [False, True, True, False, False, True]]
