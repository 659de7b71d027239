from __future__ import annotations

import numpy as np
import pytest

from retrieval.interests.features import NAMES, features
from retrieval.interests.profile import Profile
from retrieval.interests.stories import Audience, freshness
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


def column(name: str, rows: np.ndarray) -> list[float]:
    return [float(value) for value in rows[..., NAMES.index(name)].ravel()]


def test_similarity_is_told_by_the_nearest_the_mean_and_attention() -> None:
    rows = features(matrices(reader_of(chips=3, football=1)), stories([CHIPS, FOOTBALL, OPERA]))

    assert column("nearest", rows) == pytest.approx([1, 1, 0], abs=1e-6)
    assert column("mean", rows) == pytest.approx([0.75, 0.25, 0], abs=1e-6)
    attention = column("attention", rows)
    assert attention[0] == pytest.approx(1.0, abs=1e-3)
    assert 0.25 < attention[1] < 1.0
    assert attention[2] == pytest.approx(0.0, abs=1e-6)


def test_a_reader_of_whom_nothing_is_known_has_no_figures_of_their_own() -> None:
    rows = features(matrices(Profile(encoder=ENCODER)), stories([CHIPS, OPERA], subjects=("technology", "culture")))

    assert rows.any(axis=(0, 1)).tolist() == [name == "novelty" for name in NAMES]


def test_what_was_turned_down_counts_the_more_the_oftener_it_was() -> None:
    once = profile((did(EvidenceKind.DISLIKED, weight=-1.0), OPERA))
    often = profile(*((did(EvidenceKind.LESS, key=str(at)), OPERA) for at in range(5)))

    rows = features(matrices(once, often, reader_of(chips=1)), stories([OPERA]))

    assert column("disliked", rows) == pytest.approx([1 / 3, 15 / 17, 0.0], abs=1e-6)


def test_subjects_and_sources_count_as_they_are_turned_to_oftener_than_by_others() -> None:
    known = profile(*((did(key=str(at), category="sport", source="Post"), None) for at in range(10)))
    given = stories([OPERA] * 4, subjects=("sport", "culture", None, "unheard of"), sources=("Post", "Wire", None, "?"))

    rows = features(matrices(known), given)

    subjects, sources = column("subject", rows), column("source", rows)
    assert subjects[0] == pytest.approx(np.log((10 + 5 * 0.25) / (15 * 0.25)))
    assert subjects[1] < 0
    assert subjects[2:] == [0, 0]
    assert sources[0] > 0 > sources[1]
    assert sources[2:] == [0, 0]


def test_a_subject_that_is_turned_down_counts_against_it() -> None:
    known = profile((did(EvidenceKind.LESS, category="sport"), FOOTBALL))

    assert column("subject", features(matrices(known), stories([FOOTBALL], subjects=("sport",))))[0] < 0


def test_the_storys_own_figures_are_the_same_for_all() -> None:
    audience = Audience(
        vectors=np.stack([CHIPS, -CHIPS]),
        middle=np.zeros(WIDTH, dtype=np.float32),
        popularity=np.asarray([0.5, -0.5], dtype=np.float32),
    )
    given = stories(
        [OPERA, OPERA],
        freshness=freshness(np.asarray([0.0, 12.0])),
        heat=np.asarray([0.1, 0.2], dtype=np.float32),
        quality=np.asarray([0.3, 0.4], dtype=np.float32),
        audience=audience,
    )

    rows = features(matrices(reader_of(chips=1), Profile(encoder=ENCODER)), given)

    for name, expected in {
        "freshness": [1.0, 0.5],
        "heat": [0.1, 0.2],
        "quality": [0.3, 0.4],
        "popularity": [0.5, -0.5],
    }.items():
        assert column(name, rows) == pytest.approx(expected * 2)
    assert column("audience", rows) == pytest.approx([1 / 1.05, -1 / 1.05, 0, 0])


def test_chosen_stories_have_the_figures_they_have_among_all() -> None:
    readers = matrices(reader_of(2, 1), reader_of(0, 3))
    given = stories(
        [CHIPS, FOOTBALL, OPERA, towards(1, 1)],
        subjects=("technology", "sport", "culture", None),
        sources=("Wire", "Post", "Wire", None),
    )
    chosen = np.asarray([[2, 0], [3, 1]])
    novelty = np.asarray([[0.5, 1.0], [1.0, 0.0]], dtype=np.float32)

    rows = features(readers, given, chosen, novelty)

    every = np.take_along_axis(features(readers, given), chosen[:, :, None], axis=1)
    every[:, :, NAMES.index("novelty")] = novelty
    np.testing.assert_allclose(rows, every, atol=1e-6)


def test_no_stories_have_no_figures() -> None:
    given = stories([CHIPS])

    assert features(matrices(reader_of(1)), given, np.zeros((1, 0), dtype=np.int64)).shape == (1, 0, len(NAMES))
