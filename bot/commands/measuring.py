"""`tidings evaluate` and `tidings bench`: quality with intervals, speed beside a peer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.commands.running import json_option
from bot.console import print_json, print_line, progress_bar
from storage.domain.summaries import FEWEST_WORDS, WORDS

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def evaluate() -> None:
    """Measure quality on evaluation data.

    Figures come with 95 % bootstrap intervals.
    """


def _data(holds: str) -> Callable[[F], F]:
    return click.option(
        "--data",
        required=True,
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help=f"A folder of {holds}.",
    )


_scratch = click.option(
    "--scratch",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep what was read and encoded in this folder, for the next run over the same data.",
)


@evaluate.command()
@_data("pages: ground-truth.json and html/ID.html.gz")
@json_option
def extraction(data: Path, as_json: bool) -> int:
    """Extract article text from real pages and compare.

    The measure is the F1 of 4-token shingles.
    """
    from bot.evaluations.extraction import run_extraction

    with progress_bar() as progress:
        result = run_extraction(data, progress)
    return _show(result, as_json)


@evaluate.command()
@_data("JSON Lines files, gzipped or not: articles {text} and questions {question, relevant, answers}")
@click.option("--words-only", is_flag=True, help="Rank by words alone: quick, for no passage is encoded.")
@click.option("--ablation", is_flag=True, help="Show what each part of the search adds, and its plain peers.")
@_scratch
@json_option
def retrieval(data: Path, words_only: bool, ablation: bool, scratch: Path | None, as_json: bool) -> int:
    """Search for every question among the articles.

    They are held by a scratch instance. Measured are hits, ranks, and answers in the passages found.
    """
    from bot.evaluations.retrieval import run_retrieval

    if words_only and ablation:
        raise click.UsageError("--ablation needs meaning, which --words-only leaves out")
    with progress_bar() as progress:
        result = run_retrieval(data, progress, words_only=words_only, scratch=scratch, ablated=ablation)
    if not as_json and (rows := result.pop("ablation", None)):
        _show_table(rows)
    return _show(result, as_json)


@evaluate.command()
@_data("JSON Lines files, gzipped or not: pairs of headlines {a, b, score}")
@json_option
def duplicates(data: Path, as_json: bool) -> int:
    """Score how nearly two headlines say the same.

    The scores of all pairs are correlated with those that people gave (Pearson).
    """
    from bot.evaluations.duplicates import run_duplicates

    with progress_bar() as progress:
        result = run_duplicates(data, progress)
    return _show(result, as_json)


@evaluate.command()
@_data("JSON Lines files, gzipped or not: articles and questions, or questions {query, answer, positive, negative}")
@_scratch
@click.option("--most", type=click.IntRange(min=1), help="Ask so many of the questions, drawn by chance.")
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw what refusing more or less would cost into this file.",
)
@json_option
def answers(data: Path, scratch: Path | None, most: int | None, picture: Path | None, as_json: bool) -> int:
    """Ask every question and judge the replies.

    Measured are what they hold, when they refuse, and whether quotes are verbatim.
    """
    from bot.evaluations.answers import run_answers

    with progress_bar() as progress:
        result = run_answers(data, progress, scratch=scratch, most=most, picture=picture)
    return _show(result, as_json)


@evaluate.command()
@_data("JSON Lines files, gzipped or not: texts {text, reference}")
@click.option(
    "--words",
    default=WORDS,
    show_default=True,
    type=click.IntRange(min=FEWEST_WORDS),
    help="How long summaries are; two Chinese characters are a word.",
)
@json_option
def summaries(data: Path, words: int, as_json: bool) -> int:
    """Summarize texts and compare with people's summaries.

    By ROUGE, beside the first three sentences and the first 200 characters of the same texts.
    """
    from bot.evaluations.summaries import run_summaries

    with progress_bar() as progress:
        result = run_summaries(data, progress, words=words)
    return _show(result, as_json)


@evaluate.command()
@_data("JSON Lines files, gzipped or not: texts {text, reference}, or articles {text, title}")
@json_option
def grounding(data: Path, as_json: bool) -> int:
    """Tell claims that a text bears out from false ones.

    The true ones are people's: summaries and titles. Each is falsified by its numbers, its names, a denial, its
    opposite, or by being held against another text.
    """
    from bot.evaluations.grounding import run_grounding

    with progress_bar() as progress:
        result = run_grounding(data, progress)
    return _show(result, as_json)


@evaluate.command()
@_data("JSON Lines files, gzipped or not: orders {attack}")
@click.option(
    "--articles",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of articles {text, title} to plant them in; those that ship with Tidings without it.",
)
@click.option("--most", type=click.IntRange(min=1), help="Plant so many of the orders, drawn by chance.")
@json_option
def injection(data: Path, articles: Path | None, most: int | None, as_json: bool) -> int:
    """Plant orders in articles and see whether they are obeyed.

    At the start, in the middle and at the end. Obeyed is whatever leaves that nobody wrote; quoted, the order's words.
    """
    from bot.evaluations.injection import run_injection

    with progress_bar() as progress:
        result = run_injection(data, progress, articles=articles, most=most)
    return _show(result, as_json)


@evaluate.command()
@_data(
    "JSON Lines files, gzipped or not: {title, text, category}, {text, sentiment} or {text, title}; or MIND's tables"
)
@json_option
def annotation(data: Path, as_json: bool) -> int:
    """Note subjects, keywords and tone of texts and compare.

    With what people say of them, beside TF-IDF; each is measured where the folder holds what it takes.
    """
    from bot.evaluations.annotation import run_annotation

    with progress_bar() as progress:
        result = run_annotation(data, progress)
    return _show(result, as_json)


@evaluate.command()
@_data("JSON Lines files, gzipped or not: articles {text, cluster}, what is of one event having one cluster")
@json_option
def topics(data: Path, as_json: bool) -> int:
    """Gather articles into stories as they arrive.

    In an order drawn by chance, and in ten more. Measured is how the stories agree with people's: BCubed and the
    adjusted Rand index.
    """
    from bot.evaluations.topics import run_topics

    with progress_bar() as progress:
        result = run_topics(data, progress)
    return _show(result, as_json)


@evaluate.command()
@_data("MIND's tables of impressions, or JSON Lines {time, history, candidates} beside titles {id, title}")
@json_option
def ranking(data: Path, as_json: bool) -> int:
    """Rank what readers were shown by what they clicked before.

    Click by click through the profile that serves readers, and as time goes on. Beside it, in the same run: the mean
    cosine, and clicks per show. Measured are the ranks of what they clicked next, and how varied digests are.
    """
    from bot.evaluations.ranking import run_ranking

    with progress_bar() as progress:
        result = run_ranking(data, progress)
    return _show(result, as_json)


@click.group()
def bench() -> None:
    """Measure speed and memory beside plain peers in the same run."""


@bench.command("ask")
@click.option(
    "--articles",
    default=10_000,
    show_default=True,
    type=click.IntRange(100, 1_000_000),
    help="How many articles, made up for this, are in.",
)
@click.option(
    "--questions",
    default=200,
    show_default=True,
    type=click.IntRange(10, 100_000),
    help="How many questions are timed.",
)
@json_option
def bench_ask(articles: int, questions: int, as_json: bool) -> int:
    """Time questions to their whole cited replies.

    Beside them, in the same run: a plain pipeline that encodes the question and queries for it.
    """
    from bot.benchmarks.ask import run_bench

    with progress_bar() as progress:
        result = run_bench(articles=articles, questions=questions, progress=progress)
    return _show(result, as_json)


@bench.command("answer")
@click.option(
    "--articles",
    default=1_000,
    show_default=True,
    type=click.IntRange(100, 1_000_000),
    help="How many articles, made up for this, are in.",
)
@click.option(
    "--questions",
    default=20,
    show_default=True,
    type=click.IntRange(1, 100_000),
    help="How many questions are timed for each number of readers.",
)
@click.option(
    "--readers",
    multiple=True,
    default=(1, 4),
    show_default=True,
    type=click.IntRange(1, 1000),
    help="How many ask at once; may be given several times.",
)
@click.option("--no-overload", is_flag=True, help="Leave out the crowd of ten times as many.")
@json_option
def bench_answer(articles: int, questions: int, readers: tuple[int, ...], no_overload: bool, as_json: bool) -> int:
    """Time streamed replies with the engine of the settings.

    To the first sentence that was checked and to the last, for one reader, for several at once, and for a crowd.
    """
    from bot.benchmarks.answer import run_bench

    with progress_bar() as progress:
        result = run_bench(
            articles=articles, questions=questions, readers=readers, overload=not no_overload, progress=progress
        )
    return _show(result, as_json)


@bench.command("ingest")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of real pages (ground-truth.json, html/ID.html.gz); pages are made up without it.",
)
@click.option(
    "--pages",
    default=400,
    show_default=True,
    type=click.IntRange(10, 100_000),
    help="How many pages are timed.",
)
@json_option
def bench_ingest(data: Path | None, pages: int, as_json: bool) -> int:
    """Time pages until they can be searched.

    Beside it, in the same run: a plain pipeline of feedparser, trafilatura and one add per article.
    """
    from bot.benchmarks.ingest import run_bench

    with progress_bar() as progress:
        result = run_bench(data=data, pages=pages, progress=progress)
    return _show(result, as_json)


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
    return _show(result, as_json)


@bench.command("search")
@click.option(
    "--passages",
    multiple=True,
    default=(100_000, 1_000_000),
    show_default=True,
    type=click.IntRange(1000, 10_000_000),
    help="How many passages, made up for this, are in; may be given several times.",
)
@click.option(
    "--questions",
    default=100,
    show_default=True,
    type=click.IntRange(10, 1000),
    help="How many questions are timed for each kind of filter.",
)
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
    return _show(result, as_json)


@bench.command("topics")
@click.option(
    "--articles",
    default=20_000,
    show_default=True,
    type=click.IntRange(100, 10_000_000),
    help="How many articles, made up for this, arrive.",
)
@json_option
def bench_topics(articles: int, as_json: bool) -> int:
    """Time articles until they have their story.

    At a tenth, half and all of the stream; beside it, in the same run: HDBSCAN over ten thousand of the same vectors.
    """
    from bot.benchmarks.topics import run_bench

    with progress_bar() as progress:
        result = run_bench(articles=articles, progress=progress)
    return _show(result, as_json)


def _show(result: dict[str, object], as_json: bool) -> int:
    if as_json:
        print_json(result)
        return 0
    for name, value in result.items():
        if isinstance(value, dict):
            print_line(f"{name}:")
            _show_figures(value, "  ")
        elif isinstance(value, list):
            print_line(f"{name}:")
            for row in value:
                print_line("  " + "  ".join(f"{each} {figure}" for each, figure in row.items()))
        else:
            print_line(f"{name}: {value}")
    return 0


def _show_table(rows: dict[str, dict[str, float]]) -> None:
    """A row a search, a column a metric, each figure with half the width of its interval."""
    names = [name for name in next(iter(rows.values())) if not name.endswith(("_low", "_high"))]
    print_line(f"{'':<12}" + "".join(f"{name:>17}" for name in names))
    for row, figures in rows.items():
        each = (f"{figures[name]:.3f} ±{(figures[f'{name}_high'] - figures[f'{name}_low']) / 2:.3f}" for name in names)
        print_line(f"{row:<12}" + "".join(f"{figure:>17}" for figure in each))


def _show_figures(figures: dict[str, Any], indent: str) -> None:
    for name, figure in figures.items():
        if isinstance(figure, dict):
            print_line(f"{indent}{name}:")
            _show_figures(figure, indent + "  ")
        else:
            print_line(f"{indent}{name:<28} {figure}")
