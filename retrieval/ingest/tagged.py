"""Texts that came as plain ones and are HTML: told by their tags, and read without a parser, in time with their length.

A text that only speaks of tags, or has a `<` in it, is none, and stays as it is.
"""

from __future__ import annotations

import html
import re

from retrieval.ingest.cleaning import TAG
from retrieval.ingest.markup import BLOCKS, SILENT

_NAMES = "|".join(sorted({*BLOCKS, *SILENT, "a", "b", "body", "em", "html", "i", "img", "span", "strong", "u"}))
_BEGINS = re.compile(rf"\s*<(?:!doctype\s+html|{_NAMES})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_CLOSES = re.compile(rf"</(?:{_NAMES})\s*>|<(?:br|hr|img)(?:\s[^<>]*)?/?>", re.IGNORECASE)
# Within a text: paragraphs that end or lines that break more than once, and links that lead somewhere.
_BLOCK_ENDS = re.compile(rf"</(?:{'|'.join(sorted(BLOCKS - {'br', 'hr'}))})\s*>|<br\s*/?>", re.IGNORECASE)
_LINK = re.compile(r"<a\s+(?:[^<>]*\s)?href\s*=[^<>]*>", re.IGNORECASE)
# What stands in quotation marks, or as code does, is spoken of.
_SPOKEN_OF = re.compile(r"[`\"“'‘]\s?<[^<>`]*>\s?[`\"”'’]")
_ENOUGH = 2
_NAME = re.compile(r"</?([a-z][a-z0-9]*)", re.IGNORECASE)


def is_tagged(text: str) -> bool:
    """Whether a text is clearly HTML."""
    if "<" not in text:
        return False
    if _BEGINS.match(text) and _CLOSES.search(text):
        return True
    told = _SPOKEN_OF.sub(" ", text)
    return len(_BLOCK_ENDS.findall(told)) >= _ENOUGH or (bool(_LINK.search(told)) and "</a>" in told.lower())


def untagged(text: str) -> str:
    """The text of HTML, a line for every block; nothing of scripts and the like."""
    pieces: list[str] = []
    at = 0
    silent: str | None = None
    for tag in TAG.finditer(text):
        if silent is None:
            # Line ends inside a block are spaces in HTML.
            pieces.append(html.unescape(text[at : tag.start()]).replace("\n", " "))
        at = tag.end()
        named = _NAME.match(tag.group())
        name = named[1].lower() if named else ""
        closing = tag.group().startswith("</")
        if silent is not None:
            silent = None if closing and name == silent else silent
        elif name in SILENT and not closing and not tag.group().endswith("/>"):
            silent = name
        elif name in BLOCKS:
            pieces.append("\n")
    if silent is None:
        pieces.append(html.unescape(text[at:]).replace("\n", " "))
    return "".join(pieces)
