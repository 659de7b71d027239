"""Foreign text made safe to keep: NFC, no control characters, no markup. Pure and linear in the text's length."""

from __future__ import annotations

import html
import re
import unicodedata

# C0 and C1 controls but tab and newline, the characters that reorder or hide text, lone surrogates, noncharacters.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff]"
)
_LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
# Marks on one letter; more are noise, and sorting them takes the square of their number (UAX 15, section 13).
_MAX_MARKS = 30
TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
"""What opens or closes an element, a comment, or a declaration."""


def clean_text(text: str) -> str:
    """`text` as paragraphs: one a line, none empty, NFC, nothing invisible but spaces.

    Spaces within a line stay as they came (a tab is one), so that what is quoted stands in the article to the letter.
    """
    text = _compose(_UNWANTED.sub("", _LINE_BREAK.sub("\n", text)))
    lines = (line.replace("\t", " ").strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def clean_line(text: str | None) -> str | None:
    """`text` as a single line, its spaces single, or `None` where nothing is left of it."""
    if text is None:
        return None
    return _BLANKS.sub(" ", clean_text(text).replace("\n", " ")) or None


def strip_markup(text: str | None) -> str | None:
    """A short field that may carry markup, plain or escaped once, as a single plain line; `None` where empty.

    A `<` that opens no tag is text and stays.
    """
    if text is None:
        return None
    once = TAG.sub(" ", text)
    return clean_line(TAG.sub(" ", html.unescape(once)))


def holds_surrogates(text: str) -> bool:
    """Whether `text` has halves of surrogate pairs, which no encoding can write."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _compose(text: str) -> str:
    if unicodedata.is_normalized("NFC", text):
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MAX_MARKS:
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))
