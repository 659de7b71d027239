from __future__ import annotations

import pytest

from generation.reading.counts import counts, differing, formers


def differences(one: str, other: str) -> list[tuple[float, float]]:
    return [(a.figure.value, b.figure.value) for a, b in differing(counts(one), counts(other))]


@pytest.mark.parametrize(
    ("one", "other", "pair"),
    [
        ("At least 43 people were killed.", "The death toll stands at at least 57.", (43, 57)),
        (
            "At least 43 people were killed and 120 injured when a magnitude 6.8 earthquake struck on Tuesday.",
            "The death toll of the magnitude 6.8 earthquake rose to at least 57 on Tuesday, the ministry said.",
            (43, 57),
        ),
        ("At least 43 people, most of them miners, were killed.", "At least 57 died.", (43, 57)),
        ("下游共转移群众4.3万人，有16人受轻伤。", "全岛累计转移5.1万人，16人受伤。", (43_000, 51_000)),
        ("The line has 13 new stations.", "The line opens with 12 stations between port and park.", (13, 12)),
        ("全线设12座车站。", "全线共建成13座车站。", (12, 13)),
        ("The council approved a bridge for 30 million euros.", "The bridge will cost 35 million euros.", (3e7, 3.5e7)),
        ("More than 40 were hurt.", "At least 57 people were hurt.", (40, 57)),
        ("Fewer than 40 houses burnt.", "The fire burnt 57 houses.", (40, 57)),
        ("Up to 400 people were evacuated.", "Up to 900 people were evacuated.", (400, 900)),
        ("143 people were aboard.", "It was carrying 146 passengers and crew.", (143, 146)),
        ("In Port Ellery 4,200 dock workers walked out.", "About 6,000 dockers struck.", (4_200, 6_000)),
        ("The fire destroyed 31 homes.", "Flames gutted 44 houses.", (31, 44)),
        ("The plant will employ 1,200 people.", "The plant is to create 1,800 jobs.", (1_200, 1_800)),
        ("船上共有143人。", "该船载有146名乘客和船员。", (143, 146)),
        ("4200名工人停工。", "约有6000名码头工人参加罢工。", (4_200, 6_000)),
        ("风暴致21万户居民停电。", "约29万用户断电。", (210_000, 290_000)),
    ],
)
def test_other_figures_of_the_same_thing_differ(one: str, other: str, pair: tuple[float, float]) -> None:
    assert differences(one, other) == [pair]
    assert differences(other, one) == [pair[::-1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("About 50 people were hurt.", "49 people were hurt."),
        ("Nearly 50,000 fans came.", "49,800 fans came."),
        ("近5万人到场。", "4.98万人到场。"),
        ("At least 43 people were killed.", "57 people were killed."),
        ("More than 40 people were killed.", "At least 43 people were killed."),
        ("Some 40余人 were hurt.", "43 were hurt."),
        ("43 people were killed.", "57 people were hurt."),
        ("6人死亡，16人受伤。", "6人死亡，16人轻伤。"),
        ("43 people were killed, 12 of them children.", "43 people were killed, 9 of them miners."),
        ("It costs 48 million crowns, and a rival asked 44 million crowns.", "It costs 48 million crowns."),
        ("An earthquake of magnitude 6.1 hurt many.", "The number of people hurt rose to 57."),
        ("An earthquake of magnitude 6.1 struck.", "We counted 112 so far, the strongest of magnitude 5.4."),
        ("An earthquake of magnitude 6.9 struck.", "In 1997 an earthquake of magnitude 6.6 struck."),
        ("发生6.1级地震。", "最大余震5.7级。"),
        ("An earthquake of magnitude 6.1 struck.", "One of magnitude 7.4 struck."),
        ("It has 12 stations.", "It has 12 stations and 40 trains."),
        ("In 2026 the boats came.", "In 2028 the boats come."),
        ("The strike lasted until 9 March.", "The strike lasted until 12 March."),
        ("It struck at 03:52 local time.", "It struck at 04:10 local time."),
        ("It ranks 第3名.", "It ranks 第5名."),
        ("The ferry sank with 146 people aboard.", "It had 119 passengers and 27 crew aboard."),
        ("船上共有146人。", "该船载有119名乘客和27名船员。"),
        ("4,200 dock workers walked out.", "Some 6,000 lorries are stuck in the dock strike."),
        ("212 people were on board.", "Of those on board, 31 were taken to hospital."),
        ("Storms left 210,000 customers without power.", "Power was back for 150,000 customers."),
        ("烧毁31间房屋。", "44间房屋受损。"),
        ("", "43 people were killed."),
    ],
)
def test_rounding_bounds_and_other_things_are_no_difference(one: str, other: str) -> None:
    assert differences(one, other) == []


def test_what_is_counted_on_is_told_from_what_is_fixed() -> None:
    killed, at_least, stations = (counts(text)[0] for text in ("43 died.", "At least 4 boats.", "12 stations."))

    assert (killed.grows, at_least.grows, stations.grows) == (True, True, False)


def test_numbers_are_bounded_in_a_text_of_nothing_else() -> None:
    assert len(counts("7 boats, " * 500)) == 20


def test_what_was_before_and_the_day_of_the_week_make_no_difference() -> None:
    one = counts("The bank cut its rate on Tuesday to 2.25 percent from 2.5 percent.")
    other = counts("On Tuesday the bank lowered the rate to 2.25 percent.")

    assert not list(differing(one, other))
    assert {count.figure.value for count in one} == {2.25}


def test_what_there_was_before_is_known() -> None:
    assert [figure.value for figure in formers("The toll rose from 12 to 19.")] == [12]
