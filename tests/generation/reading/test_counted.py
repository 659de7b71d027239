from __future__ import annotations

import pytest

from generation.reading.counted import counted
from generation.reading.counts import counts
from generation.reading.terms import stem


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("4,200 dock workers walked out", "people"),
        ("4200名码头工人停工", "people"),
        ("44 gutted houses", "homes"),
        ("29万用户断电", "homes"),
        ("340 flights on Tuesday", "flights"),
        ("12万辆汽车", "vehicles"),
        ("a 15-year jail term", "time"),
        ("1,400 trees will be felled", "trees"),
        ("1,400 lanterns will be lit", stem("lanterns")),
        ("1.2万吨大米的货船周五沉没", ""),
        ("197 in all", ""),
    ],
)
def test_the_kind_of_what_is_counted_is_read_behind_the_number(text: str, kind: str) -> None:
    assert counts(text)[0].counted.kind == kind


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("900 police officers came to the rally", "15,000 people came to the rally"),
        ("It drew 3,000 marchers on Monday", "It drew 5,000 marchers on Wednesday"),
        ("周一有3000人游行", "周三有5000人游行"),
        ("1,100 dockers walked out last year", "4,200 dockers walked out"),
        ("去年有1100名工人罢工", "4200名工人罢工"),
        ("It pays 30 million euros a year", "It pays 150 million euros"),
        ("It employs 800 people", "By 2030 it employs 1,200 people"),
        ("120 were arrested since the protests began", "37 were arrested"),
        ("It is 620 metres long", "It is 24 metres wide"),
        ("Its profit was 310 million euros", "Its revenue was 1.9 billion euros"),
        ("Kell will buy 12 trams", "Arden will buy 15 trams"),
        ("工党赢得47席", "改革党赢得54席"),
        ("Arvonia's women won 12 medals", "Arvonia's men won 9 medals"),
        ("12 of the houses burnt down", "85 houses burnt down"),
    ],
)
def test_other_times_respects_and_owners_are_other_things(one: str, other: str) -> None:
    [mine], [theirs] = counts(one), counts(other)

    assert not mine.counted.same(theirs.counted)
    assert mine.counted.same(mine.counted)


def test_the_day_beside_a_toll_may_be_that_of_its_telling() -> None:
    [mine], [theirs] = counts("43 died on Sunday"), counts("57 died by Tuesday")

    assert mine.counted.same(theirs.counted, dated=False)
    assert not mine.counted.same(theirs.counted)


def test_blanks_between_a_number_and_what_it_counts_are_nothing() -> None:
    assert counted("", f"{' ' * 12}名乘客受伤", "").kind == counted("", "名乘客受伤", "").kind == "people"
