from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from retrieval.ingest.sandbox import Sandbox, SandboxLimits
from storage.domain.why import Why
from storage.errors import ParseError

WORKER = (sys.executable, "-B", str(Path(__file__).with_name("hostile_worker.py")))
LIMITS = SandboxLimits(children=1, seconds=5.0, answer_bytes=1024 * 1024, jobs_per_child=3)
HASTY = SandboxLimits(children=1, seconds=0.2)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(LIMITS, WORKER) as sandbox:
        yield sandbox


async def test_a_job_gets_its_arguments_and_its_bytes(sandbox: Sandbox) -> None:
    answer = await sandbox.run("echo", "http://a/", {"name": "新闻"}, b"\x00" * 300_000)

    assert answer == {"length": 300_000, "name": "新闻"}


@pytest.mark.parametrize("job", ["hang", "spin"])
async def test_a_job_that_overruns_its_deadline_is_killed_and_the_next_one_works(job: str) -> None:
    async with Sandbox(HASTY, WORKER) as sandbox:
        with pytest.raises(ParseError, match=r"http://slow/: took longer than 0\.2 s"):
            await sandbox.run(job, "http://slow/", {}, b"")

        assert await sandbox.run("echo", "http://a/", {}, b"") == {"length": 0}


@pytest.mark.parametrize(
    ("job", "reason", "why"),
    [
        ("eat", "needed more than 512 MiB of memory", Why.MALFORMED),
        ("crash", "broke the process that read it", Why.MALFORMED),
        ("recurse", r"could not be read \(RecursionError\)", Why.MALFORMED),
        ("refuse", "is refused", Why.NO_FEED),
        ("fail", r"could not be read \(KeyError\)", Why.MALFORMED),
        ("flood", "made more than 1 MiB of text", Why.TOO_LARGE),
    ],
)
async def test_a_job_that_breaks_is_an_error_with_a_reason_and_the_next_one_works(
    sandbox: Sandbox, job: str, reason: str, why: Why
) -> None:
    with pytest.raises(ParseError, match=reason) as caught:
        await sandbox.run(job, "http://bad/", {}, b"")

    assert (caught.value.url, caught.value.why) == ("http://bad/", why)
    assert await sandbox.run("echo", "http://a/", {}, b"") == {"length": 0}


async def test_what_a_library_prints_does_not_get_between_the_answers(sandbox: Sandbox) -> None:
    assert await sandbox.run("chatter", "http://a/", {}, b"") == "quiet"
    assert await sandbox.run("chatter", "http://a/", {}, b"") == "quiet"


async def test_a_child_is_warm_for_a_while_and_then_replaced(sandbox: Sandbox) -> None:
    pids = [await sandbox.run("pid", "http://a/", {}, b"") for _ in range(4)]

    assert pids[0] == pids[1] == pids[2] != pids[3]


async def test_a_child_that_was_killed_while_idle_costs_no_job(sandbox: Sandbox) -> None:
    first = await sandbox.run("pid", "http://a/", {}, b"")
    os.kill(first, signal.SIGKILL)
    await sandbox._idle[0].ended()

    assert await sandbox.run("pid", "http://a/", {}, b"") != first


async def test_a_child_sees_no_secret_of_the_environment(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:secret")

    environment = await sandbox.run("environment", "http://a/", {}, b"")

    assert "TELEGRAM_BOT_TOKEN" not in environment
    assert "123:secret" not in str(environment)


async def test_a_child_can_write_no_file(sandbox: Sandbox, tmp_path: Path) -> None:
    target = tmp_path / "written"

    with pytest.raises(ParseError):
        await sandbox.run("write", "http://a/", {}, str(target).encode())

    assert not target.exists() or target.stat().st_size == 0


async def test_a_cancelled_job_leaves_no_child_amid_its_work(sandbox: Sandbox) -> None:
    before = await sandbox.run("pid", "http://a/", {}, b"")
    job = asyncio.ensure_future(sandbox.run("hang", "http://slow/", {}, b""))
    for _ in range(20):
        await asyncio.sleep(0)

    job.cancel()
    await asyncio.gather(job, return_exceptions=True)

    assert job.cancelled()
    assert await sandbox.run("pid", "http://a/", {}, b"") != before


async def test_callers_are_served_in_the_order_they_came(sandbox: Sandbox) -> None:
    served: list[int] = []

    async def call(number: int) -> None:
        await sandbox.run("echo", "http://a/", {}, b"")
        served.append(number)

    await asyncio.gather(*(call(number) for number in range(6)))

    assert served == [0, 1, 2, 3, 4, 5]


async def test_a_worker_that_cannot_start_is_an_error(tmp_path: Path) -> None:
    async with Sandbox(LIMITS, (sys.executable, str(tmp_path / "missing.py"))) as sandbox:
        with pytest.raises(ParseError, match="could not be started"):
            await sandbox.run("echo", "http://a/", {}, b"")


async def test_closing_ends_every_child() -> None:
    async with Sandbox(LIMITS, WORKER) as sandbox:
        pid = await sandbox.run("pid", "http://a/", {}, b"")

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


PARENT = """
import asyncio, sys
from retrieval.ingest.sandbox import Sandbox, SandboxLimits

async def main():
    sandbox = Sandbox(SandboxLimits(children=1, seconds=60), (sys.executable, "-B", {worker!r}))
    print(await sandbox.run("pid", "http://a/", {{}}, b""), flush=True)
    await sandbox.run({job!r}, "http://a/", {{}}, b"")

asyncio.run(main())
"""


@pytest.mark.parametrize("job", ["hang", "spin"])
def test_a_child_dies_with_a_parent_that_is_killed(job: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT.format(worker=WORKER[-1], job=job)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[3],
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        watched = os.pidfd_open(child)

        parent.send_signal(signal.SIGKILL)
        parent.wait()

        try:
            # A process descriptor is readable once the process has ended.
            ended, _, _ = select.select([watched], [], [], 20)
        finally:
            os.close(watched)
    assert ended
