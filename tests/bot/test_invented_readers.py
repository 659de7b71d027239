from __future__ import annotations

import pytest

from bot.evaluations.invented import READERS
from storage.domain.annotations import Category
from storage.domain.evidence import EvidenceKind

ANALYST, ENGINEER, FAN = READERS
MANY = [f"a{n}" for n in range(2_000)]


@pytest.mark.parametrize(
    ("title", "category"),
    [("Court stops the dam", None), ("Ferries stop", Category.POLITICS), ("EU AGREES ON FERRIES", Category.BUSINESS)],
)
def test_a_field_is_told_by_the_subject_or_by_a_word_of_the_title(title: str, category: Category | None) -> None:
    assert ANALYST.field.holds(title, category)


@pytest.mark.parametrize("title", ["Courtship of the otter", "Museum of the sea", "Ferries stop"])
def test_part_of_a_word_is_not_a_word(title: str) -> None:
    assert not ANALYST.field.holds(title, Category.CULTURE)


def test_most_of_their_field_is_opened_and_some_of_it_liked() -> None:
    acts = [FAN.does(each, "Late goal", Category.SPORT, turned=False, seed=0) for each in MANY]

    opened = [each for each in acts if EvidenceKind.OPENED in each]
    assert len(opened) / len(MANY) == pytest.approx(0.8, abs=0.03)
    assert sum(EvidenceKind.LIKED in each for each in opened) / len(opened) == pytest.approx(0.35, abs=0.04)


def test_less_is_wanted_of_some_that_is_far_and_nothing_done_about_the_rest() -> None:
    far = [FAN.does(each, "Mayor resigns", Category.POLITICS, turned=False, seed=0) for each in MANY]
    rest = [FAN.does(each, "Singer tours", Category.ENTERTAINMENT, turned=False, seed=0) for each in MANY]

    assert sum(each == (EvidenceKind.LESS,) for each in far) / len(far) == pytest.approx(0.25, abs=0.03)
    assert not any(rest)


def test_who_turns_to_something_else_reads_that_alone() -> None:
    before = [ENGINEER.does(each, "New chips", Category.TECHNOLOGY, turned=False, seed=0) for each in MANY]
    after = [ENGINEER.does(each, "New chips", Category.TECHNOLOGY, turned=True, seed=0) for each in MANY]
    football = [ENGINEER.does(each, "Late goal", Category.SPORT, turned=True, seed=0) for each in MANY]

    assert any(before)
    assert not any(after)
    assert any(football)


def test_the_same_is_done_about_the_same_and_by_another_seed_something_else() -> None:
    def acts(seed: int) -> list[tuple[EvidenceKind, ...]]:
        return [FAN.does(each, "Late goal", Category.SPORT, turned=False, seed=seed) for each in MANY]

    assert acts(0) == acts(0)
    assert acts(0) != acts(1)


def test_who_turns_to_nothing_else_stays_with_what_they_read() -> None:
    assert FAN.reads(turned=True) is FAN.field
