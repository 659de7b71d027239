from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.index.encoder import SentenceEncoder
from retrieval.index.shipped import SHIPPED
from retrieval.ports import Space
from retrieval.search.meaning import Meaning
from tests.fakes import InMemoryDense


@pytest.fixture
def meaning(tmp_path: Path) -> Iterator[Meaning]:
    encoder = SentenceEncoder(SHIPPED, precision="int8", cache=tmp_path, threads=1)
    yield Meaning(Space(encoder=encoder, dense=InMemoryDense()))
    encoder.close()


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        (
            "智利北部地震造成多少人死亡？",
            ["An earthquake killed 14 people in northern Chile.", "A zoo has two pandas."],
        ),
        ("Why was baby formula recalled?", ["一家乳企因金属含量超标召回了婴儿奶粉。", "地铁二十三号线开通运营。"]),
    ],
)
async def test_what_is_meant_is_nearer_whatever_language_it_is_in(
    meaning: Meaning, question: str, texts: list[str]
) -> None:
    near, far = await meaning(question, texts)

    assert near > 0.4
    assert far < 0.2
