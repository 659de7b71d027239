"""`tidings chat`: lines in, answers and effects out, the feeds read in the background meanwhile.

A line is worked on in a task of its own, which Ctrl-C cancels. News of the reading waits until an answer is complete.
"""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from contextlib import ExitStack, nullcontext
from datetime import timedelta
from typing import NoReturn

from rich.console import Console
from rich.text import Text

from bot.console import SpokenProgress
from bot.terminal.commands import Line, completions, read
from bot.terminal.digests import show_breaking
from bot.terminal.following import show_updates
from bot.terminal.gathering import Gathered, Gathering
from bot.terminal.greeting import greet, progress_line, say_how_it_went, say_what_is_in
from bot.terminal.history import history, let_go
from bot.terminal.keyboard import Key, Keyboard, Pipe, interrupts, keys_kept
from bot.terminal.known import COMMANDS
from bot.terminal.logs import logs_aside
from bot.terminal.parts import Chat
from bot.terminal.screen import DIM, TROUBLE, Screen, plain_console
from bot.terminal.session import Session
from storage.errors import TidingsError

log = logging.getLogger(__name__)


async def chat(parts: Chat, *, screen: Screen | None = None, keyboard: Keyboard | None = None) -> int:
    """Talk until the reader leaves.

    Over a pipe the questions are answered in order from what is in; only where there is no real news yet are the
    feeds read first.

    Args:
        parts: What the chat works with.
        screen: Where it prints, by default standard output.
        keyboard: Where lines come from, by default standard input: a prompt on a terminal, else a pipe.

    Returns:
        The exit status of the command.
    """
    screen = screen or Screen(console=_console(), language=parts.language)
    keyboard = keyboard or _keyboard(parts, screen)
    with ExitStack() as around:
        if keyboard.attended:
            around.enter_context(logs_aside(parts.home / "chat.log"))
            around.enter_context(keys_kept(sys.stdin))
        return await _Conversation(parts, screen, keyboard).run()


def _console() -> Console:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What the terminal's character set lacks becomes a question mark, not an error.
        sys.stdout.reconfigure(errors="replace")
    return plain_console()


def _keyboard(parts: Chat, screen: Screen) -> Keyboard:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return Pipe(sys.stdin)
    from bot.terminal.prompt import Prompt

    typed = history(parts.home, parts.reader)
    if days := parts.own_data.talk_days:
        let_go(typed, parts.clock() - timedelta(days=days))
    return Prompt(
        history=typed,
        complete=lambda before: completions(before, COMMANDS),
        shorten=screen.shortened,
    )


class _Conversation:
    """The loop around a session: whose turn it is to print, and what a key interrupts."""

    def __init__(self, parts: Chat, screen: Screen, keyboard: Keyboard) -> None:
        self._parts = parts
        self._screen = screen
        self._keyboard = keyboard
        self._speaking = asyncio.Lock()
        self._spoken = SpokenProgress()
        self._gathering = Gathering(news=parts.news, every=parts.every, progress=self._progress, done=self._gathered)
        self._session = Session(chat=parts, screen=screen, gathering=self._gathering, begin=self._begin)

    async def run(self) -> int:
        reading = await self._open()
        try:
            while not self._session.leaving:
                line = await self._keyboard.line()
                if line is Key.LEAVE:
                    break
                if isinstance(line, Key):
                    self._screen.say("chat_leave_hint", style=DIM)
                elif parsed := read(line, COMMANDS):
                    await self._do(parsed, line)
        finally:
            self._session.close()
            if reading:
                reading.cancel()
                await asyncio.wait([reading])
        return 0

    async def _open(self) -> asyncio.Task[None] | None:
        """Say what there is to ask about. Returns the reading of the feeds, where that goes on in the background."""
        counts = await self._parts.news.counts(self._parts.reader)
        if self._keyboard.attended:
            greet(self._screen, counts)
            return asyncio.create_task(self._read(), name="reading")
        if counts.sample or not counts.articles:
            await self._gathering.once()
            say_what_is_in(self._screen, await self._parts.news.counts(self._parts.reader))
            self._screen.blank()
        return None

    async def _begin(self) -> None:
        """As if the chat had just been opened, by somebody new."""
        self._keyboard.forget()
        if self._keyboard.attended:
            self._screen.blank()
            greet(self._screen, await self._parts.news.counts(self._parts.reader))

    async def _do(self, line: Line, typed: str) -> None:
        """Work on one line until it is done or Ctrl-C stops it."""
        async with self._speaking:
            if not self._keyboard.attended:
                self._screen.paragraph(Text(self._screen.shortened(typed)), lead=Text("› "), indent=2)
            task = asyncio.create_task(self._guarded(line), name="line")
            with interrupts(task.cancel) if self._keyboard.attended else nullcontext():
                try:
                    await asyncio.wait([task])
                finally:
                    if not task.done():
                        task.cancel()
                        await asyncio.wait([task])
            if task.cancelled():
                self._screen.say("chat_stopped", style=DIM)
            else:
                task.result()  # what could not even be told, such as an output that is gone, ends the chat
            self._screen.blank()
        if not self._keyboard.attended:
            await self._gathering.read_added()

    async def _guarded(self, line: Line) -> None:
        try:
            await self._session.do(line)
        except TidingsError as error:
            self._screen.trouble(error)
        except Exception as error:
            # The boundary of one line: a fault of ours ends neither the chat nor what is read behind it.
            log.warning("line_failed", extra={"error": type(error).__name__}, exc_info=log.isEnabledFor(logging.DEBUG))
            self._screen.say("trouble", style=TROUBLE)

    async def _read(self) -> None:
        """What came since the reader was here last, then the feeds and what comes of them, until cancelled."""
        await self._update()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._gathering.run(), name="feeds")
            tasks.create_task(self._look(), name="news")

    async def _look(self) -> NoReturn:
        """What other programs bring in, and what is due by the clock, is said though no reading brought it."""
        while True:
            await asyncio.sleep(self._parts.look.total_seconds())
            await self._update()

    async def _update(self) -> None:
        """Say what breaks, what is new of what the reader follows, and give the digest that is due; each once.

        What cannot be found out now is said the next time.
        """
        for say in (self._say_what_breaks, self._say_what_is_followed, self._give_digest):
            try:
                await say()
            except Exception as error:  # noqa: BLE001 - the boundary of what is said unasked: the rest goes on
                log.warning("not_said", extra={"error": type(error).__name__})

    async def _say_what_breaks(self) -> None:
        breaking = await self._parts.alerts.due_for(self._parts.reader)
        if breaking is not None:
            async with self._speaking:
                show_breaking(self._screen, breaking)

    async def _say_what_is_followed(self) -> None:
        if told := await self._parts.follows.updates(self._parts.reader):
            async with self._speaking:
                show_updates(self._screen, told)

    async def _give_digest(self) -> None:
        digest = await self._parts.digests.due_for(self._parts.reader)
        if digest is not None:
            async with self._speaking:
                self._session.show(digest)

    async def _gathered(self, gathered: Gathered) -> None:
        self._keyboard.show_status(None)
        if gathered.asked:
            feeds = await self._parts.sources.list(self._parts.reader)
            async with self._speaking:
                say_how_it_went(self._screen, gathered, feeds)
        if self._keyboard.attended:
            await self._update()

    def _progress(self, what: str, done: int, total: int | None) -> None:
        if self._keyboard.attended:
            self._keyboard.show_status(progress_line(self._screen, what, done, total))
        else:
            self._spoken(what, done, total)
