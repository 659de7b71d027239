"""The engine that quotes: it selects sentences of the sources and can invent nothing. Needs no model.

Pure counting over some twenty passages, a few milliseconds, so it runs where it is called. Only where no source in the
language of the question says are those in the other language compared with it, which takes an encoder.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from generation.citations import check, cite, dated
from generation.ports import Likeness
from generation.quoting import (
    across,
    agreement,
    bearing,
    conflict,
    deciding,
    following,
    nameless,
    pointed,
    reasons,
    recency,
    refusal,
    retold,
    select,
    siblings,
    spoken,
    untold,
)
from generation.quoting import sides as sides_of
from generation.quoting.candidates import Candidate
from generation.quoting.chronicle import chronicle
from generation.quoting.transcribed import transcribed
from generation.reading import inquiry
from generation.reading.answering import could_answer
from generation.reading.halves import Half, halves
from generation.reading.several import Compared, compared
from generation.reading.terms import is_chinese
from storage.domain.dialogue import Answer, Citation, Question, Sentence
from storage.domain.news import Headline, Hit
from storage.errors import EncoderUnavailable

NAME = "extractive"

# So many sentences say what half of a question asks.
_OF_HALF = 2
# Costs a sentence in another script than the question's as much as a clearly worse match does.
_OTHER_LANGUAGE = 2.0


Elsewhere = Callable[["ExtractiveEngine", Question, Sequence[Hit]], Awaitable[Answer]]
"""Has what an engine writes written somewhere else, as in another process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractiveEngine:
    """Answers with up to three sentences of the sources, word for word, each cited; refuses where they don't say.

    Args:
        threshold: Confidence below which the engine refuses, between 0 and 1.
        likeness: Compares a question with sentences in the other language; without it none are looked for.
        elsewhere: Where the sources are read, if not here.
    """

    threshold: float = 0.5
    likeness: Likeness | None = None
    elsewhere: Elsewhere | None = None

    @property
    def name(self) -> str:
        return NAME

    async def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncGenerator[Sentence | Answer, None]:
        """The sentences, best first, then the whole answer; only the answer where it is a refusal, or is `far`."""
        answer = await self.quoted(question, hits)
        for sentence in () if answer.far else answer.sentences:
            yield sentence
        yield answer

    async def quoted(self, question: Question, hits: Sequence[Hit]) -> Answer:
        """The whole answer at once, in the other language where the sources say in no other."""
        written = None if self.elsewhere is None else await self.elsewhere(self, question, hits)
        answer = written or self.write(question, hits)
        if self.likeness is None:
            return answer
        if not answer.refused:
            answer = replace(answer, nearness=across.nearness(answer, hits))
            return replace(answer, far=across.far(answer))
        answer = replace(answer, nearness=across.known_here(question, hits))
        try:
            told = await self._across(question, hits, self.likeness)
        except EncoderUnavailable:
            return answer
        return told if told is not None and across.is_nearer(told, answer) else answer

    async def _across(self, question: Question, hits: Sequence[Hit], likeness: Likeness) -> Answer | None:
        """What sources in the other language say; `None` where they do not."""
        asked = question
        foreign = across.foreign(question, hits)
        apart = across.standing_out(question, hits)
        if not question.named_there and question.follows is None:
            named = transcribed(question.looked_for, foreign)
            if named != question.looked_for:
                question = replace(question, named_there=named)
                foreign = [replace(hit, similarity=None) for hit in foreign]
        held = across.near(question, foreign, await _similarities(question, foreign, likeness), apart)
        reading, found = across.read(question, held)
        if not found:
            return None
        # What a follow-up leans on is near to all of its story, whatever a sentence says.
        likenesses = await likeness(question.named_there or question.text, [candidate.text for candidate in found])
        said = across.choose(question, reading, found, held, likenesses, apart)
        nearest = max((held[candidate.hit][1] for candidate in said), default=None)
        return replace(
            _answer(asked, reading.hits, said),
            unexplained=across.unexplained(reading, said),
            nearness=nearest,
        )

    def nearest(self, question: Question, hits: Sequence[Hit]) -> tuple[Headline, ...]:
        """The stories to name where the question is not answered."""
        return refusal.nearest(_reading(question, hits))

    def confidence(self, question: Question, hits: Sequence[Hit]) -> float:
        """How likely the sources say, between 0 and 1; a question of its own is refused below `threshold`."""
        reading = _reading(question, hits)
        _, scores, chosen = _choose(reading, question)
        return refusal.confidence(reading, chosen, scores)

    def write(self, question: Question, hits: Sequence[Hit]) -> Answer:
        """The whole answer at once, from sources in the language of the question where they say."""
        return self._of_several(question, hits) or self._of_halves(question, hits) or self._of_one(question, hits)

    def _of_several(self, question: Question, hits: Sequence[Hit]) -> Answer | None:
        """What no sentence can say alone: the course of something, or two side by side; `None` where not asked."""
        if (told := chronicle(question, hits)) is not None:
            return _checked(question, hits, *told)
        sides = compared(question.text)
        if sides is None:
            return None
        brought = sides_of.brought_by(sides, hits) if sides.on else {}
        said: dict[str, list[tuple[str, Hit]]] = {}
        for side in (sides.one, sides.other):
            if outlet := brought.get(side):
                beside = [text for quotes in said.values() for text, _ in quotes]
                said[side] = self._of_outlet(question, outlet, sides.on, beside)
            else:
                said[side] = self._on_side(question, hits, side, sides)
        unsaid = [side for side, quotes in said.items() if not quotes]
        quotes = [quote for quotes in said.values() for quote in quotes]
        return replace(_checked(question, hits, *cite(quotes)), untold="".join(unsaid)) if quotes else None

    def _on_side(self, question: Question, hits: Sequence[Hit], side: str, sides: Compared) -> list[tuple[str, Hit]]:
        """What is said of one of two; nothing where that is too doubtful."""
        asked = _put(question, f"{side} {sides.on}")
        reading = _reading(asked, hits)
        found, scores, chosen = _choose(reading, asked)
        quotes = sides_of.best(reading, found, scores, side, sides)
        return self._unless_doubtful(reading, quotes, chosen, scores)

    def _of_outlet(
        self, question: Question, hits: Sequence[Hit], on: str, beside: Sequence[str]
    ) -> list[tuple[str, Hit]]:
        """What an outlet says of a matter, of which another says what is `beside`; nothing where that is doubtful."""
        asked = _put(question, on)
        reading = _reading(asked, hits)
        found, scores, chosen = _choose(reading, asked)
        return self._unless_doubtful(reading, sides_of.foremost(reading, found, scores, beside), chosen, scores)

    def _of_halves(self, question: Question, hits: Sequence[Hit]) -> Answer | None:
        """What is said on either half of a question that asks two things; `None` where not, or where on neither."""
        two = halves(question.text) if question.follows is None else None
        if two is None:
            return None
        one, other = two
        first = self._on_half(question, hits, one)
        quoted = {hit.passage.headline.id for _, hit in first}
        # What leans on the first half is told where that is, if anywhere.
        same = [hit for hit in hits if hit.passage.headline.id in quoted]
        second = (self._on_half(question, same, other) if same else []) or self._on_half(question, hits, other)
        quotes = list(dict.fromkeys((*first[:1], *second[:1])))
        if first and second and len(quotes) == 1:
            # Of what tells both in one, more may be told.
            quotes = list(dict.fromkeys((*quotes, *first, *second)))[: select.MOST_SENTENCES]
        unsaid = "".join(half.text for half, said in ((one, first), (other, second)) if not said)
        return replace(_checked(question, hits, *cite(quotes)), untold=unsaid) if quotes else None

    def _on_half(self, question: Question, hits: Sequence[Hit], half: Half) -> list[tuple[str, Hit]]:
        """What is said on half of a question; nothing where that is doubtful, or no such thing as it asks for."""
        asked = _put(question, half.text)
        reading = _reading(asked, hits, half.about)
        _, scores, chosen = _choose(reading, asked)
        such = [each for each in chosen if could_answer(reading.inquiry, each.text)]
        if nameless.unnamed(reading, chosen):
            return []
        return self._unless_doubtful(reading, such[:_OF_HALF], chosen, scores)

    def _unless_doubtful(
        self, reading: select.Reading, quotes: Sequence[Candidate], chosen: Sequence[Candidate], scores: Sequence[float]
    ) -> list[tuple[str, Hit]]:
        if refusal.confidence(reading, chosen, scores) < self.threshold:
            return []
        return [(quote.text, reading.hits[quote.hit]) for quote in quotes]

    def _of_one(self, question: Question, hits: Sequence[Hit]) -> Answer:
        reading = _reading(question, hits)
        found, scores, chosen = _choose(reading, question)
        # What is left of a follow-up's candidates says what it asks for; a question of its own is judged by all it met.
        sure = question.follows is not None or refusal.confidence(reading, chosen, scores) >= self.threshold
        if not chosen or not sure or spoken.unheard(reading, chosen) or nameless.unnamed(reading, chosen):
            return Answer(question=question, nearest=refusal.nearest(reading), engine=NAME)
        on_it = bearing.on_it(reading, recency.in_order(reading, chosen))
        said, conflicting = conflict.with_rival(reading, found, scores, on_it)
        unexplained = reasons.asks(reading) and not reasons.given(reading, said)
        quotes = [(candidate.text, hits[candidate.hit]) for candidate in said]
        if (newer := retold.newer_figure(question, hits, quotes)) is not None:
            quotes = [newer, *(quote for quote in quotes if quote[0] != newer[0])]
        answer = _checked(question, hits, *cite(quotes))
        return replace(answer, conflicting=conflicting, unexplained=unexplained)


def _put(question: Question, text: str) -> Question:
    """A question as if only `text` had been asked."""
    return replace(question, text=text, standalone=text, follows=None, told_as="")


def _answer(question: Question, hits: Sequence[Hit], said: Sequence[Candidate]) -> Answer:
    """What was chosen of `hits`, cited, and checked."""
    return _checked(question, hits, *cite((candidate.text, hits[candidate.hit]) for candidate in said))


def _checked(
    question: Question, hits: Sequence[Hit], sentences: tuple[Sentence, ...], citations: tuple[Citation, ...]
) -> Answer:
    answer = Answer(
        question=question,
        sentences=sentences,
        citations=citations,
        told_in=across.told_in(question, sentences),
        engine=NAME,
    )
    return check(dated(answer), hits).answer


async def _similarities(question: Question, hits: Sequence[Hit], likeness: Likeness) -> list[float]:
    """How near passages are to the question: as the search found, which does not always tell."""
    known = [hit.similarity for hit in hits]
    unknown = [hit.passage.text for hit in hits if hit.similarity is None]
    told = iter(await likeness(question.named_there or question.looked_for, unknown) if unknown else ())
    return [next(told) if similarity is None else similarity for similarity in known]


def _reading(question: Question, hits: Sequence[Hit], about: str = "") -> select.Reading:
    return select.read_hits(inquiry.read(question.text, about or _context(question)), hits, question.asked_at)


def _choose(reading: select.Reading, question: Question) -> tuple[list[Candidate], list[float], list[Candidate]]:
    """What was found, how it scores, and what of it was chosen, best first."""
    named = agreement.agreeing(reading) - across.strangers(question, reading.hits) - siblings.told(reading)
    found = [candidate for candidate in select.candidates(reading) if candidate.hit in named]
    chinese = reading.inquiry.chinese
    scores = [
        value - _OTHER_LANGUAGE * (is_chinese(candidate.text) != chinese)
        for value, candidate in zip(select.score(select.features(reading, found), chinese=chinese), found, strict=True)
    ]
    bonuses = [each.bonuses(reading, found) for each in (recency, reasons, pointed, deciding, untold, spoken, nameless)]
    scores = [sum(values) for values in zip(scores, *bonuses, strict=True)]
    if question.follows is not None:
        found, scores = following.narrow(reading, found, scores, question.follows)
    return found, scores, select.choose(found, scores)


def _context(question: Question) -> str:
    """What a follow-up leans on: what is looked for without its own words."""
    return "" if question.follows is None else question.looked_for.removeprefix(question.text)
