"""Folders that follow each other by number: what is cleared begins in a new one.

Chroma remembers each path it opened, and what went wrong with it, for as long as the process lives.
"""

from __future__ import annotations

import shutil
from pathlib import Path


class NumberedFolders:
    """The folders in `folder`, of which the one with the highest number counts.

    Args:
        folder: Made with the first of them. Others like it may be beside it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def exist(self) -> bool:
        """Whether there is any yet."""
        return bool(self._numbers())

    def newest(self) -> Path:
        """The one that counts, or will once there is one."""
        return self._folder / str(max(self._numbers(), default=1))

    def begin(self) -> Path:
        """Begin in a new one, whatever state the others are in, and drop those."""
        for each in (self._folder.parent, self._folder):
            if each.exists() and not each.is_dir():
                each.unlink()
        new = self._folder / str(max(self._numbers(), default=0) + 1)
        new.mkdir(parents=True)
        for entry in [*self._folder.iterdir(), *self._former()]:
            if entry.is_dir() and not entry.is_symlink():
                if entry != new:
                    shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)
        return new

    def _numbers(self) -> list[int]:
        try:
            return [int(entry.name) for entry in self._folder.iterdir() if entry.name.isdecimal()]
        except FileNotFoundError:
            return []

    def _former(self) -> list[Path]:
        """What the first layout left, where all shared one row of numbered folders."""
        return [entry for entry in self._folder.parent.iterdir() if entry.name.isdecimal()]
