"""Processes that play a bot and its service to each other, for benchmarks that are run in a checkout."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from storage.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
ENDS_SECONDS = 20.0
NO_NEWS = '<opml version="2.0"><body><outline type="rss" xmlUrl="http://127.0.0.1:9/"/></body></opml>'
"""A list of feeds of which none can be read."""


@asynccontextmanager
async def process(
    command: Sequence[str], given: Mapping[str, str], log: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of this Python, ended when the block does."""
    with log.open("ab") as file:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            cwd=ROOT,
            env={**os.environ, **given},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=file,
            limit=2**26,
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), ENDS_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()


async def line(server: asyncio.subprocess.Process, seconds: float) -> Mapping[str, Any]:
    """The next line of JSON that the server says.

    Raises:
        InputError: It says none in that time.
    """
    try:
        line = await asyncio.wait_for(server.stdout.readline(), seconds) if server.stdout else b""
        told: Mapping[str, Any] = json.loads(line)
    except (TimeoutError, ValueError):
        raise InputError("benchmark", f"could not be measured: nobody answered within {seconds:.0f} s") from None
    return told


def last_line(log: Path) -> str:
    """The last line that was said there."""
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "the bot ended without a word")
