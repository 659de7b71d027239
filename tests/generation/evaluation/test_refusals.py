from __future__ import annotations

import pytest

from generation.evaluation.refusals import THRESHOLDS, Trade, trade_off


def test_a_trade_gives_the_shares_below_its_threshold() -> None:
    found = trade_off([0.1, 0.4, 0.6, 0.7], [0.3, 0.5, 0.9, 1.0], [0.5])

    assert found == (Trade(threshold=0.5, refused_unanswerable=0.5, refused_answerable=0.25),)


def test_a_higher_threshold_refuses_no_less() -> None:
    found = trade_off([0.0, 0.25, 0.95], [0.35, 0.55, 1.0])

    assert [trade.threshold for trade in found] == list(THRESHOLDS)
    assert sorted(found, key=lambda trade: (trade.refused_unanswerable, trade.refused_answerable)) == list(found)


@pytest.mark.parametrize(("unanswerable", "answerable"), [([], [0.5]), ([0.5], []), ([], [])])
def test_with_one_kind_of_questions_there_is_nothing_to_trade(
    unanswerable: list[float], answerable: list[float]
) -> None:
    assert trade_off(unanswerable, answerable) == ()
