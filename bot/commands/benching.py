"""`tidings bench`: speed and memory beside a peer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.commands.figures import show
from bot.commands.running import json_option
from bot.console import progress_bar

F = TypeVar("F", bound=Callable[..., Any])
_ARTICLES = "How many articles, made up for this, are in."


def _number(flag: str, default: float | tuple[int, ...], within: tuple[float, float], says: str) -> Callable[[F], F]:
    """An option that says how many, within bounds; it may be given several times where it has several by default."""
    several, whole = isinstance(default, tuple), not isinstance(default, float)
    least, most = within
    kind = click.IntRange(int(least), int(most)) if whole else click.FloatRange(least, most)
    return click.option(flag, default=default, multiple=several, show_default=True, type=kind, help=says)


@click.group()
def bench() -> None:
    """Measure speed and memory beside plain peers in the same run."""


@bench.command("ask")
@_number("--articles", 10_000, (100, 1_000_000), _ARTICLES)
@_number("--questions", 200, (10, 100_000), "How many questions are timed.")
@json_option
def bench_ask(articles: int, questions: int, as_json: bool) -> int:
    """Time questions to their whole cited replies.

    Beside them, in the same run: a plain pipeline that encodes the question and queries for it.
    """
    from bot.benchmarks.ask import run_bench

    with progress_bar() as progress:
        result = run_bench(articles=articles, questions=questions, progress=progress)
    return show(result, as_json)


@bench.command("answer")
@_number("--articles", 1_000, (100, 1_000_000), _ARTICLES)
@_number("--questions", 20, (1, 100_000), "How many questions are timed for each number of readers.")
@_number("--readers", (1, 4), (1, 1000), "How many ask at once; may be given several times.")
@click.option(
    "--reply",
    type=click.IntRange(1, 10_000),
    help="How many tokens a model may write a reply, so that all are about as long; as for any reader by default.",
)
@click.option("--no-overload", is_flag=True, help="Leave out the crowd of ten times as many.")
@json_option
def bench_answer(
    articles: int, questions: int, readers: tuple[int, ...], reply: int | None, no_overload: bool, as_json: bool
) -> int:
    """Time streamed replies with the engine of the settings.

    To the first sentence that was checked and to the last, for one reader, for several at once, and for a crowd.
    """
    from bot.benchmarks.answer import run_bench

    with progress_bar() as progress:
        result = run_bench(
            articles=articles,
            questions=questions,
            readers=readers,
            overload=not no_overload,
            reply=reply,
            progress=progress,
        )
    return show(result, as_json)


@bench.command("capacity")
@_number(
    "--readers",
    (10_000, 1_000_000, 10_000_000, 100_000_000),
    (100, 1_000_000_000),
    "How many readers there are; may be given several times.",
)
@_number("--active", 0.1, (0.001, 1), "Share of readers who ask on a day.")
@_number("--questions", 3.0, (0.01, 1000), "How many questions each of these asks.")
@_number("--digests", 0.5, (0, 10), "Digests a day and reader.")
@_number(
    "--message-ms", 67.0, (0.1, 60_000), "Of a core, from a message to its reply; `tidings bench telegram` measures it."
)
@_number("--digest-ms", 30.0, (0.1, 60_000), "Of a core, to write a planned digest, to enqueue and to send it.")
@_number("--line", 30.0, (1, 1000), "Messages a second that a bot may send.")
@click.option("--core-hour", default=0.04, show_default=True, type=click.FloatRange(0), help="Price of a core's hour.")
@json_option
def bench_capacity(
    readers: tuple[int, ...],
    active: float,
    questions: float,
    digests: float,
    message_ms: float,
    digest_ms: float,
    line: float,
    core_hour: float,
    as_json: bool,
) -> int:
    """Simulate what a day of very many readers needs.

    Nothing is timed: cores, bots, commits and disk are worked out from what one message and one digest cost.
    """
    from bot.benchmarks.capacity import Costs, Habits, Promises, run_bench

    result = run_bench(
        readers=readers,
        habits=Habits(active=active, questions=questions, digests=digests),
        costs=Costs(question=message_ms / 1000, digest=digest_ms / 1000, line=line, core_hour=core_hour),
        promises=Promises(),
    )
    return show(result, as_json)


@bench.command("digest")
@_number(
    "--readers",
    (10_000, 100_000, 1_000_000),
    (100, 10_000_000),
    "For how many readers, made up for this, digests are planned; may be given several times.",
)
@_number("--stories", 2_000, (100, 10_000), "How many stories, made up for this, they are planned of.")
@json_option
def bench_digest(readers: tuple[int, ...], stories: int, as_json: bool) -> int:
    """Time the planning of digests for very many readers.

    From the bytes of their profiles to the stories of each; beside it, in the same run: one Chroma query per reader,
    for a thousand of them.
    """
    from bot.benchmarks.digest import run_bench

    with progress_bar() as progress:
        result = run_bench(readers=readers, stories=stories, progress=progress)
    return show(result, as_json)


@bench.command("ingest")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of real pages (ground-truth.json, html/ID.html.gz); pages are made up without it.",
)
@_number("--pages", 400, (10, 100_000), "How many pages are timed.")
@json_option
def bench_ingest(data: Path | None, pages: int, as_json: bool) -> int:
    """Time pages until they can be searched.

    Beside it, in the same run: a plain pipeline of feedparser, trafilatura and one add per article.
    """
    from bot.benchmarks.ingest import run_bench

    with progress_bar() as progress:
        result = run_bench(data=data, pages=pages, progress=progress)
    return show(result, as_json)


@bench.command("llm")
@click.option("--model", metavar="NAME", help="A name, a folder or a GGUF file; SmolLM2 without it.")
@click.option("--shape", type=click.Choice(["8b"]), help="Random weights in the shape of a real model; needs a GPU.")
@click.option(
    "--readers", multiple=True, type=click.IntRange(1, 4096), help="How many at once; may be given several times."
)
@click.option("--prompt", type=click.IntRange(min=80), help="About how many tokens a prompt has.")
@click.option("--reply", type=click.IntRange(min=2), help="How many tokens a reply has.")
@json_option
def bench_llm(
    model: str | None,
    shape: str | None,
    readers: tuple[int, ...],
    prompt: int | None,
    reply: int | None,
    as_json: bool,
) -> int:
    """Time a language model in this process.

    For more and more readers at once; beside it, in the same run: one prompt after another with the model's own
    generate, and what the bandwidth of the memory allows.
    """
    from bot.benchmarks.llm import run_bench

    with progress_bar() as progress:
        result = run_bench(model=model, shape=shape, readers=readers, prompt=prompt, reply=reply, progress=progress)
    return show(result, as_json)


@bench.command("rebuild")
@_number("--passages", 100_000, (1000, 10_000_000), "How many passages, made up for this, are in.")
@json_option
def bench_rebuild(passages: int, as_json: bool) -> int:
    """Time both indexes being made anew from the database.

    From stored vectors, as after damage; beside it, in the same run: the same vectors added to one Chroma collection.
    """
    from bot.benchmarks.rebuild import run_bench

    with progress_bar() as progress:
        result = run_bench(passages=passages, progress=progress)
    return show(result, as_json)


@bench.command("search")
@_number(
    "--passages",
    (100_000, 1_000_000),
    (1000, 10_000_000),
    "How many passages, made up for this, are in; may be given several times.",
)
@_number("--questions", 100, (10, 1000), "How many questions are timed for each kind of filter.")
@click.option("--no-peers", is_flag=True, help="Leave out the peers that take long to build.")
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw how the cost grows with the number of passages into this file.",
)
@json_option
def bench_search(passages: tuple[int, ...], questions: int, no_peers: bool, picture: Path | None, as_json: bool) -> int:
    """Time filtered searches by meaning and by words.

    Beside them, in the same run: one Chroma collection with `where`, exact numpy, and bm25s. A million passages take
    an hour and 6 GB of disk, most of both for the peers.
    """
    from bot.benchmarks.search import run_bench

    with progress_bar() as progress:
        result = run_bench(
            passages=passages, questions=questions, peers=not no_peers, picture=picture, progress=progress
        )
    return show(result, as_json)


@bench.command("telegram")
@_number("--articles", 2_000, (100, 1_000_000), _ARTICLES)
@_number("--messages", 1_000, (1, 20_000), "How many messages are timed, each of somebody else's.")
@_number("--rate", 20.0, (0.1, 1_000), "How many come in a second, on average.")
@json_option
def bench_telegram(articles: int, messages: int, rate: float, as_json: bool) -> int:
    """Time Telegram messages to their first sign and whole reply.

    Over a Bot API server on this machine, from a checkout; beside it, in the same run: the plainest bot of
    python-telegram-bot, which says again what was said.
    """
    from bot.benchmarks.messages import run_bench

    with progress_bar() as progress:
        result = run_bench(articles=articles, messages=messages, rate=rate, progress=progress)
    return show(result, as_json)


@bench.command("workers")
@_number("--workers", (1, 2, 4), (1, 64), "How many processes answer; may be given several times.")
@_number("--articles", 2_000, (100, 1_000_000), _ARTICLES)
@_number("--chats", 60, (1, 10_000), "How many chats there are, each of which asks three questions at once.")
@json_option
def bench_workers(workers: tuple[int, ...], articles: int, chats: int, as_json: bool) -> int:
    """Time messages that several processes answer together.

    With each number of workers, on one PostgreSQL and over a Bot API server, all of them on this machine, from a
    checkout. No more than about 25 a second are sent, as Telegram wants it, whatever the workers could.
    """
    from bot.benchmarks.workers import run_bench

    with progress_bar() as progress:
        result = run_bench(workers=workers, articles=articles, chats=chats, progress=progress)
    return show(result, as_json)


@bench.command("topics")
@_number("--articles", 20_000, (100, 10_000_000), "How many articles, made up for this, arrive.")
@json_option
def bench_topics(articles: int, as_json: bool) -> int:
    """Time articles until they have their story.

    At each tenth of the stream; beside it, in the same run: HDBSCAN over the first ten thousand of the same vectors.
    """
    from bot.benchmarks.topics import run_bench

    with progress_bar() as progress:
        result = run_bench(articles=articles, progress=progress)
    return show(result, as_json)
