"""`tidings train encoder` as people run it: real trainings of a small model, over an instance and over folders."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import open_app
from bot.encoders import installed_encoder
from bot.settings import load_settings
from bot.training import encoder as module
from bot.training.encoder import EncoderRequest, run_encoder
from bot.training.material import asked_there, examples_of, learnt, lessons
from retrieval.training.examples import Kind, Lesson
from retrieval.training.fit import FitSettings
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from tests.bot.program import Program, jsonl
from tests.retrieval.training.toys import START, example, toy_examples, toy_model

BRISK = FitSettings(steps=30, batch=16, rate=5e-3, dimensions=())


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> None:
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(toy_model(tmp_path_factory.mktemp("base"), spread=0.2))


def articles() -> list[dict[str, Any]]:
    return [
        {
            "id": each.article,
            "title": f"{each.positive}",
            "text": f"{each.positive}. {each.positive}. {each.positive}.",
            "published": each.at.isoformat(),
            "language": "en",
        }
        for each in toy_examples()
    ]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    jsonl(folder / "articles", articles())
    jsonl(folder / "questions", [{"question": each.query, "relevant": [each.article]} for each in toy_examples()])
    return folder


def unseen(_what: str, _done: int, _of: int | None) -> None:
    pass


def test_what_is_better_is_kept_and_installed(data: Path, base: str, home: Path) -> None:
    (data / "more articles").write_text('{"text": "One that can be read."}\nno article\n')

    result = run_encoder(EncoderRequest(data=(data,), base=base, fit=BRISK), unseen)

    assert result["better"]
    assert result["settings"]["unreadable_lines"] == 1
    assert result["installed"]
    assert installed_encoder(home) == result["path"]
    assert Path(result["path"]).parent == home / "encoders"
    assert result["gain"]["mrr@10_low"] > 0
    assert result["after"]["mrr@10"] - result["before"]["mrr@10"] == pytest.approx(result["gain"]["mrr@10"], abs=1e-3)
    assert result["examples"]["question"] == 91
    assert result["settings"]["learnt_languages"] == ["en"]
    assert result["settings"]["judged_languages"] == {"en": result["settings"]["judged"]}


def test_what_is_not_better_is_kept_out_and_said_so(
    data: Path, base: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tidings: Program
) -> None:
    still = FitSettings(steps=2, batch=4, rate=0.0, dimensions=())
    monkeypatch.setattr("retrieval.training.fit.FitSettings", lambda **_: still)
    arguments = ("train", "encoder", "--data", str(data), "--base", base, "--no-questions")

    said = tidings(*arguments, "--out", str(tmp_path / "out"))

    assert "Not installed: it is not clearly better." in said
    assert str(tmp_path / "out") in said
    assert (tmp_path / "out" / "modules.json").is_file()
    assert installed_encoder(home) is None


def test_an_instance_trains_on_what_it_holds_and_what_it_was_asked(
    tidings: Program, base: str, tmp_path: Path, home: Path
) -> None:
    tidings.json("ingest", "--jsonl", str(jsonl(tmp_path / "news.jsonl", articles())))
    asyncio.run(ask_all())

    result = tidings.json(
        "train", "encoder", "--base", base, "--steps", "3", "--batch", "8", "--dimensions", "32,8", "--no-install"
    )

    assert set(result) == {
        *("path", "installed", "better", "before", "after", "gain", "examples", "steps", "seconds", "settings")
    }
    assert not result["installed"]
    assert result["examples"]["question"] > 80
    assert (result["steps"], result["settings"]["dimensions"]) == (3, [32, 8])
    assert result["settings"]["hard_negatives"] > 0
    assert installed_encoder(home) is None
    assert {"mrr@10", "mrr@10_low", "mrr@10_high", "hit@1", "hit@10", "mrr@10 en"} <= set(result["gain"])


async def ask_all() -> None:
    async with open_app(load_settings()) as app:
        for each in toy_examples():
            turn = Turn(
                question=each.query, standalone=each.query, answer=each.positive, cited=(each.article,), at=each.at
            )
            await app.dialogues.record(ConversationId(each.query), ReaderId("terminal:ada"), turn)


def test_a_training_that_is_cut_short_leaves_nothing(data: Path, base: str, home: Path) -> None:
    def stopped(what: str, _done: int, _of: int | None) -> None:
        if what == "training":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_encoder(EncoderRequest(data=(data,), base=base, fit=BRISK), stopped)

    assert [path.name for path in (home / "encoders").iterdir()] == ["lock"]


def test_the_time_given_ends_a_training(data: Path, base: str) -> None:
    fit = FitSettings(limit=timedelta(microseconds=1), batch=8, dimensions=())

    assert run_encoder(EncoderRequest(data=(data,), base=base, fit=fit), unseen)["steps"] == 1


def emptied(folder: Path) -> None:
    (folder / "articles").unlink()


def shortened(folder: Path) -> None:
    jsonl(folder / "articles", articles()[:10])


@pytest.mark.parametrize(
    ("change", "said"), [(emptied, "holds no articles: JSON Lines"), (shortened, "10 articles are too few")]
)
def test_data_with_too_little_is_named(
    data: Path, base: str, change: Callable[[Path], None], said: str, tidings: Program
) -> None:
    change(data)

    tidings("train", "encoder", "--data", str(data), "--base", base, status=2)

    assert f"{data}: {said}" in tidings.errors
    assert len(tidings.errors.strip().splitlines()) == 1


def test_an_instance_without_articles_says_so(tidings: Program, base: str) -> None:
    tidings("train", "encoder", "--base", base, status=2)

    assert "this instance: holds no articles yet" in tidings.errors


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--dimensions", "many"), "no list of whole numbers"),
        (("--steps", "0"), "steps"),
        (("--rate", "0"), "rate"),
        (("--method", "half"), "method"),
        (("--data", "/no/such/folder"), "/no/such/folder"),
        (("--glossary", "/no/such/file"), "/no/such/file"),
    ],
)
def test_options_that_cannot_be_used_are_named(arguments: tuple[str, ...], said: str, tidings: Program) -> None:
    tidings("train", "encoder", *arguments, status=2)

    assert said in tidings.errors


def test_a_base_that_cannot_be_had_is_one_line(data: Path, tidings: Program, home: Path) -> None:
    tidings("train", "encoder", "--data", str(data), "--base", "/no/such/model", "--steps", "1", status=1)

    assert tidings.errors.strip().splitlines()[-1].startswith("tidings: encoder /no/such/model: ")
    assert installed_encoder(home) is None


def test_chinese_is_learnt_with_words_and_english_kept_where_it_is() -> None:
    training = [example(n, f"问{n}", f"文{n}", language="zh") for n in range(200)]
    few = [example(n, f"q{n}", f"p{n}", language="en") for n in range(300, 302)]

    found = learnt([*training, *few], {"en": ["A sample."], "zh": ["样本。"], "fr": ["Un exemple."]})

    assert found.languages == {"zh"}
    assert len(found.examples) == 200
    assert found.kept == ("p300", "p301", "A sample.", "Un exemple.")


def test_one_language_is_learnt_however_little_there_is() -> None:
    assert learnt([example(1)], {}).languages == {"en"}
    assert learnt([], {}).examples == ()


def test_a_rarer_language_is_drawn_from_more_often() -> None:
    def lesson(n: int, language: str) -> Lesson:
        passages = (f"Passage {n} about a bridge that will be rebuilt by the town of Oster in the next two years.",)
        return Lesson(
            article=ArticleId(f"a{n}"),
            group=ArticleId(f"a{n}"),
            title=f"Headline {n}",
            language=language,
            at=START,
            passages=passages,
        )

    held = {each.article: each for each in (lesson(n, "en" if n < 5 else "de") for n in range(50))}

    examples = examples_of(held, [], 0)

    drawn = Counter(each.language for each in examples)
    assert drawn["en"] == drawn["de"] / 9 * 3
    assert len({(each.query, each.positive) for each in examples if each.language == "en"}) > drawn["en"] / 3


async def test_the_newest_articles_are_taken_and_those_that_were_asked_about(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.training.material._MOST_ARTICLES", 3)
    async with open_app(load_settings()) as app:
        await app.gather.jsonl(data / "articles", unseen)

        held = await lessons(app.articles, {ArticleId("article-0")}, unseen)

    newest = {f"article-{n}" for n in (88, 89, 90)}
    assert set(held) == {"article-0", *newest}
    assert held[ArticleId("article-0")].at == START
    assert held[ArticleId("article-0")].language == "en"


def test_folders_of_data_give_questions_with_their_articles(data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "q").write_text(json.dumps({"question": "Who?", "answers": ["Ada"]}))

    asked = asked_there((data, other))

    assert len(asked) == 91
    assert [each.kind for each in examples_of({}, asked, 0)] == []
    assert Kind.QUESTION.value == "question"


def test_help_names_what_it_does(tidings: Program) -> None:
    said = tidings("train", "encoder", "--help")

    assert "judged on the newest articles, which it has not seen" in " ".join(said.split())
    assert module.WORDS == 20_000
    assert f"default: {module.WORDS}" in said.replace(",", "")
