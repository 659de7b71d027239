from __future__ import annotations

from collections.abc import Sequence

import pytest

from retrieval.index.crossencoder import CrossReranker
from retrieval.ports import Candidate
from storage.errors import EncoderUnavailable
from tests.fakes import make_passage


class Failing:
    """A model that fails once, as libraries do over several lines, and then scores by length."""

    fails = True

    def predict(self, pairs: Sequence[tuple[str, str]], **_options: object) -> list[float]:
        if self.fails:
            self.fails = False
            raise RuntimeError("CUDA out of memory.\nTried to allocate 20 MiB.")
        return [float(len(passage)) for _, passage in pairs]


async def test_a_model_that_fails_over_a_question_says_so_in_one_line_and_is_used_again() -> None:
    reranker = CrossReranker("some/model", most=2)
    reranker._model = Failing()
    candidates = [Candidate(passage=make_passage(i, "x" * i), score=1.0) for i in (1, 3, 2)]

    with pytest.raises(EncoderUnavailable) as raised:
        await reranker.scores("Who?", candidates)

    assert str(raised.value) == "encoder some/model: cannot score: CUDA out of memory."
    assert isinstance(raised.value.__cause__, RuntimeError)
    assert list(await reranker.scores("Who?", candidates)) == [2, 4, 1]
    reranker.close()
