from __future__ import annotations

import os
from functools import partial

import pytest

from bot.benchmarks.apart import apart
from storage.domain.progress import Progress
from storage.errors import InputError


def work(numbers: tuple[int, ...], progress: Progress) -> tuple[int, int]:
    for number in numbers:
        progress("adding", number, None)
    return sum(numbers), os.getpid()


def die(_: Progress) -> None:
    os._exit(7)


def test_work_is_done_by_another_process_and_its_progress_passed_on() -> None:
    seen: list[tuple[str, int, int | None]] = []

    total, process = apart("work", partial(work, (2, 3)), lambda *said: seen.append(said))

    assert total == 5
    assert process != os.getpid()
    assert seen == [("adding", 2, None), ("adding", 3, None)]


def test_a_process_that_dies_is_named_with_its_exit_code() -> None:
    with pytest.raises(InputError, match=r"work: could not be measured.* 7"):
        apart("work", die, lambda *_: None)
