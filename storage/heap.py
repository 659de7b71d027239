"""How the process asks the C library for memory, and what that keeps of what was freed."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

# The parameters of mallopt(3).
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -2, -3, -8
_KEPT_BYTES, _STEP_BYTES = 2**31 - 1, 2**28


def share_heaps() -> None:
    """Have the threads from here on share two heaps, whose freed blocks any of them can use again.

    glibc gives threads eight heaps a core, and what one of them freed in the middle of its own no other finds. Bringing
    the indexes level, which a dozen threads have a part in, thirteen times by eight articles took 54 MB; with four
    heaps 38, with two 7, with one 5 (two cores, 2026-11-30).
    """
    mallopt = _of_glibc("mallopt")
    if mallopt is not None:
        mallopt(_ARENA_MAX, 2)


def keep_freed_memory() -> None:
    """Keep what is freed for the next tensor, from here to the end of the process.

    glibc gives every large block back to the system and asks for it anew, page by page, which takes two thirds of a
    training step on a processor: 64 examples took 12 s, and 4 s with this (two cores, 2026-11-29). Nothing is done
    where there is no glibc.
    """
    mallopt = _of_glibc("mallopt")
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _KEPT_BYTES // 2)
        mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
        mallopt(_TOP_PAD, _STEP_BYTES)


def give_back() -> None:
    """Give the system what is free now, which between blocks of many sizes adds up.

    While a model learns, that is some gigabytes in ten minutes; of a bot, what an answer of some megabytes took for a
    moment, again and again.
    """
    malloc_trim = _of_glibc("malloc_trim")
    if malloc_trim is not None:
        malloc_trim(0)


def _of_glibc(function: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), function, None) if sys.platform.startswith("linux") else None
