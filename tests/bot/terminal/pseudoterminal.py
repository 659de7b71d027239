"""A program at a real (pseudo-)terminal: keys in, screen out."""

from __future__ import annotations

import fcntl
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[3]
_ESCAPES = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[()][0-9A-B]|\x1b[=>78]|[\r\x08]")
_WAIT_SECONDS = 30
"""How long a sign of life may take where the machine is busy with other things."""
_BECOME = "import os, sys; os.login_tty(0); os.execvp(sys.argv[1], sys.argv[1:])"
"""The program gets the terminal as its own, so that Ctrl-C reaches it as a signal."""


class PseudoTerminal:
    """`python ARGUMENTS` at a terminal of the given size; killed at the end of the block if it is still there.

    Args:
        patience: Seconds that a sign of life, or the end, is waited for.
    """

    def __init__(
        self, *arguments: str, columns: int = 80, rows: int = 40, patience: float = _WAIT_SECONDS, **environment: str
    ) -> None:
        self._patience = patience
        self._leading, following = os.openpty()
        fcntl.ioctl(following, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._process = subprocess.Popen(
            [sys.executable, "-c", _BECOME, sys.executable, *arguments],
            cwd=ROOT,
            stdin=following,
            # Nobody answers questions about the cursor here; and the size is that of this terminal, whatever the
            # variables of whoever runs the tests say of theirs.
            env={**_without_size(), "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", **environment},
        )
        os.close(following)
        self._raw = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._leading)

    @property
    def raw(self) -> str:
        """All that came out so far."""
        return self._raw

    @property
    def text(self) -> str:
        """The same without escape sequences."""
        return _ESCAPES.sub("", self._raw)

    def type(self, keys: str) -> None:
        """Press keys, each a character; a key of its own is its escape sequence."""
        os.write(self._leading, keys.encode())

    def wait_for(self, text: str, *, after: int = 0) -> int:
        """Read until `text` appears behind `after`; returns where it ends."""
        deadline = time.monotonic() + self._patience
        while (at := self.text.find(text, after)) < 0:
            if time.monotonic() > deadline or not self._read(deadline):
                raise AssertionError(f"{text!r} never appeared; there was:\n{self.text[-2000:]}")
        return at + len(text)

    def wait_for_end(self) -> int:
        """Read until the program ends; returns its exit status."""
        deadline = time.monotonic() + self._patience
        while self._read(deadline):
            pass
        if time.monotonic() > deadline:
            raise AssertionError(f"it never ended; there was:\n{self.text[-2000:]}")
        return self._process.wait(self._patience)

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self._leading], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return False
        try:
            chunk = os.read(self._leading, 1 << 16)
        except OSError:  # the other end is closed
            return False
        self._raw += chunk.decode("utf-8", "replace")
        return bool(chunk)


def _without_size() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
