from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from retrieval.index.words import WordCutter
from retrieval.search.within import Within
from storage.domain.dialogue import ConversationId
from storage.domain.people import ReaderId
from storage.domain.summaries import Document, GivenDocument

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
FILLER = "\n".join(
    f"Paragraph {number} tells of the weather over the hills and of nothing else at all." for number in range(80)
)


def given(text: str, **document: str) -> GivenDocument:
    return GivenDocument(
        reader=ReaderId("telegram:7"),
        conversation=ConversationId("telegram:7"),
        document=Document(text=text, **document),
        at=NOW,
    )


@pytest.fixture(scope="module")
def within(tmp_path_factory: pytest.TempPathFactory) -> Within:
    folder: Path = tmp_path_factory.mktemp("words")
    return Within(WordCutter(folder))


async def test_the_passage_that_has_the_words_comes_first(within: Within) -> None:
    text = f"{FILLER}\nThe repair of the dam will cost 48 million euros.\n{FILLER}"

    found = await within.find(given(text, title="Dams"), "What will the repair cost?", 3)

    assert len(found) == 3
    assert "48 million euros" in found[0].passage.text
    assert found[0].score > found[1].score
    assert found[0].passage.headline.title == "Dams"


async def test_in_chinese_too(within: Within) -> None:
    filler = "\n".join(f"第{number}段只说山上的天气，别的什么也没有说。" for number in range(120))
    text = f"{filler}\n大坝的维修将耗资4800万欧元。\n{filler}"

    found = await within.find(given(text), "维修要花多少钱？", 2)

    assert "4800万欧元" in found[0].passage.text


async def test_passages_are_named_by_what_was_given_and_numbered_in_its_order(within: Within) -> None:
    document = given(FILLER, url="https://www.news.example/hills")

    found = await within.find(document, "nothing like it", 50)

    assert sorted(hit.passage.id for hit in found) == list(range(1, len(found) + 1))
    assert {hit.passage.headline.id for hit in found} == {document.id}
    assert {hit.passage.headline.source for hit in found} == {"news.example"}


async def test_of_a_short_text_all_is_read_whatever_is_asked(within: Within) -> None:
    found = await within.find(given("The dam broke."), "Who won?", 20)

    assert [hit.passage.text for hit in found] == ["The dam broke."]
    assert found[0].passage.headline.title == "The dam broke."
