"""The course of something, and two side by side: dated lines in order, each cited; both sides cited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from generation.citations import violations
from generation.engines.extractive import ExtractiveEngine
from storage.domain.dialogue import Question
from storage.domain.news import Hit

FERRIES = (
    (
        18,
        "Court halts Lake Oster ferry order",
        "A court in Port Ellery halted the Lake Oster ferry order until January.",
    ),
    (
        2,
        "Lake Oster votes for ferries",
        "Lake Oster's council voted 31 to 18 to buy six ferries for 48 million crowns.",
    ),
    (11, "Norsund appeals", "The yard Norsund filed an appeal against the Lake Oster ferry order with a judge."),
    (6, "Halvorsen wins ferry order", "Halvorsen Marine won the Lake Oster ferry order against one rival."),
)
FLOOD_ZH = (
    (5, "失踪人员找到", "怀化山洪中失踪的3人周四全部找到，均已遇难，遇难人数升至12人。"),
    (12, "灾后重建", "财政部向怀化山洪灾区拨付救灾资金2亿元，用于灾后重建。"),
    (3, "怀化山洪", "湖南怀化周二遭遇特大暴雨，引发山洪，造成9人死亡、3人失踪。"),
)
TUNNEL = (
    (3, "Water bursts into the Karst tunnel", "Water burst into the Karst tunnel on Tuesday and trapped 11 workers."),
    (
        3,
        "Eleven trapped in Karst tunnel",
        "Eleven workers are trapped in the Karst tunnel after water burst in. Nobody could reach them by telephone.",
    ),
    (5, "Knocking heard", "Rescuers heard knocking from the flooded Karst tunnel on Thursday."),
    (20, "Offices searched", "Prosecutors searched the builder of the Karst tunnel on Friday."),
)
STORM_ZH = (
    (4, "台风“海燕”生成", "今年第16号台风“海燕”4日在菲律宾以东洋面生成，中心风力8级。"),
    (8, "台风“海燕”造成伤亡", "“海燕”8日在广东登陆，已造成8人遇难、2人失踪。"),
    (9, "遇难人数上升", "广东省应急管理厅9日通报，台风“海燕”已造成13人遇难。"),
    (9, "“竹草”生成", "今年第17号台风“竹草”9日生成，预计不会影响我国。"),
)
BID = (
    (12, "Brightwater offers for Fenlon", "The brewer Brightwater offered 4.1 billion pounds for Fenlon on Monday."),
    (15, "Fenlon turns Brightwater down", "The board of Fenlon rejected Brightwater's offer as too low."),
    (18, "Inquiry", "A regulator opened an inquiry into the takeover of Fenlon by Brightwater."),
    (19, "Brightwater opens a brewery", "Brightwater opened a brewery in Accra, which employs 300 people."),
)
SIDES = (
    (10, "Germany stays without", "Germany will not return to nuclear power, minister Lena Vogt said on Tuesday."),
    (12, "France builds", "France will build eight more nuclear reactors by 2045, president Claire Morel said."),
    (16, "北京出租车", "北京市宣布，从12月1日起出租车起步价由13元上调至15元。"),
    (17, "上海出租车", "上海市交通委表示，今年内出租车起步价不作调整，仍为16元。"),
    (18, "Helio's electric car", "The new electric car of Helio will cost 41,000 crowns."),
    (19, "Vanta's electric car", "Vanta's new electric car costs 33,500 crowns in the shops."),
)


@pytest.fixture
def hits(hit: Callable[..., Hit]) -> Callable[..., list[Hit]]:
    def made(*texts: tuple[int, str, str]) -> list[Hit]:
        return [
            hit(text, article=title, title=title, rank=i, published=datetime(2026, 2, day, 8, tzinfo=UTC))
            for i, (day, title, text) in enumerate(texts)
        ]

    return made


@pytest.mark.parametrize(
    ("asked", "texts", "days"),
    [
        ("What happened with the Lake Oster ferry order over time?", FERRIES, ["02-02", "02-06", "02-11", "02-18"]),
        ("怀化山洪的时间线", FLOOD_ZH, ["02-03", "02-05", "02-12"]),
        # What another outlet tells again of the day is passed over, and not gone on with in the middle.
        ("What happened in the Karst tunnel over time?", TUNNEL, ["02-03", "02-05", "02-20"]),
        # A name that is set apart is the same name; a toll that rose is new; another storm is another story.
        ("台风海燕是怎么发展的？", STORM_ZH, ["02-04", "02-08", "02-09"]),
        # The subject need not be said in full, but whom it names must be named.
        ("Timeline of Brightwater's takeover of Fenlon", BID, ["02-12", "02-15", "02-18"]),
    ],
)
def test_what_each_day_brought_is_told_in_order_each_line_cited(
    asked: str,
    texts: tuple[tuple[int, str, str], ...],
    days: list[str],
    hits: Callable[..., list[Hit]],
    question: Callable[..., Question],
) -> None:
    found = hits(*texts)
    answer = ExtractiveEngine().write(question(asked), found)

    assert [sentence.text[:10] for sentence in answer.sentences] == [f"2026-{day}" for day in days]
    assert [sentence.citations for sentence in answer.sentences] == [(n + 1,) for n in range(len(days))]
    for sentence, citation in zip(answer.sentences, answer.citations, strict=True):
        assert sentence.text.endswith(citation.quote)
        assert citation.published is not None
        assert sentence.text.startswith(f"{citation.published:%Y-%m-%d}")
    assert violations(answer, found) == ()


def test_what_has_the_same_name_and_was_years_before_is_another_story(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    told = (
        (datetime(2026, 2, 3, 8, tzinfo=UTC), "Housing minister Odo Klein presented the rent cap bill on Tuesday."),
        (datetime(2019, 9, 4, 8, tzinfo=UTC), "Assemblyman David Chiu made concessions in his rent cap bill."),
        (datetime(2026, 2, 20, 8, tzinfo=UTC), "Landlords marched against the rent cap bill in the capital."),
    )
    found = [hit(text, article=text, rank=i, published=at) for i, (at, text) in enumerate(told)]
    answer = ExtractiveEngine().write(question("Give me a timeline of the rent cap bill"), found)

    assert [sentence.text[:10] for sentence in answer.sentences] == ["2026-02-03", "2026-02-20"]


def test_a_line_names_what_it_is_of_unless_its_article_is_called_so(
    hits: Callable[..., list[Hit]], question: Callable[..., Question]
) -> None:
    told = (
        (
            3,
            "Tanker Mira runs aground",
            "The crew was flown to safety by two helicopters. The Mira ran aground at Dorn.",
        ),
        (5, "Seabirds die", "Volunteers found 800 dead birds on Sunday. Oil from the tanker Mira reached the beach."),
        (6, "5 things to know for Feb. 6: Mira", "The tanker Mira is stuck. Voters in Kell go to the polls on Sunday."),
    )
    answer = ExtractiveEngine().write(question("What happened with the tanker Mira over time?"), hits(*told))

    assert [sentence.text for sentence in answer.sentences] == [
        "2026-02-03: The crew was flown to safety by two helicopters.",
        "2026-02-05: Oil from the tanker Mira reached the beach.",
    ]


def test_days_are_those_of_who_asks(hit: Callable[..., Hit], question: Callable[..., Question]) -> None:
    told = [
        hit(text, article=title, title=title, rank=i, published=datetime(2026, 2, day, 23, 30, tzinfo=UTC))
        for i, (day, title, text) in enumerate(FERRIES[:3])
    ]
    asked = question("Timeline of the Lake Oster ferry order")

    here = ExtractiveEngine().write(asked, told)
    there = ExtractiveEngine().write(replace(asked, zone=ZoneInfo("Asia/Shanghai")), told)

    assert [int(sentence.text[8:10]) + 1 for sentence in here.sentences] == [
        int(sentence.text[8:10]) for sentence in there.sentences
    ]
    assert len(here.sentences) > 1


def test_of_a_single_day_there_is_no_course(hits: Callable[..., list[Hit]], question: Callable[..., Question]) -> None:
    answer = ExtractiveEngine().write(question("Timeline of the Lake Oster ferry order"), hits(FERRIES[0]))

    assert not any(sentence.text.startswith("2026-") for sentence in answer.sentences)


@pytest.mark.parametrize(
    ("asked", "one", "other"),
    [
        ("How do Germany and France differ on nuclear power?", "not return", "eight more"),
        ("How does France compare with Germany on nuclear power?", "eight more", "not return"),
        ("北京和上海的出租车起步价有什么不同？", "上调至15元", "仍为16元"),
        ("How do the electric cars of Helio and Vanta compare on price?", "41,000", "33,500"),
    ],
)
def test_both_sides_are_quoted_in_the_order_that_was_asked_in(
    asked: str, one: str, other: str, hits: Callable[..., list[Hit]], question: Callable[..., Question]
) -> None:
    found = hits(*SIDES)
    answer = ExtractiveEngine().write(question(asked), found)

    first, second = answer.sentences
    assert one in first.text
    assert other in second.text
    assert first.citations != second.citations
    assert answer.untold == ""
    assert violations(answer, found) == ()


@pytest.mark.parametrize(
    ("asked", "untold"),
    [
        ("How do France and Spain differ on nuclear power?", "Spain"),
        ("比较北京和广州的出租车起步价", "广州"),
    ],
)
def test_a_side_of_which_nothing_is_told_is_named(
    asked: str, untold: str, hits: Callable[..., list[Hit]], question: Callable[..., Question]
) -> None:
    answer = ExtractiveEngine().write(question(asked), hits(*SIDES))

    assert len(answer.sentences) == 1
    assert answer.untold == untold


def test_where_neither_side_is_told_of_nothing_is_quoted(
    hits: Callable[..., list[Hit]], question: Callable[..., Question]
) -> None:
    assert ExtractiveEngine().write(question("How do Peru and Spain differ on whaling?"), hits(*SIDES)).refused
