"""The command line's JSON. People script it and measurements run on it: a key here never changes its meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.excerpts import opened
from bot.texts import say
from bot.texts.interests import label
from bot.texts.reasons import why
from storage.domain.dialogue import Citation, Reply, Sentence, marked
from storage.domain.digests import Digest
from storage.domain.follows import Follow
from storage.domain.interests import Interest, Interests
from storage.domain.news import Feed, Headline, Hit, IngestReport, SearchResult, SyncReport
from storage.domain.stories import HotStories, HotStory, Page
from storage.domain.summaries import Document, Summary

Json = dict[str, Any]


def ingest_json(report: IngestReport) -> Json:
    """What a run of gathering did."""
    return {
        "fetched": report.fetched,
        "new": report.saved.new,
        "updated": report.saved.updated,
        "duplicates": report.saved.duplicates,
        "failed": [{"url": failure.url, "error": failure.error} for failure in report.failed],
        "seconds": round(report.took.total_seconds(), 3),
    }


def feeds_json(feeds: Sequence[Feed]) -> Json:
    """Sources with how they stand."""
    return {
        "feeds": [
            {
                "url": feed.url,
                "title": feed.title,
                "status": feed.status.value,
                "last_error": feed.last_error,
                "articles": feed.articles,
            }
            for feed in feeds
        ]
    }


def search_json(result: SearchResult) -> Json:
    """Hits best first; `without` are the parts of the search that failed."""
    return {"results": [_hit(hit) for hit in result.hits], "without": sorted(result.without), "ms": _ms(result.took)}


def answer_json(reply: Reply) -> Json:
    """A reply, in the words that a reader sees; the `answer` of a refusal or a remark is the sentence that says so.

    A sentence that was cut shows that by "…", which the quote that it is taken from has not.
    `lapse` says why the model that `engine` should have been did not write it, or not all; mostly `None`.
    `without` are the parts of the search that failed: `meaning`, `words`, `reranker`; and `index`, where
    much of what is stored is in none yet.
    """
    answer = reply.answer
    shown = [replace(each, text=opened(each.text)) for each in answer.sentences]
    return {
        "answer": " ".join(map(marked, shown)) or say(answer.question.language, answer.remark or "refused"),
        "sentences": [_sentence(each) for each in shown],
        "citations": [_citation(each) for each in answer.citations],
        "refused": answer.refused,
        "as_of": _time(answer.as_of),
        "engine": answer.engine,
        "conflicting": answer.conflicting,
        "unexplained": answer.unexplained,
        "told_in": answer.told_in,
        "untold": answer.untold,
        "meant": answer.meant,
        "lapse": answer.lapse,
        "without": sorted(answer.without),
        "language": answer.question.language,
        "ms": {
            "retrieve": _ms(reply.timings.retrieve),
            "first_token": _ms(reply.timings.first_token),
            "total": _ms(reply.timings.total),
        },
    }


def brief_json(page: Page) -> Json:
    """A story at a glance; `background` is running text with its marks, and days of the timeline are UTC's.

    `refused` says that no story is about the topic, and then `nearest` names those that come nearest; `others` are
    other stories on it. `story` is the one that `hot` lists, where it is known which it is. `new_since` is what came
    since the reader last looked at it; `None` where they had not, or none is named. `without` is as of
    an answer.
    """
    brief = page.brief
    return {
        "title": brief.title,
        "background": " ".join(marked(sentence) for sentence in brief.background),
        "timeline": [
            {"date": each.at.astimezone(UTC).date().isoformat(), **_sentence(each.sentence)} for each in brief.timeline
        ],
        "agreed": [_sentence(each) for each in brief.agreed],
        "differs": [{"accounts": [_sentence(each) for each in difference.accounts]} for difference in brief.differs],
        "unsettled": [_sentence(each) for each in brief.unsettled],
        "citations": [_citation(each) for each in brief.citations],
        "refused": page.refused,
        "nearest": [_headline(each) for each in brief.nearest],
        "others": [_headline(each) for each in brief.others],
        "story": _story(page.opened) if page.opened else None,
        "new_since": _new_since(page),
        "without": sorted(page.without),
    }


def hot_json(found: HotStories) -> Json:
    """Stories, the hottest first, and in which time something was told of them."""
    return {
        "stories": [_story(each) for each in found.stories],
        "lately_hours": round(found.lately.total_seconds() / 3600, 2),
        "until": _time(found.until),
    }


def follows_json(held: Sequence[Follow]) -> Json:
    """What a reader follows; `story` is the number of one, `None` where a topic is followed."""
    return {
        "follows": [
            {"number": each.number, "story": each.story, "words": each.words, "since": _time(each.since)}
            for each in held
        ]
    }


def profile_json(known: Interests) -> Json:
    """What is known of a reader, the strongest first; `number` is what names an interest or a line of its evidence.

    `less` is what they turned down, or want less of; `allowed` is what they let in again, having said so or muted it.
    An interest's `weight` means something beside the others' only; `kind` says what the reader did.
    """
    numbered = [(each, _interest(each, number)) for number, each in enumerate(known.listed, start=1)]
    return {
        "interests": [shown for each, shown in numbered if each in known.liked],
        "less": [shown for each, shown in numbered if each in known.less],
        "muted": [shown for each, shown in numbered if each in known.muted],
        "allowed": [shown for each, shown in numbered if each in known.allowed],
        "updated_at": _time(known.updated_at),
    }


def summary_json(document: Document, summary: Summary) -> Json:
    """A summary; `citations` are spans of the text that was read, `sections` those of a long document."""
    return {
        "summary": summary.text,
        "sentences": [_sentence(each) for each in summary.sentences],
        "citations": [
            {"n": each.n, "quote": each.text, "start": each.start, "end": each.end, "sentence": each.sentence}
            for each in summary.quotes
        ],
        "sections": [
            {"title": section.title, "sentences": [_sentence(each) for each in section.sentences]}
            for section in summary.sections
        ],
        "url": document.url,
        "title": document.title,
        "engine": summary.engine,
        "lapse": summary.lapse,
    }


def reindex_json(report: SyncReport) -> Json:
    """What rebuilding the indexes did."""
    return {
        "encoded": report.encoded,
        "added": report.added,
        "rebuilt": list(report.rebuilt),
        "seconds": round(report.took.total_seconds(), 3),
    }


def digest_json(digest: Digest) -> Json:
    """What a reader is shown, each item with why in a sentence; `because` has all that counted, the most first."""
    return {
        "reader": (digest.reader or "").partition(":")[2],
        "slot": None if digest.slot is None else digest.slot.name,
        "items": [
            {
                "story_id": item.story,
                "title": item.title,
                "summary": " ".join(marked(line) for line in item.gist.lines),
                "why": why(item, None),
                "because": [
                    {"kind": each.kind, "what": each.what, "share": round(each.share, 3)} for each in item.because
                ],
                "citations": [_citation(citation) for citation in item.gist.citations],
                "new_since": _time(item.new_since),
                "days_ago": item.days_ago,
                "outlets": item.outlets,
                "category": item.category,
                "kind": item.kind,
                "articles": list(item.articles),
                "url": item.lead.url,
            }
            for item in digest.items
        ],
    }


def _hit(hit: Hit) -> Json:
    headline = hit.passage.headline
    return {
        **_headline(headline),
        "language": headline.language,
        "score": hit.score,
        "passage": hit.passage.text,
    }


def _story(hot: HotStory) -> Json:
    """A story; `summary` is running text, and `citations` is what its marks stand for."""
    return {
        "id": hot.story.id,
        "title": hot.title,
        "summary": " ".join(marked(line) for line in hot.gist.lines),
        "heat": round(hot.heat.value, 3),
        "trend": hot.heat.trend,
        "category": hot.category,
        "outlets": hot.heat.outlets,
        "articles": [report.headline.id for report in hot.story.reports],
        "sources": list(hot.story.sources),
        "first_seen": _time(hot.story.first_seen),
        "last_seen": _time(hot.story.last_seen),
        "citations": [_citation(citation) for citation in hot.gist.citations],
    }


def _interest(interest: Interest, number: int) -> Json:
    return {
        "number": str(number),
        "label": label(interest, None),
        "weight": round(interest.weight, 3),
        "trend": interest.trend,
        "category": interest.category,
        "evidence": [
            {"number": f"{number}.{at}", "kind": line.kind, "at": _time(line.at), "text": line.words}
            for at, line in enumerate(interest.lines, start=1)
        ],
    }


def _new_since(page: Page) -> list[Json] | None:
    """Each new line with the first source it is quoted from; it has none of the brief's numbers."""
    if page.news is None:
        return None
    cited = {citation.n: _citation(citation) for citation in page.news.gist.citations}
    lines = ({**cited[line.citations[0]], "text": line.text} for line in page.news.gist.lines)
    return [{key: value for key, value in line.items() if key != "n"} for line in lines]


def _headline(headline: Headline) -> Json:
    return {
        "article_id": headline.id,
        "url": headline.url,
        "title": headline.title,
        "source": headline.source,
        "published": _time(headline.published),
    }


def _sentence(sentence: Sentence) -> Json:
    return {"text": sentence.text, "citations": list(sentence.citations)}


def _citation(citation: Citation) -> Json:
    return {
        "n": citation.n,
        "article_id": citation.article_id,
        "url": citation.url,
        "title": citation.title,
        "source": citation.source,
        "published": _time(citation.published),
        "quote": citation.quote,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _ms(duration: timedelta) -> float:
    return round(duration.total_seconds() * 1000, 3)
