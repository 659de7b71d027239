"""A person at a terminal. The one module that imports `prompt_toolkit`, and slow to import: only for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import Output
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.shortcuts import CompleteStyle
from prompt_toolkit.styles import Style

from bot.terminal.keyboard import Key

Complete = Callable[[str], list[str]]
"""From all that stands before the cursor to what its last word may become."""

Shorten = Callable[[str], str]
"""From what was pasted to how it stands on the screen."""

_STYLE = Style.from_dict({"prompt": "bold ansicyan", "bottom-toolbar": "noreverse ansibrightblack"})


class Prompt:
    """Lines as a person types them: history with arrow-up, completion with tab, pasted line breaks kept in one line.

    What others print while a line is awaited appears above it. A long paste stands shortened on the screen and in the
    history, and is given in full.

    Args:
        history: File the lines are kept in, readable by its owner alone.
        complete: Offers completions.
        shorten: Says how a paste is shown.
        keys: Where keys come from, by default this process's terminal.
        output: Where the prompt is drawn, by default there too.
    """

    def __init__(
        self,
        *,
        history: Path,
        complete: Complete,
        shorten: Shorten,
        keys: Input | None = None,
        output: Output | None = None,
    ) -> None:
        self.attended = True
        self._shorten = shorten
        self._pastes: dict[str, str] = {}
        self._kept = history
        self._session: PromptSession[str] = PromptSession(
            [("class:prompt", "› ")],
            completer=_Completer(complete),
            complete_style=CompleteStyle.READLINE_LIKE,
            complete_while_typing=False,
            history=_History(history),
            style=_STYLE,
            key_bindings=self._bindings(),
            input=keys,
            output=output,
        )

    async def line(self) -> str | Key:
        """The next line; line breaks within it were pasted."""
        try:
            with patch_stdout(raw=True):
                return self._in_full(await self._session.prompt_async())
        except KeyboardInterrupt:
            return Key.CANCEL
        except EOFError:
            return Key.LEAVE

    def show_status(self, status: str | None) -> None:
        """Below the prompt, out of the way of typing."""
        self._session.bottom_toolbar = status
        self._session.app.invalidate()

    def forget(self) -> None:
        """Arrow-up begins anew; the file is the caller's to delete before."""
        self._pastes.clear()
        self._session.history = self._session.default_buffer.history = _History(self._kept)

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()

        @bindings.add(Keys.BracketedPaste)
        def paste(event: KeyPressEvent) -> None:
            pasted = event.data.replace("\r\n", "\n").replace("\r", "\n")
            shown = self._shorten(pasted)
            if len(shown) < len(" ".join(pasted.split())):
                self._pastes[shown] = pasted
                pasted = shown
            event.current_buffer.insert_text(pasted)

        return bindings

    def _in_full(self, line: str) -> str:
        for shown, pasted in self._pastes.items():
            line = line.replace(shown, pasted)
        return line


class _Completer(Completer):
    def __init__(self, complete: Complete) -> None:
        self._complete = complete

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        del complete_event
        before = document.text_before_cursor
        last_word = before.rpartition(" ")[2]
        for each in self._complete(before):
            yield Completion(each, start_position=-len(last_word))


class _History(FileHistory):
    """A history that does without its file where the file cannot be used: a full disk must not end a conversation."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)

    def load_history_strings(self) -> Iterator[str]:
        try:
            yield from super().load_history_strings()
        except OSError:
            return

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            super().store_string(string)
