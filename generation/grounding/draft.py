"""What stands of an answer that a model writes: each of its claims that a passage supports, or the passage's own words.

Nothing else of a model's text becomes part of an answer: numbers choose among the passages it was shown, and every
title, link and quote is the passage's.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain

from generation.citations import Citations, check, dated
from generation.grounding.claims import LONGEST_CLAIM, Claim
from generation.grounding.support import Fault, Source, Support, support
from generation.prompts import NO_ANSWER
from generation.quoting.across import bearing, told_in
from generation.quoting.boilerplate import is_boilerplate
from generation.quoting.candidates import ASKS, UNQUOTABLE
from storage.domain.dialogue import Answer, Citation, Lapse, Question, Sentence
from storage.domain.news import Hit
from storage.errors import GenerationError, ModelBusy, ModelSpent

log = logging.getLogger(__name__)

MOST_SENTENCES = 6
"""A reader takes in no more."""
# A claim that is doubted is replaced by what it rests on, where it rests on it at least this much.
_RESTS = 0.4
# A claim is held against so many passages that it does not name.
_MOST_OTHERS = 16
_REFUSES = re.compile(
    rf"^\W*(?-i:{NO_ANSWER})\W*$"
    r"|\b(?:passages?|sources?|context|texts?|information provided)\b.{0,60}?\b(?:do|does|did)(?: not|n['’]t)\b.{0,40}?"
    r"\b(?:say|mention|contain|provide|specify|answer|state|include|give|tell)"
    r"|(?:资料|段落|文章|来源|信息|原文)[中里]?.{0,8}?(?:没有|并?未|不)(?:提|说|包含|给出|涉及|回答|明确)|无法回答",
    re.IGNORECASE,
)


class Draft:
    """An answer as far as it has been written.

    Args:
        hits: What the model was shown, in the order of its numbers.
        most: Sentences that are wanted.
    """

    def __init__(self, hits: Sequence[Hit], *, most: int = MOST_SENTENCES) -> None:
        self.sentences: list[Sentence] = []
        self.faults: Counter[Fault] = Counter()
        self.refuses = False
        self.believed = False
        self.lapse: Lapse | None = None
        self._most = most
        self._sources = [Source(hit) for hit in hits]
        self._citations = Citations()
        self._said: set[str] = set()

    @property
    def done(self) -> bool:
        """Whether nothing more is wanted of the model."""
        return self.refuses or len(self.sentences) >= self._most

    @contextmanager
    def lapses(self, model: str) -> Iterator[None]:
        """Take down how a model fails within, and what of its claims was doubted."""
        try:
            yield
        except ModelBusy:
            self.lapse = Lapse.BUSY
        except ModelSpent:
            self.lapse = Lapse.SPENT
        except TimeoutError:
            self.lapse = Lapse.SLOW
        except GenerationError as error:
            log.info("model_failed", extra={"model": model, "reason": error.reason})
            self.lapse = Lapse.FAILED
        if self.faults:
            doubted = {fault.name.lower(): n for fault, n in self.faults.items()}
            log.info("claims_doubted", extra={"model": model, "faults": doubted})

    def take(self, claim: Claim) -> Sentence | None:
        """The sentence that a claim becomes; `None` where nothing of it stands."""
        doubted: list[tuple[Support, Source]] = []
        for source in self._named_first(claim):
            found = support(claim.text, source)
            if not found.faults:
                self.believed = True
                return self._stands(claim.text, found.quote, source)
            if (quote := bearing(claim.text, source.hit)) is not None and not _unfit(quote):
                self.believed = True
                return self._stands(quote, quote, source)
            doubted.append((found, source))
        if not self.sentences and _REFUSES.search(claim.text):
            self.refuses = True
            return None
        if not doubted:
            return None
        self.faults.update(doubted[0][0].faults)
        found, source = max(doubted[: len(claim.numbers)] or doubted, key=lambda each: each[0].share)
        rests = found.share >= _RESTS and not _unfit(found.quote)
        return self._stands(found.quote, found.quote, source) if rests else None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """What the sentences rest on."""
        return self._citations.all()

    def quote(self, text: str, hit: Hit) -> Sentence | None:
        """Words of a passage as a sentence, where they were not said yet."""
        if any(citation.quote == text for citation in self.citations):
            return None
        sentence = Sentence(text=text, citations=(self._citations.number(text, hit),))
        self.sentences.append(sentence)
        return sentence

    def answer(self, question: Question, engine: str, hits: Sequence[Hit]) -> Answer:
        """What stands, as an answer whose citations have been checked against all `hits`."""
        written = Answer(
            question=question,
            sentences=tuple(self.sentences),
            citations=self.citations,
            lapse=self.lapse and Lapse.CUT,
            told_in=told_in(question, self.sentences),
            engine=engine,
        )
        return check(dated(written), hits).answer

    def _named_first(self, claim: Claim) -> Iterator[Source]:
        """The passages that a claim names, then the others: a wrong number is no reason to leave out what is true."""
        named = [n - 1 for n in claim.numbers if 0 < n <= len(self._sources)]
        others = (i for i in range(min(len(self._sources), _MOST_OTHERS)) if i not in named)
        return (self._sources[i] for i in chain(named, others))

    def _stands(self, text: str, quote: str, source: Source) -> Sentence | None:
        if text in self._said:
            return None
        self._said.add(text)
        sentence = Sentence(text=text, citations=(self._citations.number(quote, source.hit),))
        self.sentences.append(sentence)
        return sentence


def _unfit(quote: str) -> bool:
    """Whether words of a passage are none to be quoted."""
    return len(quote) > LONGEST_CLAIM or is_boilerplate(quote) or any(bad.search(quote) for bad in (ASKS, UNQUOTABLE))
