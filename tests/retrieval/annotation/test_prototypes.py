from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from retrieval.annotation.prototypes import SUBJECTS, EncodedPrototypes, examples
from retrieval.ports import Vectors
from storage.domain.annotations import Category
from tests.fakes import HashingEncoder


def test_every_subject_has_examples_in_both_languages_and_none_twice() -> None:
    listed = json.loads(resources.files("retrieval.annotation").joinpath("prototypes.json").read_text(encoding="utf-8"))

    assert list(listed["subjects"]) == [subject.value for subject in SUBJECTS]
    for languages in listed["subjects"].values():
        assert all(len(languages[language]) >= 10 for language in ("en", "zh"))
    every = [text for subject in SUBJECTS for text in examples(subject)]
    assert len(every) == len(set(every))


def test_the_examples_are_not_what_the_tests_ask_about() -> None:
    every = {text for subject in SUBJECTS for text in examples(subject)}

    asked = {headline["title"] for headline in headlines()}

    assert asked.isdisjoint(every)


async def test_examples_are_encoded_once_for_each_encoder() -> None:
    held = EncodedPrototypes()
    first, other = HashingEncoder(name="first"), HashingEncoder(name="other")

    found = await held.of(first)
    again = await held.of(first)
    await held.of(other)

    assert again is found
    assert found.encoder == "first"
    assert len(first.encoded) == len(other.encoded) == len(set(first.encoded))


async def test_examples_are_encoded_once_for_all_processes_that_share_a_folder(tmp_path: Path) -> None:
    first, second, other = HashingEncoder(name="one"), HashingEncoder(name="one"), HashingEncoder(name="other")

    made = await EncodedPrototypes(tmp_path).of(first)
    kept = await EncodedPrototypes(tmp_path).of(second)
    await EncodedPrototypes(tmp_path).of(other)

    np.testing.assert_array_equal(kept.vectors, made.vectors)
    assert (kept.tone_middle, kept.tone_reach) == (made.tone_middle, made.tone_reach)
    assert second.encoded == []
    assert other.encoded == first.encoded


async def test_a_kept_file_that_is_damaged_is_made_again(tmp_path: Path) -> None:
    await EncodedPrototypes(tmp_path).of(HashingEncoder())
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:100])
    encoder = HashingEncoder()

    await EncodedPrototypes(tmp_path).of(encoder)

    assert encoder.encoded
    assert file.stat().st_size > 1000


async def test_an_example_is_likest_to_the_others_of_its_subject() -> None:
    encoder = HashingEncoder(dimensions=512)
    found = await EncodedPrototypes().of(encoder)

    vectors = await encoder.encode_documents(examples(Category.SPORT))
    odds = found.log_odds(vectors, "en")

    assert odds.shape == (len(vectors), len(SUBJECTS))
    assert (odds.argmax(axis=1) == SUBJECTS.index(Category.SPORT)).mean() > 0.8


async def test_encoders_whose_cosines_lie_close_together_are_sharpened_more() -> None:
    class Crowded(HashingEncoder):
        async def encode_documents(self, texts: Sequence[str]) -> Vectors:
            vectors = await super().encode_documents(texts) + 4 * np.eye(1, self.dimensions, dtype=np.float32)
            return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    wide = await EncodedPrototypes().of(HashingEncoder(name="wide"))
    crowded = await EncodedPrototypes().of(Crowded(name="crowded"))

    assert crowded.sharpness["en"] > 3 * wide.sharpness["en"]


async def test_an_encoder_is_trusted_less_in_a_language_it_cannot_read() -> None:
    class EnglishOnly(HashingEncoder):
        async def encode_documents(self, texts: Sequence[str]) -> Vectors:
            return await super().encode_documents([text if text.isascii() else "unknown" for text in texts])

    found = await EncodedPrototypes().of(EnglishOnly(dimensions=512))

    assert found.sharpness["zh"] < found.sharpness["en"] / 2


async def test_an_encoder_that_sees_no_difference_gives_no_tone() -> None:
    class Blind(HashingEncoder):
        async def encode_documents(self, texts: Sequence[str]) -> Vectors:
            return np.tile(np.eye(1, self.dimensions, dtype=np.float32), (len(texts), 1))

    blind = Blind()

    found = await EncodedPrototypes().of(blind)

    assert found.tone((await blind.encode_documents(["anything"]))[0]) == pytest.approx(0.0)
    assert np.isfinite(found.log_odds(await blind.encode_documents(["anything"]), "zh")).all()


def headlines() -> list[dict[str, str]]:
    path = Path(__file__).with_name("headlines_zh.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
