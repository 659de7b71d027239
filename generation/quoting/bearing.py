"""Whether what was read bears on what is asked: that it happened is told, and by such a thing as would answer.

The right story may lack the one detail that is asked for, and it may tell the contrary of what a question takes for
granted. Judged by whole articles: what a sentence leaves out, another of the same article may say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generation.quoting.candidates import Candidate
from generation.quoting.priced import of_another
from generation.quoting.select import Reading
from generation.reading.answering import asks_for_name, could_answer
from generation.reading.deeds import Deed, deeds
from generation.reading.inquiry import Inquiry
from generation.reading.kinds import Kind, things
from generation.reading.runs import in_other_words, runs
from storage.domain.news import ArticleId

# What each takes from the log-odds that the sources say. By judgement and by a logistic fit that agreed with it (-4.1,
# -5.7, -4.0), on 189 questions over 40 invented articles, on rgb and on multihoprag. That the sort of thing asked
# for stands in no sentence on the point, or one of its words nowhere, had -2.4 and -1.8, and spoke against what is told
# in other words than it is asked in, and against what stands in many articles that are alike.
_NOT_TOLD = 4.0
_CONTRARY = 4.0
_NO_SUCH = 4.0

# With more words than that an English question tells its story in words of its own; with fewer all must be told.
_LONGEST = 8
# A sentence that begins so may go on with the one before it.
_GOES_ON_WORDS = "It They He She The This That These Its His Her Their Some About Each"
_GOES_ON = tuple(_GOES_ON_WORDS.split())


def against(reading: Reading, chosen: Sequence[Candidate]) -> float:
    """What speaks against quotes as an answer, in log-odds: 0 where nothing does."""
    if not chosen or reading.inquiry.kind is Kind.CLAIM or _in_words_of_its_own(reading):
        return 0.0
    told = _told(reading, chosen)
    asked = deeds(reading.inquiry.text)
    found = _NOT_TOLD * any(not any(deed.told.search(text) for text in told.values()) for deed in asked)
    return found + _CONTRARY * _is_contrary(reading, chosen, asked) + _NO_SUCH * (not _names_such(reading, told))


def on_it(reading: Reading, chosen: Sequence[Candidate]) -> list[Candidate]:
    """Those of the chosen to be said: where the first gives what is asked for, none that gives nothing of the sort.

    Only where what would answer is told by its shape: a measure, a number, a day.
    """
    inquiry = reading.inquiry
    if not chosen or _in_words_of_its_own(reading) or not (inquiry.measure or inquiry.kind in {Kind.NUMBER, Kind.DATE}):
        return list(chosen)
    first, *others = chosen
    if (
        not could_answer(inquiry, first.text)
        or of_another(reading, first)
        or not _on_point(reading, first.line, deeds(inquiry.text))
    ):
        return list(chosen)
    known = frozenset(inquiry.terms)
    return [first, *(each for each in others if _of_the_sort(inquiry, each.text, known))]


def _of_the_sort(inquiry: Inquiry, text: str, known: frozenset[str]) -> bool:
    return could_answer(inquiry, text) if inquiry.measure else bool(things(inquiry.kind, text, known))


def _in_words_of_its_own(reading: Reading) -> bool:
    """Whether a question tells its story rather than names it: at length, or of late, or by no name."""
    inquiry = reading.inquiry
    return not inquiry.chinese and (len(inquiry.telling) > _LONGEST or inquiry.current or not inquiry.names)


def _told(reading: Reading, chosen: Sequence[Candidate]) -> dict[ArticleId, str]:
    """What was read of the articles that are quoted, and of those that name all that the question names."""
    quoted = {reading.hits[each.hit].passage.headline.id for each in chosen}
    named = reading.inquiry.names | reading.inquiry.numbers
    read: dict[ArticleId, str] = {}
    held: dict[ArticleId, frozenset[str]] = {}
    for hit, passage in zip(reading.hits, reading.passages, strict=True):
        headline = hit.passage.headline
        read[headline.id] = f"{read.get(headline.id, headline.title)}\n{hit.passage.text}"
        held[headline.id] = held.get(headline.id, frozenset()) | passage
    return {article: text for article, text in read.items() if article in quoted or (named and named <= held[article])}


def _is_contrary(reading: Reading, chosen: Sequence[Candidate], asked: Sequence[Deed]) -> bool:
    """Whether a quote or its title tells the contrary of what is asked about, and none tells that in the same words."""
    texts = [text for each in chosen for text in (reading.hits[each.hit].passage.headline.title, each.text)]
    return any(
        deed.denied is not None
        and any(deed.denied.search(text) for text in texts)
        and not any(deed.asked.search(text) for text in texts)
        for deed in asked
    )


def _names_such(reading: Reading, told: Mapping[ArticleId, str]) -> bool:
    """Whether a sentence of the articles names what is asked for, by its sort."""
    return any(
        reading.hits[line.hit].passage.headline.id in told
        and could_answer(reading.inquiry, line.text)
        and not of_another(reading, line)
        for line in reading.lines
    )


def _on_point(reading: Reading, line: int, asked: Sequence[Deed]) -> bool:
    """Whether a sentence, or the one that it goes on with, speaks of what is asked beyond the title of its story."""
    if _speaks(reading, line, asked):
        return True
    before, here = reading.lines[line - 1], reading.lines[line]
    return line > 0 and before.hit == here.hit and here.text.startswith(_GOES_ON) and _speaks(reading, line - 1, asked)


def _speaks(reading: Reading, line: int, asked: Sequence[Deed]) -> bool:
    inquiry = reading.inquiry
    here = reading.lines[line]
    if inquiry.chinese:
        if inquiry.kind is not Kind.DATE or inquiry.measure is not None:
            return True
        parts = [run for run in runs(inquiry.text) if run not in reading.hits[here.hit].passage.headline.title]
        return not parts or any(_tells(part, here.text) for part in parts)
    if any(deed.told.search(here.text) for deed in asked):
        return True
    if asks_for_name(inquiry):
        return bool(inquiry.pointed & reading.own[line])
    beyond = inquiry.pointed - reading.titles[here.hit]
    wanted = inquiry.pointed if inquiry.measure else beyond
    return not asked and (not beyond or bool(wanted & reading.own[line]))


def _tells(run: str, text: str) -> bool:
    """Whether a text has two neighbours of a run, or a word that may stand for one in it."""
    return any(run[i : i + 2] in text for i in range(max(1, len(run) - 1))) or in_other_words(run, text)
