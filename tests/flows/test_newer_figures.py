from __future__ import annotations

import pytest

from tests.flows.edition import talk


@pytest.mark.parametrize(
    ("question", "newer"),
    [
        ("How many people were hurt in the Kestrel Bay earthquake?", "57"),
        ("How much do the Lake Oster ferries cost?", "52 million crowns"),
        ("How many ferries did Lake Oster order?", "five ferries"),
        ("台风“白鹭”转移了多少人？", "5.1万人"),
        ("霖屿有多少人受伤？", "23人受伤"),
        ("澜州地铁4号线有多少座车站？", "13座车站"),
    ],
)
async def test_the_newer_of_two_sources_leads(question: str, newer: str) -> None:
    (answer,) = await talk(question)

    assert newer in answer.sentences[0].text
    assert answer.as_of is not None
    assert answer.as_of >= max(citation.published for citation in answer.citations if citation.published)
