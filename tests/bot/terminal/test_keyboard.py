from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from bot.terminal.keyboard import MAX_LINE_BYTES, Key, Pipe, interrupts, keys_kept


async def lines(pipe: Pipe) -> list[str]:
    got = []
    while isinstance(line := await pipe.line(), str):
        got.append(line)
    assert line is Key.LEAVE
    return got


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b"one\ntwo\n", ["one", "two"]),
        (b"one\n\nno line break at the end", ["one", "", "no line break at the end"]),
        ("澜州\n".encode(), ["澜州"]),
        (b"\xff\xfebad bytes\n", ["\ufffd\ufffdbad bytes"]),
    ],
)
async def test_a_file_is_read_to_its_end(tmp_path: Path, content: bytes, expected: list[str]) -> None:
    path = tmp_path / "questions.txt"
    path.write_bytes(content)

    with path.open() as file:
        assert await lines(Pipe(file)) == expected


async def test_a_pipe_gives_each_line_as_soon_as_it_is_there() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as file:
        pipe = Pipe(file)
        first = asyncio.create_task(pipe.line())

        os.write(writing, b"one\ntw")

        assert await first == "one"
        os.write(writing, "o 澜".encode())
        os.close(writing)
        assert await pipe.line() == "two 澜"
        assert await pipe.line() is Key.LEAVE


async def test_waiting_for_a_pipe_can_be_cancelled() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as file:
        waiting = asyncio.create_task(Pipe(file).line())
        await asyncio.sleep(0)
        waiting.cancel()

        with pytest.raises(asyncio.CancelledError):
            await waiting
    os.close(writing)


async def test_input_without_line_breaks_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "endless"
    path.write_bytes(b"x" * (3 * MAX_LINE_BYTES))

    with path.open() as file:
        got = await lines(Pipe(file))

    assert sum(len(line) for line in got) == 3 * MAX_LINE_BYTES
    assert max(len(line) for line in got) <= MAX_LINE_BYTES + (1 << 16)


async def test_ctrl_c_calls_what_it_is_told_to_and_then_is_what_it_was() -> None:
    pressed = asyncio.Event()
    before = signal.getsignal(signal.SIGINT)

    with interrupts(pressed.set):
        os.kill(os.getpid(), signal.SIGINT)
        await pressed.wait()

    assert signal.getsignal(signal.SIGINT) == before


async def test_away_from_the_main_thread_ctrl_c_stays_what_it_is() -> None:
    def elsewhere() -> None:
        async def inside() -> None:
            with interrupts(lambda: None):
                pass

        asyncio.run(inside())

    before = signal.getsignal(signal.SIGINT)

    await asyncio.to_thread(elsewhere)

    assert signal.getsignal(signal.SIGINT) == before


def test_keys_are_neither_echoed_nor_lost_meanwhile() -> None:
    termios = pytest.importorskip("termios")
    leading, following = os.openpty()
    with os.fdopen(leading, "w"), os.fdopen(following) as terminal:
        before = termios.tcgetattr(terminal)

        with keys_kept(terminal):
            assert not termios.tcgetattr(terminal)[3] & (termios.ECHO | termios.ICANON)
            assert termios.tcgetattr(terminal)[3] & termios.ISIG

        assert termios.tcgetattr(terminal) == before


def test_what_is_no_terminal_is_left_alone(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w+") as file, keys_kept(file):
        pass
