"""What is refused of a feed before a parser sees it, and what is cut down to size.

The parser's regular expressions and lists grow faster than their input on floods that no honest feed contains; a child
process with a deadline is the hard bound, this is the cheap one. Every check here is linear in the text's length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.domain.why import Why

MAX_ITEMS = 500
"""Items read of one feed; the first ones, which feeds keep newest."""

MAX_DEPTH = 1_000
"""Open elements; feeds in the wild stay below 50."""

MAX_ATTRIBUTES = 1_000
"""Attributes of one element."""

MAX_BLANKS = 20_000
"""Whitespace characters in a row."""

# Longer runs than this mean nothing; some expressions of the parser are quadratic in them.
_KEPT_BLANKS = 256

_PROLOG = re.compile(r"\s*+(?:<!--.*?-->|<\?.*?\?>)", re.DOTALL)
_DECLARATION = re.compile(r"\s*+<!(\w+)([^<>\[]*+)(.?)", re.DOTALL)
_BLANK_FLOOD = re.compile(rf"(?<!\s)\s{{{MAX_BLANKS + 1},}}")
_LONG_BLANKS = re.compile(rf"(?<!\s)(\s)\s{{{_KEPT_BLANKS},}}")
_ATTRIBUTE_FLOOD = re.compile(rf"<(?>[^<>=]*+=){{{MAX_ATTRIBUTES + 1}}}")
_TAG_WORD_FLOOD = re.compile(rf"<\w(?>[^<>\s]*+\s++){{{10 * MAX_ATTRIBUTES + 1}}}")
_OPAQUE = (("<![CDATA[", "]]>"), ("<!--", "-->"))
_TAG = re.compile(r"<(/?)[A-Za-z_][^<>]*?(/?)>")
_ROOTS = {"rss": "</channel>", "feed": "", "rdf:rdf": ""}
"""The root elements of feeds, and what is closed before them behind the last item."""
_ITEM_START = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*+>", re.IGNORECASE)


class Refused(ValueError):
    """A document that is not given to a parser; the text says why, as the end of a sentence about it."""

    def __init__(self, reason: str, why: Why = Why.MALFORMED) -> None:
        super().__init__(reason)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """A document fit for a parser: from its root element on, and what was left out of it.

    `cut` says that it broke off: it is its whole items, and no half one.
    """

    text: str
    notes: tuple[str, ...] = ()
    cut: bool = False


def guard_feed(text: str) -> Guarded:
    """Check and trim the text of an XML feed.

    Raises:
        Refused: It declares entities or a document type of its own, is a flood of one kind, or breaks off before an
            item of it is whole.
    """
    root = _skip_prolog(text)
    if _BLANK_FLOOD.search(text):
        raise Refused(f"has more than {MAX_BLANKS:,} blanks in a row")
    body = _LONG_BLANKS.sub(r"\1", text[root:])
    if _ATTRIBUTE_FLOOD.search(body) or _TAG_WORD_FLOOD.search(body):
        raise Refused(f"has an element of more than {MAX_ATTRIBUTES:,} attributes")
    body, notes = _first_items(body)
    markup = _markup(body)
    _check_depth(markup)
    whole = _whole_items(body, markup)
    return Guarded(text=body if whole is None else whole, notes=notes, cut=whole is not None)


def _skip_prolog(text: str) -> int:
    """Where the root element starts: behind comments, instructions and a document type that declares nothing."""
    at = 0
    while True:
        if found := _PROLOG.match(text, at):
            at = found.end()
        elif declared := _DECLARATION.match(text, at):
            if declared[1].upper() != "DOCTYPE" or declared[3] != ">":
                raise Refused("declares entities or a document type of its own, which is refused")
            at = declared.end()
        else:
            return at


def _first_items(text: str) -> tuple[str, tuple[str, ...]]:
    starts = sum(1 for _ in _ITEM_START.finditer(text))
    if starts <= MAX_ITEMS:
        return text, ()
    cut = last = 0
    for count, end in enumerate(_ITEM_END.finditer(text), start=1):
        last = end.end()
        if count == MAX_ITEMS:
            cut = last
    if cut == 0:
        raise Refused(f"opens {starts:,} items and closes too few of them")
    return text[:cut] + text[last:], (f"only the first {MAX_ITEMS} of {starts:,} items were read",)


def _whole_items(text: str, markup: str) -> str | None:
    """A feed that breaks off with no more than its whole items; `None` where it does not, or is none."""
    first = _TAG.search(markup)
    root = first[0].strip("</>").split(maxsplit=1)[0] if first and not first[1] and not first[2] else ""
    closes = _ROOTS.get(root.casefold())
    # What was opened and stands here yet is not closed, and nothing behind it is markup.
    told = min((at for opening, _ in _OPAQUE if (at := markup.find(opening)) >= 0), default=len(markup))
    # What closes behind the last item says that there is no more; that a feed forgets to close its root tells nothing.
    last = "channel" if closes == "</channel>" else root
    if closes is None or re.search(rf"</(?:{re.escape(root)}|{re.escape(last)})\s*+>", markup[:told], re.IGNORECASE):
        return None
    end = max((found.end() for found in _ITEM_END.finditer(text)), default=0)
    if not end:
        raise Refused("breaks off before its first item ends", Why.CUT)
    return f"{text[:end]}{closes}</{root}>"


def _check_depth(markup: str) -> None:
    depth = 0
    for tag in _TAG.finditer(markup):
        if tag[1]:
            depth -= 1
        elif not tag[2]:
            depth += 1
            if depth > MAX_DEPTH:
                raise Refused(f"nests more than {MAX_DEPTH:,} elements")


def _markup(text: str) -> str:
    """`text` without its comments and CDATA sections, where a `<` opens nothing."""
    for opening, closing in _OPAQUE:
        kept: list[str] = []
        at = 0
        while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start)) >= 0:
            kept.append(text[at:start])
            at = end + len(closing)
        text = "".join((*kept, text[at:]))
    return text
