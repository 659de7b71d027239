"""A text as statements, the sentences that tell something, and their clauses; all of them spans of the text.

What belongs to the page rather than to the story is left out: bylines, datelines, captions, headings, notes of the
editors, questions, and orders to whoever reads. Knows nothing of what is worth telling.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generation.quoting.boilerplate import notes
from generation.quoting.candidates import ASKS, UNQUOTABLE, bare
from generation.reading.orders import is_order
from generation.reading.terms import is_chinese, terms
from storage.domain.sentences import sentences

_WORDS_PER_NOTE = 30
"""A sentence that has more words to each one that notes of the page have is no such note."""
_LONGEST_HEADING = 14
_SHORTEST_LINE = 3
"""Of a text that has no sentences, a line of fewer words tells nothing."""

_LABEL = re.compile(
    r"(?:\d{1,2}[.)]\s|【[^】\n]{2,40}】|\[[^\]\n]{2,40}\]|[^，。：\n]{0,30}?(?:供图|资料图片?))[\s　]*"
)
_ENDS = re.compile(r"[.!。！？…；;][\"”’』」》】)）]*$")
_HEADING_MARK = re.compile(r"#{1,6}\s+")
_NO_HEADING = re.compile(r"[,，:：=|<>]|^[a-z\W]")
# What an article says of itself and of who wrote it.
_ABOUT_ARTICLE = re.compile(
    r"^(?:corrections?|clarifications?|an earlier version)\b|\bcovers (?:[\w-]+,? ){1,8}for\b"
    r"|\bis an? (?:[\w-]+ ){0,4}(?:reporter|writer|correspondent|columnist)\b",
    re.IGNORECASE,
)
# What formulas, tables and programs are made of, and prose is not.
_SYMBOL = re.compile(r"[`=<>\[\]{}|\\_*+#@^~\u2190-\u21ff\u2500-\u259f]")
_MOST_SYMBOLS = 0.05
# A longer stretch without a comma is cut after thirty words, none of which is longer than any real one.
_STRETCH = {True: re.compile(r"(?:\S\s*){1,60}"), False: re.compile(r"(?:\S{1,40}\s*){1,30}")}

_SEPARATORS = frozenset("，；：,;:")
_OPENING = frozenset("“‘（(《【「『[")
_CLOSING = frozenset("”’）)》】」』]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """`text[start:end]`: a stretch of a statement up to behind its next comma."""

    start: int
    end: int
    words: float
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a sentence tells: its clauses, which follow one another without a gap.

    `sentence` is its index among the sentences of the text.
    """

    sentence: int
    clauses: tuple[Clause, ...]

    @property
    def words(self) -> float:
        """How long it is."""
        return sum(clause.words for clause in self.clauses)


def word_count(text: str, *, chinese: bool) -> float:
    """How long `text` is in words; two characters of Chinese count as one."""
    return len("".join(text.split())) / 2 if chinese else float(len(text.split()))


def statements(text: str) -> list[Statement]:
    """What `text` tells, in its order; the lines of one that has no sentences, such as a list."""
    chinese = is_chinese(text)
    spans = sentences(text)
    told = [_told(text[start:end], chinese=chinese) for start, end in spans]
    if not any(told):
        told = [_line(text[start:end], chinese=chinese) for start, end in spans]
    return [
        Statement(
            sentence=index,
            clauses=tuple(_clauses(text, start + span[0], start + span[1], chinese=chinese)),
        )
        for index, ((start, _), span) in enumerate(zip(spans, told, strict=True))
        if span is not None
    ]


def heading(line: str) -> str | None:
    """The heading that a line is, without its mark; `None` for any other line."""
    bare = line.strip()
    marked = _HEADING_MARK.match(bare)
    if marked:
        return bare[marked.end() :].strip() or None
    if _ENDS.search(bare) or _NO_HEADING.search(bare) or not any(map(str.isalpha, bare)):
        return None
    return bare if word_count(bare, chinese=is_chinese(bare)) <= _LONGEST_HEADING else None


def _told(sentence: str, *, chinese: bool) -> tuple[int, int] | None:
    """The span of what a sentence tells, without datelines and labels before it; `None` where that is nothing."""
    span = _line(sentence, chinese=chinese)
    if span is None:
        return None
    bare = sentence[span[0] : span[1]]
    words = word_count(bare, chinese=chinese)
    noted = notes(bare) + sum(1 for _ in _ABOUT_ARTICLE.finditer(bare))
    is_note = words <= noted * _WORDS_PER_NOTE
    is_heading = words <= _LONGEST_HEADING and not _ENDS.search(bare)
    return None if is_note or is_heading or breaks_quotation(bare) else span


def breaks_quotation(sentence: str) -> bool:
    """Whether a quotation goes on beyond the sentence, which alone does not say who speaks."""
    return sentence.count("“") != sentence.count("”") or sentence.count('"') % 2 == 1


def _line(sentence: str, *, chinese: bool) -> tuple[int, int] | None:
    """The span of what can be quoted of a sentence or a line."""
    told = bare(sentence)
    labelled = _LABEL.match(told)
    if labelled:
        told = bare(told[labelled.end() :])
    if word_count(told, chinese=chinese) < _SHORTEST_LINE or UNQUOTABLE.search(told):
        return None
    if ASKS.search(told) or is_order(told):
        return None
    if len(_SYMBOL.findall(told)) > _MOST_SYMBOLS * len(told):
        return None
    # What was taken off stood in front, or is white space behind.
    end = len(sentence.rstrip())
    return end - len(told), end


def _clauses(text: str, start: int, end: int, *, chinese: bool) -> Iterator[Clause]:
    for begin, stop in _between_commas(text, start, end):
        for stretch in _STRETCH[chinese].finditer(text, begin, stop):
            piece = stretch.group()
            yield Clause(
                start=stretch.start(),
                end=stretch.end(),
                words=word_count(piece, chinese=chinese),
                terms=tuple(terms(piece)),
            )


def _between_commas(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans that end behind a comma or a colon outside of quotes and brackets, and behind the space that follows it."""
    depth = 0
    begin = at = start
    while at < end:
        character = text[at]
        at += 1
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(0, depth - 1)
        elif depth == 0 and character in _SEPARATORS and (not character.isascii() or text[at : at + 1].isspace()):
            while at < end and text[at].isspace():
                at += 1
            yield begin, at
            begin = at
    if begin < end:
        yield begin, end
