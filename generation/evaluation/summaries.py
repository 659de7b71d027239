"""How near summaries come to those that people or models wrote: ROUGE, beside the openings of the texts.

ROUGE-1, -2 and -L as F1 (Lin 2004): over characters without white space where the reference is Chinese, over
lower-case words elsewhere. Nothing is stemmed or left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from generation.gist import gist
from generation.reading.terms import is_chinese
from storage.domain.news import ArticleId, Headline, Hit, Passage, PassageId
from storage.domain.progress import Progress
from storage.domain.sentences import sentences
from storage.domain.summaries import Document, Summary

METRICS = ("rouge1", "rouge2", "rougeL")
LEAD_SENTENCES = 3
FIRST_CHARACTERS = 200
"""Of Chinese; of other languages half as many words, which say as much."""

Summarize = Callable[[Document], Awaitable[Summary]]
Scores = tuple[float, float, float]
"""Of one text, as `METRICS`."""

_TEXT = ArticleId("text")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_WORD = re.compile(r"\w+")
# Some collections put the source and the time before the article, with this between them.
_BEFORE_BODY = re.compile(r".{0,200}?正文：", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedText:
    """A text and a summary to compare with."""

    text: str
    reference: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SummariesReport:
    """What the evaluation found, one entry a text.

    Args:
        scores: By who wrote the summary: `""` the summarizer, `lead3` the first three sentences, `first200` the first
            200 characters, `line` the gist in one line, `lead1` the first sentence.
        contained: How much of what the gist in one line, and the first sentence, say stands in the reference, in order:
            0 to 1, by the same names.
        lengths: The units that the summarizer's summaries have, characters or words.
        reference_lengths: The same of the references.
    """

    scores: Mapping[str, Sequence[Scores]]
    contained: Mapping[str, Sequence[float]]
    lengths: Sequence[int]
    reference_lengths: Sequence[int]


async def evaluate_summaries(summarize: Summarize, texts: Sequence[JudgedText], progress: Progress) -> SummariesReport:
    """Summarize every text and compare."""
    scores: dict[str, list[Scores]] = {"": [], "lead3": [], "first200": [], "line": [], "lead1": []}
    contained: dict[str, list[float]] = {"line": [], "lead1": []}
    lengths: list[int] = []
    for done, judged in enumerate(texts, start=1):
        summary = await summarize(Document(text=judged.text, title=judged.title))
        written = {
            "": summary.text,
            "lead3": lead(judged.text),
            "first200": first(judged.text),
            "line": " ".join(line.text for line in gist([_story(judged)], lines=1).lines),
            "lead1": lead(judged.text, 1),
        }
        for name, text in written.items():
            scores[name].append(rouge(text, judged.reference))
            if name in contained:
                contained[name].append(_contained(text, judged.reference))
        lengths.append(len(_units(summary.text, chinese=is_chinese(judged.reference))))
        progress("texts", done, len(texts))
    references = [len(_units(each.reference, chinese=is_chinese(each.reference))) for each in texts]
    return SummariesReport(scores=scores, contained=contained, lengths=lengths, reference_lengths=references)


def rouge(summary: str, reference: str) -> Scores:
    """ROUGE-1, ROUGE-2 and ROUGE-L of a summary, each in [0, 1]; 0 where either text has no unit."""
    chinese = is_chinese(reference)
    found, wanted = _units(summary, chinese=chinese), _units(reference, chinese=chinese)
    return (
        _f1(_shared(found, wanted, 1), len(found), len(wanted)),
        _f1(_shared(found, wanted, 2), len(found) - 1, len(wanted) - 1),
        _f1(_longest_common(found, wanted), len(found), len(wanted)),
    )


def _contained(text: str, reference: str) -> float:
    chinese = is_chinese(reference)
    said = _units(text, chinese=chinese)
    return _longest_common(said, _units(reference, chinese=chinese)) / len(said) if said else 0.0


def lead(text: str, n: int = LEAD_SENTENCES) -> str:
    """The first `n` sentences of the article; a line break ends none, for captions and headings are none."""
    body = " ".join(_body(text).split())
    return " ".join(body[start:end] for start, end in sentences(body)[:n])


def first(text: str) -> str:
    """The first 200 characters of the article where it is Chinese, else its first 100 words."""
    body = _body(text)
    if is_chinese(body):
        return "".join(body.split())[:FIRST_CHARACTERS]
    return " ".join(body.split()[: FIRST_CHARACTERS // 2])


def _story(judged: JudgedText) -> Hit:
    """The text as the one article of a story."""
    headline = Headline(id=_TEXT, title=judged.title or "", first_seen=_LONG_AGO, group=_TEXT)
    return Hit(passage=Passage(id=PassageId(0), position=0, text=_body(judged.text), headline=headline), score=1.0)


def _body(text: str) -> str:
    before = _BEFORE_BODY.match(text)
    return text[before.end() :] if before else text


def _units(text: str, *, chinese: bool) -> Sequence[str]:
    return "".join(text.split()) if chinese else _WORD.findall(text.lower())


def _shared(found: Sequence[str], wanted: Sequence[str], n: int) -> int:
    """How many runs of n units two texts share, each as often as both have it."""
    return (_runs(found, n) & _runs(wanted, n)).total()


def _runs(units: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(units[at : at + n]) for at in range(len(units) - n + 1))


def _longest_common(a: Sequence[str], b: Sequence[str]) -> int:
    """The length of the longest common subsequence, by bit-parallel dynamic programming (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for at, unit in enumerate(a):
        places[unit] = places.get(unit, 0) | 1 << at
    everywhere = (1 << len(a)) - 1
    row = everywhere
    for unit in b:
        matches = row & places.get(unit, 0)
        row = ((row + matches) | (row - matches)) & everywhere
    return len(a) - row.bit_count()


def _f1(shared: int, found: int, wanted: int) -> float:
    return 2 * shared / (found + wanted) if shared else 0.0
