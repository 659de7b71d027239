"""Files of questions: `--questions FILE.jsonl`, a line each, answered a line each."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.console import print_json, warn
from bot.contract import Json
from bot.moments import moment
from storage.errors import InputError

questions_option = click.option(
    "--questions",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A JSON Lines file of questions ({id, question, asked_at?}); one JSON object is printed for each.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A line of a `--questions` file."""

    id: object
    text: str
    asked_at: datetime | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A line of such a file that is none."""

    line: int
    reason: str


async def each_question(
    path: Path, work: Callable[[AskedQuestion], Awaitable[Json]], unusable: Callable[[AskedQuestion], Json]
) -> int:
    """Print a line for every question of the file; 1 if any could not be put or read, which is said of each."""
    status = 0
    for asked in _asked(path):
        if isinstance(asked, Unreadable):
            warn(f"{path}:{asked.line}: {asked.reason}")
            status = 1
            continue
        try:
            result = await work(asked)
        except InputError as error:
            warn(f"{path}:{asked.line}: {error}")
            result, status = unusable(asked), 1
        print_json({"id": asked.id, **result})
    return status


def _asked(path: Path) -> Iterator[AskedQuestion | Unreadable]:
    """The questions of a file, a line each."""
    now = datetime.now(UTC)
    for number, line in _lines(path):
        try:
            yield _read_line(line, number, now)
        except InputError as error:
            yield Unreadable(line=number, reason=str(error))
        except (ValueError, RecursionError):
            yield Unreadable(line=number, reason="not JSON")


def _read_line(line: str, number: int, now: datetime) -> AskedQuestion | Unreadable:
    """The question of a line.

    Raises:
        InputError: Its time is none.
        ValueError: It is no JSON.
    """
    row = json.loads(line)
    if not isinstance(row, dict):
        return Unreadable(line=number, reason="not a JSON object")
    text, asked_at = row.get("question"), row.get("asked_at")
    if text is None:
        return Unreadable(line=number, reason="no question")
    if not isinstance(text, str):
        return Unreadable(line=number, reason="question is not a string")
    when = moment(str(asked_at), now=now, end_of_day=True) if asked_at else None
    return AskedQuestion(id=row.get("id", number), text=text, asked_at=when, line=number)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, line
