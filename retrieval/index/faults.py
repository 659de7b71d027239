"""Foreign faults of an index made ours, at the edge where its library is called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from storage.errors import IndexUnavailable

_LONGEST_REASON = 200


@contextmanager
def unavailable(index: str) -> Iterator[None]:
    """Turn whatever the library raises into `IndexUnavailable`.

    Both libraries are written in Rust and meet a damaged folder with errors of many kinds, panics among them, which
    are no `Exception`s to Python; none of them means anything but that the index cannot be used as it is.
    """
    try:
        yield
    except IndexUnavailable:
        raise
    except Exception as error:
        raise IndexUnavailable(index, _reason(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise IndexUnavailable(index, _reason(error)) from error


def _reason(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    reason = lines[0] if lines else type(error).__name__
    return reason if len(reason) <= _LONGEST_REASON else reason[:_LONGEST_REASON] + "…"
