"""How something went: what each day brought of a story, in the order of time, for questions that ask so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from generation.brief import brief, of_story
from generation.quoting.agreement import agreeing
from generation.quoting.select import read_hits
from generation.reading import inquiry
from generation.reading.several import over_time
from generation.reading.terms import is_chinese
from storage.domain.dialogue import Citation, Question, Sentence
from storage.domain.news import Hit
from storage.domain.stories import Brief

_FEWEST_DAYS = 2
# The share of the subject, by weight, that a passage on it holds.
_ON_IT = 0.75


def chronicle(question: Question, hits: Sequence[Hit]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]] | None:
    """Dated lines, each cited; `None` where no course is asked for, or the sources tell of one day alone.

    The day is that on which it was published, which a quote does not say.
    """
    subject = over_time(question.text)
    if subject is None:
        return None
    # Turns of a story may share hardly a word beside what the question names; then those that name it are its articles.
    told = brief(subject, hits, question.asked_at), of_story(subject, _on(subject, question, hits), question.asked_at)
    page = max(told, key=_days)
    if _days(page) < _FEWEST_DAYS:
        return None
    of = {citation.n: citation for citation in page.citations}
    quoted = [of[moment.sentence.citations[0]] for moment in page.timeline]
    colon = "：" if is_chinese(question.text) else ": "
    sentences = tuple(
        Sentence(text=f"{moment.day.isoformat()}{colon}{moment.sentence.text}", citations=(n,))
        for n, moment in enumerate(page.timeline, start=1)
    )
    return sentences, tuple(replace(citation, n=n) for n, citation in enumerate(quoted, start=1))


def _on(subject: str, question: Question, hits: Sequence[Hit]) -> list[Hit]:
    """The passages that hold most of the subject, of articles that name whom it names."""
    reading = read_hits(inquiry.read(subject), hits, question.asked_at)
    named = agreeing(reading)
    return [hits[i] for i, held in enumerate(reading.passages) if i in named and reading.story_share(held) >= _ON_IT]


def _days(page: Brief) -> int:
    return len({moment.day for moment in page.timeline})
