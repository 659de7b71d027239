"""How the chat looks: every line it prints, in the reader's language, at the width there is, on a terminal or off one.

All text passes `clean`; nothing is read as markup.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import tzinfo
from typing import IO, TYPE_CHECKING

from rich.console import Console
from rich.style import Style
from rich.text import Text

from bot.terminal.clean import link, visible
from bot.terminal.wrapping import MEASURE, wrapped
from bot.texts import catalogue, languages, say
from storage.domain.why import Why
from storage.errors import FeedError, InputError, TidingsError

if TYPE_CHECKING:
    from rich.status import Status

DIM = Style(dim=True)
STRONG = Style(bold=True)
MARK = Style(color="cyan")
TROUBLE = Style(color="red")

LONG_CHARACTERS = 500
"""What a person wrote is shown in full up to here, and of more only `BEGINNING_CHARACTERS`."""

BEGINNING_CHARACTERS = 80


@dataclass(slots=True, kw_only=True)
class Screen:
    """Prints sentences of the catalogue, and what the other modules of the chat lay out.

    Args:
        console: Where to; built by `plain_console`, so that nothing is read as markup.
        language: The language the chat itself speaks.
        zone: Where the reader's days begin, by default this machine's zone.
    """

    console: Console
    language: str
    zone: tzinfo | None = None

    def say(self, key: str, *, style: Style | None = None, **fields: object) -> None:
        """A sentence of the catalogue as a paragraph."""
        self.paragraph(Text(self.sentence(key, **fields), style=style or ""))

    def sentence(self, key: str, **fields: object) -> str:
        """A sentence of the catalogue on one line, fit for a terminal whatever its fields hold."""
        return visible(say(self.language, key, **fields))

    def shortened(self, text: str) -> str:
        """`text` on one line; of a long one its beginning, and how much more there is."""
        line = visible(text)
        if len(line) <= LONG_CHARACTERS:
            return line
        start = visible(text.lstrip().split("\n", 1)[0])[:BEGINNING_CHARACTERS]
        return self.sentence("chat_more_characters", start=start, count=f"{len(line) - len(start):,}")

    def counted(self, noun: str, count: int) -> str:
        """`1 article`, `1,204 articles`: `noun` is a key that has a twin ending in `_one`."""
        return say(self.language, f"{noun}_one" if count == 1 else noun, count=f"{count:,}")

    def note(self, text: str) -> None:
        """Something said in passing."""
        self.paragraph(Text(visible(text), style=DIM))

    def paragraph(self, text: Text, *, lead: Text | None = None, indent: int = 0) -> None:
        """`text`, wrapped on a terminal; lines after the first stand under its first word.

        Args:
            text: What to print.
            lead: What stands before it on its first line, `indent` cells wide or less.
            indent: How far the text stands from the edge.
        """
        lines = wrapped(text, min(self.console.width, MEASURE) - indent) if self.console.is_terminal else [text]
        for number, line in enumerate(lines):
            start = Text().append_text(lead) if lead is not None and number == 0 else Text()
            start.pad_right(indent - start.cell_len)
            lines[number] = start + line
        # All at once, so that what a person types meanwhile cannot come between.
        self.console.print(Text("\n").join(lines), soft_wrap=True)

    def blank(self) -> None:
        """An empty line."""
        self.console.print()

    def trouble(self, error: TidingsError) -> None:
        """What went wrong, in one line; in another what whoever hosts this, often the reader, can do about it."""
        self.paragraph(Text(visible(self.reason(error)), style=TROUBLE))
        if isinstance(error, FeedError) and error.why is Why.PRIVATE:
            self.say("chat_private_hint", style=DIM)

    def reason(self, error: TidingsError) -> str:
        """What an error says, in the reader's language where the catalogue has it."""
        if isinstance(error, InputError) and error.key in catalogue(self.spoken):
            return say(self.language, error.key, **error.fields)
        if isinstance(error, FeedError):
            return say(self.language, "add_failed", reason=say(self.language, error.why))
        return str(error)

    def link(self, text: str, url: str | None, style: Style | None = None) -> Text:
        """`text`, leading to `url` where that can be opened and the console is one on which it can be clicked."""
        target = link(url)
        shown = Text(visible(text), style=style or "")
        if target and self.console.is_terminal:
            shown.stylize(Style(link=target))
        return shown

    def busy(self, key: str) -> AbstractContextManager[Status]:
        """Something moves while this lasts, where there is somebody to see it."""
        return self.console.status(self.sentence(key), spinner="dots", spinner_style=MARK)

    @property
    def spoken(self) -> str:
        """The language of the catalogue in use: `language`, or English where there is none for it."""
        return self.language if self.language in languages() else "en"


def plain_console(
    *,
    file: IO[str] | None = None,
    width: int | None = None,
    terminal: bool | None = None,
    record: bool = False,
) -> Console:
    """A console that prints text as it is: no markup, no emoji names, no guessed highlights.

    Args:
        file: Where to, by default standard output, whatever that is when something is printed.
        width: In cells, by default the terminal's.
        terminal: Whether to treat the output as one, by default whether it is.
        record: Keep what is printed, for `export_svg` and the like.
    """
    return _Console(
        file=file, width=width, force_terminal=terminal, record=record, markup=False, emoji=False, highlight=False
    )


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the program to end; called where the error is being handled."""
        raise  # noqa: PLE0704 - the error being handled
