"""In processes of their own, for it lasts as long as one."""

from __future__ import annotations

import subprocess
import sys

import pytest

from storage import heap

FAULTS = """
import resource, sys
from storage.heap import give_back, keep_freed_memory

if sys.argv[1] != "plain":
    keep_freed_memory()

def touch():
    block = bytearray(64 * 2**20)
    block[::4096] = bytes(len(block) // 4096)

touch()
if sys.argv[1] == "give back":
    give_back()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
touch()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(how: str) -> int:
    done = subprocess.run([sys.executable, "-c", FAULTS, how], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="is about glibc")
def test_memory_that_was_freed_is_used_again_until_it_is_given_back() -> None:
    kept, plain, given_back = (faults(how) for how in ("keep", "plain", "give back"))

    assert kept * 10 < plain
    assert kept * 10 < given_back


def test_nothing_is_done_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.heap.sys.platform", "darwin")
    monkeypatch.setattr("storage.heap.ctypes.CDLL", pytest.fail)

    heap.keep_freed_memory()
    heap.give_back()
