from __future__ import annotations

from datetime import UTC, datetime

import pytest

from generation.reading.asked_times import asked_times

NOW = datetime(2026, 6, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What did the bank decide in 2024?", [(2024, None)]),
        ("What did the bank decide in April 2025?", [(2025, 4)]),
        ("What did the bank decide in August?", [(2025, 8)]),
        ("What did the bank decide in March?", [(2026, 3)]),
        ("央行2024年做了什么？", [(2024, None)]),
        ("2025年4月央行做了什么？", [(2025, 4)]),
        ("央行8月份加息了吗？", [(2025, 8)]),
        ("Who won in 2023 and in 2024?", [(2023, None), (2024, None)]),
        ("Who won the election of 2024 in Norvale?", [(2024, None)]),
        ("What has the bank decided since 2024 about rates?", [(2024, None)]),
        ("What did the bank decide this March?", [(2026, 3)]),
        ("Who won the vote of March?", [(2026, 3)]),
        ("What did the bank decide at the end of May?", [(2026, 5)]),
    ],
)
def test_years_and_months_that_are_named_are_read(question: str, named: list[tuple[int, int | None]]) -> None:
    assert [(time.year, time.month) for time in asked_times(question, NOW)] == named


@pytest.mark.parametrize(
    "question",
    [
        "Who hosts the 2026 World Cup?",
        "May the bank raise its rate?",
        "Who marches on Friday?",
        "What will happen in 2030?",
        "What happened on 3 May?",
        "10月10日发生了什么？",
        "How many of 2000 workers were laid off?",
        "Who organised the strike of 2000 angry workers?",
        "In 2000 homes the power failed, why?",
        "Who won the race of 2000-metre boats?",
        "Who led this march on the capital?",
        "Who led the last march on the capital?",
        "What did the minister say of May?",
        "3月龄婴儿死因是什么？",
        "",
    ],
)
def test_what_names_no_year_or_month_of_its_own_names_no_time(question: str) -> None:
    assert asked_times(question, NOW) == []


def test_a_moment_is_in_its_month_alone() -> None:
    (april,) = asked_times("in April 2026", NOW)

    assert april.holds(datetime(2026, 4, 30, tzinfo=UTC))
    assert not april.holds(datetime(2025, 4, 30, tzinfo=UTC))
    assert not april.holds(datetime(2026, 5, 1, tzinfo=UTC))
