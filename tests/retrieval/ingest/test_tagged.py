from __future__ import annotations

import time

import pytest

from retrieval.ingest.cleaning import clean_text
from retrieval.ingest.tagged import is_tagged, untagged


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<p>The dam broke.</p><p>Nobody was &quot;hurt&quot;.</p>", 'The dam broke.\nNobody was "hurt".'),
        ("<div class='x'>The dam\nbroke.<br/>Nobody <b>was</b> hurt.</div>", "The dam broke.\nNobody was hurt."),
        ("The dam broke.<br><br>Nobody was hurt.", "The dam broke.\nNobody was hurt."),
        ('The dam <a href="https://a.example/x">broke</a> on Monday.', "The dam broke on Monday."),
        ("<html><head><title>T</title></head><body><h1>Dam</h1>It broke.</body></html>", "Dam\nIt broke."),
        ("<p>It broke.</p><script>if (a < b) { x('<p>') }</script><p>Yes.</p>", "It broke.\nYes."),
        ("<p>大坝决口。</p>\n<p>无人受伤。</p>", "大坝决口。\n无人受伤。"),
        ("<p>Prices rose 3 < 5 percent.</p>", "Prices rose 3 < 5 percent."),
    ],
)
def test_a_text_that_is_html_is_read_as_html(text: str, plain: str) -> None:
    assert is_tagged(text)
    assert clean_text(untagged(text)) == plain


@pytest.mark.parametrize(
    "text",
    [
        "The dam broke.",
        "If a < b and b > c, it holds.",
        "<3 from Kell",
        "They wrote <unclear> in the margin.",
        "A <p> opens a paragraph, a </p> closes it.",
        "Write `<br>` or `<br/>` where a line ends, and `</p>` or `</div>` where a block does.",
        'Use "<b>" and "</b>" for bold.',
        "std::vector<int> and List<String> are types.",
        "Mail me: Ada <ada@a.example>",
    ],
)
def test_a_text_that_only_has_such_marks_stays(text: str) -> None:
    assert not is_tagged(text)


@pytest.mark.parametrize(
    "text", ["<script>" * 60_000, "<p" * 200_000, "<p>" * 100_000, "<a href=" * 60_000, "&" * 300_000]
)
def test_hostile_texts_take_time_in_proportion_to_their_length(text: str) -> None:
    start = time.process_time()

    is_tagged(text)
    untagged(text)

    assert time.process_time() - start < 5
