from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.chunk import chunk

ENGLISH = " ".join(
    f"Sentence number {n} says that the river rose by {n} metres and fell again later." for n in range(90)
)
CHINESE = "".join(f"第{n}条消息说，今天的河水上涨了{n}米，随后又回落到正常水位。" for n in range(60))


def test_passages_are_about_two_hundred_words_and_end_with_sentences() -> None:
    passages = chunk(ENGLISH, "en")

    assert all(100 <= len(passage.text.split()) <= 200 for passage in passages)
    assert all(passage.text.startswith("Sentence") and passage.text.endswith("later.") for passage in passages)
    assert [passage.position for passage in passages] == list(range(len(passages)))


def test_chinese_passages_are_about_two_hundred_characters() -> None:
    passages = chunk(CHINESE, "zh")

    assert all(100 <= len(passage.text) <= 240 for passage in passages)
    assert all(passage.text.startswith("第") and passage.text.endswith("。") for passage in passages)


@pytest.mark.parametrize("text", [ENGLISH, CHINESE])
def test_neighbours_share_one_sentence(text: str) -> None:
    passages = chunk(text)

    for one, following in itertools.pairwise(passages):
        assert one.start < following.start < one.end < following.end
        assert one.end - following.start < 100


def test_a_short_text_is_one_passage() -> None:
    (passage,) = chunk("  Rain fell. Roads closed.\n")

    assert (passage.start, passage.end, passage.text) == (2, 26, "Rain fell. Roads closed.")


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_a_blank_text_has_no_passages(text: str) -> None:
    assert chunk(text) == ()


@pytest.mark.parametrize("unit", ["x", "word ", "字", "ก", "1,", "🙂"])
@pytest.mark.parametrize("language", [None, "th"])
def test_a_hundred_thousand_characters_without_a_stop_are_cut_between_words(unit: str, language: str | None) -> None:
    text = unit * (100_000 // len(unit))

    passages = chunk(text, language)

    assert len(passages) > 10
    assert all(text[p.start : p.end] == p.text for p in passages)
    assert "".join(p.text for p in passages).replace(" ", "") == text.replace(" ", "")
    assert all(word == "word" for p in passages for word in p.text.split() if unit == "word ")


@given(
    st.lists(
        st.sampled_from(
            ["A short one. ", "字", "。", "\n", "word ", "x" * 40, "Mr. Li said so! ", "？", "3.5 ", "é", "\n\n"]
        ),
        max_size=400,
    ).map("".join)
)
def test_offsets_are_exact_and_nothing_is_lost(text: str) -> None:
    passages = chunk(text)

    covered = 0
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text
        assert passage.text.strip() == passage.text != ""
        assert not text[covered : passage.start].strip()
        assert passage.end > covered
        covered = passage.end
    assert not text[covered:].strip()
