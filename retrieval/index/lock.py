"""Which process owns the index folder. Only the owner writes to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import FileLock


class IndexLock:
    """A file lock that the operating system lets go when the process ends, however it ends.

    Args:
        path: The lock's file; its folder is made when first needed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: FileLock | None = None

    def acquire(self) -> bool:
        """Become the owner, or stay it; false where another process is. Never waits."""
        from filelock import FileLock, Timeout

        if self._lock is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self._path, blocking=False, thread_local=False)
        if self._lock.is_locked:
            return True
        try:
            self._lock.acquire()
        except Timeout:
            return False
        return True

    def release(self) -> None:
        """Let another process become the owner."""
        if self._lock is not None:
            self._lock.release()
