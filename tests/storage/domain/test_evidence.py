from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage.domain.evidence import USUAL_WEIGHTS, Evidence, EvidenceKind
from storage.domain.people import ReaderId


def evidence(kind: EvidenceKind, *, at: datetime | None = None, weight: float | None = None) -> Evidence:
    return Evidence(
        reader=ReaderId("terminal:ada"),
        kind=kind,
        at=at or datetime(2026, 3, 2, tzinfo=UTC),
        key="article",
        weight=weight,
    )


def test_every_kind_has_a_usual_weight_that_says_for_or_against() -> None:
    against = {kind for kind in EvidenceKind if USUAL_WEIGHTS[kind] < 0}

    assert USUAL_WEIGHTS.keys() == set(EvidenceKind)
    assert against == {EvidenceKind.DISLIKED, EvidenceKind.LESS, EvidenceKind.MUTED, EvidenceKind.IGNORED}


def test_a_weight_of_its_own_counts_before_the_usual_one() -> None:
    assert evidence(EvidenceKind.OPENED).worth == 1.0
    assert evidence(EvidenceKind.LIKED, weight=-0.5).worth == -0.5


def test_what_ignoring_says_is_little_beside_opening() -> None:
    assert abs(evidence(EvidenceKind.IGNORED).worth) * 10 <= evidence(EvidenceKind.OPENED).worth


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="at must carry a time zone"):
        evidence(EvidenceKind.OPENED, at=datetime(2026, 3, 2))  # noqa: DTZ001 # this is what is refused


@pytest.mark.parametrize("weight", [float("nan"), float("inf")])
def test_a_weight_that_is_no_number_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weight must be a finite number"):
        evidence(EvidenceKind.OPENED, weight=weight)
