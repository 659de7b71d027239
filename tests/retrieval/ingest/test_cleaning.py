from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ingest.cleaning import clean_line, clean_text, holds_surrogates, strip_markup


@given(st.text(alphabet=st.characters()))
def test_clean_text_is_composed_printable_and_stays_as_it_is(text: str) -> None:
    clean = clean_text(text)

    assert unicodedata.is_normalized("NFC", clean)
    assert all(unicodedata.category(c) not in {"Cc", "Cs"} or c == "\n" for c in clean)
    assert all(line and line == line.strip() for line in clean.split("\n")) or clean == ""
    assert clean_text(clean) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("  a \t b  \n\n  ", "a   b"),
        ("cafe\u0301", "café"),
        ("a\u202eb\u200bc\ufeff", "abc"),
        ("一\u3000二", "一\u3000二"),
        ("👩\u200d🔬", "👩\u200d🔬"),
    ],
)
def test_texts_are_cleaned(text: str, clean: str) -> None:
    assert clean_text(text) == clean


def test_a_heap_of_marks_is_cut_and_costs_no_square() -> None:
    start = time.process_time()

    clean = clean_text("a" + "\u0301\u0316" * 500_000)

    assert len(clean) < 40
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<b>Fish</b> &amp; chips", "Fish & chips"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Hi", "alert(1) Hi"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("two\nlines", "two lines"),
        ("<br>", None),
        ("", None),
        (None, None),
    ],
)
def test_short_fields_lose_their_markup(text: str | None, plain: str | None) -> None:
    assert strip_markup(text) == plain


def test_a_blank_line_is_nothing() -> None:
    assert clean_line(" \u200b\n") is None


def test_halves_of_surrogate_pairs_are_seen() -> None:
    assert holds_surrogates("a\ud800")
    assert not holds_surrogates("a🙂")
