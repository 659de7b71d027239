from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.grouping import grouped, spans


def test_kinds_keep_the_order_they_came_in() -> None:
    assert grouped([("b", 1), ("a", 2), ("b", 3)]) == {"b": (1, 3), "a": (2,)}


@pytest.mark.parametrize(
    ("numbers", "written"),
    [((), ""), ((4,), "4"), ((1, 2, 3), "1–3"), ((1, 3), "1, 3"), ((1, 2, 4, 6, 7, 8), "1–2, 4, 6–8")],
)
def test_runs_of_numbers_are_written_as_spans(numbers: Sequence[int], written: str) -> None:
    assert spans(numbers) == written
