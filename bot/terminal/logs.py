"""Keeps log lines out of a conversation: they go to a file while somebody reads the screen."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO


@contextmanager
def logs_aside(path: Path) -> Iterator[None]:
    """What would be logged to standard error goes to `path` meanwhile, in place of what the last chat left there.

    Where the file cannot be written, as on a full disk, they go nowhere: what fails is said in the conversation, too.
    """
    handlers = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler) and handler.stream in {sys.stderr, sys.__stderr__}
    ]
    with _Aside(path) as file:
        before = [(handler, handler.setStream(file)) for handler in handlers]
        try:
            yield
        finally:
            for handler, stream in before:
                if stream is not None:
                    handler.setStream(stream)


class _Aside(io.TextIOBase):
    """The file, as far as it takes anything."""

    def __init__(self, path: Path) -> None:
        self._file: TextIO | None = None
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8", buffering=1)

    def write(self, text: str) -> int:
        with suppress(OSError):
            if self._file is not None:
                self._file.write(text)
        return len(text)

    def close(self) -> None:
        with suppress(OSError):
            if self._file is not None:
                self._file.close()
        super().close()
