from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from retrieval.index.sketches import differing, least, sketched, words_of


def test_a_sketch_holds_a_sign_for_each_dimension() -> None:
    vectors = np.array([[0.5, -0.5, 0.0, 0.1]], dtype=np.float32)

    (bits,) = np.unpackbits(sketched(vectors).view(np.uint8), axis=1)

    assert bits[:4].tolist() == [1, 0, 0, 1]
    assert not bits[4:].any()


def test_widths_that_fill_no_word_are_padded() -> None:
    assert [words_of(d) for d in (0, 1, 64, 65, 384)] == [0, 1, 1, 2, 6]
    assert sketched(np.ones((3, 65), dtype=np.float32)).shape == (3, 2)


@given(st.integers(1, 130), st.integers(1, 60), st.data())
def test_the_difference_is_the_number_of_signs_that_differ(dimensions: int, n: int, data: st.DataObject) -> None:
    random = np.random.default_rng(data.draw(st.integers(0, 1000)))
    vectors = random.standard_normal((n, dimensions)).astype(np.float32)
    query = random.standard_normal((1, dimensions)).astype(np.float32)
    rows = np.flatnonzero(random.random(n) < 0.7)

    counts = differing(np.ascontiguousarray(sketched(vectors).T), sketched(query)[0], rows)

    assert counts.tolist() == ((vectors[rows] > 0) != (query > 0)).sum(axis=1).tolist()


@given(arrays(np.uint16, st.integers(1, 50), elements=st.integers(0, 6)), st.integers(1, 60))
def test_the_least_are_as_many_as_asked_for_and_none_beyond_is_less(counts: np.ndarray, n: int) -> None:
    places = least(counts, n)

    others = np.delete(counts, places)
    assert len(places) == min(n, len(counts))
    assert places.tolist() == sorted(set(places.tolist()))
    assert not len(others) or counts[places].max() <= others.min()
