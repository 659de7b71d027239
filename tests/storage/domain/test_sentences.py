from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.domain.sentences import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Mr. Smith met Dr. Lee. They spoke.", ["Mr. Smith met Dr. Lee.", "They spoke."]),
        ("The U.S. economy grew 3.5 percent. Prices rose.", ["The U.S. economy grew 3.5 percent.", "Prices rose."]),
        ("He left the U.S. The trip took a day.", ["He left the U.S.", "The trip took a day."]),
        ("Apple Inc. Chief Tim Cook spoke.", ["Apple Inc. Chief Tim Cook spoke."]),
        ("J. K. Rowling wrote it. Fans cheered.", ["J. K. Rowling wrote it.", "Fans cheered."]),
        ("It opens at 5 p.m. on Jan. 5 in St. Louis.", ["It opens at 5 p.m. on Jan. 5 in St. Louis."]),
        ("It fell in 2024. Growth came back.", ["It fell in 2024.", "Growth came back."]),
        ("1. First point. 2. Second point.", ["1. First point.", "2. Second point."]),
        ('"We won." The crowd cheered.', ['"We won."', "The crowd cheered."]),
        ("“What?” he asked. “Nothing.”", ["“What?” he asked.", "“Nothing.”"]),
        ("He paused... then left. (He came back.) Done", ["He paused... then left.", "(He came back.)", "Done"]),
        (
            "No. 5 won. The others said no. Fans sat. Rain fell.",
            ["No. 5 won.", "The others said no.", "Fans sat.", "Rain fell."],
        ),
        ("See example.com/a.b?c=d for more. Bye.", ["See example.com/a.b?c=d for more.", "Bye."]),
        ("Version 2.8.1 is out! Really?! Yes.", ["Version 2.8.1 is out!", "Really?!", "Yes."]),
    ],
)
def test_english_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天下雨。明天晴！后天呢？不知道", ["今天下雨。", "明天晴！", "后天呢？", "不知道"]),
        ("他说：“我们赢了。”观众欢呼。", ["他说：“我们赢了。”", "观众欢呼。"]),
        ("“我们赢了。”，他说。", ["“我们赢了。”，他说。"]),
        ("增长3.5%；出口上升。", ["增长3.5%；", "出口上升。"]),
        ("他停了……又走了。", ["他停了……又走了。"]),
        ("真的吗?是的!好.", ["真的吗?", "是的!", "好."]),
        ("（新华社北京电。）记者获悉。", ["（新华社北京电。）", "记者获悉。"]),
        ("特斯拉(Tesla Inc.)在上海建厂。The plant opened. 投产了。", None),
    ],
)
def test_chinese_sentences_end_without_white_space(text: str, expected: list[str] | None) -> None:
    assert cut(text) == (expected or ["特斯拉(Tesla Inc.)在上海建厂。", "The plant opened.", "投产了。"])


def test_a_line_break_ends_a_sentence_unless_the_line_was_wrapped() -> None:
    text = "A headline without a stop\nThe first line is\nwrapped by hand.\n\nand a new paragraph"

    assert cut(text) == [
        "A headline without a stop",
        "The first line is\nwrapped by hand.",
        "and a new paragraph",
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t"])
def test_white_space_has_no_sentences(text: str) -> None:
    assert sentences(text) == []


@given(st.text(alphabet=st.sampled_from(list('aB1 .!?…。；\n"”(）中，')) | st.characters(), max_size=200))
def test_spans_are_ordered_and_lose_nothing(text: str) -> None:
    spans = sentences(text)

    at = 0
    for start, end in spans:
        assert not text[at:start].strip()
        assert at <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize("piece", [".", "x", ". ", "\n", " ", "。", '"', "a.\n", "A. "])
def test_a_long_run_of_anything_is_cut_at_once(piece: str) -> None:
    text = piece * 100_000

    spans = sentences(text)

    assert sum(end - start for start, end in spans) >= len(text.strip()) // 2 - 1
