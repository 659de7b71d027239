from __future__ import annotations

import pytest

from storage.domain.news import ArticleId, Headline
from storage.domain.roundups import is_roundup
from tests.storage.examples import EPOCH


def called(title: str, url: str | None = None) -> Headline:
    return Headline(id=ArticleId("a"), title=title, first_seen=EPOCH, group=ArticleId("a"), url=url)


@pytest.mark.parametrize(
    "title",
    [
        "5 things to know for March 3: Ferries, flood, comet",
        "Ferries, flood, comet: 5 things you need to know Monday",
        "Ten Things You Need to Know Today: 3 March 2026",
        "Morning briefing: ferries for Lake Oster",
        "Lost goat, long bridge: News from around our 12 provinces",
        "Ferries, a flood and Port Ellery. It's Tuesday's news",
        "The week in review",
        "Photos this week: March 3 to March 10",
        "Best photos of the month",
        "早报｜奥斯特湖买渡轮，林霍尔姆开电车",
        "财经早餐：央行加息，船厂获订单",
        "一周要闻：渡轮、洪水、彗星",
        "国际热点速览",
        "Ferries wait for the thaw | The Friday briefing | Weekly digest",
        "Daily briefing – ferries, flood, comet",
        "Your Monday morning briefing: a flood and a comet",
        "The biggest stories of 2026: from ferries to comets",
        "盘前必读：央行加息，船厂获订单",
    ],
)
def test_what_is_called_so_is_a_round_up(title: str) -> None:
    assert is_roundup(called(title))


@pytest.mark.parametrize(
    "title",
    [
        "Lake Oster buys six electric ferries",
        "5 things to know about the comet that passes in May",
        "Council briefs the press on the ferry order",
        "Morning fog stops the ferries",
        "The Daily Courier wins a prize for its series on lakes",
        "奥斯特湖市议会决定购买六艘渡轮",
        "《湖区晚报》获年度新闻奖",
        "早报名的选手可先选号码",
        "Morning briefing on ferries cancelled as flood takes 13 houses",
        "Council's spokeswoman faints during daily briefing",
        "Mayor quits at nightly briefing",
        "Court upholds weekly digest law",
        "Norvale ends daily briefings as flood recedes",
        "Year in review board rejects the yard",
        "Photos of the flood this week move thousands",
        "Police ask public what to know today",
        "新华社记者证实：盘前必读涉嫌抄袭被罚",
    ],
)
def test_what_is_called_by_one_event_is_none(title: str) -> None:
    assert not is_roundup(called(title))


def test_one_that_bears_the_title_of_one_event_is_known_by_how_it_greets() -> None:
    greeting = "On today's episode of the Harbour podcast: the ferries are ordered. Plus, a flood and a comet."

    assert is_roundup(called("Lake Oster buys six electric ferries"), greeting)
    assert not is_roundup(called("Lake Oster buys six electric ferries"), "The council voted to buy six ferries.")


@pytest.mark.parametrize(
    ("text", "roundup"),
    [
        ("Here's what you need to know today. The council ordered ferries. A flood hit Tanholm.", True),
        ("Good morning. Here are 5 things you need to know today: ferries, a flood, a comet.", True),
        ("Hello! It's Ann here with the news you need to know Thursday. But first, the ferries.", True),
        ("The flood has cut off Tanholm. Here's what you need to know today about the roads.", False),
        ("Ferries stop at noon, and what you need to know today is how to get home.", False),
        (f"{'The council voted to buy six ferries. ' * 8}Here's what you need to know today.", False),
    ],
)
def test_what_one_needs_to_know_is_a_greeting_only_at_the_head_and_of_no_event(text: str, roundup: bool) -> None:
    assert is_roundup(called("Lake Oster buys six electric ferries"), text) is roundup


@pytest.mark.parametrize(
    "path",
    [
        "ferries-flood-comet-5-things-know-tuesday/81",
        "ferries-flood-its-mondays-news/7",
        "five-things-march-3-news/index",
    ],
)
def test_one_whose_title_was_cut_is_known_by_its_address(path: str) -> None:
    assert is_roundup(called("Ferries, flood, comet ...", f"https://news.example/2026/{path}"))


@pytest.mark.parametrize(
    "path",
    ["5-things-know-eclipse", "ten-things-we-saw", "its-monday-for-ferries", "morning-fog", "a-daily-briefing-flood"],
)
def test_an_address_of_one_subject_is_none_of_a_round_up(path: str) -> None:
    assert not is_roundup(called("Ferries wait", f"https://news.example/{path}"))
