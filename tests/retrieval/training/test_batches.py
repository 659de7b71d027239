from __future__ import annotations

import numpy as np

from retrieval.training.batches import KEPT, Anchored, InOrder, datasets_of
from tests.retrieval.training.toys import example

NOTHING = Anchored(texts=(), vectors=np.zeros((0, 2), dtype=np.float32))


def test_a_batch_is_of_one_language_in_the_order_of_the_examples() -> None:
    examples = [example(n, f"q{n}", f"p{n}", negative=f"n{n}", language="zh" if n % 3 else "en") for n in range(9)]

    data = datasets_of(examples, NOTHING, [])

    assert set(data) == {"in zh", "in en"}
    assert data["in en"]["anchor"] == ["q0", "q3", "q6"]
    assert data["in en"]["positive"] == ["p0", "p3", "p6"]
    assert data["in en"]["negative"] == ["n0", "n3", "n6"]
    assert list(InOrder(examples)(data["in zh"], batch_size=4, drop_last=False)) == [[0, 1, 2, 3], [4, 5]]


def test_no_article_comes_twice_in_a_batch() -> None:
    examples = [example(n, f"q{n}", f"p{n}", negative="n", group=f"g{n % 3}") for n in range(8)]
    anchored = Anchored(texts=("here",), vectors=np.ones((1, 2), dtype=np.float32))
    data = datasets_of(examples, anchored, [("w", "m")])
    in_order = InOrder(examples)

    sampler = in_order(data["in en"], batch_size=4, drop_last=False)

    assert list(sampler) == list(sampler) == [[0, 1, 2], [3, 4, 5], [6, 7]]
    assert len(sampler) == 3
    assert in_order.batches(data[KEPT], 4) == [[0]]
    assert in_order.batches(data["meanings"], 4) == [[0]]


def test_what_stays_and_what_words_mean_are_an_eighth_of_the_examples_each() -> None:
    examples = [example(n, negative="n") for n in range(100)]
    anchored = Anchored(texts=("here", "there"), vectors=np.array([[1, 0], [0, 1]], dtype=np.float32))

    data = datasets_of(examples, anchored, [(f"w{n}", f"m{n}") for n in range(50)])

    assert data[KEPT]["sentence"] == ["here", "there"] * 6
    assert data[KEPT]["label"] == [[1, 0], [0, 1]] * 6
    assert data["meanings"]["anchor"] == [f"w{n}" for n in range(12)]
    assert data["meanings"].column_names == ["anchor", "positive"]
