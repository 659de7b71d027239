from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from retrieval.interests.packing import packed, unpacked
from retrieval.interests.profile import Profile
from retrieval.interests.tally import Tally
from storage.domain.evidence import EvidenceKind
from tests.retrieval.interests.made import CHIPS, ENCODER, NOW, OPERA, did, matrices, profile, reader_of

FULL = profile(
    (did(category="technology", source="路透"), CHIPS),
    (did(EvidenceKind.TOLD, key="about me"), CHIPS),
    (did(EvidenceKind.LESS), OPERA),
    (did(EvidenceKind.MUTED, key="no more"), OPERA),
)


@pytest.mark.parametrize("given", [FULL, Profile(encoder=ENCODER), reader_of(chips=3, football=1)])
def test_a_profile_comes_back_bit_by_bit(given: Profile) -> None:
    found = unpacked(packed(given), ENCODER)

    assert found is not None
    assert packed(found) == packed(given)
    assert (found.as_of, found.since, found.subjects, found.sources) == (
        given.as_of,
        given.since,
        given.subjects,
        given.sources,
    )
    assert [each.traces for each in found.wanted] == [each.traces for each in given.wanted]


def test_without_traces_a_profile_ranks_the_same() -> None:
    found = unpacked(packed(FULL), ENCODER, traced=False)

    assert found is not None
    assert [(each.mass, each.traces) for each in found.wanted] == [(each.mass, ()) for each in FULL.wanted]
    for name in ("centres", "masses", "lately", "disliked", "muted", "subjects", "sources"):
        np.testing.assert_array_equal(getattr(matrices(found), name), getattr(matrices(FULL), name))


def test_moments_and_names_come_back_as_they_were() -> None:
    at = NOW - timedelta(days=40_000, microseconds=1)
    given = replace(FULL, since=at, subjects={"a\nb": Tally(liked=0.1), "": Tally(disliked=1e-300)}, sources={})

    found = unpacked(packed(given), ENCODER)

    assert found is not None
    assert (found.since, found.subjects, found.sources) == (at, given.subjects, {})


def test_a_profile_of_another_encoder_is_to_be_made_anew() -> None:
    assert unpacked(packed(FULL), "another") is None


def test_what_another_version_wrote_is_to_be_made_anew() -> None:
    data = packed(FULL)

    assert unpacked(bytes([data[0] + 1]) + data[1:], ENCODER) is None
    assert unpacked(b'{"version":1,"encoder":"eight directions"}', ENCODER) is None
