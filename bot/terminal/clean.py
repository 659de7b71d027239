"""What may reach a terminal. News is written by strangers: a title must not move the cursor, recolour or hide text."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

# ECMA-48: strings (OSC, DCS, SOS, PM, APC) up to their terminator, control sequences (CSI), other escapes. A string
# that never ends loses its introducer only, so that a stray byte cannot swallow a whole title.
_SEQUENCES = re.compile(
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]*(?:\x1b\\|\x9c)"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|\x1b[ -/]*[0-~]?"
)
# Embeddings, overrides and isolates reorder what follows them on the line; tags are invisible.
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")


def harmless(text: str) -> str:
    """`text` with nothing in it that drives a terminal or hides other text; line breaks and tabs stay."""
    shown = _HIDDEN.sub("", _SEQUENCES.sub("", text))
    return shown if shown.isprintable() else "".join(map(_safe, shown))


def visible(text: str) -> str:
    """The same on one line."""
    return " ".join(harmless(text).split())


def link(url: str | None) -> str | None:
    """`url` where it is an absolute http(s) address, with everything a terminal could stumble over escaped."""
    if url is None:
        return None
    address = visible(url)
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not parts.netloc:
        return None
    return quote(address, safe="!#$%&'()*+,/:;=?@[]~") if address.isascii() else address.replace(" ", "%20")


def _safe(character: str) -> str:
    if character.isspace():
        return character if character in "\n\t" else " "
    return "" if unicodedata.category(character) in {"Cc", "Cs"} else character
