from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from retrieval.interests.bulk import shelved
from retrieval.interests.packing import packed
from retrieval.interests.profile import Profile, faded
from retrieval.interests.readers import Readers
from storage.domain.evidence import EvidenceKind
from tests.retrieval.interests.made import (
    CHIPS,
    ENCODER,
    FOOTBALL,
    NOW,
    OPERA,
    SOURCES,
    SUBJECTS,
    WIDTH,
    did,
    matrices,
    profile,
    reader_of,
    towards,
)

FULL = profile(
    (did(category="technology", source="Wire", days_ago=9), CHIPS),
    (did(category="gardening", source="Post", days_ago=8), towards(0, 0, 0, 1)),
    (did(EvidenceKind.TOLD, key="about me", days_ago=7), OPERA),
    (did(EvidenceKind.LESS, category="sport", source="Elsewhere", days_ago=6), FOOTBALL),
    (did(EvidenceKind.MUTED, key="no more", days_ago=5), towards(0, 1, 0, 0, 0.9)),
)
MUTES_ALONE = profile((did(EvidenceKind.MUTED, key="one"), FOOTBALL), (did(EvidenceKind.MUTED, key="two"), OPERA))


def read(*data: bytes, now: datetime = NOW) -> tuple[Readers, list[bool]]:
    shelf = shelved(data, ENCODER, WIDTH, SUBJECTS, SOURCES, now)
    return shelf.part(np.arange(len(data))), shelf.known.tolist()


@pytest.mark.parametrize("days", [-30, 0, 400])
def test_the_matrices_are_those_of_the_profiles_as_of_the_moment_asked_for(days: int) -> None:
    now = NOW + timedelta(days=days)
    given = [FULL, Profile(encoder=ENCODER), reader_of(chips=3, football=1), MUTES_ALONE]

    found, known = read(*map(packed, given), now=now)

    expected = matrices(*(faded(each, now) for each in given))
    assert known == [True] * 4
    for name in Readers.__dataclass_fields__:
        ours, theirs = getattr(found, name), getattr(expected, name)
        assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype), name
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-7, err_msg=name)


def test_of_a_profile_that_cannot_be_read_nothing_is_known() -> None:
    another = packed(Profile(encoder="another"))

    found, known = read(another, packed(FULL))

    assert known == [False, True]
    assert not found.masses[0].any()
    np.testing.assert_array_equal(found.subjects[0], 0)
    np.testing.assert_allclose(found.centres[1], matrices(FULL).centres[0])


def test_nobody_at_all_is_read_as_nobody() -> None:
    found, known = read()

    assert (len(found), known) == (0, [])
    assert found.subjects.shape == (0, len(SUBJECTS))
