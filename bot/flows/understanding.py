"""How a question may be understood in a conversation: as it stands or by what was asked before, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.flows.of_given import Meant
from bot.flows.ports import Completing, Rewrite, Whole
from storage.domain.dialogue import Answer, Question, Turn
from storage.domain.news import ArticleId, Hit
from storage.domain.summaries import GivenDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A question as it is understood.

    Args:
        question: What is looked for and read for. Its text is the reader's, but where it was made whole.
        given: The document of the reader's that it is about; `None` where it is about the news.
        whole: The whole question that was made of it; `None` where it is asked as it was written.
    """

    question: Question
    given: GivenDocument | None = None
    whole: Whole | None = None


def readings(
    rewrite: Rewrite,
    completing: Completing | None,
    asked: str,
    history: Sequence[Turn],
    language: str,
    now: datetime,
    meant: Meant | None,
) -> Iterator[Understood]:
    """The question as it is understood; and should that be refused, otherwise: as one that leans on the turn before.

    First of all as one about the document that its reader gave, where it may be. What leaves out what the question
    before said is asked as a whole question before it is asked as it is; other follow-ups after that.
    """

    def question(text: str, standalone: str) -> Question:
        follows = history[-1] if text != standalone else None
        return Question(text=text, language=language, asked_at=now, standalone=standalone, follows=follows)

    standalone = rewrite(asked, history)
    if meant is not None:
        yield Understood(question=question(asked, standalone if meant.last else asked), given=meant.given)
    whole = completing(asked, history) if completing is not None else None
    if whole is not None:
        yield Understood(question=question(whole.text, whole.text), whole=whole)
    yield Understood(question=question(asked, standalone))
    if standalone == asked and history:
        leaning = rewrite(asked, history, anyway=True)
        if leaning != asked:
            yield Understood(question=question(asked, leaning))
    if completing is not None and whole is None and (whole := completing(asked, history, anyway=True)) is not None:
        yield Understood(question=question(whole.text, whole.text), whole=whole)


def telling(whole: Whole | None, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Those of the passages whose articles, as far as they were found, tell of what a whole question names."""
    if whole is None:
        return tuple(hits)
    found: dict[ArticleId, list[str]] = {}
    for hit in hits:
        headline = hit.passage.headline
        found.setdefault(headline.id, [headline.title]).append(hit.passage.text)
    held = {article for article, texts in found.items() if whole.is_told_by("\n".join(texts))}
    return tuple(hit for hit in hits if hit.passage.headline.id in held)


def as_written(answer: Answer, asked: str, history: Sequence[Turn]) -> Answer:
    """The answer to what the reader wrote, where that was made whole to be answered."""
    if answer.question.text == asked or not history:
        return answer
    return replace(answer, question=replace(answer.question, text=asked, follows=history[-1]))
