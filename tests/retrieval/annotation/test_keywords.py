from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.annotation.keywords import MOST, Cut, keywords

FERRIES = (
    "Ferry services on Lake Oster will stop for a week, the Oster Shipping Company said on Monday. "
    "Six of its boats need new engines. Lake Oster is crossed by 40,000 people a month. "
    "The Oster Shipping Company said that ferry services would be back before the holidays."
)
BRIDGE = (
    "湖城市政府周五宣布，将投资三亿元重建东门大桥。东门大桥建于一九六四年，去年因洪水受损。重建工程由湖城建工集团承担。"
)


def texts(text: str, cut: Cut, title: str | None = None) -> list[str]:
    return [keyword.text for keyword in keywords(text, title=title, cut=cut)]


def test_phrases_that_recur_are_preferred_to_their_words(cut: Cut) -> None:
    found = texts(FERRIES, cut)

    assert "Oster Shipping Company" in found
    assert "Ferry services" in found
    assert not {"Oster", "Ferry", "Shipping Company"} & set(found)


def test_chinese_terms_are_words_of_the_text(cut: Cut) -> None:
    found = texts(BRIDGE, cut)

    assert any("东门大桥" in text for text in found)
    assert all(text in BRIDGE for text in found)


def test_the_title_counts_more_than_the_text(cut: Cut) -> None:
    without, within = texts(FERRIES, cut), texts(FERRIES, cut, title="New engines for old boats")

    assert "engines" not in [text.casefold() for text in without]
    assert any("engines" in text.casefold() for text in within)


def test_there_are_no_more_than_eight_and_none_holds_another(cut: Cut) -> None:
    banks = ["Arden", "Borel", "Cindal", "Dorsk", "Elmer", "Fant", "Gorn", "Hask", "Imber"]
    many = " ".join(f"The {name} Bank met the {name} Union." for name in banks)

    found = texts(many, cut)

    assert len(found) == MOST
    assert not [(a, b) for a in found for b in found if a != b and a.casefold() in b.casefold()]


def test_singular_and_plural_are_one_keyword(cut: Cut) -> None:
    found = texts("Drones fly. A drone fell. Drones are banned. The drone was small.", cut)

    assert len([text for text in found if text.casefold().startswith("drone")]) == 1


@pytest.mark.parametrize("text", ["", "   \n", "It was what it was.", "12 34 56", "的了在是"])
def test_a_text_that_says_nothing_has_none(text: str, cut: Cut) -> None:
    assert texts(text, cut) == []


def test_a_run_of_letters_that_is_no_word_is_no_keyword(cut: Cut) -> None:
    assert texts(f"{'x' * 64} {'x' * 64}", cut) == ["x" * 64]
    assert texts(f"{'x' * 65} {'x' * 65} ferries on Lake Oster", cut) == ["Lake Oster"]


def test_scores_fall_from_one(cut: Cut) -> None:
    found = [keyword.score for keyword in keywords(FERRIES, cut=cut)]

    assert found[0] == 1.0
    assert found == sorted(found, reverse=True)
    assert min(found) > 0


@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=400))
def test_keywords_stand_in_the_text(text: str) -> None:
    found = keywords(text, cut=list)

    assert len(found) <= MOST
    for keyword in found:
        assert all(word in text for word in keyword.text.split())
