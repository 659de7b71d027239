from __future__ import annotations

import pytest

from retrieval.search.fuse import reciprocal_rank_fusion


def test_what_both_rankings_hold_comes_before_what_one_holds() -> None:
    fused = reciprocal_rank_fusion([["a", "b", "c"], ["d", "c", "e"]])

    assert fused[0] == ("c", pytest.approx(1 / 63 + 1 / 62))
    assert {item for item, _ in fused} == set("abcde")


def test_ties_keep_the_order_in_which_they_were_first_seen() -> None:
    fused = reciprocal_rank_fusion([["x", "y"], ["y", "x"], ["z"]])

    assert [item for item, _ in fused] == ["x", "y", "z"]


def test_a_smaller_offset_sharpens_the_head() -> None:
    (_, first), (_, second) = reciprocal_rank_fusion([["a", "b"]], k=0)

    assert (first, second) == (1.0, 0.5)


def test_no_rankings_fuse_to_nothing() -> None:
    assert reciprocal_rank_fusion([]) == []
    assert reciprocal_rank_fusion([[], []]) == []


def test_a_ranking_counts_for_its_weight() -> None:
    fused = reciprocal_rank_fusion([["a", "b"], ["b", "a"]], weights=[1.0, 3.0], k=60)

    assert [item for item, _ in fused] == ["b", "a"]
    assert dict(fused)["b"] == pytest.approx(1 / 62 + 3 / 61)
