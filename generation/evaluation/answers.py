"""How good the replies to judged questions are: what they hold, when they refuse, whether quotes stand in their source.

Scores come one by one under the names of their metrics, so that whoever asked can put intervals on them. Knows nothing
of where the questions came from or how an answer text is compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from storage.domain.dialogue import Answer, Sentence
from storage.domain.news import ArticleId, Headline, Hit, Passage, PassageId
from storage.domain.progress import Progress
from storage.domain.times import require_aware

_NEVER = datetime.min.replace(tzinfo=UTC)
MOST_WORDS = 60
"""A reply may be this long, in words, or in pairs of Chinese characters, to count as holding an answer."""

TextOf = Callable[[ArticleId], Awaitable[str | None]]
"""The text of an article as it is stored; `None` where there is no such article."""
Holds = Callable[[str, Sequence[str]], bool]
"""Whether a text holds any of the answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a line of a course must say: of that day, and holding any of the texts."""

    day: date
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A question and what a right reply to it is.

    Args:
        answers: Texts any of which is the answer; empty where it is not known, or not to be looked for word for word.
        unanswerable: Whether the sources do not say, so that only a refusal is right.
        asked_until: The moment it was asked: nothing published later may be used.
        passages: All that may be read for it, best first; empty where the sources are to be searched.
        course: What each day brought, where it asks how something went.
        sides: Of each of two that it compares, texts any of which tells of it.
    """

    text: str
    answers: tuple[str, ...] = ()
    unanswerable: bool = False
    asked_until: datetime | None = None
    passages: tuple[str, ...] = ()
    course: tuple[Told, ...] = ()
    sides: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        require_aware(self.asked_until, "asked_until")


Ask = Callable[[AskedQuestion], Awaitable[Answer]]
"""The answer to a question, as if at the time it was asked; its own passages are given as `hits` makes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersReport:
    """What the evaluation found.

    Args:
        n: Questions asked.
        scores: 0 or 1 for each thing judged, by metric: `contains` for each question with known answers,
            `refused_unanswerable` and `refused_answerable` for each of those, `quote_verbatim` for each citation and
            `sentence_cited` for each sentence; `moment_told` for each moment of a course, `moment_right` for each line
            of the reply to it, and `in_order` for each course; `side_told` for each side of a comparison. A metric with
            nothing to judge is missing.
    """

    n: int
    scores: Mapping[str, tuple[float, ...]]


async def evaluate_answers(
    ask: Ask, text_of: TextOf, holds: Holds, questions: Sequence[AskedQuestion], progress: Progress
) -> AnswersReport:
    """Ask every question, as if at the time it was asked, and judge each reply."""
    scores: dict[str, list[float]] = defaultdict(list)
    for done, question in enumerate(questions, start=1):
        answer = await ask(question)
        for name, right in _judged(question, answer, holds):
            scores[name].append(float(right))
        for citation in answer.citations:
            text = _given(question).get(citation.article_id) or await text_of(citation.article_id)
            scores["quote_verbatim"].append(float(text is not None and bool(citation.quote) and citation.quote in text))
        progress("questions", done, len(questions))
    return AnswersReport(n=len(questions), scores={name: tuple(each) for name, each in scores.items()})


def hits(question: AskedQuestion) -> tuple[Hit, ...]:
    """The passages of a question as if found, each an article of its own without a title or a date."""
    return tuple(
        Hit(
            passage=Passage(
                id=PassageId(rank),
                position=0,
                text=text,
                headline=Headline(id=_name(rank), title="", first_seen=_NEVER, group=_name(rank)),
            ),
            score=1 / (1 + rank),
        )
        for rank, text in enumerate(question.passages)
    )


def _given(question: AskedQuestion) -> dict[ArticleId, str]:
    return {_name(rank): text for rank, text in enumerate(question.passages)}


def _name(rank: int) -> ArticleId:
    return ArticleId(f"passage-{rank}")


def _judged(question: AskedQuestion, answer: Answer, holds: Holds) -> Iterator[tuple[str, bool]]:
    yield ("refused_unanswerable" if question.unanswerable else "refused_answerable"), answer.refused
    if question.answers and not question.unanswerable:
        said = " ".join(sentence.text for sentence in answer.sentences)
        yield "contains", _is_short(said) and holds(said, question.answers)
    known = {citation.n for citation in answer.citations}
    for sentence in answer.sentences:
        yield "sentence_cited", bool(sentence.citations) and known.issuperset(sentence.citations)
    yield from _course(question, answer, holds)
    for side in question.sides:
        yield "side_told", any(holds(sentence.text, side) for sentence in answer.sentences)


def _course(question: AskedQuestion, answer: Answer, holds: Holds) -> Iterator[tuple[str, bool]]:
    """Whether each moment is told as of its day, each line tells one, and the days are those of the sources, in order.

    Of a reply that is no course, no line counts as one.
    """
    if not question.course:
        return
    lines = [(_day(sentence, answer), sentence.text) for sentence in answer.sentences]

    def tells(line: tuple[date | None, str], moment: Told) -> bool:
        return line[0] == moment.day and holds(line[1], moment.holds)

    for moment in question.course:
        yield "moment_told", any(tells(line, moment) for line in lines)
    for line in lines:
        yield "moment_right", any(tells(line, moment) for moment in question.course)
    days = [day for day, _ in lines if day is not None]
    yield "in_order", bool(days) and len(days) == len(lines) and days == sorted(days)


def _day(sentence: Sentence, answer: Answer) -> date | None:
    """The day that a line begins with, where that is the day its source was published on."""
    cited = {citation.n: citation.published for citation in answer.citations}
    published = next((cited.get(n) for n in sentence.citations), None)
    given = published is not None and sentence.text.startswith(published.date().isoformat())
    return published.date() if published is not None and given else None


def _is_short(said: str) -> bool:
    """Whether a reply is within the bound; two characters of a script without spaces count as a word."""
    words = said.split()
    unspaced = sum(not character.isascii() and character.isalpha() for character in said) / 2
    return max(len(words), unspaced) <= MOST_WORDS
