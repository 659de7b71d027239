"""Work on matrices done by several threads, in order, holding no more than they are at.

A library for linear algebra starts threads of its own for every product, which wait for each other spinning: on two
cores with other work going on, ranking took two to five times as long as on one. Here each product has one thread, and
several are computed at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_order(work: Callable[[T], R], items: Iterable[T], threads: int) -> Iterator[R]:
    """What `work` makes of each item, in their order; at most one item more than there are threads is held.

    While it lasts, products of matrices take one thread each in the whole process.

    Args:
        work: Called by several threads at once.
        items: Drawn from one thread, the caller's, one by one.
        threads: How many, at least 1.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # the library has none

    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(threads, "planning") as executor:
        begun: deque[Future[R]] = deque()
        try:
            for item in items:
                begun.append(executor.submit(work, item))
                if len(begun) > threads:
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            for each in begun:
                each.cancel()
