"""`tidings evaluate`: quality with intervals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.commands.figures import show, show_samples, show_table
from bot.commands.running import json_option
from bot.console import progress_bar
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
    return show(result, as_json)


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
        show_table(rows)
    return show(result, as_json)


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
    return show(result, as_json)


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
    return show(result, as_json)


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
    return show(result, as_json)


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
    return show(result, as_json)


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
    return show(result, as_json)


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
    return show(result, as_json)


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
    return show(result, as_json)


@evaluate.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of MIND's tables of impressions, or JSON Lines {time, history, candidates} beside titles "
    "{id, title}; without it, what this instance's own readers turned to.",
)
@json_option
def ranking(data: Path | None, as_json: bool) -> int:
    """Rank what readers were shown by what they clicked before.

    Click by click through the profile that serves readers, and as time goes on. Beside it, in the same run: the mean
    cosine, and clicks per show. Measured are the ranks of what they clicked next, and how varied digests are. Without
    --data: the lists that this instance's readers were shown, and what they did about them.
    """
    if data is None:
        from bot.evaluations.own_ranking import run_own_ranking

        return show(run_own_ranking(), as_json)
    from bot.evaluations.ranking import run_ranking

    with progress_bar() as progress:
        result = run_ranking(data, progress)
    return show(result, as_json)


@evaluate.command()
@_data("JSON Lines files, gzipped or not: articles {text, title, published, category?}")
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw what the readers turn to, day by day, into this file.",
)
@json_option
def digests(data: Path, picture: Path | None, as_json: bool) -> int:
    """Let invented readers read digests for four weeks.

    A policy analyst, a chip engineer and a football fan, who act by rules: a simulation, which says nothing of people.
    Measured is how far digests are of what they read, beside a hot list and the mean similarity, and how soon they
    follow when the engineer turns to football.
    """
    from bot.evaluations.digests import run_digests

    with progress_bar() as progress:
        result = run_digests(data, progress, picture=picture)
    if not as_json:
        show_samples(result.pop("digests"))
    return show(result, as_json)
