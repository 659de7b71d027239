"""What the commands write to: one JSON object or plain lines on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Progress = Callable[[str, int, int | None], None]


def print_json(value: dict[str, Any]) -> None:
    """One JSON object on one line of standard output, in ASCII where that cannot hold more."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(value, ensure_ascii=not unicode) + "\n")
    sys.stdout.flush()


def print_line(text: str = "") -> None:
    """One line on standard output, with nothing in it that could drive a terminal."""
    sys.stdout.write(plain(text) + "\n")


def warn(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"tidings: {plain(text)}\n")


def plain(text: str) -> str:
    """`text` without control characters other than line breaks and tabs, so that news cannot send escape codes."""
    return "".join(
        character for character in text if character in "\n\t" or (character.isprintable() or character.isspace())
    ).replace("\r", "")


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Where a long work says how far it is: a bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, of: int | None) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=of)
            bar.update(tasks[what], completed=done, total=of)

        yield show
