from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.drawing.month import Course, draw_month
from storage.errors import InputError

OWN = "own"
FAN = Course(
    name="football fan",
    says="I follow the cup.",
    days=[{OWN: 4.0}, {OWN: 4.0, "sport": 1.0}, {OWN: 4.0, "sport": 5.0, "politics": 1.0}],
    told=OWN,
)


def drawn(*courses: Course) -> bytes:
    target = io.BytesIO()
    draw_month(courses, target)
    return target.getvalue()


def test_the_picture_fits_a_phone_and_grows_with_the_readers() -> None:
    one, two = drawn(FAN), drawn(FAN, replace(FAN, name="engineer", turn=1))

    width, height = struct.unpack(">II", one[16:24])
    assert one.startswith(b"\x89PNG")
    assert width == 1080
    assert struct.unpack(">II", two[16:24])[1] > height


def test_the_picture_depends_on_the_shares_and_on_the_turn() -> None:
    twice: list[Mapping[str, float]] = [{name: 2 * weight for name, weight in day.items()} for day in FAN.days]

    assert drawn(replace(FAN, days=twice)) == drawn(FAN)
    assert drawn(replace(FAN, days=[*FAN.days[:2], {OWN: 4.0, "politics": 5.0}])) != drawn(FAN)
    assert drawn(replace(FAN, turn=1)) != drawn(FAN)


def test_who_turned_to_nothing_yet_and_many_subjects_are_drawn() -> None:
    many = ("sport", "politics", "world", "business", "health", "science", "culture", "crime")

    assert drawn(replace(FAN, days=[{}, {OWN: 0.0}, {OWN: 1.0, **dict.fromkeys(many, 1.0)}])).startswith(b"\x89PNG")


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="missing"):
        draw_month([FAN], tmp_path / "missing" / "p.png")
