"""`tidings ask` and `tidings search`: one question, or a file of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.running import json_option, run
from bot.console import print_json, print_line, warn
from bot.contract import answer_json, search_json
from bot.moments import moment
from bot.texts import say
from storage.domain.dialogue import Answer, ConversationId, Reply, Sentence
from storage.domain.news import Filters, Hit, SearchRequest
from storage.domain.people import ReaderId
from storage.errors import InputError, TidingsError

if TYPE_CHECKING:
    from bot.app import App

MAX_K = 100

questions_option = click.option(
    "--questions",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A JSON Lines file of questions ({id, question, asked_at?}); one JSON object is printed for each.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A line of a `--questions` file."""

    id: object
    text: str
    asked_at: datetime | None


@click.command()
@click.argument("question", required=False)
@click.option("--reader", metavar="NAME", help="Ask as this reader: their sources, their conversation.")
@questions_option
@json_option
def ask(question: str | None, reader: str | None, questions: Path | None, as_json: bool) -> int:
    """Answer QUESTION from the news that is in, with citations."""
    _need_one(question, questions)

    async def work(app: App) -> int:
        if questions is not None:
            return await _ask_all(app, questions)
        return await _ask_one(app, question or "", ReaderId(f"terminal:{reader}") if reader else None, as_json)

    return run(work)


async def _ask_one(app: App, question: str, reader: ReaderId | None, as_json: bool) -> int:
    conversation = ConversationId(reader) if reader else None
    parts = app.converse.ask(question, reader=reader, conversation=conversation)
    async for part in parts:
        if isinstance(part, Reply):
            if as_json:
                print_json(answer_json(part))
            else:
                _print_end(part.answer)
        elif not as_json:
            _print_sentence(part)
    return 0


async def _ask_all(app: App, questions: Path) -> int:
    for asked in _asked(questions):
        try:
            reply = await app.converse.reply(asked.text, now=asked.asked_at)
        except InputError as error:
            warn(f"{questions}: {asked.id}: {error}")
            continue
        print_json({"id": asked.id, **answer_json(reply)})
    return 0


@click.command()
@click.argument("query", required=False)
@click.option("--k", default=10, show_default=True, type=click.IntRange(1, MAX_K), help="How many results at most.")
@click.option("--language", metavar="CODE", help="Only this language, such as en or zh.")
@click.option("--since", metavar="TIME", help="Only published since: 24h, 7d, 2026-11-20, 2026-11-20T08:00Z.")
@click.option("--until", metavar="TIME", help="Only published before; a bare date takes its whole day in.")
@click.option("--source", metavar="NAME", help="Only this source, by its name or host.")
@questions_option
@json_option
def search(  # the options are the contract's
    query: str | None,
    k: int,
    language: str | None,
    since: str | None,
    until: str | None,
    source: str | None,
    questions: Path | None,
    as_json: bool,
) -> int:
    """Find the passages nearest to QUERY, one per article, best first."""
    _need_one(query, questions)
    now = datetime.now(UTC)
    filters = Filters(
        language=language.lower() if language else None,
        since=moment(since, now=now) if since else None,
        until=moment(until, now=now, end_of_day=True) if until else None,
        source=source,
    )

    async def work(app: App) -> int:
        if questions is not None:
            for asked in _asked(questions):
                result = await app.search.search(_request(asked.text, k, filters, asked.asked_at))
                print_json({"id": asked.id, **search_json(result)})
            return 0
        result = await app.search.search(_request(query or "", k, filters, None))
        if as_json:
            print_json(search_json(result))
        else:
            _print_hits(result.hits)
        return 0

    return run(work)


def _request(text: str, k: int, filters: Filters, asked_at: datetime | None) -> SearchRequest:
    from bot.flows.converse import as_of, clean_question

    return SearchRequest(text=clean_question(text), k=k, filters=as_of(filters, asked_at))


def _need_one(question: str | None, questions: Path | None) -> None:
    if (question is None) == (questions is None):
        raise click.UsageError("give a question, or a file of them with --questions")


def _asked(path: Path) -> Iterator[AskedQuestion]:
    """The questions of a file; what cannot be read is named on standard error and passed over."""
    for number, line in _lines(path):
        try:
            row = json.loads(line)
            text, asked_at = row["question"], row.get("asked_at")
            if not isinstance(text, str):
                raise InputError("question", "is not text")
            when = moment(str(asked_at), now=datetime.now(UTC), end_of_day=True) if asked_at else None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, TidingsError) as error:
            warn(f"{path}:{number}: {type(error).__name__}: {error}")
            continue
        yield AskedQuestion(id=row.get("id", number), text=text, asked_at=when)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, line


def _print_sentence(sentence: Sentence) -> None:
    print_line(sentence.text + "".join(f" [{n}]" for n in sentence.citations))


def _print_end(answer: Answer) -> None:
    language = answer.question.language
    if answer.refused:
        print_line(say(language, "refused"))
        if answer.nearest:
            print_line(say(language, "nearest"))
        for headline in answer.nearest:
            print_line(f"  · {headline.title} — {_origin(headline.source, headline.published)}")
        return
    print_line()
    for citation in answer.citations:
        print_line(f"[{citation.n}] {citation.title} — {_origin(citation.source, citation.published)}")
        if citation.url:
            print_line(f"    {citation.url}")
    if answer.as_of:
        print_line(say(language, "as_of", date=f"{answer.as_of:%Y-%m-%d %H:%M} UTC"))


def _print_hits(hits: tuple[Hit, ...]) -> None:
    for rank, hit in enumerate(hits, start=1):
        headline = hit.passage.headline
        print_line(f"{rank}. {headline.title} — {_origin(headline.source, headline.published)}")
        if headline.url:
            print_line(f"   {headline.url}")
        print_line(f"   {' '.join(hit.passage.text.split())[:240]}")
    if not hits:
        print_line("Nothing found.")


def _origin(source: str | None, published: datetime | None) -> str:
    return f"{source or '?'}, {published:%Y-%m-%d}" if published else f"{source or '?'}, undated"
