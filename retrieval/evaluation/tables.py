"""Tables (CSV, gzipped or not) of evaluation data, whose cells may hold whole lists."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

from storage.errors import InputError

_LONGEST_CELL = 10_000_000


def table(path: Path, column: str) -> Iterator[dict[str, str]]:
    """The rows of a table that has `column`; none of any other file.

    Raises:
        InputError: It cannot be read.
    """
    name = path.name.casefold()
    if not name.endswith((".csv", ".csv.gz")):
        return
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with gzip.open(path) if name.endswith(".gz") else path.open("rb") as raw:
            found = csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8", newline=""))
            if column in (found.fieldnames or ()):
                yield from found
    except (OSError, EOFError, UnicodeError, csv.Error) as error:
        raise InputError(str(path), "cannot be read as a table") from error
