"""Documents and their summaries as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.domain.dialogue import Citation, ConversationId, Lapse, Sentence
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.times import require_aware

WORDS = 120
"""How long a summary is unless somebody wants it otherwise; two Chinese characters count as a word."""
GIVEN = "given:"
"""What the id of a document begins with that a reader gave; no article has such an id."""
FEWEST_WORDS = 30
"""The shortest that can be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text somebody gave to read: a page, a file.

    Args:
        text: Clean text, a paragraph or a heading a line.
        title: What it calls itself, where it does.
        url: Where it can be opened; `None` for a file.
    """

    text: str
    title: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenDocument:
    """A document that a reader gave to read in a conversation, kept for what they ask of it, and for nobody else.

    A later one takes its place.
    """

    reader: ReaderId
    conversation: ConversationId
    document: Document
    at: datetime

    def __post_init__(self) -> None:
        require_aware(self.at, "at")

    @property
    def id(self) -> ArticleId:
        """What citations and turns name it by."""
        return ArticleId(f"{GIVEN}{self.at.timestamp():.6f}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a summary rests on: `document.text[start:end] == text`.

    `n` is the number shown as [n], from 1 in the document's order; `sentence` the index, from 0, among the document's
    sentences of the one it stands in.
    """

    n: int
    text: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What a part of a long document says; `title` is its heading, where it has one."""

    title: str | None
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a document says, in the document's order, each sentence with the quotes it rests on.

    Args:
        text: The sentences as one paragraph.
        sentences: Empty where the document has no sentence that tells anything.
        quotes: Numbered 1, 2, 3 …; each is used, by `sentences` or by `sections`.
        sections: Of a long document, its parts in order; empty for a short one.
        engine: Who wrote it.
        lapse: Why the model that was to write it did not, or not to its end.
    """

    text: str
    sentences: tuple[Sentence, ...]
    quotes: tuple[Quote, ...]
    sections: tuple[Section, ...] = ()
    engine: str
    lapse: Lapse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryHeadline:
    """What a story is called in one line.

    Args:
        text: Without a full stop; empty where no article has a title or a text that would do.
        articles: Those whose title it is, or whose opening bears it out.
        engine: Who wrote it.
        lapse: Why the model that was to write it did not.
    """

    text: str
    articles: tuple[ArticleId, ...]
    engine: str
    lapse: Lapse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """A story in a line or a few, what happened first. Every number in a line is the `n` of one of `citations`.

    Args:
        lines: Each can be read alone; empty where the sources say nothing that can.
        citations: Numbered from 1; each is used.
        engine: Who wrote it.
        lapse: Why the model that was to write it did not, or not to its end.
    """

    lines: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    engine: str
    lapse: Lapse | None = None
