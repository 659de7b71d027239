from __future__ import annotations

import numpy as np

from retrieval.interests.diversify import Chooser, Variety
from retrieval.interests.profile import Profile
from retrieval.interests.ranking import Ranker
from retrieval.interests.stories import Stories
from tests.retrieval.interests.made import CHIPS, FOOTBALL, OPERA, WIDTH, matrices, reader_of, stories, towards


def digest(
    known: Profile, given: Stories, k: int, variety: Variety | None = None, novelty: np.ndarray | None = None
) -> list[int]:
    readers = matrices(known)
    ranked = Ranker(given).rank(readers, novelty)
    places = Chooser(given, variety).choose(ranked, readers.subjects, np.asarray([k]))[0]
    return [int(ranked.stories[0, at]) for at in places if at >= 0]


def test_of_the_same_news_only_the_best_is_shown() -> None:
    given = stories([CHIPS, towards(1, 0.05), OPERA])

    assert digest(reader_of(chips=2), given, 3) == [0, 2]


def test_what_was_seen_already_is_not_shown_again() -> None:
    given = stories([CHIPS, OPERA])

    assert digest(reader_of(chips=2), given, 2, novelty=np.asarray([[0.05, 1.0]], dtype=np.float32)) == [1]


def test_no_outlet_has_more_than_its_share() -> None:
    vectors = [np.eye(WIDTH, dtype=np.float32)[at] for at in range(6)]
    given = stories(vectors, sources=("Wire", "Wire", "Wire", "Wire", "Post", None))

    shown = digest(reader_of(chips=2), given, 6, Variety(outlet_share=0.34))

    assert len(set(shown) & {0, 1, 2, 3}) == 2
    assert {4, 5} <= set(shown)


def test_one_story_of_an_outlet_may_always_be_shown() -> None:
    given = stories([CHIPS, OPERA], sources=("Wire", "Wire"))

    assert digest(reader_of(chips=2), given, 1, Variety(outlet_share=0.1)) == [0]


def test_breadth_prefers_what_is_unlike_the_rest() -> None:
    given = stories([CHIPS, towards(1, 0, 0, 0.9), towards(0.5, 1)])
    known = reader_of(chips=3)

    assert digest(known, given, 2, Variety(breadth=0.0, calibration=0.0)) == [0, 1]
    assert digest(known, given, 2, Variety(breadth=0.8, calibration=0.0)) == [0, 2]


def test_the_subjects_are_mixed_as_the_reader_mixes_them() -> None:
    basis = np.eye(WIDTH, dtype=np.float32)
    given = stories([basis[at] for at in range(2, 8)], subjects=("technology",) * 3 + ("sport",) * 3)
    known = reader_of(chips=10, football=10)

    shown = digest(known, given, 4, Variety(breadth=0.0, calibration=1.0))

    assert sorted(given.subjects[at] or "" for at in shown) == ["sport", "sport", "technology", "technology"]


def test_no_more_is_shown_than_there_is() -> None:
    given = stories([CHIPS, FOOTBALL])
    readers = matrices(reader_of(1), reader_of(0, 1))

    places = Chooser(given).choose(Ranker(given).rank(readers), readers.subjects, np.asarray([3, 3]))

    assert places.tolist() == [[0, 1, -1], [0, 1, -1]]


def test_the_same_is_chosen_among_more_stories_than_are_compared_beforehand() -> None:
    given = stories([CHIPS, towards(1, 0.05), OPERA] + [towards(-1, -1, -1)] * 5000)

    assert digest(reader_of(chips=2), given, 2) == [0, 2]


def test_nothing_is_shown_where_nothing_is_new() -> None:
    assert digest(reader_of(1), stories([CHIPS]), 2, novelty=np.zeros((1, 1), dtype=np.float32)) == []
