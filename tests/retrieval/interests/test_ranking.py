from __future__ import annotations

import numpy as np
import pytest

from retrieval.interests.features import NAMES, features
from retrieval.interests.profile import Profile, took
from retrieval.interests.ranking import Ranker, Weights, shipped
from retrieval.interests.stories import Audience, Stories
from storage.domain.evidence import EvidenceKind
from tests.retrieval.interests.made import (
    CHIPS,
    ENCODER,
    FOOTBALL,
    OPERA,
    SOURCES,
    SUBJECTS,
    WIDTH,
    did,
    matrices,
    profile,
    reader_of,
    stories,
)


def test_what_a_reader_turns_to_comes_first_and_what_they_turned_down_last() -> None:
    known = took(reader_of(chips=2), did(EvidenceKind.LESS), OPERA)

    found = Ranker(stories([OPERA, FOOTBALL, CHIPS])).rank(matrices(known))

    assert found.stories.tolist() == [[2, 1, 0]]
    assert (np.diff(found.scores[0]) <= 0).all()


def test_one_told_thing_is_enough_to_rank_by() -> None:
    known = profile((did(EvidenceKind.TOLD), OPERA))

    assert Ranker(stories([CHIPS, OPERA])).rank(matrices(known)).stories[0, 0] == 1


def test_a_reader_of_whom_nothing_is_known_is_shown_what_is_hot() -> None:
    given = stories([CHIPS, OPERA], heat=np.asarray([0.1, 0.9], dtype=np.float32))

    assert Ranker(given).rank(matrices(Profile(encoder=ENCODER))).stories[0, 0] == 1


def test_scores_are_the_sum_of_what_each_feature_counts() -> None:
    found = Ranker(stories([CHIPS, OPERA, FOOTBALL])).rank(matrices(reader_of(2, 1)))

    np.testing.assert_allclose(found.scores, found.rows @ np.asarray(shipped().values), rtol=1e-5)


def many(n: int = 600) -> Stories:
    chance = np.random.default_rng(0)
    vectors = chance.normal(size=(n, WIDTH)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Stories(
        vectors=vectors,
        subjects=tuple(chance.choice([*SUBJECTS, None], n).tolist()),
        sources=tuple(chance.choice([*SOURCES, "elsewhere"], n).tolist()),
        subject_shares=SUBJECTS,
        source_shares=SOURCES,
        freshness=chance.random(n, dtype=np.float32),
        heat=chance.random(n, dtype=np.float32),
        audience=Audience(
            vectors=chance.normal(size=(n, WIDTH)).astype(np.float32) / 20,
            middle=np.full(WIDTH, 0.1, dtype=np.float32),
            popularity=chance.normal(size=n).astype(np.float32) / 3,
        ),
    )


@pytest.mark.parametrize("known", [reader_of(5, 1), reader_of(1, 3), Profile(encoder=ENCODER)])
def test_a_shortlist_holds_the_best_of_many(known: Profile) -> None:
    given = many()
    readers = matrices(took(known, did(EvidenceKind.LESS, category="sport"), OPERA))
    novelty = np.random.default_rng(1).random((1, len(given)), dtype=np.float32)

    short = Ranker(given, shortlist=80).rank(readers, novelty)

    rows = features(readers, given, None, novelty)
    best = np.argsort(-shipped().scores(rows)[0])[:10]
    assert short.stories.shape == (1, 80)
    assert len(set(best) & set(short.stories[0, :10].tolist())) >= 9


def test_the_shortlist_is_found_among_more_stories_than_a_score_has_room_for() -> None:
    given = many(5000)

    found = Ranker(given, shortlist=30).rank(matrices(reader_of(1)))

    assert len(set(found.stories[0].tolist())) == 30


def test_many_readers_are_ranked_for_as_each_by_themselves() -> None:
    given = many()
    profiles = [reader_of(at % 3, at % 2) for at in range(300)]

    together = Ranker(given).rank(matrices(*profiles))

    alone = Ranker(given).rank(matrices(profiles[299]))
    np.testing.assert_array_equal(together.stories[299], alone.stories[0])
    np.testing.assert_allclose(together.scores[299], alone.scores[0], rtol=1e-4)


def test_weights_go_by_name() -> None:
    weights = Weights.named({"heat": 2.0})

    assert weights.by_name == {name: 2.0 if name == "heat" else 0.0 for name in NAMES}
    assert weights.of("heat") == 2.0
    with pytest.raises(ValueError, match="no features: warmth"):
        Weights.named({"warmth": 1.0})
    with pytest.raises(ValueError, match="1 weights for"):
        Weights(values=(1.0,))


def test_the_shipped_weights_are_for_what_is_liked_and_against_what_is_not() -> None:
    assert shipped().of("attention") > 0 > shipped().of("disliked")
