"""`tidings serve`, with what it takes counted; for `tidings bench telegram`.

`python -m bot.benchmarks.counted FILE`: at each SIGUSR1 a line of JSON is added to the file, of all there was by then:
statements, and transactions committed, of every database, and seconds of the processors' time, of every thread, and of
the process that quotes.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, event


@dataclass(slots=True, kw_only=True)
class Counted:
    """What was asked of databases since `listen`.

    Args:
        name: Of a file's path, the end; what other databases are asked is not counted then.
    """

    name: str = ""
    statements: int = 0
    commits: int = 0

    def listen(self) -> None:
        """Count from now on."""
        event.listen(Engine, "before_cursor_execute", self._statement)
        event.listen(Engine, "commit", self._commit)

    def close(self) -> None:
        """Count no more."""
        event.remove(Engine, "before_cursor_execute", self._statement)
        event.remove(Engine, "commit", self._commit)

    def _statement(self, connection: Connection, *_: object) -> None:
        self.statements += self._is_meant(connection)

    def _commit(self, connection: Connection) -> None:
        self.commits += self._is_meant(connection)

    def _is_meant(self, connection: Connection) -> bool:
        return (connection.engine.url.database or "").endswith(self.name)


def _beside() -> float:
    """Seconds of the processors' time of the child processes that still live, where Linux tells."""
    ticks = 0
    for child in multiprocessing.active_children():
        with contextlib.suppress(OSError):
            # After the name, which may hold anything: the 12th and 13th are what it took, itself and in the kernel.
            told = Path(f"/proc/{child.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def main(file: Path) -> None:
    """Serve, and count."""
    from bot.commands.hosting import serve

    counted = Counted()
    counted.listen()

    def tell(*_: object) -> None:
        with file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({**asdict(counted), "seconds": time.process_time() + _beside()}) + "\n")

    signal.signal(signal.SIGUSR1, tell)
    serve([])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
