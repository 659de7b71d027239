from __future__ import annotations

import pytest

from retrieval.search.fuse import weighted_sum


def test_each_side_is_measured_by_its_best() -> None:
    fused = weighted_sum([({"a": 20.0, "b": 10.0}, 1.0), ({"b": 0.5, "c": 0.25}, 1.0)])

    assert fused == pytest.approx({"a": 1.0, "b": 1.5, "c": 0.5})


def test_a_side_counts_for_its_weight() -> None:
    fused = weighted_sum([({"a": 2.0, "b": 1.0}, 1.0), ({"b": 2.0, "a": 1.0}, 3.0)])

    assert fused == pytest.approx({"a": 2.5, "b": 3.5})


def test_a_side_that_finds_all_alike_leaves_the_order_to_the_other() -> None:
    fused = weighted_sum([({"a": 0.9, "b": 0.9, "c": 0.9}, 5.0), ({"c": 3.0, "a": 2.0, "b": 1.0}, 1.0)])

    assert sorted(fused, key=lambda item: -fused[item]) == ["c", "a", "b"]


def test_scores_below_nought_count_as_nought() -> None:
    assert weighted_sum([({"a": 0.5, "b": -0.5}, 1.0)]) == {"a": 1.0, "b": 0.0}
    assert weighted_sum([({"a": -0.5, "b": -1.0}, 1.0)]) == {"a": 0.0, "b": 0.0}


def test_nothing_fuses_to_nothing() -> None:
    empty: dict[str, float] = {}

    assert weighted_sum([]) == {}
    assert weighted_sum([(empty, 1.0), (empty, 2.0)]) == {}
