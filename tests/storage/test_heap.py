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


HEAPS = """
import ctypes, sys, threading
from storage.heap import share_heaps

if sys.argv[1] == "share":
    share_heaps()

begun, done = threading.Barrier(9), threading.Event()

def work():
    begun.wait()
    done.wait()

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
begun.wait()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
libc.fflush.argtypes, libc.malloc_info.argtypes = [ctypes.c_void_p], [ctypes.c_int, ctypes.c_void_p]
out = libc.fdopen(1, b"w")
libc.malloc_info(0, out)
libc.fflush(out)
done.set()
"""


def faults(how: str) -> int:
    done = subprocess.run([sys.executable, "-c", FAULTS, how], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="is about glibc")
def test_memory_that_was_freed_is_used_again_until_it_is_given_back() -> None:
    kept, plain, given_back = (faults(how) for how in ("keep", "plain", "give back"))

    assert kept * 10 < plain
    assert kept * 10 < given_back


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="is about glibc")
def test_threads_share_two_heaps() -> None:
    shared, plain = (
        subprocess.run([sys.executable, "-c", HEAPS, how], capture_output=True, text=True, check=True).stdout
        for how in ("share", "plain")
    )

    assert shared.count("<heap nr") == 2 < plain.count("<heap nr")


def test_nothing_is_done_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.heap.sys.platform", "darwin")
    monkeypatch.setattr("storage.heap.ctypes.CDLL", pytest.fail)

    heap.share_heaps()
    heap.keep_freed_memory()
    heap.give_back()
