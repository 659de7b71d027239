from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from retrieval.topics.packing import packed, unpacked
from retrieval.topics.sketch import Sketch

ENCODER = "tidings-news-1 int8"


def sketch(n: int = 3, published: datetime | None = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)) -> Sketch:
    vector = np.arange(1, 9, dtype=np.float32)
    return Sketch(
        vector=vector / np.linalg.norm(vector),
        terms=np.arange(n, dtype=np.uint32) * 1_000_003,
        counts=np.arange(n, dtype=np.uint8) + 1,
        named=np.arange(n) % 2 == 0,
        numbers=np.arange(n) % 3 == 0,
        pairs=np.arange(2 * n, dtype=np.uint32) + 4_000_000_000,
        published=published,
        language="zh",
        group="一",
        days=0b101,
    )


@pytest.mark.parametrize("given", [sketch(), sketch(0), sketch(published=None)])
def test_a_sketch_comes_back_as_it_was(given: Sketch) -> None:
    found = unpacked(packed(given, ENCODER), ENCODER)

    assert found is not None
    np.testing.assert_allclose(found.vector, given.vector, atol=1e-3)
    assert np.linalg.norm(found.vector) == pytest.approx(1.0)
    for name in ("terms", "counts", "named", "numbers", "pairs"):
        np.testing.assert_array_equal(getattr(found, name), getattr(given, name))
        assert getattr(found, name).dtype == getattr(given, name).dtype
    assert (found.published, found.language) == (given.published, given.language)
    assert (found.group, found.days) == (given.group, given.days)


def test_what_another_encoder_made_of_an_article_is_not_taken_for_this_ones() -> None:
    assert unpacked(packed(sketch(), "another"), ENCODER) is None


def test_packing_again_changes_nothing() -> None:
    once = packed(sketch(), ENCODER)
    found = unpacked(once, ENCODER)

    assert found is not None
    assert packed(found, ENCODER) == once
