"""Foreign faults of an index made ours, at the edge where its library is called."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

from storage.errors import IndexDamaged, IndexUnavailable

_LONGEST_REASON = 200

# The system's errors that speak of the files themselves; all others are of the machine, and pass: no room, no rights,
# too many files open, a disk that went away.
_OF_FILES = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY, errno.EINVAL}
# What Rust says of an error of the system.
_SYSTEM = re.compile(r"\(os error (\d{1,5})\)")
# What SQLite and tantivy say where the files may be sound: https://www.sqlite.org/rescode.html, and the writer's lock.
_PASSING = re.compile(
    r"database (?:table |schema )?is locked|is full|readonly database|disk I/O error|unable to open database file"
    r"|out of memory|interrupted|LockBusy|timed? ?out",
    re.IGNORECASE,
)


@contextmanager
def unavailable(index: str, *, files: bool = True) -> Iterator[None]:
    """Turn whatever the library raises into `IndexUnavailable`, or `IndexDamaged` where it speaks of damaged files.

    Both libraries are written in Rust and meet a damaged folder with errors of many kinds, panics among them, which
    are no `Exception`s to Python. So what is known to pass is told apart, and all else is damage.

    Args:
        index: The index's name, for errors.
        files: Whether the library reads files of ours; what a server says is never proof of damage.
    """
    try:
        yield
    except IndexUnavailable:
        raise
    except Exception as error:
        raise fault(index, error, files=files) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise fault(index, error, files=files) from error


def fault(index: str, error: BaseException, *, files: bool = True) -> IndexUnavailable:
    """What `error` means for the index."""
    kind = IndexDamaged if files and not _passes(error) else IndexUnavailable
    return kind(index, _reason(error))


def _passes(error: BaseException) -> bool:
    """Whether the files may be sound all the same."""
    text = str(error)
    number = error.errno if isinstance(error, OSError) else None
    if number is None and (said := _SYSTEM.search(text)):
        number = int(said[1])
    if number is not None:
        return number not in _OF_FILES
    return isinstance(error, OSError | MemoryError) or bool(_PASSING.search(text))


def _reason(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    reason = lines[0] if lines else type(error).__name__
    return reason if len(reason) <= _LONGEST_REASON else reason[:_LONGEST_REASON] + "…"
