from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from retrieval.annotation.categories import LEAST_SURE, article_vector, likeliest, likelihoods
from retrieval.annotation.prototypes import SUBJECTS, EncodedPrototypes, Prototypes
from retrieval.annotation.sections import Hint
from retrieval.index.encoder import SentenceEncoder
from storage.domain.annotations import Category

ENGLISH = {
    "Keeper saves two penalties as Rovers reach the cup final": Category.SPORT,
    "Lender posts record profit as mortgage rates climb": Category.BUSINESS,
    "Surgeons warn of long waits for hip operations": Category.HEALTH,
    "Cyclone tears roofs off houses as villagers flee to shelters": Category.DISASTER,
    "Jury convicts man of stabbing his neighbour": Category.CRIME,
    "Slow-cooked lamb with apricots: a recipe for Sunday": Category.LIFESTYLE,
    "Sitcom star to host the film awards": Category.ENTERTAINMENT,
    "Lawmakers vote down the cabinet's budget in parliament": Category.POLITICS,
}


@pytest.fixture
async def prototypes(encoder: SentenceEncoder) -> Prototypes:
    return await _held.of(encoder)


_held = EncodedPrototypes()


async def test_headlines_have_the_subject_anyone_would_give_them(
    encoder: SentenceEncoder, prototypes: Prototypes
) -> None:
    vectors = await encoder.encode_documents(list(ENGLISH))

    found = [likeliest(likelihoods(vector, prototypes, "en"))[0] for vector in vectors]

    assert found == list(ENGLISH.values())


async def test_most_chinese_headlines_have_their_subject(encoder: SentenceEncoder, prototypes: Prototypes) -> None:
    lines = Path(__file__).with_name("headlines_zh.jsonl").read_text(encoding="utf-8").splitlines()
    headlines = [json.loads(line) for line in lines]

    vectors = await encoder.encode_documents([headline["title"] for headline in headlines])
    likely = [likelihoods(vector, prototypes, "zh") for vector in vectors]

    right = [
        max(each, key=each.__getitem__) == headline["category"]
        for each, headline in zip(likely, headlines, strict=True)
    ]
    assert len(headlines) == 70
    assert sum(right) >= 56


async def test_what_is_about_nothing_is_of_no_subject(encoder: SentenceEncoder, prototypes: Prototypes) -> None:
    (vector,) = await encoder.encode_documents(["Click here to read on"])

    category, sureness = likeliest(likelihoods(vector, prototypes, None))

    assert category is Category.OTHER
    assert sureness > 1 - LEAST_SURE


async def test_a_section_decides_where_the_text_does_not(encoder: SentenceEncoder, prototypes: Prototypes) -> None:
    unclear, clear = await encoder.encode_documents(
        ["What we learned this week", "Striker scores a hat-trick as the league leaders win the match"]
    )
    hint = Hint(category=Category.EDUCATION, sureness=0.75)

    hinted = likelihoods(unclear, prototypes, "en", hint)

    assert likeliest(hinted)[0] is Category.EDUCATION
    assert likeliest(likelihoods(clear, prototypes, "en", hint))[0] is Category.SPORT


async def test_likelihoods_are_a_distribution_over_all_subjects(
    encoder: SentenceEncoder, prototypes: Prototypes
) -> None:
    (vector,) = await encoder.encode_documents(["央行下调利率"])

    likely = likelihoods(vector, prototypes, "zh")

    assert tuple(likely) == SUBJECTS
    assert sum(likely.values()) == pytest.approx(1.0)


def test_an_article_is_the_mean_of_its_passages() -> None:
    vector = article_vector(np.array([[1, 0], [0, 1]], dtype=np.float32))

    assert vector == pytest.approx([0.7071, 0.7071], abs=1e-4)


def test_passages_that_cancel_out_leave_a_finite_vector() -> None:
    vector = article_vector(np.array([[1, 0], [-1, 0]], dtype=np.float32))

    assert np.isfinite(vector).all()
