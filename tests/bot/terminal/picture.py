"""Draws the README's picture of the terminal chat: a real run over the sample edition, as a terminal shows it.

`python -m tests.bot.terminal.picture FILE.png`; all words are the program's, but for the questions.
"""

from __future__ import annotations

import importlib.util
import re
import sys
import tempfile
from pathlib import Path

import pyte
from PIL import Image, ImageDraw, ImageFont
from wcwidth import wcwidth

from tests.bot.terminal.pseudoterminal import PseudoTerminal

COLUMNS, ROWS = 92, 400
SAID = (
    "Who builds the ferries for Lake Oster?",
    "And how much do they cost?",
    "凯斯特尔湾地震有多少人受伤？",
    "Who won the chess olympiad in Reykjavik?",
)
_NO_NEWS = '<opml version="2.0"><body><outline type="rss" xmlUrl="http://127.0.0.1:9/"/></body></opml>'
_SIZE, _WIDE, _TALL, _MARGIN = 26, 15.65, 34, 24
_PAPER, _INK = "#16191d", "#d7dade"
_INKS = {"default": _INK, "cyan": "#5fb3bf", "red": "#e0707a", "brightblack": "#8a929b", "green": "#7fbf7a"}
_FAINT = "#8a929b"
_FAINT_IN = re.compile(r"\x1b\[2m")
"""Pyte knows no faint ink; grey stands for it."""


def played(home: Path) -> pyte.Screen:
    """The terminal as it is in the end."""
    feeds = home / "none.opml"
    feeds.write_text(_NO_NEWS, encoding="utf-8")
    given = {"TIDINGS_HOME": str(home), "TIDINGS_FEEDS": str(feeds), "LANG": "en_GB.UTF-8"}
    with PseudoTerminal(
        "-m", "bot", "chat", "--reader", "ada", "--language", "en", columns=COLUMNS, rows=ROWS, patience=120, **given
    ) as terminal:
        at = terminal.wait_for("› ", after=terminal.wait_for("could be reached"))
        for text in SAID:
            terminal.type(f"{text}\r")
            at = terminal.wait_for(
                "› ",
                after=terminal.wait_for(
                    ("s）" if not text.isascii() else "s)"), after=terminal.wait_for(text, after=at)
                ),
            )
        screen = pyte.Screen(COLUMNS, ROWS)
        pyte.Stream(screen).feed(_FAINT_IN.sub("\x1b[90m", terminal.raw))
        terminal.type("/quit\r")
        terminal.wait_for_end()
    return screen


def draw(screen: pyte.Screen) -> Image.Image:
    """From the first question on, to the end of the last answer."""
    first = next(row for row, line in enumerate(screen.display) if line.startswith(f"› {SAID[0]}"))
    last = max(row for row, line in enumerate(screen.display) if line.strip(" ›"))
    image = Image.new("RGB", (int(COLUMNS * _WIDE) + 2 * _MARGIN, (last - first + 1) * _TALL + 2 * _MARGIN), _PAPER)
    pen = ImageDraw.Draw(image)
    fonts = {bold: _font("matplotlib", f"mpl-data/fonts/ttf/DejaVuSansMono{bold}.ttf") for bold in ("", "-Bold")}
    wide = _font("zhplot", "fonts/NotoSansSC-Regular.ttf")
    asked = {row for row, line in enumerate(screen.display) if line.startswith("› ")}
    for row in range(first, last + 1):
        for column, cell in sorted(screen.buffer[row].items()):
            ink = _INKS.get(cell.fg, f"#{cell.fg}" if len(cell.fg) == len("d7dade") else _FAINT)
            font = wide if wcwidth(cell.data[:1] or " ") > 1 else fonts["-Bold" if cell.bold or row in asked else ""]
            at = (_MARGIN + column * _WIDE, _MARGIN + (row - first) * _TALL + _SIZE)
            pen.text(at, cell.data, fill=ink, font=font, anchor="ls")
    return image


def _font(package: str, file: str) -> ImageFont.FreeTypeFont:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return ImageFont.truetype(str(Path(spec.origin).parent / file), _SIZE)


def main(file: Path) -> None:
    """Play and draw."""
    with tempfile.TemporaryDirectory() as home:
        screen = played(Path(home))
    draw(screen).quantize(64, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
