from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.index.crossencoder import CrossReranker
from retrieval.index.words import WordCutter
from retrieval.ports import Candidate
from retrieval.search.features import NAMES
from retrieval.search.rerank import Linear, LinearReranker, Weights, read_weights, shipped_weights, write_weights
from retrieval.search.rerankers import reranker
from storage.errors import EncoderUnavailable, InputError
from tests.fakes import make_passage


def weighing(**weights: float) -> tuple[float, ...]:
    return tuple(weights.get(name, 0.0) for name in NAMES)


def candidates(*texts: str) -> list[Candidate]:
    return [Candidate(passage=make_passage(n, text), score=1.0) for n, text in enumerate(texts, start=1)]


async def test_scores_are_the_features_as_they_are_weighed(cutter: WordCutter) -> None:
    model = Linear(other=weighing(held=2.0), chinese=weighing(held=-1.0))
    ours = LinearReranker(cutter, Weights(articles=model, passages=model))

    english = await ours.scores("flood", candidates("The flood", "nothing"))
    chinese = await ours.scores("洪水", candidates("洪水来了", "没有"))

    assert english == pytest.approx([2.0, 0.0])
    assert chinese == pytest.approx([-1.0, 0.0])
    ours.close()


def test_which_passage_stands_for_an_article_is_for_the_other_model_to_say() -> None:
    rows = np.zeros((4, len(NAMES)), dtype=np.float32)
    rows[:, NAMES.index("held")] = [4, 3, 2, 1]
    rows[:, NAMES.index("near")] = [0, 9, 0, 5]
    found = [Candidate(passage=make_passage(n, "x", article=f"a{n % 2}"), score=1.0) for n in range(4)]
    weights = Weights(
        articles=Linear(other=weighing(held=1.0), chinese=weighing()),
        passages=Linear(other=weighing(near=1.0), chinese=weighing()),
    )

    assert weights.scores(rows, found, chinese=False) == (4, 3, 2, 1)
    rows[:, NAMES.index("near")] = [0, 0, 7, 5]
    assert weights.scores(rows, found, chinese=False) == (2, 1, 4, 3)
    assert weights.scores(rows[:0], [], chinese=False) == ()


async def test_the_shipped_model_prefers_what_answers(cutter: WordCutter) -> None:
    ours = LinearReranker(cutter)
    texts = (
        "Ferries are boats.",
        "Halvorsen Marine builds the six electric ferries for Lake Oster.",
        "Boats on a lake.",
    )

    scores = await ours.scores("Who builds the ferries for Lake Oster?", candidates(*texts))

    assert max(range(3), key=lambda at: scores[at]) == 1
    ours.close()


async def test_nothing_found_has_no_scores(cutter: WordCutter) -> None:
    ours = LinearReranker(cutter)

    assert list(await ours.scores("Who?", ())) == []
    ours.close()


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    weights = Weights(
        articles=Linear(other=weighing(held=1.25), chinese=weighing(run=-0.5)),
        passages=Linear(other=weighing(near=2.0), chinese=weighing(pairs=0.5)),
    )

    write_weights(tmp_path / "r.json", weights, {"by": "a test"})

    assert read_weights(tmp_path / "r.json") == weights


def test_the_shipped_model_weighs_every_feature() -> None:
    weights = shipped_weights()

    for model in (weights.articles, weights.passages):
        assert len(model.other) == len(model.chinese) == len(NAMES)
        assert any(model.other)
        assert model.other != model.chinese
    assert weights.articles != weights.passages


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"weights": {"held": [1, 2, 3, 4]}}', '{"weights": 3}', "\x00"])
def test_a_file_that_holds_no_model_is_refused_in_one_line(tmp_path: Path, cutter: WordCutter, text: str) -> None:
    path = tmp_path / "reranker.json"
    path.write_text(text)

    with pytest.raises(InputError, match="holds no reranker"):
        reranker(str(path), cutter)


def test_a_setting_names_ours_none_or_a_cross_encoder(cutter: WordCutter) -> None:
    ours, none, other = (reranker(name, cutter) for name in ("tidings", "none", "some/cross-encoder"))

    assert isinstance(ours, LinearReranker)
    assert none is None
    assert isinstance(other, CrossReranker)
    ours.close()
    other.close()


async def test_a_cross_encoder_that_cannot_be_loaded_says_so_and_soon_the_second_time(tmp_path: Path) -> None:
    missing = CrossReranker(str(tmp_path / "no-model"))

    for _ in range(2):
        with pytest.raises(EncoderUnavailable, match="no-model"):
            await missing.scores("Who?", candidates("He."))
    missing.close()
