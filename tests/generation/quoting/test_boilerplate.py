from __future__ import annotations

import pytest

from generation.quoting.boilerplate import is_boilerplate, notes


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("CLICK HERE for the plan of the harbour", 1),
        ("The plan is here. Sign up for our newsletter, and the Harbour Times arrives at six.", 2),
        ("By Linnea Strand", 1),
        ("责任编辑：林雪", 1),
        ("ferry times，请点击原文", 1),
    ],
)
def test_what_is_of_the_page_is_marked_in_any_case_and_either_language(text: str, count: int) -> None:
    assert is_boilerplate(text)
    assert notes(text) == count


@pytest.mark.parametrize(
    "text",
    [
        "By noon the harbour was closed.",
        "The council signed up to the plan on Thursday.",
        "The museum's cookies are baked by its visitors.",
        "市政府责成港务局修船。",
        "",
    ],
)
def test_news_are_not(text: str) -> None:
    assert not is_boilerplate(text)
    assert notes(text) == 0
