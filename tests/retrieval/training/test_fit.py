"""Real trainings of real, small models: what they learn, what they leave, and what is kept of them."""

from __future__ import annotations

import builtins
import itertools
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.training.batches import datasets_of
from retrieval.training.fit import Curriculum, FitSettings, fit
from retrieval.training.glossary import Glossary
from retrieval.training.report import bench, ranks, score
from retrieval.training.split import split
from retrieval.training.student import Student, Wording
from retrieval.training.vocabulary import Spellings
from storage.errors import InputError, TrainingFailed
from tests.retrieval.training.toys import asked, told, toy_examples, toy_model

BRISK = FitSettings(steps=40, batch=16, rate=5e-3, dimensions=())


def curriculum(**more: Any) -> Curriculum:
    parts = split(toy_examples())
    return Curriculum(
        training=parts.training,
        stopping=bench(parts.stopping, parts.training, queries=20, passages=60),
        judging=bench(parts.judging, parts.training, queries=20, passages=60),
        **more,
    )


def unseen(_what: str, _done: int, _of: int | None) -> None:
    pass


def weights(folder: Path) -> dict[str, Any]:
    from safetensors.numpy import load_file

    return dict(load_file(folder / "model.safetensors"))


def test_a_training_learns_what_helps_with_questions_it_has_not_seen(
    untaught: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[tuple[str, int, int | None]] = []

    fitted = fit(str(untaught), tmp_path / "out", curriculum(), BRISK, lambda *each: seen.append(each))

    assert fitted.report.better
    assert fitted.report.after["mrr@10"].value > fitted.report.before["mrr@10"].value + 0.3
    assert 0 < fitted.kept_step <= fitted.steps <= 40
    assert seen[-1] == ("training", fitted.steps, 40)
    checkpoint = Student(str(tmp_path / "out"))
    assert score(checkpoint.ranked(curriculum().judging)) == pytest.approx(fitted.report.after["mrr@10"].value)
    assert checkpoint.model.max_seq_length == 64
    assert capsys.readouterr().out == ""


def test_the_same_seed_trains_the_same_model(untaught: Path, tmp_path: Path) -> None:
    few = replace(BRISK, steps=5)

    for name in ("one", "two"):
        fit(str(untaught), tmp_path / name, curriculum(), few, unseen)

    one, two = weights(tmp_path / "one"), weights(tmp_path / "two")
    assert all(np.array_equal(one[name], two[name]) for name in one)


def test_factors_of_lora_are_merged_into_a_plain_model(untaught: Path, tmp_path: Path) -> None:
    settings = replace(BRISK, method="lora", rate=2e-3, steps=60)

    fitted = fit(str(untaught), tmp_path / "out", curriculum(), settings, unseen)

    assert fitted.report.better
    before, after = weights(untaught), weights(tmp_path / "out")
    assert before.keys() == after.keys()
    changed = {name for name in before if not np.array_equal(before[name], after[name])}
    assert changed
    assert all(name.endswith("weight") and "embeddings" not in name and "LayerNorm" not in name for name in changed)


def test_parts_of_the_vector_serve_by_themselves(untaught: Path, tmp_path: Path) -> None:
    lesson = curriculum()

    def by_four(folder: str) -> float:
        student = Student(folder)
        queries = student.vectors(lesson.judging.queries, query=True)[:, :4]
        pool = student.vectors(lesson.judging.pool, query=False)[:, :4]
        return score(
            ranks(
                lesson.judging,
                queries / np.linalg.norm(queries, axis=1, keepdims=True),
                pool / np.linalg.norm(pool, axis=1, keepdims=True),
            )
        )

    fit(str(untaught), tmp_path / "whole", lesson, BRISK, unseen)
    fitted = fit(str(untaught), tmp_path / "parts", lesson, replace(BRISK, dimensions=(4,)), unseen)

    assert fitted.dimensions == (32, 4)
    assert fitted.report.better
    assert by_four(str(tmp_path / "parts")) > by_four(str(tmp_path / "whole")) + 0.05


def test_an_adversary_changes_what_is_learnt_and_it_still_learns(untaught: Path, tmp_path: Path) -> None:
    fitted = fit(str(untaught), tmp_path / "pushed", curriculum(), replace(BRISK, fgm=0.2), unseen)
    fit(str(untaught), tmp_path / "plain", curriculum(), BRISK, unseen)

    assert fitted.report.better
    plain, pushed = weights(tmp_path / "plain"), weights(tmp_path / "pushed")
    assert any(not np.allclose(plain[name], pushed[name], atol=1e-3) for name in plain)


def test_a_language_that_is_not_learnt_keeps_its_place(tmp_path: Path) -> None:
    others = tuple(f"mot{letter}" for letter in "abcdefgh")
    known = tuple(each(topic) for topic in range(14) for each in (asked, told))
    base = toy_model(tmp_path, words=(*known, *others), spread=0.2)
    texts = [f"{a} {b}" for a, b in itertools.pairwise(others)]
    before = Student(str(base)).vectors(texts, query=False)

    def moved(name: str, **more: Any) -> float:
        fit(str(base), tmp_path / name, curriculum(**more), replace(BRISK, steps=15), unseen)
        return float(1 - (Student(str(tmp_path / name)).vectors(texts, query=False) * before).sum(axis=1).mean())

    assert moved("kept", kept=texts) < 0.5 * moved("free")


def test_what_could_be_read_before_stays_only_where_there_are_new_words(
    untaught: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[tuple[list[str], list[tuple[str, str]]]] = []

    def noted(examples: Any, anchored: Any, meanings: Any) -> Any:
        used.append((list(anchored.texts), meanings))
        return datasets_of(examples, anchored, meanings)

    monkeypatch.setattr("retrieval.training.fit.datasets_of", noted)
    seen = Spellings(words=Counter({"央行": 9}), characters=Counter({"央": 9}))
    known = Spellings(words=Counter(), characters=Counter())
    glossary = Glossary(meanings={"央行": (told(0),)}, simplified={})
    texts = {"kept": (told(1),), "readable": (told(2), told(3))}

    for words in (seen, known):
        lesson = curriculum(wording=Wording(seen=words, glossary=glossary, most=5), **texts)
        fit(str(untaught), tmp_path / str(len(used)), lesson, replace(BRISK, steps=1), unseen)

    assert used[0] == ([told(1), told(2), told(3)], [(told(0), "央行")])
    assert used[1] == ([told(1)], [])


def test_new_words_learn_while_the_old_rows_stay(untaught: Path, tmp_path: Path) -> None:
    seen = Spellings(words=Counter({"央行": 9}), characters=Counter({"央": 9, "行": 9}))
    wording = Wording(seen=seen, glossary=Glossary(meanings={"央行": (told(0),)}, simplified={}), most=5)
    examples = [
        replace(each, query=each.query.replace(asked(0), "央行"), positive=each.positive) for each in toy_examples()
    ]
    parts = split(examples)
    lesson = replace(curriculum(), training=parts.training, wording=wording)

    fitted = fit(str(untaught), tmp_path / "out", lesson, replace(BRISK, steps=10), unseen)

    table = "embeddings.word_embeddings.weight"
    before, after = weights(untaught)[table], weights(tmp_path / "out")[table]
    assert fitted.new_rows == 3
    assert len(after) == len(before) + 3
    assert np.array_equal(after[: len(before)], before)
    assert fitted.kept_step == 0 or not np.allclose(after[-1], before[5 + 1], atol=1e-4)


def test_what_got_no_better_is_left_in_the_state_that_did_best(untaught: Path, tmp_path: Path) -> None:
    fit(str(untaught), tmp_path / "good", curriculum(), BRISK, unseen)
    wrong = [replace(each, positive=each.negative or "", negative=each.positive) for each in curriculum().training]

    fitted = fit(str(tmp_path / "good"), tmp_path / "worse", replace(curriculum(), training=wrong), BRISK, unseen)

    assert not fitted.report.better
    assert fitted.kept_step == 0
    assert fitted.steps < 40, "stopped once it had not gained for a while"
    good, worse = weights(tmp_path / "good"), weights(tmp_path / "worse")
    assert all(np.array_equal(good[name], worse[name]) for name in good)


def test_dimensions_that_the_base_lacks_are_named(untaught: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--dimensions: .* vectors of 32, of which 384"):
        fit(str(untaught), tmp_path / "out", curriculum(), replace(BRISK, dimensions=(384,)), unseen)


def test_packages_that_are_missing_are_named_with_what_installs_them(
    untaught: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = builtins.__import__

    def without_peft(name: str, *more: Any, **others: Any) -> Any:
        if name == "peft":
            raise ModuleNotFoundError(name)
        return found(name, *more, **others)

    monkeypatch.setattr(builtins, "__import__", without_peft)

    with pytest.raises(TrainingFailed, match=r"pip install -e '.\[train\]'"):
        fit(str(untaught), tmp_path / "out", curriculum(), BRISK, unseen)
