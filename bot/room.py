"""What an instance takes on disk, and what it should take by what is in it: the rest is room that nothing uses."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.index.room import dense_room, words_room
from storage.room import passages_of, reckoned, taken

if TYPE_CHECKING:
    from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Bytes of a database in SQLite and of the indexes beside it; on servers they keep what is theirs.

    Args:
        taken: What there is on disk; of the database with what of it is in its write-ahead log.
        reckoned: What its rows and passages should take: of each table by its name, then of the two indexes.
    """

    taken: int
    reckoned: Mapping[str, int]


async def room(database: Database, home: Path) -> Room:
    """What of it is in this folder.

    Raises:
        StorageError: The database cannot be read.
    """
    chroma, lexical = home / "chroma", home / "lexical"
    parts, known = dict(await reckoned(database)), await passages_of(database)
    if chroma.is_dir():
        parts["chroma"] = dense_room(known.vectors, known.dimensions)
    if lexical.is_dir():
        parts["lexical"] = words_room(known.letters, known.chinese)
    return Room(taken=await taken(database) + _size(chroma) + _size(lexical), reckoned=parts)


def _size(folder: Path) -> int:
    """Bytes of the files in it, of which some may go while it is looked at."""
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += (Path(where) / name).stat().st_size
    return total
