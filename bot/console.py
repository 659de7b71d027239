"""What the commands write to: one JSON object or plain lines on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.terminal.clean import harmless
from storage.domain.progress import INDEXES, Progress

SPOKEN_EVERY_SECONDS = 10.0
"""How often a long work says how far it is where there is no terminal to draw on."""


def print_json(value: dict[str, Any]) -> None:
    """One JSON object on one line of standard output, in ASCII where that cannot hold more."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(value, ensure_ascii=not unicode) + "\n")
    sys.stdout.flush()


def print_line(text: str = "") -> None:
    """One line on standard output, with nothing in it that could drive a terminal."""
    sys.stdout.write(harmless(text) + "\n")


def warn(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"tidings: {harmless(text)}\n")


def counted(n: int, noun: str) -> str:
    """`1 line`, `1,204 lines`."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Where a long work says how far it is: a bar on a terminal, elsewhere a plain line now and then."""
    if not sys.stderr.isatty():
        yield SpokenProgress()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(bar_width=30), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[bool, Any] = {}

        def show(what: str, done: int, of: int | None) -> None:
            # Reading and the filling of the indexes go on side by side, a bar each.
            index = what in INDEXES
            if index not in tasks:
                tasks[index] = bar.add_task("", total=of)
            bar.update(tasks[index], completed=done, total=of, description=_named(what))

        yield show


@dataclass(slots=True, kw_only=True)
class SpokenProgress:
    """Progress as lines on standard error, one every `SPOKEN_EVERY_SECONDS`; none for work that is done sooner."""

    monotonic: Callable[[], float] = time.monotonic
    _spoken_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._spoken_at = self.monotonic()

    def __call__(self, what: str, done: int, of: int | None) -> None:
        """Say so, if it is time to."""
        now = self.monotonic()
        if now - self._spoken_at >= SPOKEN_EVERY_SECONDS:
            self._spoken_at = now
            warn(f"{done:,}{'' if of is None else f' of {of:,}'} · {_named(what)}")


def _named(what: str) -> str:
    return f"{what} index" if what in INDEXES else harmless(what)
