from __future__ import annotations

import numpy as np
import pytest

from retrieval.interests import muting
from retrieval.interests.muting import hidden
from retrieval.interests.profile import Profile
from retrieval.interests.stories import Stories
from storage.domain.evidence import EvidenceKind
from tests.retrieval.interests.made import CHIPS, FOOTBALL, OPERA, WIDTH, did, matrices, profile, stories, towards

NEAR_FOOTBALL = towards(0.2, 1)
MUTES_FOOTBALL = profile((did(EvidenceKind.MUTED), FOOTBALL))


def test_what_belongs_to_something_muted_is_hidden() -> None:
    given = stories([CHIPS, FOOTBALL, NEAR_FOOTBALL])

    assert hidden(matrices(MUTES_FOOTBALL), given).tolist() == [[False, True, True]]


def test_what_is_nearer_to_something_wanted_is_not_hidden() -> None:
    reader = profile((did(EvidenceKind.MUTED), FOOTBALL), (did(key="chips"), CHIPS))
    given = stories([towards(1, 0.6), towards(0.6, 1)])

    assert hidden(matrices(reader), given).tolist() == [[False, True]]


def test_what_is_muted_and_wanted_alike_is_hidden() -> None:
    reader = profile((did(EvidenceKind.MUTED), FOOTBALL), (did(key="match"), FOOTBALL))

    assert hidden(matrices(reader), stories([FOOTBALL, NEAR_FOOTBALL])).tolist() == [[True, True]]


def test_a_wanted_thing_counts_by_where_it_lies_and_not_by_how_broad_it_is() -> None:
    broad = (did(key="one"), towards(1, 0, 0.5)), (did(key="other"), towards(1, 0, -0.5))
    reader = profile((did(EvidenceKind.MUTED), towards(0.3, 1)), *broad)

    assert len(reader.liked) == 1
    assert hidden(matrices(reader), stories([towards(1, 0.7)])).tolist() == [[False]]


def test_each_reader_mutes_for_themselves_however_many_are_compared_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    both = profile((did(EvidenceKind.MUTED), FOOTBALL), (did(EvidenceKind.MUTED, key="opera"), OPERA))
    readers = matrices(both, Profile(encoder="eight directions"), MUTES_FOOTBALL, both)
    given = stories([CHIPS, FOOTBALL, OPERA])
    expected = [[False, True, True], [False] * 3, [False, True, False], [False, True, True]]

    assert hidden(readers, given).tolist() == expected
    monkeypatch.setattr(muting, "_BLOCK", 3)
    assert hidden(readers, given).tolist() == expected


def test_nothing_is_hidden_where_nothing_is_muted_or_there_is_nothing() -> None:
    nobody = matrices(Profile(encoder="eight directions"))
    empty = Stories(vectors=np.zeros((0, WIDTH), dtype=np.float32), subjects=())

    assert hidden(nobody, stories([CHIPS])).tolist() == [[False]]
    assert hidden(matrices(MUTES_FOOTBALL), empty).shape == (1, 0)
