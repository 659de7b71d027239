"""Whether a name is asked for that nothing gives: of a driver who is only called a driver another's name is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generation.quoting.candidates import Candidate
from generation.quoting.select import Reading
from generation.reading.called import SAYS, Called, called, names_somebody

# In the units of the scores: enough to bring who is named before all else that is told of them.
_NAMES = 5.0
# A sentence that begins with somebody may name whom the one before it tells of; not one that says in the same breath
# that they are something else: "Nora Vint, who runs the mill,".
_SOMEBODY = re.compile(r"(?!The |An? |In |On |At )[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)+(?![\w’',-])")


def bonuses(reading: Reading, found: Sequence[Candidate]) -> list[float]:
    """What each candidate's score gains by giving the name that is asked for."""
    asked = called(reading.inquiry.text)
    if asked is None:
        return [0.0] * len(found)
    return [_NAMES * asked.is_named(candidate.text, reading.inquiry.terms) for candidate in found]


def unnamed(reading: Reading, chosen: Sequence[Candidate]) -> bool:
    """Whether the articles that are quoted tell of whom the name is asked, and never name them."""
    asked = called(reading.inquiry.text)
    known = reading.inquiry.terms
    # Who won is told in many ways, who the winner is too.
    if asked is None or (asked.described and any(names_somebody(each.text, known) for each in chosen)):
        return False
    told = list(_told(reading, chosen, asked))
    return bool(told) and not any(asked.is_named(text, known) for text in told)


def _told(reading: Reading, chosen: Sequence[Candidate], asked: Called) -> Iterator[str]:
    """What is told of them, sentence by sentence; with the next, where that may name them."""
    articles = {reading.hits[each.hit].passage.headline.id for each in chosen}
    for i, line in enumerate(reading.lines):
        passage = reading.hits[line.hit].passage
        if passage.headline.id not in articles or not asked.is_told_of(line.text):
            continue
        yield line.text
        behind = reading.lines[i + 1] if i + 1 < len(reading.lines) else None
        if behind is not None and behind.hit == line.hit and _begins_with_somebody(behind.text):
            yield f"{asked.who}, {behind.text}"
    for hit in reading.hits:
        if hit.passage.headline.id in articles and asked.is_told_of(hit.passage.headline.title):
            yield hit.passage.headline.title


def _begins_with_somebody(text: str) -> bool:
    somebody = _SOMEBODY.match(text)
    return somebody is not None and not SAYS.match(text, somebody.end())
