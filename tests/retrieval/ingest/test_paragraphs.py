from __future__ import annotations

from retrieval.ingest.paragraphs import unpaged, unwrap

WRAPPED = """\
The council of Oster voted on Thursday evening to
buy six electric ferries for 48 million crowns.
The first of them is expected in May.

Councillor Tan said that the old boats had failed
41 times in the last year alone.
"""


def test_lines_broken_by_hand_become_paragraphs() -> None:
    assert unwrap(WRAPPED).splitlines() == [
        "The council of Oster voted on Thursday evening to buy six electric ferries for 48 million crowns.",
        "The first of them is expected in May.",
        "Councillor Tan said that the old boats had failed 41 times in the last year alone.",
    ]


def test_chinese_lines_meet_without_a_space() -> None:
    assert unwrap("湖城市政府周五宣布，将投资三亿元重建东\n门大桥，工程预计在2028年完工。") == (
        "湖城市政府周五宣布，将投资三亿元重建东门大桥，工程预计在2028年完工。"
    )


def test_a_list_stays_a_list() -> None:
    headlines = "Ferries stop for a week\nDam to be rebuilt by 2031\nLibrary opens beside the station"
    items = "We need:\n- six ferries that run on batteries\n- a dam that holds. Really.\n1. and a library"

    assert unwrap(headlines) == headlines
    assert unwrap(items) == items


def test_headings_stay_alone() -> None:
    assert unwrap("Ferries\n" + WRAPPED).splitlines()[0] == "Ferries"


def test_nothing_is_nothing() -> None:
    assert unwrap("") == unpaged([]) == unpaged(["", "\n"]) == ""


def test_running_heads_and_page_numbers_are_no_text() -> None:
    names = ("one", "two", "three", "four")
    pages = [
        f"Annual report 2026\nPage {n}\nIn chapter {name} we say what was built in this year\nby team {name}.\n{n}"
        for n, name in enumerate(names, start=1)
    ]

    assert unpaged(pages).splitlines() == [
        f"In chapter {name} we say what was built in this year by team {name}." for name in names
    ]


def test_a_paragraph_goes_on_over_the_page() -> None:
    pages = [
        "The council of Oster voted on Thursday to\nbuy six electric ferries that will cross the",
        "lake by 2028.\nThe end.",
    ]

    assert unpaged(pages).splitlines() == [
        "The council of Oster voted on Thursday to buy six electric ferries that will cross the lake by 2028.",
        "The end.",
    ]
