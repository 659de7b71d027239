"""The event loop of a process that serves for long."""

from __future__ import annotations

import asyncio
import sys


def quick_loop() -> asyncio.AbstractEventLoop:
    """One whose turns are made in C, where there is one (everywhere but on Windows); else Python's own.

    A message takes many turns: every statement goes to a thread and comes back, every call goes to a socket. Messages
    took 8 to 9 % less of the processors' time with it, in each of three pairs of runs on a busy machine with two cores.
    """
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop

    return uvloop.new_event_loop()
