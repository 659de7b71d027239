"""`tidings ask` and `tidings search`: one question, or a file of them."""

from __future__ import annotations

import functools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.bounds import code, named_subject
from bot.commands.citing import origin, print_citations, print_headlines
from bot.commands.lacking import lacks, no_news
from bot.commands.questions import AskedQuestion, each_question, questions_option
from bot.commands.running import json_option, run
from bot.console import print_json, print_line, warn
from bot.contract import Json, answer_json, search_json
from bot.excerpts import cut, one_line, opened
from bot.moments import moment
from bot.texts import DEFAULT_LANGUAGE, ahead, failed, notes, over_listing, say
from storage.domain.dialogue import Answer, ConversationId, Question, Reply, Sentence, Timings, marked
from storage.domain.news import Filters, Hit, SearchRequest, SearchResult
from storage.domain.people import ReaderId

if TYPE_CHECKING:
    from bot.app import App

MAX_K = 100
SNIPPET_CHARACTERS = 240
# The notes of an answer, and those under what was found, say it in a reader's words.
_TOLD = frozenset(["search_degraded"])
NOTHING_FOUND: Json = {"results": [], "ms": 0.0}


@click.command()
@click.argument("question", nargs=-1)
@click.option("--reader", metavar="NAME", help="Ask as this reader: their sources, their conversation.")
@questions_option
@json_option
def ask(question: tuple[str, ...], reader: str | None, questions: Path | None, as_json: bool) -> int:
    """Answer QUESTION from the news that is in, with citations."""
    asked = _need_one(question, questions)
    if questions is not None and reader is not None:
        raise click.UsageError("--questions are the operator's; they take no --reader")

    async def work(app: App) -> int:
        await app.load_model()
        if questions is not None:
            status = await each_question(questions, lambda each: _ask_batch(app, each), _refused)
            await _say_what_lacks(app)
            return status
        status = await _ask_one(app, asked, ReaderId(f"terminal:{reader}") if reader else None, as_json)
        _say_if_it_says_nothing(asked)
        return status

    return run(work, told=_TOLD)


async def _ask_one(app: App, question: str, reader: ReaderId | None, as_json: bool) -> int:
    conversation = ConversationId(reader) if reader else None
    zone = UTC if as_json else None
    parts = app.converse.ask(question, reader=reader, conversation=conversation, zone=zone)
    async for part in parts:
        if isinstance(part, Reply):
            if as_json:
                print_json(answer_json(part))
                await _say_what_lacks(app)
            else:
                await _print_end(app, part.answer)
        elif not as_json:
            _print_sentence(part)
    return 0


async def _ask_batch(app: App, asked: AskedQuestion) -> Json:
    return answer_json(await app.converse.reply(asked.text, now=asked.asked_at))


def _refused(asked: AskedQuestion) -> Json:
    """The line of a question that cannot be put."""
    from bot.app import utc_now

    now = utc_now()
    question = Question(text=asked.text, language=DEFAULT_LANGUAGE, asked_at=now, standalone=asked.text)
    zero = timedelta(0)
    timings = Timings(retrieve=zero, first_token=zero, total=zero)
    return answer_json(Reply(answer=Answer(question=question, engine="none"), timings=timings))


@click.command()
@click.argument("query", nargs=-1)
@click.option("--k", default=10, show_default=True, type=click.IntRange(1, MAX_K), help="How many results at most.")
@click.option("--language", metavar="CODE", help="Only this language, such as en or zh.")
@click.option("--since", metavar="TIME", help="Only published since: 24h, 7d, 2026-11-20, 2026-11-20T08:00Z.")
@click.option("--until", metavar="TIME", help="Only published before; a bare date takes its whole day in.")
@click.option("--subject", "--category", metavar="NAME", help="Only this subject, such as sport, science or 体育.")
@click.option("--source", metavar="NAME", help="Only this source: its name or host, or part of it.")
@questions_option
@json_option
def search(  # the options are the contract's
    query: tuple[str, ...],
    k: int,
    language: str | None,
    since: str | None,
    until: str | None,
    subject: str | None,
    source: str | None,
    questions: Path | None,
    as_json: bool,
) -> int:
    """Find the passages nearest to QUERY, one for each article."""
    wanted = _need_one(query, questions)
    now = datetime.now(UTC)
    filters = Filters(
        language=code(language) if language else None,
        category=named_subject("--subject", subject) if subject else None,
        since=moment(since, now=now) if since else None,
        until=moment(until, now=now, end_of_day=True) if until else None,
    )

    async def work(app: App) -> int:
        bounds = replace(filters, sources=await _sources(app, source)) if source else filters
        if questions is not None:
            found = functools.partial(_search_batch, app, k=k, filters=bounds)
            status = await each_question(questions, found, lambda _: NOTHING_FOUND)
            await _say_what_lacks(app)
            return status
        result = await _close(app, _request(wanted, k, bounds, None))
        if as_json:
            print_json(search_json(result))
        else:
            _print_hits(result.hits)
            for note in failed(result.without, DEFAULT_LANGUAGE):
                print_line(note)
        if as_json or result.hits:
            await _say_what_lacks(app)
        else:
            for line in await lacks(app):
                print_line(line)
        _say_if_it_says_nothing(wanted)
        return 0

    return run(work, told=_TOLD)


async def _search_batch(app: App, asked: AskedQuestion, *, k: int, filters: Filters) -> Json:
    return search_json(await _close(app, _request(asked.text, k, filters, asked.asked_at)))


async def _close(app: App, request: SearchRequest) -> SearchResult:
    from bot.closeness import close

    found = await app.search.search(request)
    return replace(found, hits=close(request.text, found.hits, datetime.now(UTC)))


async def _sources(app: App, part: str) -> tuple[str, ...]:
    """The sources whose name or host holds `part`; itself where there is none, so that nothing is found."""
    names = tuple(await app.articles.sources_like(part))
    if not names:
        warn(f"{part}: no article comes from a source of this name")
    return names or (part,)


def _request(text: str, k: int, filters: Filters, asked_at: datetime | None) -> SearchRequest:
    from bot.flows.asked import as_of, clean_question

    return SearchRequest(text=clean_question(text), k=k, filters=as_of(filters, asked_at))


def _need_one(words: tuple[str, ...], questions: Path | None) -> str:
    """The question in one, quoted or not; empty where there is a file of them."""
    if bool(words) == (questions is not None):
        raise click.UsageError("give a question, or a file of them with --questions")
    return " ".join(words)


def _print_sentence(sentence: Sentence) -> None:
    print_line(marked(replace(sentence, text=opened(sentence.text))))


async def _print_end(app: App, answer: Answer) -> None:
    """What ends an answer. What it lacks is part of a refusal, for that may be why."""
    if answer.sentences:
        _print_cited(answer)
        await _say_what_lacks(app)
    elif nothing := None if answer.remark else await no_news(app, answer.question.language):
        print_line(nothing)
    else:
        _print_uncited(answer)
        for line in () if answer.remark else await lacks(app, answer.question.language):
            print_line(line)


def _print_cited(answer: Answer) -> None:
    language = answer.question.language
    if told := ahead(answer):
        print_line(told)
        for sentence in answer.sentences:
            _print_sentence(sentence)
    if answer.listing:
        print_line(over_listing(answer))
        for sentence, story, name in zip_longest(answer.sentences, answer.stories, answer.names):
            page = "" if story is None else f" – tidings brief {story}"
            called = f"{name}: " if name else ""
            print_line(f"{called}{marked(replace(sentence, text=opened(sentence.text)))}{page}")
    print_line()
    print_citations(answer.citations)
    if answer.as_of:
        print_line(say(language, "as_of", date=f"{answer.as_of:%Y-%m-%d %H:%M} UTC"))
    for note in notes(answer):
        print_line(note)


def _print_uncited(answer: Answer) -> None:
    language = answer.question.language
    print_line(say(language, answer.remark or "refused"))
    for note in notes(answer):
        print_line(note)
    print_headlines(say(language, "nearest"), answer.nearest)


async def _say_what_lacks(app: App) -> None:
    for line in await lacks(app):
        warn(line)


def _say_if_it_says_nothing(text: str) -> None:
    from bot.closeness import says_nothing

    if says_nothing(text):
        warn(f"{text!r}: has only words that nearly every text has; name what it is about")


def _print_hits(hits: tuple[Hit, ...]) -> None:
    for rank, hit in enumerate(hits, start=1):
        headline = hit.passage.headline
        print_line(f"{rank}. {headline.title}{origin(headline.source, headline.published)}")
        if headline.url:
            print_line(f"   {headline.url}")
        print_line(f"   {opened(cut(one_line(hit.passage.text), SNIPPET_CHARACTERS))}")
    if not hits:
        print_line("Nothing close to that was found.")
