"""How well questions find what answers them, through the search that readers use.

Two kinds of judgement, whichever a question has: the articles that are relevant, and texts that are the answer. One
passage of each article is looked at, as a search shows them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.evaluation.collection import JudgedQuestion
from retrieval.evaluation.estimates import Estimate, mean
from retrieval.evaluation.measures import all_found, answer_rank, average_precision, hit, reciprocal_rank
from storage.domain.news import Filters, Hit, SearchRequest, SearchResult
from storage.domain.progress import Progress

Search = Callable[[SearchRequest], Awaitable[SearchResult]]

DEPTH = 10
_ANSWER_DEPTHS = (1, 3, 5, 10)
_HIT_DEPTHS = (1, 4, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingReport:
    """What the evaluation found.

    Args:
        n: Questions that can be judged.
        metrics: By name; those beginning with `in_text_` are over the questions whose answer is known to stand word
            for word in a relevant article.
        judged: Over how many questions each family of metrics is: `relevant`, `in_text`, `answer`.
        milliseconds: What searches took, as the searcher measured, in the order of the questions.
    """

    n: int
    metrics: Mapping[str, Estimate]
    judged: Mapping[str, int]
    milliseconds: tuple[float, ...]


async def evaluate_finding(search: Search, questions: Sequence[JudgedQuestion], progress: Progress) -> FindingReport:
    """Ask every question that can be judged, as if at the time it was asked.

    Args:
        search: Over the articles the questions are about.
        questions: Those without relevant articles or answers are passed over.
        progress: Told after each question.
    """
    scores: dict[str, list[float]] = {}
    judged = dict.fromkeys(("relevant", "in_text", "answer"), 0)
    milliseconds: list[float] = []
    asked = [question for question in questions if question.relevant or question.answers]
    for done, question in enumerate(asked, start=1):
        result = await search(as_request(question))
        milliseconds.append(result.took.total_seconds() * 1000)
        for family, found in scored(question, result.hits).items():
            judged[family] += 1
            for name, score in found.items():
                scores.setdefault(name, []).append(score)
        progress("questions", done, len(asked))
    return FindingReport(
        n=len(asked),
        metrics={name: mean(values) for name, values in scores.items()},
        judged=judged,
        milliseconds=tuple(milliseconds),
    )


def as_request(question: JudgedQuestion) -> SearchRequest:
    """`question` as it is searched for: as if at the time it was asked."""
    until = question.asked_until
    return SearchRequest(
        text=question.text, k=DEPTH, filters=Filters(until=until, undated=True) if until is not None else Filters()
    )


def scored(question: JudgedQuestion, hits: Sequence[Hit]) -> dict[str, dict[str, float]]:
    """Scores of one question, by the family of metrics they belong to."""
    families: dict[str, dict[str, float]] = {}
    if question.relevant:
        found = _relevance([found.passage.headline.id for found in hits], question.relevant)
        families["relevant"] = found
        if question.answer_in_text:
            families["in_text"] = {f"in_text_{name}": score for name, score in found.items()}
    if question.answers and question.answer_in_text is not False:
        rank = answer_rank([found.passage.text for found in hits], question.answers)
        families["answer"] = {f"answer@{k}": float(rank is not None and rank <= k) for k in _ANSWER_DEPTHS}
    return families


def _relevance(ranked: Sequence[str], relevant: Sequence[str]) -> dict[str, float]:
    return {
        **{f"hit@{k}": hit(ranked, relevant, k) for k in _HIT_DEPTHS},
        f"mrr@{DEPTH}": reciprocal_rank(ranked, relevant, DEPTH),
        f"map@{DEPTH}": average_precision(ranked, relevant, DEPTH),
        f"all@{DEPTH}": all_found(ranked, relevant, DEPTH),
    }
