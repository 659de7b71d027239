"""The program of a sandbox child: answers jobs from standard input until it ends. Started by `sandbox`, never by hand.

A frame is a big-endian length of four bytes and as many bytes of JSON; a request's is followed by its body. The first
answer says that the child is ready.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import math
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO

from retrieval.ingest.guards import Refused

Job = Callable[..., Any]
"""Takes the body and the request's arguments, gives a JSON value, raises `Refused` for what it will not read."""

_LENGTH = struct.Struct(">I")
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Serve feeds and pages."""
    from retrieval.ingest import extract, parse
    from retrieval.ingest.extract import extract_page
    from retrieval.ingest.parse import read_feed
    from retrieval.ingest.parsed import plain

    extract.warm_up()
    parse.warm_up()
    serve(
        {
            "feed": lambda body, **arguments: plain(read_feed(body, now=datetime.now(UTC), **arguments)),
            "page": lambda body, **arguments: plain(extract_page(body, now=datetime.now(UTC), **arguments)),
        }
    )


def serve(jobs: Mapping[str, Job]) -> None:
    """Answer requests for `jobs` until standard input ends."""
    parent, memory_bytes, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    requests = sys.stdin.buffer
    # Whatever a library prints must not get between the frames.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  a file descriptor is what is needed
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    _end_with(parent)
    _limit(memory_bytes)
    _write(answers, {"ready": True})
    while head := requests.read(_LENGTH.size):
        request = json.loads(requests.read(_LENGTH.unpack(head)[0]))
        body = requests.read(request["body"])
        _limit_time(seconds)
        if not _write(answers, _answer(jobs[request["job"]], body, request["arguments"])):
            return


def _answer(job: Job, body: bytes, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return {"value": job(body, **arguments)}
    except Refused as refusal:
        return {"refused": str(refusal), "why": refusal.why}
    except (MemoryError, RecursionError) as error:
        # What a library leaves behind after these is not to be trusted with the next job.
        return {"memory" if isinstance(error, MemoryError) else "failed": type(error).__name__, "spent": True}
    except Exception as error:  # noqa: BLE001  the boundary: no document may end the child by an exception
        return {"failed": type(error).__name__}


def _write(answers: BinaryIO, answer: Mapping[str, Any]) -> bool:
    """Whether the child can go on after `answer`."""
    try:
        frame = json.dumps(answer).encode("ascii")
    except MemoryError:
        answer = {"memory": "MemoryError", "spent": True}
        frame = json.dumps(answer).encode("ascii")
    answers.write(_LENGTH.pack(len(frame)) + frame)
    answers.flush()
    return "spent" not in answer


def _end_with(parent: int) -> None:
    """Have the kernel end this process when its parent is gone; elsewhere than on Linux the closed pipe does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


def _limit(memory_bytes: int) -> None:
    limits = ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0))
    for name, limit in limits:
        # Some systems refuse some of them; the parent's deadline still holds.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(name, (limit, limit))


def _limit_time(seconds: float) -> None:
    """A bound on processor time behind the parent's deadline, should the parent not be there to keep it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = math.ceil(used.ru_utime + used.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))


if __name__ == "__main__":
    main()
