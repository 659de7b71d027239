"""A sandbox child whose jobs misbehave on request; started by the tests of the sandbox."""

from __future__ import annotations

import ctypes
import os
import time
from typing import Any

from retrieval.ingest.guards import Refused
from retrieval.ingest.worker import serve
from storage.domain.why import Why


def hang(_body: bytes) -> Any:
    while True:
        time.sleep(60)


def spin_in_c(_body: bytes) -> Any:
    return sum(range(10**12))


def eat(_body: bytes) -> Any:
    return len(bytearray(1 << 40))


def crash(_body: bytes) -> Any:
    return ctypes.string_at(0)


def recurse(_body: bytes) -> Any:
    return recurse(_body) + recurse(_body)


def refuse(_body: bytes) -> Any:
    raise Refused("is refused", Why.NO_FEED)


def fail(_body: bytes) -> Any:
    raise KeyError("secret")


def flood(_body: bytes) -> Any:
    return "x" * (3 * 1024 * 1024)


def chatter(_body: bytes) -> Any:
    print("noise", flush=True)  # noqa: T201  what a library might do
    return "quiet"


def write_file(body: bytes) -> Any:
    with open(body.decode(), "wb") as file:  # noqa: PTH123
        file.write(b"x")
    return "written"


serve(
    {
        "echo": lambda body, **arguments: {"length": len(body), **arguments},
        "pid": lambda _body: os.getpid(),
        "environment": lambda _body: dict(os.environ),
        "hang": hang,
        "spin": spin_in_c,
        "eat": eat,
        "crash": crash,
        "recurse": recurse,
        "refuse": refuse,
        "fail": fail,
        "flood": flood,
        "chatter": chatter,
        "write": write_file,
    }
)
