from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from retrieval.annotation.names import names
from retrieval.index.words import WordCutter


@pytest.fixture(scope="module")
def cutter(tmp_path_factory: pytest.TempPathFactory) -> WordCutter:
    return WordCutter(Path(tmp_path_factory.mktemp("words")))


def untagged(text: str) -> Sequence[tuple[str, str]]:
    return pytest.fail(f"there is no Chinese in {text}")


def found(text: str, language: str = "en") -> list[str]:
    return [name.text for name in names(text, language, untagged)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The actress Tara Reid checked into a clinic in Malibu.", ["Tara Reid", "Malibu"]),
        ("A spokesman for the Bank of England met Ursula von der Leyen.", ["Bank of England", "Ursula von der Leyen"]),
        ("She flew to New York, then to New Orleans.", ["New York", "New Orleans"]),
        ("Police said NATO and the US would meet on Monday in March.", ["NATO", "US"]),
        ("Ships left Lisbon's harbour and Porto.", ["Lisbon", "Porto"]),
        ("Nobody knows anything about it.", []),
        ("", []),
    ],
)
def test_capitals_inside_a_sentence_make_names(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_the_opening_of_a_sentence_makes_no_name_unless_the_text_shows_it_to_be_one() -> None:
    assert found("Ferries stopped. Norvale waits.") == []
    assert found("Norvale waits. The mayor of Norvale said nothing.") == ["Norvale"]
    assert found("Maria Costa spoke.") == ["Maria Costa"]


def test_a_headline_in_capitals_names_only_what_the_text_does() -> None:
    text = "Actress Reid Finally Checks Into Clinic\nThe actress Tara Reid checked into a clinic."

    assert found(text) == ["Reid", "Tara Reid"]


def test_names_are_counted_however_they_are_written() -> None:
    (name, _) = names("In Norvale, NORVALE and Norvale alike, Reid waits.", "en", untagged)

    assert (name.text, name.times) == ("Norvale", 3)


def test_a_shortened_word_ends_no_sentence() -> None:
    text = "They asked Mr. Reid and Gov. Palin of Alaska about the budget of the harbour."

    assert found(text) == ["Reid", "Palin of Alaska"]


def test_capitals_say_nothing_in_german() -> None:
    assert found("Die Feuerwehr rettete den Hund aus Berlin.", "de") == []


def test_chinese_names_are_told_by_the_dictionary_and_by_surnames(cutter: WordCutter) -> None:
    text = "外交部发言人毛宁周五在北京表示，习近平将访问法国。"

    told = {name.text for name in names(text, "zh", cutter.tagged)}

    assert {"毛宁", "北京", "法国"} <= told
    assert told.isdisjoint({"发言人", "周五", "表示", "访问"})
