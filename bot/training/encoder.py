"""`tidings train encoder`."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.app import App, open_app, utc_now
from bot.encoders import drafting, install, keep, wanted_encoder
from bot.evaluations.figures import INTERVAL, figures
from bot.evaluations.scratch import fill, scratch_instance
from bot.settings import Settings, load_settings
from bot.training.material import Learnt, asked_here, asked_there, examples_of, learnt, lessons, sample_texts
from bot.training.written import Harvest, as_figures, with_written, written
from generation.grounding.listening import patience
from retrieval.evaluation.collection import read_collection
from retrieval.index.following import document_text
from retrieval.index.words import WordCutter
from retrieval.search.ranking import Ranking
from retrieval.search.searcher import Searcher
from retrieval.training.examples import Example, Lesson, in_rounds
from retrieval.training.fit import Curriculum, FitSettings, Fitted, check_installed, fit
from retrieval.training.glossary import NO_GLOSSARY, installed_glossary, read_glossary
from retrieval.training.negatives import Search, filled, mined
from retrieval.training.report import bench
from retrieval.training.split import FEWEST_GROUPS, Split, split
from retrieval.training.student import Wording
from retrieval.training.vocabulary import spellings
from storage.domain.news import ArticleId
from storage.domain.progress import Progress
from storage.domain.scripts import CJK
from storage.errors import InputError, SettingsError

WORDS = 20_000
"""How many words a model that cannot read a language is given, unless said otherwise."""

_JUDGED, _JUDGED_AMONG = 400, 1_200
_CHECKED, _CHECKED_AMONG = 300, 900
# What is not reached within a training needs no hard negative; two cores learn from no more than so many a second.
_MOST_MINED, _LEARNT_A_SECOND = 60_000, 40
# Of the time that a training may take; the trainer takes the rest.
_MINING_SHARE = 0.2
_COUNTED_FOR_WORDS = 30_000
# Of texts, and of meanings, that a model that is given words could read before.
_READABLE = 1_000
_HERE = "this instance"
_CJK = re.compile(f"[{CJK}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderRequest:
    """What was asked for.

    Args:
        data: Folders of articles and questions to learn from; without any, the instance itself.
        base: What to begin with; `None` is the encoder this instance wants.
        out: Where the checkpoint goes; `None` is among the instance's own.
        words: How many words a model that cannot read the language is given at most.
        glossary: What they mean; `None` is the one that is installed, if any.
        questions: Whether to learn from questions, and not from articles alone.
        write_questions: How many more the language model is to write of the articles.
        install: Whether to use the checkpoint from now on where it is better.
        fit: How to train.
    """

    data: tuple[Path, ...] = ()
    base: str | None = None
    out: Path | None = None
    words: int = WORDS
    glossary: Path | None = None
    questions: bool = True
    write_questions: int = 0
    install: bool = True
    fit: FitSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Material:
    """What a training takes, and how much there is of it."""

    lesson: Curriculum
    languages: Learnt
    kinds: Counter[str]
    hard: int
    unreadable: int
    harvest: Harvest | None


def run_encoder(request: EncoderRequest, progress: Progress) -> dict[str, Any]:
    """Train, judge, keep, and install what is better.

    Raises:
        InputError: There is too little to learn from, or what was given cannot be used.
        SettingsError: Questions are to be written, and no language model is set.
        GenerationError: It cannot be used.
        TrainingFailed: The packages for it are missing, or another training is running.
        EncoderUnavailable: The base cannot be loaded.
    """
    check_installed()
    settings = load_settings()
    if request.write_questions and settings.llm == "extractive":
        raise SettingsError("TIDINGS_LLM", "names no language model, and it takes one to write questions")
    base = request.base or wanted_encoder(settings)
    with drafting(settings.home, request.out) as draft:
        material = asyncio.run(_material(request, settings, progress))
        fitted = fit(base, draft, material.lesson, request.fit, progress)
        path = keep(draft, settings.home, request.out, base, utc_now())
    installed = fitted.report.better and request.install
    if installed:
        install(settings.home, path)
    return _result(request, base, path, material, fitted, installed=installed)


async def _material(request: EncoderRequest, settings: Settings, progress: Progress) -> _Material:
    asked = asked_there(request.data) if request.data and request.questions else []
    async with _instance(request, settings, progress) as (app, search, unreadable):
        if request.questions and not request.data:
            asked = await asked_here(app.dialogues)
        held = await lessons(app.articles, {article for each in asked for article in each.articles}, progress)
        parts = _parted(request, examples_of(held, asked, request.fit.seed))
        harvest = await _harvest(request, app, held, parts, search, progress)
        parts = parts if harvest is None else with_written(parts, harvest)
        chosen = learnt(parts.training, sample_texts())
        ordered = in_rounds(chosen.examples, request.fit.seed)
        reached = _reached(request.fit, len(ordered))
        groups = {example.group for example in chosen.examples}
        limit = request.fit.limit or timedelta.max
        until = time.monotonic() + limit.total_seconds() * _MINING_SHARE
        hard = await mined(ordered[:reached], search, groups, document_text, progress, request.fit.seed, until)
    wording = _wording(request, settings, ordered)
    return _Material(
        lesson=Curriculum(
            training=filled([*hard, *ordered[reached:]], request.fit.seed),
            stopping=bench(parts.stopping, parts.training, queries=_CHECKED, passages=_CHECKED_AMONG),
            judging=bench(parts.judging, parts.training, queries=_JUDGED, passages=_JUDGED_AMONG),
            kept=chosen.kept,
            wording=wording,
            readable=() if wording is None else _readable(ordered, wording),
        ),
        languages=chosen,
        kinds=Counter(example.kind.value for example in (*parts.training, *parts.stopping, *parts.judging)),
        hard=sum(example.negative is not None for example in hard),
        unreadable=unreadable,
        harvest=harvest,
    )


async def _harvest(
    request: EncoderRequest,
    app: App,
    held: Mapping[ArticleId, Lesson],
    parts: Split,
    search: Search,
    progress: Progress,
) -> Harvest | None:
    """What the language model writes of the articles that are learnt from; `None` where it is not to."""
    if app.model is None or not request.write_questions:
        return None
    return await written(
        app.model,
        held,
        {example.group for example in parts.training},
        search,
        most=request.write_questions,
        patience=patience(timedelta(seconds=app.settings.llm_timeout)),
        seed=request.fit.seed,
        progress=progress,
    )


def _reached(fit: FitSettings, examples: int) -> int:
    """About how many examples a training comes to."""
    most = min(_MOST_MINED, examples)
    if fit.steps is not None:
        most = min(most, fit.steps * fit.batch)
    if fit.limit is not None:
        most = min(most, round(fit.limit.total_seconds() * _LEARNT_A_SECOND))
    return most


@asynccontextmanager
async def _instance(
    request: EncoderRequest, settings: Settings, progress: Progress
) -> AsyncIterator[tuple[App, Search, int]]:
    """What holds the articles, how they are searched, and how many lines of the data could not be read.

    An instance is searched by all that it has; data by its words, for it would have to be encoded first.
    """
    if not request.data:
        async with open_app(settings) as app:
            yield app, app.search.search, 0
        return
    collections = [read_collection(folder) for folder in request.data]
    async with scratch_instance(None) as app:
        failed = sum([await fill(app, collection, progress, words_only=True) for collection in collections])
        yield app, Searcher(app.articles, app.spaces, app.lexical, Ranking(meaning=0.0)).search, failed


def _parted(request: EncoderRequest, examples: Sequence[Example]) -> Split:
    """The examples divided.

    Raises:
        InputError: There are too few of them.
    """
    subject = ", ".join(map(str, request.data)) or _HERE
    groups = len({example.group for example in examples})
    if not groups:
        more = "holds no articles: JSON Lines with a text on each line" if request.data else "holds no articles yet"
        raise InputError(subject, f"{more}; there is nothing to learn from")
    parts = split(examples)
    if groups < FEWEST_GROUPS or not (parts.training and parts.stopping and parts.judging):
        raise InputError(
            subject, f"{groups} articles are too few to learn from and to judge by; it takes {FEWEST_GROUPS} at least"
        )
    return parts


def _wording(request: EncoderRequest, settings: Settings, training: Sequence[Example]) -> Wording | None:
    """What the articles that are learnt from are written in, of scripts without spaces; `None` where nothing is."""
    if not request.words:
        return None
    texts = dict.fromkeys(example.positive for example in training[:_COUNTED_FOR_WORDS])
    seen = spellings(texts, WordCutter(settings.home / "words").words)
    if not seen.characters:
        return None
    path = request.glossary or installed_glossary()
    glossary = read_glossary(path) if path is not None else NO_GLOSSARY
    return Wording(seen=seen, glossary=glossary, most=request.words)


def _readable(training: Sequence[Example], wording: Wording) -> tuple[str, ...]:
    """What the articles say in scripts with spaces, and what words mean: a model that is given words knows the rest."""
    spaced = dict.fromkeys(example.positive for example in training if not _CJK.search(example.positive))
    meanings = dict.fromkeys(senses[0] for senses in wording.glossary.meanings.values())
    return tuple(part for texts in (spaced, meanings) for part in list(texts)[:: max(1, len(texts) // _READABLE)])


def _result(
    request: EncoderRequest, base: str, path: Path, material: _Material, fitted: Fitted, *, installed: bool
) -> dict[str, Any]:
    report, how = fitted.report, request.fit
    return {
        "path": str(path),
        "installed": installed,
        "better": report.better,
        "before": figures(report.before),
        "after": figures(report.after),
        "gain": figures(report.gain),
        "examples": dict(sorted(material.kinds.items())),
        **({} if material.harvest is None else {"written": as_figures(material.harvest)}),
        "steps": fitted.steps,
        "seconds": round(fitted.took.total_seconds(), 2),
        "settings": {
            "base": base,
            "method": how.method,
            "dimensions": list(fitted.dimensions),
            "fgm": how.fgm,
            "batch": how.batch,
            "seed": how.seed,
            "rate": how.rate,
            "kept_step": fitted.kept_step,
            "new_words": fitted.new_rows,
            "learnt_languages": sorted(language or "?" for language in material.languages.languages),
            "worse_languages": list(report.worse),
            "learnt_from": len(material.lesson.training),
            "hard_negatives": material.hard,
            "unreadable_lines": material.unreadable,
            "kept_texts": len(material.lesson.kept) + len(material.lesson.readable),
            "judged": report.n,
            "judged_languages": dict(sorted(Counter(material.lesson.judging.languages).items())),
            "judged_among": len(material.lesson.judging.pool),
            "device": fitted.device,
            "interval": f"{INTERVAL} over questions, gains paired",
        },
    }
