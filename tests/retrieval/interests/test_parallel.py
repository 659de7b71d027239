from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from retrieval.interests.parallel import in_order


def test_results_come_in_the_order_of_the_items_however_long_each_takes() -> None:
    other_is_done = threading.Event()

    def work(item: int) -> int:
        if item == 0:
            assert other_is_done.wait(30)
        elif item == 1:
            other_is_done.set()
        return item * 10

    assert list(in_order(work, range(7), 2)) == [0, 10, 20, 30, 40, 50, 60]


def test_no_more_items_are_drawn_than_are_worked_on() -> None:
    drawn: list[int] = []

    def items() -> Iterator[int]:
        for at in range(100):
            drawn.append(at)
            yield at

    results = in_order(lambda item: item, items(), 2)

    assert next(results) == 0
    assert len(drawn) == 3
    results.close()  # type: ignore[attr-defined] # it is a generator


def test_what_goes_wrong_is_told_to_the_caller() -> None:
    def work(item: int) -> int:
        if item == 2:
            raise ValueError("the third")
        return item

    results = in_order(work, range(50), 2)

    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ValueError, match="the third"):
        next(results)


def test_products_take_one_thread_each_only_while_it_lasts() -> None:
    from threadpoolctl import threadpool_info

    def limits(_item: int = 0) -> set[int]:
        return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}

    before = limits()

    assert list(in_order(limits, [0], 1)) == [{1}]
    assert limits() == before
