from __future__ import annotations

import pytest

from retrieval.evaluation.classes import calibration_error, macro_f1


def test_macro_f1_counts_each_wanted_class_the_same() -> None:
    wanted = [0, 0, 0, 0, 1]
    found = [0, 0, 0, 0, 2]

    assert macro_f1(wanted, found).value == pytest.approx(0.5)
    assert macro_f1(wanted, wanted).value == 1.0


def test_sureness_that_holds_has_no_error() -> None:
    sureness = [0.0] * 50 + [1.0] * 50

    assert calibration_error(sureness, [False] * 50 + [True] * 50).value == pytest.approx(0.0)
    assert calibration_error(sureness, [True] * 50 + [False] * 50).value == pytest.approx(1.0)


def test_intervals_hold_the_value_and_are_repeatable() -> None:
    wanted, found = [0, 1, 2] * 30, [0, 1, 1] * 30

    first, again = macro_f1(wanted, found), macro_f1(wanted, found)

    assert first == again
    assert first.low < first.value < first.high


def test_fewer_items_than_bins_are_enough() -> None:
    assert calibration_error([0.9], [True]).value == pytest.approx(0.1)
