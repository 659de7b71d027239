from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from retrieval.interests.responses import Responses
from tests.retrieval.interests.made import CHIPS, FOOTBALL, NOW, WIDTH


def test_what_is_turned_to_oftener_than_what_is_beside_it_is_popular() -> None:
    responses = Responses(width=WIDTH)
    for _ in range(20):
        responses.note(NOW, np.zeros(WIDTH, dtype=np.float32), ["a", "b"], {"a"})

    found = responses.audience(["a", "b", "never shown"], NOW)

    assert found.popularity.tolist() == pytest.approx([np.log(24 / 14), np.log(4 / 14), 0.0])


def test_being_shown_beside_little_else_is_no_popularity() -> None:
    responses = Responses(width=WIDTH)

    responses.note(NOW, np.zeros(WIDTH, dtype=np.float32), ["alone"], {"alone"})

    assert responses.audience(["alone"], NOW).popularity.tolist() == [0.0]


def test_popularity_passes() -> None:
    responses = Responses(width=WIDTH)
    for _ in range(20):
        responses.note(NOW, np.zeros(WIDTH, dtype=np.float32), ["a", "b"], {"a"})

    now, later = (float(responses.audience(["a"], moment).popularity[0]) for moment in (NOW, NOW + timedelta(days=2)))

    assert 0 < later < now


def test_an_audience_lies_where_those_who_turned_to_it_are() -> None:
    responses = Responses(width=WIDTH)
    for _ in range(20):
        responses.note(NOW, CHIPS, ["a", "b"], {"a"})
        responses.note(NOW, FOOTBALL, ["a", "b"], {"b"})

    found = responses.audience(["a", "b"], NOW)

    assert found.vectors[0] @ (CHIPS - FOOTBALL) > 0.3
    assert found.vectors[1] @ (CHIPS - FOOTBALL) < -0.3
    np.testing.assert_allclose(found.middle, (CHIPS + FOOTBALL) / 2, atol=1e-6)


def test_readers_of_whom_nothing_is_known_are_no_audience() -> None:
    responses = Responses(width=WIDTH)
    responses.note(NOW, np.zeros(WIDTH, dtype=np.float32), ["a", "b"], {"a"})

    assert not responses.audience(["a"], NOW).vectors.any()
    assert not responses.middle.any()
