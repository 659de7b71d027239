"""Telegram's HTML, built from structure: nothing that is not ours can become a tag, a link or an attribute.

A message is paragraphs of pieces of text. It is cut into parts that Telegram takes: at paragraphs where it can, else
between pieces, else between words; never inside a tag, an entity or a surrogate pair.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile
from typing import Literal
from urllib.parse import urlsplit

from bot.messenger.wire.bot_api import Json

MAX_UNITS = 4096
"""UTF-16 code units of a message's text after its markup is read (Bot API)."""
MAX_ENTITIES = 100
"""Beyond these Telegram drops markup without a word."""
MAX_MARKUP = 24_000
"""Characters of a message's HTML: what 4096 units can take when each must be escaped, and no long addresses besides."""
MAX_LINK = 1_000
"""Characters of an address; longer ones are shown as plain text."""

LOOK: dict[str, Json] = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
"""How every text of the bot's is to be read and shown."""

Style = Literal["b", "i", "code"]

_WORD_JOINER = "\u2060"
_JOINERS = {"\u200c", "\u200d", _WORD_JOINER}
"""Zero-width characters that scripts and emoji need, and the one that keeps text from becoming a link."""
_SELF_LINKING = re.compile(
    r"(?<=[A-Za-z]):(?=//)"
    r"|(?<![A-Za-z0-9_])(?:[@$](?=[A-Za-z])|#(?=\w*[^\W\d]))"
    r"|(?<![A-Za-z0-9_<>/])/(?=[A-Za-z])"
    r"|(?<=[A-Za-z0-9])\.(?=[A-Za-z]{2,})"
)
"""Where Telegram would make a link by itself: addresses, @names, /commands, #tags."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text with one look. `link` is followed only if it is an absolute http(s) address.

    `own` text is the bot's own, in which @names and /commands may work; any other text never links by itself.
    """

    text: str
    style: Style | None = None
    link: str | None = None
    own: bool = False


Paragraph = tuple[Piece, ...]


def own(text: str, style: Style | None = None) -> Piece:
    """A sentence of the bot's own."""
    return Piece(text=text, style=style, own=True)


def parts(paragraphs: Iterable[Paragraph], *, max_units: int = MAX_UNITS) -> tuple[str, ...]:
    """The HTML of the messages that say these paragraphs, in order; empty where there is nothing to say.

    Args:
        paragraphs: Each begins a new line; an empty one leaves a line blank.
        max_units: UTF-16 units a message may show.
    """
    out: list[str] = []
    lines: list[Paragraph] = []
    for line in (cut for paragraph in paragraphs for cut in _cut(_cleaned(paragraph), max_units)):
        if lines and not _fits([*lines, line], max_units):
            out.append(_html(lines))
            lines = []
        lines.append(line)
    out.append(_html(lines))
    return tuple(part for part in out if part)


def plain(markup: str) -> str:
    """The text that markup of ours shows."""
    return html.unescape(re.sub(r"<[^<>]*>", "", markup))


def clean(text: str) -> str:
    """`text` without what could deceive or break: control and format characters, direction overrides, half pairs."""
    kept = (
        character if character in _JOINERS or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Cn", "Co"}
        else " " if character.isspace() else "\ufffd" if unicodedata.category(character) == "Cs" else ""
        for character in text
    )  # fmt: skip
    return " ".join("".join(kept).split())


def web_address(link: str | None) -> str | None:
    """`link` if it is an absolute http(s) address that can stand in an attribute, else `None`."""
    if not link or len(link) > MAX_LINK or any(character.isspace() or ord(character) < 0x20 for character in link):  # noqa: PLR2004 - the space
        return None
    try:
        split = urlsplit(link)
        usable = split.scheme in {"http", "https"} and bool(split.hostname) and split.username is None
        link.encode("utf-8")
    except ValueError:
        return None
    return link if usable else None


def units(text: str) -> int:
    """How Telegram counts: UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


def defused(text: str) -> str:
    """`text` clean, and such that nothing in it becomes a link by itself; for filling into our own sentences."""
    return _SELF_LINKING.sub(lambda match: match[0] + _WORD_JOINER, clean(text))


def _cleaned(paragraph: Paragraph) -> Paragraph:
    pieces = []
    for piece in paragraph:
        lead, trail = piece.text[:1].isspace(), piece.text[1:][-1:].isspace()
        text = clean(piece.text) if piece.own else defused(piece.text)
        text = f"{' ' if lead else ''}{text}{' ' if trail else ''}"
        pieces.append(replace(piece, text=text, link=web_address(piece.link)))
    return tuple(pieces)


def _cut(paragraph: Paragraph, limit: int) -> Iterator[Paragraph]:
    """The paragraph as lines none of which is longer than a message."""
    line: list[Piece] = []
    for piece in paragraph:
        for portion in _portions(piece, limit):
            if line and not _fits([(*line, portion)], limit):
                yield tuple(line)
                line = []
            line.append(portion)
    yield tuple(line)


def _portions(piece: Piece, limit: int) -> Iterator[Piece]:
    rest = piece.text
    while units(rest) > limit:
        first = head(rest, limit)
        yield replace(piece, text=first)
        rest = rest[len(first) :]
    yield replace(piece, text=rest)


def head(text: str, limit: int) -> str:
    """As much of `text` as has so many units, ending after a blank or a full stop where one is near, else anywhere."""
    if units(text) <= limit:
        return text
    ends = accumulate(2 if character > "\uffff" else 1 for character in text)
    window = text[: max(1, sum(1 for _ in takewhile(lambda end: end <= limit, ends)))]
    near = max(window.rfind(mark) for mark in " 。！？，；")
    return window[: near + 1] if near > len(window) // 2 else window


def _fits(lines: Sequence[Paragraph], max_units: int) -> bool:
    pieces = [piece for line in lines for piece in line]
    return (
        sum(units(piece.text) for piece in pieces) + len(lines) - 1 <= max_units
        and sum((piece.style is not None) + (piece.link is not None) for piece in pieces) <= MAX_ENTITIES
        and len(_html(lines)) <= MAX_MARKUP
    )


def _html(lines: Sequence[Paragraph]) -> str:
    return "\n".join("".join(_markup(piece) for piece in line) for line in lines).strip()


def _markup(piece: Piece) -> str:
    text = html.escape(piece.text, quote=False)
    if not piece.text.strip():
        return text
    if piece.style:
        text = f"<{piece.style}>{text}</{piece.style}>"
    return f'<a href="{html.escape(piece.link)}">{text}</a>' if piece.link else text


def said(text: str) -> dict[str, Json]:
    """The fields of `sendMessage` that every message of the bot's has."""
    return {"text": text, **LOOK}
