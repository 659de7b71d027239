from __future__ import annotations

import pytest

from bot.flows.wording.vocabulary import subject_named
from storage.domain.annotations import Category


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        ("disaster", Category.DISASTER), ("Disasters", Category.DISASTER), ("sports news", Category.SPORT),
        ("technologies", Category.TECHNOLOGY), ("CULTURES", Category.CULTURE), ("the economy", Category.BUSINESS),
        ("灾难", Category.DISASTER), ("体育新闻", Category.SPORT), ("gardening", None), ("news", None),
    ],
)  # fmt: skip
def test_a_subject_is_known_by_its_name_however_it_is_written(words: str, subject: Category | None) -> None:
    assert subject_named(words) is subject
