"""A conversation as values: questions, cited answers, turns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NewType

from storage.domain.news import ArticleId, Headline, Part
from storage.domain.times import require_aware

ConversationId = NewType("ConversationId", str)

STALE_AFTER = timedelta(days=14)
"""A story has gone on by then, or has ended; an answer that rests on nothing newer says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A source of an answer. `quote` stands verbatim in the article; `n` is the number shown as [n], from 1."""

    n: int
    article_id: ArticleId
    title: str
    quote: str
    url: str | None = None
    source: str | None = None
    published: datetime | None = None

    def __post_init__(self) -> None:
        require_aware(self.published, "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of an answer and the numbers of the citations it rests on, never empty in an answer.

    `apart` says that it stands on a line of its own, as what a day brought does, rather than in a paragraph.
    """

    text: str
    citations: tuple[int, ...]
    apart: bool = False


def marked(sentence: Sentence) -> str:
    """A sentence with its marks, [1], as plain text."""
    return sentence.text + "".join(f" [{n}]" for n in sentence.citations)


COMMANDED = "/"
"""What the question of a turn begins with that is a list shown by a command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One exchange of a conversation, as later questions need it.

    `question` is what the reader wrote, `standalone` the same made complete from what went before, `cited` the
    articles the answer rested on.
    """

    question: str
    standalone: str
    answer: str
    cited: tuple[ArticleId, ...]
    at: datetime

    def __post_init__(self) -> None:
        require_aware(self.at, "at")

    @property
    def commanded(self) -> bool:
        """Whether it is a list shown by a command: it goes on by a word, and nobody asked a question by it."""
        return self.question.startswith(COMMANDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, made complete from the conversation, and the time it is asked at.

    `language` is the language of what the reader wrote (ISO 639-1), in which the reply is framed. `follows` is the turn
    it leans on, `None` where it stands on its own; then `standalone` is `text`, but for names it misspells. `told_as`
    is what an article in the language of the question calls what it leans on, empty where that is not needed: a
    stranger's words, to look for and to compare with, never to be shown to a model, kept, or learnt from. So is
    `named_there`: what is looked for, with its names as sources in the other language write them. Days are told by
    `zone`, where `None` is this machine's.
    """

    text: str
    language: str
    asked_at: datetime
    standalone: str
    follows: Turn | None = None
    told_as: str = ""
    named_there: str = ""
    zone: tzinfo | None = UTC

    def __post_init__(self) -> None:
        require_aware(self.asked_at, "asked_at")

    @property
    def looked_for(self) -> str:
        """What is searched for: `standalone`, with what it leans on in the words of `told_as` where it has any."""
        return f"{self.text} ({self.told_as})" if self.told_as else self.standalone


class Remark(StrEnum):
    """What the bot says of itself where nothing was asked of the news; the value is the key of its sentence."""

    GREETING = "remark_greeting"
    THANKS = "remark_thanks"
    FAREWELL = "remark_farewell"
    ABOUT = "remark_about"
    NO_MORE = "remark_no_more"


class Lapse(StrEnum):
    """What a language model did that was to write an answer: nothing, nothing that its sources say, or half of it.

    `SPENT` is where it may write no more that day.
    """

    BUSY = "busy"
    SLOW = "slow"
    FAILED = "failed"
    UNSOUND = "unsound"
    CUT = "cut"
    SPENT = "spent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A cited answer, a refusal with the nearest stories, or a remark of the bot's own.

    Every number in `sentences` is the `n` of one of `citations`, and every citation is used. A refusal has neither and
    may name `nearest` stories; a remark has nothing else. `as_of` is the newest published time among the citations.
    `listing` says that the sentences are of as many stories, newest first, rather than an answer together; `topic` is
    what these had to be about, in the reader's words, empty where anything would do; `hottest` says that those come
    first that most outlets tell of, `stories` are their numbers then and `names` what they are called, as wherever they
    are listed, and something was told of them in so much time (`lately`) before `until`, or before the question where
    that is `None`; `otherwise` that they are of another time than was asked for, of which there is nothing.
    `conflicting` says that sources differ on what was asked for, `unexplained` that it was asked why, and they tell of
    it without a reason. `told_in` is the language (ISO 639-1) of what is quoted where that is not the question's,
    and `told_here` says that sources in that of the question tell of it, though not this. `nearness` is the cosine of
    the question to the nearest passage of what is quoted, where that is known, and `far` says that sources in the other
    language may tell better by that. `untold` is that of two which were to be compared, or half of what was asked, in
    the reader's words, of which nothing is told; empty otherwise. `meant` is the question with its names as the sources
    spell them, where nothing was found as it was put, and this is the reply to that; empty otherwise.
    `lapse` says that a model failed: the answer was written without it, or only what stands here by it. `without` are
    the parts of the search that failed. `given` says that it is of a document that its reader gave to read, and tells
    nothing of the news.
    """

    question: Question
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Headline, ...] = ()
    as_of: datetime | None = None
    remark: Remark | None = None
    listing: bool = False
    topic: str = ""
    hottest: bool = False
    stories: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    lately: timedelta = timedelta(0)
    until: datetime | None = None
    otherwise: bool = False
    conflicting: bool = False
    unexplained: bool = False
    told_in: str | None = None
    told_here: bool = False
    nearness: float | None = None
    far: bool = False
    untold: str = ""
    meant: str = ""
    lapse: Lapse | None = None
    without: frozenset[Part] = frozenset()
    given: bool = False
    engine: str

    def __post_init__(self) -> None:
        require_aware(self.as_of, "as_of")

    @property
    def refused(self) -> bool:
        """Whether the sources did not say."""
        return not self.sentences and self.remark is None

    @property
    def stale_for(self) -> timedelta | None:
        """How old the newest source is, where even that is old."""
        age = self.question.asked_at - self.as_of if self.as_of is not None and not self.listing else timedelta(0)
        return age if age >= STALE_AFTER else None

    @property
    def text(self) -> str:
        """The sentences with their [n] marks, as plain text; empty for a refusal."""
        return " ".join(map(marked, self.sentences))

    @property
    def turn(self) -> Turn | None:
        """The exchange as it is remembered; `None` where nothing was asked that could be asked on from."""
        if self.remark is not None:
            return None
        return Turn(
            question=self.question.text,
            standalone=self.question.standalone,
            answer=self.text,
            cited=tuple(dict.fromkeys(citation.article_id for citation in self.citations)),
            at=self.question.asked_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """How long a reply took, each from the moment the question was put."""

    retrieve: timedelta
    first_token: timedelta
    total: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the reader gets: the answer and how long it took."""

    answer: Answer
    timings: Timings
