"""`tidings train encoder --write-questions`: what a model asks of an instance's articles, and what is learnt."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.training import written as module
from bot.training.encoder import EncoderRequest, run_encoder
from bot.training.written import FOUND_AMONG, Harvest, as_figures, with_written, written
from generation.grounding.listening import Patience
from generation.messages import Prompt
from retrieval.training.examples import Kind, Lesson
from retrieval.training.fit import FitSettings
from retrieval.training.split import Split
from storage.domain.news import ArticleId, Headline, Hit, Passage, PassageId, SearchRequest, SearchResult
from storage.errors import GenerationError
from tests.bot.program import Program, jsonl
from tests.fakes import ScriptedModel
from tests.retrieval.training.toys import START, example, toy_model

PLACES = ["Oster", "Kestrel", "Halver", "Lindholm", "Marrow", "Corvane", "Ellery", "Westbank", "Strand", "Petra"]
PATIENCE = Patience(first=timedelta(seconds=5), whole=timedelta(seconds=5))
BRISK = FitSettings(steps=1, batch=4, dimensions=())


def place(n: int) -> str:
    return f"{PLACES[n % 10]}{PLACES[n // 10].lower()}"


def text(n: int) -> str:
    return (
        f"The mayor of {place(n)} opened a bridge across the river at {place(n)} on Monday after repairs that lasted a "
        f"whole winter. Farmers around {place(n)} had asked for the bridge since the flood. The town council of "
        f"{place(n)} paid for the repairs out of its savings."
    )


def lesson(n: int, group: str | None = None) -> Lesson:
    return Lesson(
        article=ArticleId(f"a{n}"),
        group=ArticleId(group or f"a{n}"),
        title=f"Bridge opens at {place(n)}",
        language="en",
        at=START + timedelta(hours=n),
        passages=("Too short.", text(n)),
    )


class Asking(ScriptedModel):
    """Asks who paid for the bridge at the place that a passage names; where `vaguely`, of no place in particular."""

    def __init__(self, *, vaguely: bool = False) -> None:
        super().__init__()
        self.vaguely = vaguely

    async def write(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        self.prompts.append(prompt)
        found = re.search(r"across the river at (\w+) on", prompt.messages[-1].text)
        assert found is not None
        of = "the repairs" if self.vaguely else f"the bridge at {found.group(1)}"
        yield f"Which savings paid for {of} after the flood?\n"
        yield f"What had farmers around {found.group(1)} asked for since the flood?"


def finding(*, rank: int = 1) -> Callable[[SearchRequest], Any]:
    """A search that finds the article whose place the question names at a rank, behind others."""

    async def search(request: SearchRequest) -> SearchResult:
        named = next((n for n in range(100) if place(n) in request.text), None)
        ranked = [f"other{i}" for i in range(rank - 1)] + ([f"a{named}"] if named is not None else [])
        hits = tuple(hit(each) for each in ranked[: request.k])
        return SearchResult(hits=hits, took=timedelta(0))

    return search


def hit(article: str) -> Hit:
    headline = Headline(id=ArticleId(article), title="", first_seen=START, group=ArticleId(article))
    return Hit(passage=Passage(id=PassageId(0), position=0, text="", headline=headline), score=1.0)


async def harvested(
    model: ScriptedModel, search: Any, *, most: int = 10, lessons: int = 20, learnt: int = 20
) -> Harvest:
    held = {each.article: each for each in (lesson(n) for n in range(lessons))}
    groups = {ArticleId(f"a{n}") for n in range(learnt)}
    return await written(model, held, groups, search, most=most, patience=PATIENCE, seed=0, progress=lambda *_: None)


async def test_questions_that_lead_back_to_their_articles_are_learnt_from() -> None:
    found = await harvested(Asking(), finding())

    assert (found.questions, len(found.examples), found.lapses) == (10, 10, {})
    assert found.passages == 8
    assert {each.kind for each in found.examples} == {Kind.WRITTEN}
    for each in found.examples:
        n = int(each.article.removeprefix("a"))
        assert place(n) in each.query
        assert each.positive == f"Bridge opens at {place(n)}\n{text(n)}"


async def test_those_that_do_not_are_counted_and_left_out() -> None:
    found = await harvested(Asking(vaguely=True), finding())

    assert (found.questions, len(found.examples)) == (10, 9)
    assert as_figures(found) == {"passages": 12, "questions": 10, "found_again": 9, "lapses": {}}


@pytest.mark.parametrize(("articles", "rank", "kept"), [(20, 2, False), (100, 1, True), (100, 2, False)])
async def test_of_few_articles_the_very_one_must_be_found(articles: int, rank: int, kept: bool) -> None:
    found = await harvested(Asking(), finding(rank=rank), lessons=articles, learnt=articles)

    assert bool(found.examples) is kept


async def test_of_many_any_of_the_first_twenty_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ONE_IN", 1)

    assert (await harvested(Asking(), finding(rank=FOUND_AMONG), lessons=30, learnt=30)).examples
    assert not (await harvested(Asking(), finding(rank=FOUND_AMONG + 1), lessons=30, learnt=30)).examples


async def test_nothing_is_written_of_articles_that_judge_and_copies_count_once() -> None:
    held = {each.article: each for each in (lesson(n, group="a0" if n < 5 else None) for n in range(10))}

    found = await written(
        Asking(),
        held,
        {ArticleId(f"a{n}") for n in range(7)},
        finding(),
        most=100,
        patience=PATIENCE,
        seed=0,
        progress=lambda *_: None,
    )

    assert found.passages == 3
    assert {each.article for each in found.examples} <= {"a0", "a5", "a6"}


async def test_the_same_seed_asks_of_the_same_articles() -> None:
    one, other = [await harvested(Asking(), finding(), most=4) for _ in range(2)]

    assert one.examples == other.examples


async def test_how_a_model_fails_is_counted_and_after_a_while_it_is_given_up() -> None:
    with pytest.raises(GenerationError, match="wrote no question that could be taken of 24 passages"):
        await harvested(ScriptedModel("I cannot do that."), finding(), lessons=40, learnt=40)

    found = await harvested(ScriptedModel("I cannot do that."), finding(), lessons=8, learnt=8)
    assert as_figures(found) == {"passages": 8, "questions": 0, "found_again": 0, "lapses": {"unsound": 8}}


async def test_a_model_that_cannot_be_loaded_says_so_before_anything_is_asked() -> None:
    class Missing(ScriptedModel):
        async def load(self) -> None:
            raise GenerationError(self.name, "its folder is empty")

    model = Missing()
    with pytest.raises(GenerationError, match="its folder is empty"):
        await harvested(model, finding())

    assert model.prompts == []


def test_a_text_that_stands_on_another_side_is_not_learnt_from() -> None:
    judged, taught = example(1, "who?", "them"), example(2, "what?", "that")
    parts = Split(training=(taught,), stopping=(example(3, "when?", "then"),), judging=(judged,))
    harvest = Harvest(
        examples=(example(4, "who?", "these"), example(5, "whose?", "then"), example(6, "why?", "because")),
        passages=3,
        questions=3,
        lapses={},
    )

    found = with_written(parts, harvest)

    assert [each.query for each in found.training] == ["what?", "why?"]
    assert (found.stopping, found.judging) == (parts.stopping, parts.judging)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    words = tuple(dict.fromkeys(word for n in range(40) for word in re.findall(r"\w+", text(n).lower())))
    return str(toy_model(tmp_path_factory.mktemp("base"), words=words, spread=0.2))


@pytest.fixture
def news(tidings: Program, tmp_path: Path) -> None:
    rows = [
        {
            "id": f"a{n}",
            "title": f"Bridge opens at {place(n)}",
            "text": text(n),
            "published": (START + timedelta(hours=n)).isoformat(),
            "language": "en",
        }
        for n in range(40)
    ]
    tidings.json("ingest", "--jsonl", str(jsonl(tmp_path / "news.jsonl", rows)))


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Asking:
    model = Asking()
    monkeypatch.setenv("TIDINGS_LLM", "openai")
    monkeypatch.setattr("bot.app.telling.chat_model", lambda _settings: model)
    return model


@pytest.mark.usefixtures("news")
def test_what_was_written_is_learnt_from_and_said(tidings: Program, base: str, asking: Asking) -> None:
    arguments = ("train", "encoder", "--base", base, "--steps", "1", "--batch", "4", "--no-install")

    result = tidings.json(*arguments, "--write-questions", "6")
    plain = tidings.json(*arguments)
    said = tidings(*arguments, "--write-questions", "2")

    assert result["written"]["questions"] == 6
    assert 0 < result["written"]["found_again"] <= 6
    assert result["examples"]["written"] == result["written"]["found_again"]
    assert "written" not in plain
    assert "written" not in plain["examples"]
    assert result["settings"]["judged"] == plain["settings"]["judged"]
    assert "2 questions written of" in said
    assert asking.closed == 0


@pytest.mark.usefixtures("news")
def test_without_a_language_model_it_says_so_at_once(
    tidings: Program, base: str, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.delenv("TIDINGS_LLM", raising=False)

    tidings("train", "encoder", "--base", base, "--write-questions", "5", status=2)

    assert tidings.errors.strip().splitlines()[-1] == (
        "tidings: TIDINGS_LLM: names no language model, and it takes one to write questions"
    )
    assert not (home / "encoders").exists() or not any((home / "encoders").glob("*/modules.json"))


@pytest.mark.usefixtures("news", "asking")
def test_a_training_that_is_cut_short_while_questions_are_written_leaves_nothing(base: str, home: Path) -> None:
    def stopped(what: str, _done: int, _of: int | None) -> None:
        if what == "questions written":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_encoder(EncoderRequest(base=base, write_questions=5, fit=BRISK), stopped)

    assert [path.name for path in (home / "encoders").iterdir()] == ["lock"]
