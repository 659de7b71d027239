"""Whose name a question asks for, and whether a text gives it."""

from __future__ import annotations

import pytest

from generation.reading.called import called, names_somebody


@pytest.mark.parametrize(
    ("asked", "who", "described"),
    [
        ("What is the name of the night watchman at the paint works?", "watchman", False),
        ("What's the lorry driver's name?", "driver", False),
        ("What is the diver called who found the wreck?", "diver", False),
        ("Name the judge who freed him", "judge", False),
        ("Who is the owner of the mill?", "owner", True),
        ("磨坊的司机叫什么名字？", "司机", False),
        ("古岚博物馆馆长是谁？", "馆长", True),
    ],
)
def test_a_question_says_whose_name_it_asks_for(asked: str, who: str, described: bool) -> None:
    found = called(asked)

    assert found is not None
    assert (found.who, found.described) == (who, described)


@pytest.mark.parametrize(
    "asked",
    [
        "What is the name of the river?",
        "What is the name of the new container tanker?",
        "Who won the cup?",
        "What was called off in Pellam?",
        "这个国家叫什么？",
        "谁赢了？",
    ],
)
def test_a_thing_has_no_name_of_this_sort(asked: str) -> None:
    assert called(asked) is None


@pytest.mark.parametrize(
    ("asked", "text", "named"),
    [
        ("What is the name of the tram driver?", "The tram driver was taken to Osterby hospital on Monday.", False),
        ("What is the name of the tram driver?", "On Monday, the tram driver was hurt.", False),
        ("What is the name of the tram driver?", "Tram driver Ada Brent broke an arm.", True),
        ("What is the name of the tram driver?", "Ada Brent, 34, who was the tram driver, broke an arm.", True),
        ("What is the name of the captain?", "The captain of the ferry, Ada Brent, has sailed for years.", True),
        ("Who is the owner of the mill?", "Its owner is a farmer from Pellam.", True),
        ("司机叫什么名字？", "电车司机手臂骨折，被送往医院。", False),
        ("司机叫什么名字？", "司机周三上午被捕。", False),
        ("收藏家叫什么？", "一名收藏家曾把它放在谷仓里。", False),
        ("司机叫什么名字？", "司机韩立民手臂骨折。", True),
        ("司机叫什么名字？", "韩立民是这辆电车的司机。", True),
        ("教练是谁？", "教练沃德称她很倔强。", True),
    ],
)
def test_a_name_stands_beside_whom_it_is_asked_of(asked: str, text: str, named: bool) -> None:
    found = called(asked)

    assert found is not None
    assert found.is_told_of(text)
    assert found.is_named(text) is named


def test_somebody_is_named_who_is_not_only_who_says_so() -> None:
    assert names_somebody("Quarterback Joe Burrow won it.", ())
    assert not names_somebody("Anna Delling said that it was late.", ())
    assert not names_somebody("It was told in Weir Street.", ())
