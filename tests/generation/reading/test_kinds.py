from __future__ import annotations

import pytest

from generation.reading.kinds import _DATE_ZH, Kind, things
from generation.reading.terms import terms


@pytest.mark.parametrize(
    ("kind", "text", "thing"),
    [
        (Kind.NUMBER, "It cost 310 million euros.", "310million"),
        (Kind.DATE, "It opens on July 4 at noon.", "july4"),
        (Kind.PLACE, "He fled to Maldives on Tuesday.", "maldives"),
        (Kind.PERSON, "Mayor Ada Stone spoke.", "ada"),
        (Kind.NAME, "They play “Quad God” tonight.", "quad god"),
        (Kind.REASON, "Closed because of rain.", "because"),
        (Kind.NUMBER, "共转移群众1.2万人。", "1.2万人"),
        (Kind.DATE, "将于2023年10月1日生效。", "2023年10月1日"),
        (Kind.NAME, "发布了《防控近视十条》。", "防控近视十条"),
        (Kind.REASON, "由于暴雨影响停运。", "由于"),
    ],
)
def test_things_are_found_by_their_shape(kind: Kind, text: str, thing: str) -> None:
    assert thing in things(kind, text, ())


def test_what_the_question_says_itself_is_no_answer() -> None:
    assert things(Kind.PERSON, "Ada Stone spoke.", terms("Ada Stone")) == frozenset()


def test_a_claim_asks_for_no_thing() -> None:
    assert things(Kind.CLAIM, "Ada Stone spoke in 2026.", ()) == frozenset()


def test_a_run_of_digits_that_is_no_number_is_not_looked_at_whole_from_each_of_them() -> None:
    text = "1" * 3000 + "年"

    found = _DATE_ZH.search(text)

    assert found is not None
    assert len(found.group()) <= 33
