from __future__ import annotations

import pytest

from bot.excerpts import cut, one_line, opened


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("It rained.\n\nThen it  stopped.", "It rained. Then it stopped."),
        ("周五下雨。\n周六放晴。", "周五下雨。周六放晴。"),
        ("中国 美国", "中国 美国"),
        ("地铁\nMetro", "地铁 Metro"),
        ("\n \n", ""),
    ],
)
def test_lines_meet_as_their_script_is_written(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The tide is high", "The tide is high"),
        ("The tide is higher than usual", "The tide is…"),
        ("The tide, in May, was high", "The tide, in May…"),
        ("潮水比往年高得多，专家说，原因不明，尚待查明", "潮水比往年高得多，专家说，原因不…"),
        ("a" * 60, "a" * 16 + "…"),
    ],
)
def test_a_long_text_is_cut_between_words(text: str, shown: str) -> None:
    assert cut(text, 16) == shown


@pytest.mark.parametrize(
    "text", ["It rained.", "“It rained.”", "下雨了。", "It rained…", "iPhone sales fell.", "3 fell."]
)
def test_a_whole_sentence_stays_as_it_is(text: str) -> None:
    assert opened(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It rained, Th", "It rained, Th…"),
        ("下雨了，", "下雨了…"),
        ("the company said.", "…the company said."),
        ("“so it was.”", "…“so it was.”"),
    ],
)
def test_a_sentence_that_stops_early_or_begins_late_says_so(text: str, shown: str) -> None:
    assert opened(text) == shown
