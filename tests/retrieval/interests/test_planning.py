from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest

from retrieval.interests import planning
from retrieval.interests.bulk import shelved
from retrieval.interests.diversify import Chooser, Variety
from retrieval.interests.explain import reasons
from retrieval.interests.exploring import Exploration
from retrieval.interests.features import NAMES
from retrieval.interests.packing import packed
from retrieval.interests.planning import Planner, Plans, Wishes
from retrieval.interests.profile import Profile, faded
from retrieval.interests.ranking import Ranker, Weights, shipped
from retrieval.interests.stories import Stories
from storage.domain.digests import ReasonKind
from storage.domain.evidence import EvidenceKind
from tests.retrieval.interests.made import (
    CHIPS,
    ENCODER,
    FOOTBALL,
    NOW,
    OPERA,
    WIDTH,
    did,
    matrices,
    profile,
    reader_of,
    stories,
    towards,
)

NONE = Exploration(share=0.0)
NOVELTY = NAMES.index("novelty")


def plans(
    given: Stories,
    *known: Profile,
    lengths: Sequence[int] | None = None,
    novelty: np.ndarray | None = None,
    allowed: np.ndarray | None = None,
    weights: Weights | None = None,
    exploration: Exploration = NONE,
    seeds: int = 0,
) -> Plans:
    wishes = Wishes(
        lengths=np.asarray(lengths or [3] * len(known)),
        seeds=np.arange(seeds, seeds + len(known), dtype=np.uint64),
        novelty=novelty,
        allowed=allowed,
    )
    return Planner(given, weights, exploration=exploration).plan(matrices(*known), wishes)


def spread(n: int, seed: int = 0) -> Stories:
    """So many stories in all directions, of which something is known."""
    random = np.random.default_rng(seed)
    vectors = random.standard_normal((n, WIDTH)).astype(np.float32)
    return stories(
        list(vectors / np.linalg.norm(vectors, axis=1, keepdims=True)),
        subjects=tuple(random.choice(["technology", "sport", "culture"], n).tolist()),
        sources=tuple(random.choice([f"outlet {at}" for at in range(12)], n).tolist()),
        heat=random.random(n).astype(np.float32),
        quality=random.random(n).astype(np.float32),
        freshness=random.random(n).astype(np.float32),
    )


KNOWN = (
    reader_of(chips=4),
    reader_of(chips=1, football=3),
    Profile(encoder=ENCODER),
    profile((did(EvidenceKind.TOLD), OPERA), (did(EvidenceKind.LESS, key="less"), FOOTBALL)),
)


def test_each_reader_gets_what_they_would_get_alone_in_the_length_they_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "_BLOCK", 3)
    given, lengths = spread(300), [3, 7, 15, 5, 3, 4, 15, 6]

    found = plans(given, *KNOWN, *KNOWN, lengths=lengths)

    for row, (known, length) in enumerate(zip((*KNOWN, *KNOWN), lengths, strict=True)):
        one = matrices(known)
        ranked = Ranker(given).rank(one)
        places = Chooser(given).choose(ranked, one.subjects, np.asarray([length]))[0]
        assert found.stories[row, :length].tolist() == ranked.stories[0, places].tolist()
        assert found.stories[row, length:].tolist() == [-1] * (15 - length)
        np.testing.assert_allclose(found.scores[row, :length], ranked.scores[0, places], rtol=1e-4)
        np.testing.assert_allclose(found.rows[row, :length], ranked.rows[0, places], atol=1e-5)
        np.testing.assert_allclose(found.usual[row], ranked.rows[0].mean(axis=0), atol=1e-5)


def test_readers_read_from_bytes_get_what_those_made_of_profiles_get(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "_BLOCK", 7)
    given, random, r = spread(300), np.random.default_rng(3), 40
    muting = profile((did(), CHIPS), (did(EvidenceKind.MUTED, key="no more", days_ago=3), FOOTBALL))
    known = [(*KNOWN, muting)[at] for at in random.integers(len(KNOWN) + 1, size=r)]
    wishes = Wishes(
        lengths=random.integers(3, 16, r),
        seeds=random.integers(1 << 63, size=r, dtype=np.uint64),
        spare=2,
        novelty=random.random((r, 300), dtype=np.float32),
        allowed=random.random((r, 300)) < 0.8,
    )
    planner, now = Planner(given, exploration=Exploration(share=0.2)), NOW + timedelta(days=20)
    shares = given.subject_shares, given.source_shares

    found = planner.plan(shelved([packed(each) for each in known], ENCODER, WIDTH, *shares, now), wishes)

    expected = planner.plan(matrices(*(faded(each, now) for each in known)), wishes)
    assert found.stories.tolist() == expected.stories.tolist()
    assert found.explored.tolist() == expected.explored.tolist()
    assert {-1} < set(found.explored.tolist())
    for name in ("scores", "rows", "usual"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-4, atol=1e-5)


def test_what_is_not_allowed_takes_no_place_of_what_is() -> None:
    given = spread(300)
    allowed = np.zeros((1, 300), dtype=np.bool_)
    kept = np.random.default_rng(1).choice(300, 90, replace=False)
    allowed[0, kept] = True

    found = plans(given, KNOWN[0], lengths=[15], allowed=allowed)

    alone = Stories(
        vectors=given.vectors[kept],
        subjects=tuple(given.subjects[at] for at in kept),
        sources=tuple(given.sources[at] for at in kept),
        subject_shares=given.subject_shares,
        source_shares=given.source_shares,
        heat=given.heat[kept],
        quality=given.quality[kept],
        freshness=given.freshness[kept],
    )
    expected = plans(alone, KNOWN[0], lengths=[15])
    assert found.stories[0].tolist() == [int(kept[at]) for at in expected.stories[0]]
    np.testing.assert_allclose(found.scores, expected.scores, rtol=1e-4)


def test_where_fewer_are_allowed_than_wished_the_rest_stays_empty() -> None:
    allowed = np.asarray([[True, False, True], [False] * 3])

    found = plans(stories([CHIPS, FOOTBALL, OPERA]), *KNOWN[:2], allowed=allowed)

    assert sorted(found.stories[0].tolist()) == [-1, 0, 2]
    assert found.stories[1].tolist() == [-1, -1, -1]
    assert not found.scores[1].any()
    assert not found.rows[1].any()
    assert not found.usual[1].any()


def test_figures_of_what_is_not_allowed_are_not_what_is_usual() -> None:
    given = stories([CHIPS, FOOTBALL, OPERA], heat=np.asarray([0.1, 1.0, 0.3], dtype=np.float32))

    found = plans(given, KNOWN[0], allowed=np.asarray([[True, False, True]]))

    assert found.usual[0, NAMES.index("heat")] == pytest.approx(0.2)
    assert found.usual[0, NOVELTY] == pytest.approx(1.0)


def test_what_was_shown_before_and_what_is_muted_are_out() -> None:
    muting = profile((did(), CHIPS), (did(EvidenceKind.MUTED, key="no more"), FOOTBALL))
    novelty = np.asarray([[1.0, 1.0, 0.05, 1.0]], dtype=np.float32)

    found = plans(stories([CHIPS, FOOTBALL, OPERA, towards(0, 0, 0, 1)]), muting, novelty=novelty)

    assert sorted(found.stories[0].tolist()) == [-1, 0, 3]


@pytest.mark.parametrize("novelty", [-2.0, 0.0, 1.0])
def test_nothing_that_is_out_comes_in_whatever_novelty_counts(novelty: float) -> None:
    given, allowed = spread(300), np.random.default_rng(2).random((4, 300)) < 0.3
    weights = Weights.named({**shipped().by_name, "novelty": novelty})

    found = plans(given, *KNOWN, lengths=[10] * 4, allowed=allowed, weights=weights)

    assert (found.stories >= 0).all()
    assert np.take_along_axis(allowed, found.stories, axis=1).all()


def test_something_to_explore_stands_last_and_its_reasons_are_no_interest() -> None:
    given = spread(300)
    vectors, known = given.vectors, reader_of(chips=4)

    found = plans(given, *[known] * 40, lengths=[5] * 40, exploration=Exploration(share=1.0))

    assert (found.explored == 4).sum() > 30
    for row in np.flatnonzero(found.explored >= 0):
        story = found.stories[row, 4]
        kinds = {
            each.kind
            for each in reasons(
                known,
                vectors[story],
                found.rows[row, 4],
                found.usual[row],
                shipped(),
                subject=given.subjects[story],
                source=given.sources[story],
            )
        }
        assert not kinds & {ReasonKind.INTEREST, ReasonKind.TOLD, ReasonKind.SUBJECT}
        assert found.scores[row, 4] == pytest.approx(float(shipped().scores(found.rows[row, 4])), rel=1e-5)
        assert found.rows[row, 4, NAMES.index("heat")] == given.heat[story]


def test_a_digest_that_is_not_full_gets_it_besides() -> None:
    heat = np.asarray([0.1, 0.9, 0.1, 0.1], dtype=np.float32)
    allowed = np.asarray([[True, True, False, False]] * 8)

    found = plans(
        stories([CHIPS, FOOTBALL, OPERA, towards(0, 0, 0, 1)], heat=heat),
        *[reader_of(chips=2)] * 8,
        allowed=allowed,
        exploration=Exploration(share=1.0),
    )

    assert {tuple(row) for row in found.stories.tolist()} == {(0, 1, -1)}


def test_something_to_explore_stands_within_what_is_shown_and_not_among_the_spare_ones() -> None:
    given = spread(40)
    wishes = Wishes(lengths=np.full(200, 5), seeds=np.arange(200, dtype=np.uint64), spare=4)

    found = Planner(given, exploration=Exploration(share=0.1)).plan(matrices(*KNOWN * 50), wishes)

    assert set(found.explored.tolist()) <= {-1, 4}
    # Half of the digests of five have one, as far as there is something outside of what their readers turn to.
    assert 0.2 <= (found.explored == 4).mean() <= 0.6
    for row in found.stories.tolist():
        assert len({at for at in row if at >= 0}) == 9
    for row in np.flatnonzero(found.explored >= 0):
        for place, story in enumerate(found.stories[row]):
            assert found.rows[row, place, NAMES.index("heat")] == given.heat[story]


def test_the_same_seed_plans_the_same() -> None:
    given, known = spread(300), [reader_of(chips=2)] * 30
    once, again, other = (
        plans(given, *known, exploration=Exploration(share=0.3), seeds=seeds) for seeds in (5, 5, 500)
    )

    assert once.stories.tolist() == again.stories.tolist()
    assert once.explored.tolist() != other.explored.tolist()


def test_no_more_of_an_outlet_than_its_share_with_something_to_explore() -> None:
    given = spread(300)

    found = plans(given, *KNOWN * 20, lengths=[9] * 80, exploration=Exploration(share=1.0))

    most = int(Variety().outlet_share * 9)
    for row in found.stories.tolist():
        outlets = [given.sources[at] for at in row if at >= 0]
        assert max(map(outlets.count, outlets)) <= most


def test_planning_for_nobody_gives_nothing() -> None:
    assert len(plans(spread(3), lengths=[])) == 0
