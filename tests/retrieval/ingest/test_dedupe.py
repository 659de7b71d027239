from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from retrieval.ingest.copies import Copies
from retrieval.ingest.dedupe import COPY_THRESHOLD, fingerprint, similarity
from storage.domain.news import ArticleId

WORDS = (
    *("river", "bank", "council", "vote", "budget", "school", "harbour", "train"),
    *("strike", "market", "price", "storm", "bridge", "mayor", "report"),
)
SIGNS = "河岸议会投票预算学校港口火车罢工市场价格风暴桥梁市长报告今日表示发布新闻记者政府经济"


def english(seed: int, n: int = 300) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=n))  # noqa: S311  invented news, repeatable


def chinese(seed: int, n: int = 400) -> str:
    return "".join(random.Random(seed).choices(SIGNS, k=n))  # noqa: S311


@pytest.mark.parametrize("make", [english, chinese])
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.upper(),
        lambda text: text.replace(" ", " , "),
        lambda text: "WASHINGTON (AP) By John Smith and Jane Doe. Updated. " + text,
        lambda text: text + " Copyright 2026. All rights reserved.",
        lambda text: text[: int(len(text) * 0.85)],
    ],
    ids=["case", "punctuation", "header", "footer", "cut"],
)
def test_a_slightly_changed_text_is_a_copy(make: Callable[[int], str], change: Callable[[str], str]) -> None:
    original, changed = fingerprint(make(1)), fingerprint(change(make(1)))

    assert similarity(original, changed) >= COPY_THRESHOLD
    assert set(original.bands) & set(changed.bands)


@pytest.mark.parametrize("make", [english, chinese])
def test_different_texts_in_the_same_words_are_no_copies(make: Callable[[int], str]) -> None:
    prints = [fingerprint(make(seed)) for seed in range(30)]

    assert all(similarity(a, b) < COPY_THRESHOLD for i, a in enumerate(prints) for b in prints[:i])


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    stored = fingerprint("The bridge over the river was opened by the mayor on Monday.")

    assert stored.bands[:2] == (7109698443206499851, -5528684451148431738)
    assert len(stored.signature) == 512


@pytest.mark.parametrize("text", ["", " \n", "!?…"])
def test_a_text_without_words_is_a_copy_of_nothing(text: str) -> None:
    empty = fingerprint(text)

    assert empty.bands == ()
    assert similarity(empty, empty) == 0


def test_bands_fit_a_signed_64_bit_column() -> None:
    assert all(-(2**63) <= band < 2**63 for band in fingerprint(english(7)).bands)


def test_the_group_of_the_most_similar_copy_is_found() -> None:
    text = english(1)
    copies = Copies([(ArticleId("other"), fingerprint(english(2))), (ArticleId("near"), fingerprint(text[:-400]))])
    copies.add(ArticleId("nearest"), fingerprint(text + " indeed"))

    assert copies.group_of(fingerprint(text)) == "nearest"
    assert copies.group_of(fingerprint(english(3))) is None
