"""Impressions of MIND: what a reader had clicked, what they were shown then, and what they clicked of it.

Two forms: tables (CSV) with titles and categories, and JSON Lines in time with the titles by id in files beside them.
File names mean nothing: every file is read as what it holds, and passed over where that is something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from retrieval.evaluation.collection import rows
from retrieval.evaluation.tables import table
from storage.errors import InputError

_NUMBER = re.compile(r"C(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article that was shown or clicked; `title` and `subject` where they are known."""

    key: str
    title: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Impression:
    """What a reader was shown at once.

    Args:
        id: Which it is.
        history: What they had clicked before, the oldest first.
        candidates: What they were shown, at least one.
        clicked: Whether they clicked each.
        at: When, where the data says.
    """

    id: str
    history: tuple[Item, ...]
    candidates: tuple[Item, ...]
    clicked: tuple[bool, ...]
    at: datetime | None = None

    @property
    def telling(self) -> bool:
        """Whether some candidates were clicked and some were not."""
        return any(self.clicked) and not all(self.clicked)


def read_lists(folder: Path) -> list[Impression]:
    """The impressions of all tables in `folder`, those that were clicked in; none where there is no table.

    Raises:
        InputError: A table cannot be read, or a row is not what it should be.
    """
    return [
        impression
        for path in sorted(path for path in folder.iterdir() if path.is_file())
        for at, row in enumerate(table(path, "candidate_title"))
        if (impression := _listed(row, f"{path}, row {at + 1}")).telling
    ]


def read_stream(folder: Path) -> list[Impression]:
    """The impressions of all JSON Lines in `folder`, in the order of their times; none where there are none.

    Raises:
        InputError: A file breaks off, or a line is not what it should be.
    """
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    titles = {
        str(row["id"]): Item(key=str(row["id"]), title=str(row.get("title_zh") or row.get("title")))
        for path in paths
        for _, row in rows(path, lambda first: "id" in first and bool({"title", "title_zh"} & first.keys()))
        if row.get("title_zh") or row.get("title")
    }
    found = [
        _timed(row, titles, at)
        for path in paths
        for at, row in rows(path, lambda first: {"history", "candidates", "time"} <= first.keys())
    ]
    return sorted(found, key=lambda each: (each.at, each.id))


def _listed(row: Mapping[str, str], at: str) -> Impression:
    history, candidates = (_items(row, side) for side in ("history", "candidate"))
    numbers = {int(number) for number in _NUMBER.findall(row.get("label") or "")}
    if not candidates or not numbers <= set(range(1, len(candidates) + 1)):
        raise InputError(at, "has no candidates, or a label that is none of them")
    return Impression(
        id=row.get("impression_id") or at,
        history=history,
        candidates=candidates,
        clicked=tuple(number in numbers for number in range(1, len(candidates) + 1)),
    )


def _items(row: Mapping[str, str], side: str) -> tuple[Item, ...]:
    """The articles of one side; by their titles, for ids of these tables do not always mean the same article."""
    titles, subjects = ((row.get(f"{side}_{name}") or "").split("\n") for name in ("title", "category"))
    if titles == [""]:
        return ()
    if len(subjects) != len(titles):
        # Which is whose is not to be told.
        subjects = [""] * len(titles)
    return tuple(
        Item(key=title, title=title, subject=subject or None) for title, subject in zip(titles, subjects, strict=True)
    )


def _timed(row: Mapping[str, Any], titles: Mapping[str, Item], at: str) -> Impression:
    try:
        time = datetime.fromisoformat(row["time"])
        history = tuple(titles.get(id_, Item(key=id_)) for id_ in row["history"])
        candidates = tuple(titles.get(each["id"], Item(key=each["id"])) for each in row["candidates"])
        clicked = tuple(bool(each["clicked"]) for each in row["candidates"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(at, "is no impression: it needs time, history and candidates with id and clicked") from error
    return Impression(
        id=str(row.get("id", at)),
        history=history,
        candidates=candidates,
        clicked=clicked,
        at=time if time.tzinfo is not None else time.replace(tzinfo=UTC),
    )
