from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.personal.bundles import bundled
from storage.domain.evidence import Evidence, EvidenceId, EvidenceKind
from storage.domain.people import ReaderId

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def towards(*parts: float) -> NDArray[np.float32]:
    vector = np.zeros(4, dtype=np.float32)
    vector[: len(parts)] = parts
    return vector / np.float32(np.linalg.norm(vector))


VECTORS = {
    "ferry": towards(1),
    "boat": towards(1, 0.2),
    "chip": towards(0, 1),
    "chips": towards(0, 1, 0.2),
    "film": towards(0, 0, 1),
}


def did(*acts: tuple[EvidenceKind, str]) -> dict[EvidenceId, Evidence]:
    return {
        EvidenceId(n): Evidence(reader=ReaderId("r"), kind=kind, at=NOON - timedelta(hours=9 - n), key=key)
        for n, (kind, key) in enumerate(acts, start=1)
    }


def found(*acts: tuple[EvidenceKind, str]) -> list[tuple[tuple[int, ...], bool]]:
    return [(each.evidence, each.muted) for each in bundled("test", did(*acts), VECTORS, NOON)]


def test_evidence_about_the_same_is_together_the_strongest_first() -> None:
    acts = ((EvidenceKind.ASKED, "ferry"), (EvidenceKind.FOLLOWED, "chip"), (EvidenceKind.OPENED, "boat"))

    assert found(*acts) == [((2,), False), ((3, 1), False)]


def test_what_was_told_and_what_was_done_is_one_where_it_is_about_the_same() -> None:
    bundles = bundled("test", did((EvidenceKind.ASKED, "chip"), (EvidenceKind.TOLD, "chips")), VECTORS, NOON)

    assert [each.evidence for each in bundles] == [(2, 1)]
    assert 4.9 < bundles[0].weight < 5.0


def test_what_is_muted_is_hidden_with_all_that_led_to_it_and_nothing_else() -> None:
    acts = (
        (EvidenceKind.TOLD, "chip"), (EvidenceKind.ASKED, "ferry"), (EvidenceKind.MUTED, "chips"),
        (EvidenceKind.MUTED, "film"),
    )  # fmt: skip

    assert found(*acts) == [((2,), False), ((4,), True), ((3, 1), True)]


def test_who_says_that_they_care_after_they_muted_it_does() -> None:
    acts = [(EvidenceKind.TOLD, "chip"), (EvidenceKind.MUTED, "chips"), (EvidenceKind.ASKED, "chip")]

    assert found(*acts) == [((2, 1), True)]
    assert found(*acts, (EvidenceKind.FOLLOWED, "chips")) == [((4, 3, 2, 1), False)]


def test_a_mute_does_not_grow_by_what_is_done_later_or_about_something_else() -> None:
    # What lies between two things, taken together with both, is near to either.
    vectors = {"football": towards(1), "ferry": towards(0.3, 0.95), "strike": towards(0.3, 0, 0.95)}
    muted = (EvidenceKind.MUTED, "football")
    acts = (muted, (EvidenceKind.ASKED, "ferry"), (EvidenceKind.ASKED, "strike"), (EvidenceKind.OPENED, "football"))

    bundles = bundled("test", did(*acts), vectors, NOON)

    assert [each.evidence for each in bundles if each.muted] == [(1,)]
    assert sorted(id_ for each in bundles if not each.muted for id_ in each.evidence) == [2, 3]


def test_names_of_two_things_mute_and_unmute_each_by_itself() -> None:
    vectors = {"football": towards(1), "handball": towards(0.55, 0.84), "soccer": towards(1, 0.4)}
    mute, tell = EvidenceKind.MUTED, EvidenceKind.TOLD

    def of(*acts: tuple[EvidenceKind, str]) -> list[tuple[tuple[int, ...], bool]]:
        return [(each.evidence, each.muted) for each in bundled("test", did(*acts), vectors, NOON)]

    assert of((mute, "football"), (mute, "handball")) == [((2,), True), ((1,), True)]
    assert of((tell, "football"), (mute, "handball")) == [((1,), False), ((2,), True)]
    assert of((mute, "football"), (tell, "handball")) == [((2,), False), ((1,), True)]
    assert of((mute, "football"), (tell, "soccer")) == [((2, 1), False)]


def test_what_is_muted_at_once_is_one_and_so_is_what_is_about_the_same() -> None:
    evidence = did((EvidenceKind.MUTED, "chip"), (EvidenceKind.MUTED, "film"), (EvidenceKind.MUTED, "ferry"))
    at_once = {id_: replace(each, at=NOON) for id_, each in evidence.items()}
    again = {**evidence, EvidenceId(4): replace(evidence[EvidenceId(1)], at=NOON)}

    assert [each.evidence for each in bundled("test", at_once, VECTORS, NOON)] == [(3, 2, 1)]
    assert [each.evidence for each in bundled("test", again, VECTORS, NOON)] == [(4, 1), (3,), (2,)]


def test_what_has_no_vector_or_was_passed_over_is_no_interest() -> None:
    assert found((EvidenceKind.ASKED, "gone"), (EvidenceKind.IGNORED, "film")) == []


def test_what_is_turned_down_comes_after_what_is_liked_and_before_what_is_muted() -> None:
    vectors = VECTORS | {"text:sport": towards(0, 0, 0, 1)}
    acts = (
        (EvidenceKind.MUTED, "film"), (EvidenceKind.LESS, "text:sport"), (EvidenceKind.DISLIKED, "chip"),
        (EvidenceKind.ASKED, "ferry"), (EvidenceKind.LESS, "film"),
    )  # fmt: skip

    bundles = bundled("test", did(*acts), vectors, NOON)

    assert [(each.evidence, each.less, each.muted) for each in bundles] == [
        ((4,), False, False), ((2,), True, False), ((3,), True, False), ((1,), False, True),
    ]  # fmt: skip


TELL, LESS, MUTE = EvidenceKind.TOLD, EvidenceKind.LESS, EvidenceKind.MUTED
OVER = {
    "less after told": ((TELL, LESS), (True, False)),
    "told after less": ((LESS, TELL), (False, False)),
    "muted after told": ((TELL, MUTE), (False, True)),
    "told after muted": ((MUTE, TELL), (False, False)),
    "less after muted": ((MUTE, LESS), (True, False)),
    "muted after less": ((LESS, MUTE), (False, True)),
}


@pytest.mark.parametrize("case", OVER)
def test_of_the_same_words_the_last_saying_holds_and_taken_back_what_stood_before(case: str) -> None:
    (first, then), held = OVER[case]
    vectors = {"text:golf": towards(1)}
    evidence = did((first, "text:golf"), (then, "text:golf"))

    (known,) = bundled("test", evidence, vectors, NOON)
    (before,) = bundled("test", {EvidenceId(1): evidence[EvidenceId(1)]}, vectors, NOON)

    assert (known.evidence, (known.less, known.muted)) == ((2, 1), held)
    assert (before.less, before.muted) == (first is LESS, first is MUTE)


ALLOW = EvidenceKind.ALLOWED
LET_IN = {
    "muted alone": ((MUTE, ALLOW), [((2, 1), "allowed")]),
    "muted after told": ((TELL, MUTE, ALLOW), [((3, 2, 1), "liked")]),
    "less after told": ((TELL, LESS, ALLOW), [((3, 2, 1), "liked")]),
    "muted after less": ((LESS, MUTE, ALLOW), [((3, 2, 1), "allowed")]),
    "muted again": ((MUTE, ALLOW, MUTE), [((3, 2, 1), "muted")]),
    "told since": ((MUTE, ALLOW, TELL), [((3, 2, 1), "liked")]),
    "not muted at all": ((TELL, ALLOW), [((2, 1), "liked")]),
}


@pytest.mark.parametrize("case", LET_IN)
def test_what_is_let_in_again_stands_as_before_and_is_shown_somewhere(case: str) -> None:
    kinds, wanted = LET_IN[case]

    bundles = bundled("test", did(*((kind, "text:golf") for kind in kinds)), {"text:golf": towards(1)}, NOON)

    shown = [
        (each.evidence, "allowed" if each.allowed else "muted" if each.muted else "less" if each.less else "liked")
        for each in bundles
    ]
    assert shown == wanted


def test_what_led_to_a_mute_is_liked_again_once_it_is_let_in() -> None:
    acts = ((EvidenceKind.ASKED, "ferry"), (EvidenceKind.OPENED, "boat"), (EvidenceKind.MUTED, "ferry"))
    evidence = did(*acts, (EvidenceKind.ALLOWED, "ferry"))

    (again,) = bundled("test", evidence, VECTORS, NOON)
    (before,) = bundled("test", did(*acts[:2]), VECTORS, NOON)

    assert again.evidence == (4, 3, 2, 1)
    assert (again.muted, round(again.weight, 1)) == (False, round(before.weight, 1))


def test_less_of_something_stays_beside_a_mute_of_a_part_of_it() -> None:
    vectors = {"text:sport": towards(1), "text:football": towards(1, 0.9)}
    acts = ((EvidenceKind.LESS, "text:sport"), (EvidenceKind.MUTED, "text:football"))

    bundles = bundled("test", did(*acts), vectors, NOON)

    assert [(each.evidence, each.less, each.muted) for each in bundles] == [((1,), True, False), ((2,), False, True)]


def test_nothing_done_is_nothing_known() -> None:
    assert found() == []
