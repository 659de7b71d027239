from __future__ import annotations

import io
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from bot.drawing.profile import MOST_BARS, draw_profile
from storage.domain.annotations import Category
from storage.domain.interests import Interest
from storage.domain.stories import Trend
from storage.errors import InputError
from tests.interests import interest


def drawn(*interests: Interest, language: str = "en") -> bytes:
    target = io.BytesIO()
    draw_profile(interests, target, language=language)
    return target.getvalue()


@pytest.mark.parametrize(
    ("words", "language"), [(("芯片出口", "英伟达"), "zh"), (("chips for $5 million_{x}", "a" * 90), "en")]
)
def test_the_picture_has_the_letters_of_both_languages_and_fits_a_phone(words: tuple[str, ...], language: str) -> None:
    # A letter that no font has is a warning, and a warning fails a test.
    picture = drawn(interest(*words, category=Category.TECHNOLOGY), interest("ferries", weight=1.0), language=language)

    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24])[0] == 1080


def test_the_picture_depends_on_how_much_and_on_whether_that_changes() -> None:
    chips = interest("chips")

    assert drawn(chips, interest("ferries", weight=1.0)) != drawn(chips, interest("ferries", weight=2.0))
    assert drawn(chips) != drawn(replace(chips, trend=Trend.RISING))


def test_only_the_strongest_are_drawn() -> None:
    many = [interest(f"topic {n}", weight=9.0 - n / 9) for n in range(MOST_BARS + 3)]

    assert drawn(*many) == drawn(*many[:MOST_BARS])


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="missing"):
        draw_profile([interest("chips")], tmp_path / "missing" / "p.png", language="en")
