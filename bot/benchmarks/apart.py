"""Work done in a process of its own, so that its memory is its own and goes with it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from typing import TypeVar

from storage.domain.progress import Progress
from storage.errors import InputError

R = TypeVar("R")

# How long a process that is done may take to end by itself, cleaning up behind it.
_LEAVE_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What the work came to."""

    result: object


def apart(name: str, work: Callable[[Progress], R], progress: Progress) -> R:
    """What `work` returns, done by a new process, whose progress is passed on.

    Args:
        name: What is done, for errors.
        work: A function of a module, or a partial of one; it, and what it returns, can be pickled.
        progress: Told how far it is.

    Raises:
        InputError: The process ended before it was done: most likely there was too little memory.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_do, args=(theirs, work), daemon=True)
    process.start()
    theirs.close()
    try:
        while True:
            said = ours.recv()
            if isinstance(said, _Done):
                process.join(_LEAVE_SECONDS)
                return said.result  # type: ignore[return-value]  # what `work` returned, and that is an R
            progress(*said)
    except EOFError as error:
        process.join()
        raise InputError(name, f"could not be measured: its process ended with {process.exitcode}") from error
    finally:
        process.kill()
        process.join()
        ours.close()


def _do(connection: Connection, work: Callable[[Progress], object]) -> None:
    connection.send(_Done(result=work(partial(_tell, connection))))


def _tell(connection: Connection, what: str, done: int, total: int | None) -> None:
    connection.send((what, done, total))
