from __future__ import annotations

import numpy as np

from retrieval.topics.held import Held
from retrieval.topics.sketch import Sketch


def sketch(seed: int) -> Sketch:
    vector = np.random.default_rng(seed).standard_normal(384)
    return Sketch(
        vector=(vector / np.linalg.norm(vector)).astype(np.float32),
        terms=np.asarray([1, 2 + seed], dtype=np.uint32),
        counts=np.ones(2, dtype=np.uint8),
        named=np.zeros(2, dtype=np.bool_),
        numbers=np.zeros(2, dtype=np.bool_),
        pairs=np.asarray([7], dtype=np.uint32),
    )


def filled(n: int) -> Held:
    held = Held()
    for at in range(n):
        held.add(str(at), at, sketch(at))
    return held


def test_the_nearest_come_first_with_their_cosines() -> None:
    held = filled(600)

    found = held.nearest(sketch(500).vector, 5)

    assert found[0][0] == "500"
    assert len(found) == 5
    assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)
    assert abs(found[0][1] - 1) < 1e-5


def test_nothing_is_near_where_nothing_is_held() -> None:
    assert Held().nearest(sketch(1).vector, 5) == []
    assert filled(2).nearest(sketch(1).vector, 0) == []


def test_what_was_removed_is_neither_found_nor_counted_and_its_place_is_used_again() -> None:
    held = filled(10)
    for at in range(9):
        held.remove(str(at))
    held.add("new", 10, sketch(20))

    terms, pairs = held.rarity([sketch(9), sketch(3)])

    assert len(held) == 2
    assert "3" not in held
    assert {article for article, _ in held.nearest(sketch(3).vector, 10)} == {"9", "new"}
    np.testing.assert_allclose(terms, np.log(3 / np.asarray([2.5, 1.5, 2.5, 0.5])), rtol=1e-6)
    np.testing.assert_allclose(pairs, np.log([3 / 2.5, 3 / 2.5]), rtol=1e-6)


def test_what_everyone_says_is_never_less_than_not_rare_at_all() -> None:
    terms, _ = filled(1).rarity([sketch(0)])

    assert (terms >= 0).all()
