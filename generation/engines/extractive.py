"""The engine that quotes: it selects sentences of the sources and can invent nothing. Needs no model.

Pure counting over some twenty passages, a few milliseconds, so it runs where it is called.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from generation.citations import check, cite, dated
from generation.quoting import agreement, conflict, following, reasons, recency, refusal, select
from generation.quoting.candidates import Candidate
from generation.reading import inquiry
from generation.reading.terms import is_chinese
from storage.domain.dialogue import Answer, Question, Sentence
from storage.domain.news import Headline, Hit

NAME = "extractive"

# Costs a sentence in another script than the question's as much as a clearly worse match does.
_OTHER_LANGUAGE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractiveEngine:
    """Answers with up to three sentences of the sources, word for word, each cited; refuses where they don't say.

    Args:
        threshold: Confidence below which the engine refuses, between 0 and 1.
    """

    threshold: float = 0.5

    @property
    def name(self) -> str:
        return NAME

    async def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncGenerator[Sentence | Answer, None]:
        """The sentences, best first, then the whole answer; only the answer where it is a refusal."""
        answer = self.write(question, hits)
        for sentence in answer.sentences:
            yield sentence
        yield answer

    def nearest(self, question: Question, hits: Sequence[Hit]) -> tuple[Headline, ...]:
        """The stories to name where the question is not answered."""
        return refusal.nearest(_reading(question, hits))

    def confidence(self, question: Question, hits: Sequence[Hit]) -> float:
        """How likely the sources say, between 0 and 1; a question of its own is refused below `threshold`."""
        reading = _reading(question, hits)
        _, scores, chosen = _choose(reading, question)
        return refusal.confidence(reading, chosen, scores)

    def write(self, question: Question, hits: Sequence[Hit]) -> Answer:
        """The whole answer at once."""
        reading = _reading(question, hits)
        found, scores, chosen = _choose(reading, question)
        # What is left of a follow-up's candidates says what it asks for; a question of its own is judged by all it met.
        sure = question.follows is not None or refusal.confidence(reading, chosen, scores) >= self.threshold
        if not chosen or not sure:
            return Answer(question=question, nearest=refusal.nearest(reading), engine=NAME)
        said, conflicting = conflict.with_rival(reading, found, scores, recency.in_order(reading, chosen))
        sentences, citations = cite((candidate.text, hits[candidate.hit]) for candidate in said)
        answer = dated(
            Answer(
                question=question,
                sentences=sentences,
                citations=citations,
                conflicting=conflicting,
                unexplained=reasons.asks(reading) and not reasons.given(reading, said),
                engine=NAME,
            )
        )
        return check(answer, hits).answer


def _reading(question: Question, hits: Sequence[Hit]) -> select.Reading:
    return select.read_hits(inquiry.read(question.text, _context(question)), hits, question.asked_at)


def _choose(reading: select.Reading, question: Question) -> tuple[list[Candidate], list[float], list[Candidate]]:
    """What was found, how it scores, and what of it was chosen, best first."""
    named = agreement.agreeing(reading)
    found = [candidate for candidate in select.candidates(reading) if candidate.hit in named]
    chinese = reading.inquiry.chinese
    scores = [
        value - _OTHER_LANGUAGE * (is_chinese(candidate.text) != chinese)
        for value, candidate in zip(select.score(select.features(reading, found), chinese=chinese), found, strict=True)
    ]
    bonuses = zip(recency.bonuses(reading, found), reasons.bonuses(reading, found), strict=True)
    scores = [a + b + c for a, (b, c) in zip(scores, bonuses, strict=True)]
    if question.follows is not None:
        found, scores = following.narrow(reading, found, scores, question.follows)
    return found, scores, select.choose(found, scores)


def _context(question: Question) -> str:
    """What a follow-up leans on: its standalone form without its own words."""
    return "" if question.follows is None else question.standalone.removeprefix(question.text)
