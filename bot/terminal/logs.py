"""Keeps log lines out of a conversation: they go to a file while somebody reads the screen."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def logs_aside(path: Path) -> Iterator[None]:
    """What would be logged to standard error goes to `path` meanwhile, in place of what the last chat left there.

    Where the file cannot be written, log lines stay where they were.
    """
    handlers = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler) and handler.stream in {sys.stderr, sys.__stderr__}
    ]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w", encoding="utf-8")
    except OSError:
        yield
        return
    with file:
        before = [(handler, handler.setStream(file)) for handler in handlers]
        try:
            yield
        finally:
            for handler, stream in before:
                if stream is not None:
                    handler.setStream(stream)
