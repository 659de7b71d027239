from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from safetensors import SafetensorError

from retrieval.index.shipped import SHIPPED
from retrieval.training.glossary import Glossary
from retrieval.training.student import Student, Wording
from retrieval.training.vocabulary import Spellings
from storage.errors import EncoderUnavailable, InputError, TrainingFailed
from tests.retrieval.training.toys import toy_model

GLOSSARY = Glossary(meanings={"央行": ("central bank",), "利率": ("interest rate",)}, simplified={})
SEEN = Spellings(words=Counter({"央行": 9, "利率": 9}), characters=Counter({"央": 9, "行": 9, "利": 9, "率": 9}))


@pytest.fixture
def english(tmp_path: Path) -> Path:
    return toy_model(tmp_path, words=("central", "bank", "interest", "rate"), spread=0.2)


def test_a_model_that_cannot_read_the_language_finds_its_words_near_what_they_mean(english: Path) -> None:
    student = Student(str(english))
    before = student.vectors(["central bank", "interest rate"], query=False)

    student.learn_words(Wording(seen=SEEN, glossary=GLOSSARY, most=10))

    assert len(student.new_rows) == 6
    assert student.vectors(["central bank", "interest rate"], query=False) == pytest.approx(before, abs=1e-5)
    rows = student.words.weight.detach().numpy()
    at = student.model.tokenizer.convert_tokens_to_ids
    for word, meant in (("央行", ("central", "bank")), ("利率", ("interest", "rate"))):
        middle = rows[[at(each) for each in meant]].mean(axis=0)
        row = rows[at(word)]
        assert row @ middle == pytest.approx(np.linalg.norm(row) * np.linalg.norm(middle), rel=1e-4)


def test_a_model_that_can_read_the_language_stays_as_it_is(tmp_path: Path) -> None:
    student = Student(str(toy_model(tmp_path, words=tuple("央行利率"))))

    student.learn_words(Wording(seen=SEEN, glossary=GLOSSARY, most=10))

    assert len(student.new_rows) == 0


def test_questions_and_passages_have_the_prompts_of_the_model(tmp_path: Path) -> None:
    folder = toy_model(tmp_path, words=("bank", "query", "text"), prompts={"query": "query ", "passage": "text "})
    student = Student(str(folder))

    asked, told = student.vectors(["bank"], query=True), student.vectors(["bank"], query=False)

    assert student.prompts == ("query ", "text ")
    assert not np.allclose(asked, told, atol=1e-4)


def test_dimensions_are_parts_of_the_vector(english: Path) -> None:
    student = Student(str(english))

    assert student.dimensions(None) == (32, 16, 8)
    assert student.dimensions([8, 8]) == (32, 8)
    with pytest.raises(InputError, match="vectors of 32, of which 64 is no part"):
        student.dimensions([64])


def test_the_shipped_model_can_be_trained_further() -> None:
    student = Student(SHIPPED)

    (asked, answer, other) = student.vectors(
        ["央行加息多少？", "央行将利率上调五十个基点。", "渡轮停运一周。"], query=False
    )
    assert student.dimensions(None) == (384, 192, 96)
    assert asked @ answer > asked @ other
    assert next(student.model.parameters()).requires_grad


@pytest.mark.parametrize("name", ["no-such/model", "/no/such/folder"])
def test_a_base_that_cannot_be_had_is_one_clear_line(name: str) -> None:
    with pytest.raises(EncoderUnavailable) as raised:
        Student(name)

    assert str(raised.value).startswith(f"encoder {name}: ")
    assert "\n" not in str(raised.value)


def test_a_disk_without_room_is_one_clear_line(english: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    student = Student(str(english))

    def full(*_: object, **__: object) -> None:
        raise SafetensorError("I/O error: No space left on device (os error 28)")

    monkeypatch.setattr(student.model, "save", full)

    with pytest.raises(TrainingFailed, match="No space left"):
        student.save(tmp_path / "out")
