"""A pool of killable child processes for work on hostile bytes. Knows no feed and no page, only named jobs.

A child has limits on its memory and its processor time, no files to write, and nothing of the parent's environment.
One that overruns its deadline, breaks, or answers too much is killed; the next job gets a fresh one. A warm child has
paid for its imports once. Children end with the parent, however it ends: the kernel kills them where it can, and a
closed pipe ends them everywhere. What comes back is JSON, never a pickle.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import struct
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from storage.domain.why import Why
from storage.errors import ParseError

_LENGTH = struct.Struct(">I")
_ROOT = Path(__file__).resolve().parents[2]
# What a child needs of the environment to start at all; no token, no password.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxLimits:
    """How much children may use.

    Args:
        children: How many work at once.
        seconds: Wall-clock time of one job, not counting its wait for a child.
        start_seconds: Wall-clock time until a fresh child is ready.
        memory_bytes: Address space of a child; its libraries take about a tenth of the default.
        answer_bytes: The longest answer that is read.
        jobs_per_child: A child is replaced after as many, so that no leak lives long.
    """

    children: int = 2
    seconds: float = 5.0
    start_seconds: float = 60.0
    memory_bytes: int = 512 * _MEBIBYTE
    answer_bytes: int = 16 * _MEBIBYTE
    jobs_per_child: int = 500


class Sandbox:
    """Runs jobs in children, as many at once as there are children, waiting callers first come first served.

    It holds no queue of its own: what waits is a caller, who keeps the bytes. Use it from one event loop.

    Args:
        limits: What the children may use.
        command: Program and arguments of a child; by default this package's worker.
    """

    def __init__(self, limits: SandboxLimits | None = None, command: Sequence[str] | None = None) -> None:
        self._limits = limits or SandboxLimits()
        self._command = tuple(command or (sys.executable, "-B", "-m", "retrieval.ingest.worker"))
        self._places = asyncio.Semaphore(self._limits.children)  # fair: first come, first served
        self._idle: list[_Child] = []
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def run(self, job: str, url: str, arguments: Mapping[str, Any], body: bytes) -> Any:
        """The JSON value that `job` makes of `arguments` and `body`.

        Args:
            job: A name the worker knows.
            url: The subject, for the error.
            arguments: Plain JSON values.
            body: The bytes to work on.

        Raises:
            ParseError: The job refused the bytes, overran a limit, or broke its child.
        """
        if self._closed:
            raise RuntimeError("the sandbox is closed")
        async with self._places:
            child = self._waiting() or await self._start(url)
            healthy = False
            try:
                answer = await self._ask(child, url, {"job": job, "arguments": arguments, "body": len(body)}, body)
                healthy = not answer.get("spent") and child.jobs < self._limits.jobs_per_child and not self._closed
            finally:
                # Whatever interrupted the exchange, a child amid a job cannot take another.
                if healthy:
                    self._idle.append(child)
                else:
                    self._discard(child)
        return _result(url, answer, self._limits)

    async def close(self) -> None:
        """End every child; jobs under way end theirs as they finish or are cancelled."""
        self._closed = True
        while self._idle:
            self._discard(self._idle.pop())
        await asyncio.gather(*self._ending)

    def _waiting(self) -> _Child | None:
        """A warm child, passing over those that something else ended meanwhile."""
        while self._idle:
            child = self._idle.pop()
            if child.lives:
                return child
            self._discard(child)
        return None

    def _discard(self, child: _Child) -> None:
        """Kill `child` now, and see to its end later: whoever gave it up need not wait."""
        child.kill()
        ending = asyncio.ensure_future(child.ended())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def _start(self, url: str) -> _Child:
        limits = self._limits
        process = await asyncio.create_subprocess_exec(
            *self._command,
            str(os.getpid()),
            str(limits.memory_bytes),
            str(limits.seconds),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ} | {"PYTHONPATH": str(_ROOT)},
            cwd=_ROOT,
            start_new_session=True,  # a Ctrl-C at the terminal is the parent's to handle
        )
        child = _Child(process)
        try:
            async with asyncio.timeout(limits.start_seconds):
                await child.receive(limits.answer_bytes)
        except (TimeoutError, EOFError, OSError) as error:
            self._discard(child)
            raise ParseError(url, "the reader process could not be started", why=Why.OURS) from error
        except BaseException:
            self._discard(child)
            raise
        return child

    async def _ask(self, child: _Child, url: str, header: Mapping[str, Any], body: bytes) -> Mapping[str, Any]:
        child.jobs += 1
        try:
            async with asyncio.timeout(self._limits.seconds):
                await child.send(header, body)
                return await child.receive(self._limits.answer_bytes)
        except TimeoutError as error:
            raise ParseError(url, f"took longer than {self._limits.seconds:g} s to read", why=Why.MALFORMED) from error
        except _TooLong as error:
            reason = f"made more than {self._limits.answer_bytes // _MEBIBYTE} MiB of text"
            raise ParseError(url, reason, why=Why.TOO_LARGE) from error
        except (EOFError, OSError, ValueError) as error:  # ValueError: no JSON
            raise ParseError(url, "broke the process that read it", why=Why.MALFORMED) from error


class _TooLong(Exception):
    """A child announced a longer answer than is read."""


class _Child:
    """One process and its two pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None  # noqa: S101  both were asked for
        assert process.stdout is not None  # noqa: S101
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout
        self.jobs = 0

    async def send(self, header: Mapping[str, Any], body: bytes) -> None:
        head = json.dumps(header).encode()
        self._stdin.write(_LENGTH.pack(len(head)) + head)
        self._stdin.write(body)
        await self._stdin.drain()

    async def receive(self, limit: int) -> Mapping[str, Any]:
        (length,) = _LENGTH.unpack(await self._stdout.readexactly(_LENGTH.size))
        if length > limit:
            raise _TooLong
        answer = json.loads(await self._stdout.readexactly(length))
        return {} if not isinstance(answer, dict) else answer

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._stdin.close()

    @property
    def lives(self) -> bool:
        return self._process.returncode is None

    async def ended(self) -> None:
        """Wait for the end of a killed process, and take what it had still written, which holds the pipe open."""
        await self._process.communicate()


def _why(said: object) -> Why:
    """What a child says of its refusal. It has read hostile bytes, so it may say anything."""
    return next((why for why in Why if why == said), Why.UNREADABLE)


def _result(url: str, answer: Mapping[str, Any], limits: SandboxLimits) -> Any:
    if "refused" in answer:
        raise ParseError(url, str(answer["refused"]), why=_why(answer.get("why")))
    if "memory" in answer:
        reason = f"needed more than {limits.memory_bytes // _MEBIBYTE} MiB of memory to read"
        raise ParseError(url, reason, why=Why.MALFORMED)
    if "failed" in answer:
        raise ParseError(url, f"could not be read ({answer['failed']})", why=Why.MALFORMED)
    if "value" not in answer:
        raise ParseError(url, "broke the process that read it", why=Why.MALFORMED)
    return answer["value"]
