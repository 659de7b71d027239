"""What numbers stand for in the chat: those of what was shown last, for every command alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.domain.digests import Because, ReasonKind
from tests.bot.terminal.fakes import Newest, Replies, transcript
from tests.bot.terminal.test_chat_feedback import Rated
from tests.digests import ASKED, FixedDigests, item
from tests.hot import Follows, HotList, OnePage, hot_story
from tests.interests import Learner

HOT = HotList(stories=(hot_story(128), hot_story(7, title="Dam opened")))


async def test_after_a_list_of_stories_every_command_takes_its_numbers(tmp_path: Path) -> None:
    briefs, follows, learn = OnePage(), Follows(), Learner()

    text = await transcript(
        tmp_path, "/hot", "/brief 2", "/brief 1", "/follow 2", "/hot", "/open 2",
        hot=HOT, briefs=briefs, follows=follows, learn=learn,
    )  # fmt: skip

    assert [topic for topic, *_ in briefs.asked] == ["#7", "#128"]
    assert [each.story for each in follows.held] == [7]
    assert text.rstrip().endswith("https://news.example/second")
    assert [article for _, article in learn.pages] == ["second"]


async def test_numbers_of_a_list_need_no_slash_but_a_number_of_nothing_is_a_question(tmp_path: Path) -> None:
    briefs, replies = OnePage(), Replies()

    await transcript(
        tmp_path, "3", "/hot", "2", "brief 1", "第2条", "#128", "2026", "open the dam", hot=HOT, briefs=briefs,
        converse=replies,
    )  # fmt: skip

    assert [topic for topic, *_ in briefs.asked] == ["#7", "#128", "#7", "#128"]
    assert [text for text, *_ in replies.asked] == ["3", "2026", "open the dam"]


async def test_a_list_names_its_stories_after_one_was_opened_and_says_how_far_it_goes(tmp_path: Path) -> None:
    briefs, replies = OnePage(), Replies()

    text = await transcript(
        tmp_path, "/hot", "tell me more about the first one", "and the second one", "7", "Number 10", "第九条是什么",
        hot=HOT, briefs=briefs, converse=replies,
    )  # fmt: skip

    assert [topic for topic, *_ in briefs.asked] == ["#128", "#7"]
    assert "What I showed last has no 7. Its numbers go from 1 to 2: /brief 1" in text
    assert [asked for asked, *_ in replies.asked] == ["Number 10", "第九条是什么"]


async def test_after_ones_profile_a_number_is_of_no_story(tmp_path: Path) -> None:
    follows, briefs = Follows(), OnePage()

    text = await transcript(
        tmp_path, "/hot", "/profile", "/follow 1", "/open 1", "2", "/hot", "/follow 2",
        hot=HOT, follows=follows, briefs=briefs,
    )  # fmt: skip

    assert text.count("The numbers that I showed last are not those of stories.") == 3
    assert ([each.story for each in follows.held], briefs.asked) == ([7], [])


async def test_a_page_is_asked_for_without_a_slash(tmp_path: Path) -> None:
    briefs = OnePage()

    await transcript(tmp_path, "brief the tunnel", briefs=briefs)

    assert [topic for topic, *_ in briefs.asked] == ["the tunnel"]


async def test_a_story_of_a_list_is_liked_as_a_story_with_its_newest_articles(tmp_path: Path) -> None:
    rated = Rated()

    text = await transcript(tmp_path, "/hot", "/like 2", hot=HOT, learn=rated.learn, feedback=rated.feedback)

    assert "Noted: you like this.\nDam opened\n" in text
    assert rated.evidence.said() == []
    assert [(each.key, each.act) for each in rated.evidence.held.values()] == [
        ("second", "story:7"),
        ("first", "story:7"),
    ]


async def test_a_page_numbers_its_own_sources_and_leaves_the_list_to_brief_and_follow(tmp_path: Path) -> None:
    briefs, rated = OnePage(), Rated()

    text = await transcript(
        tmp_path, "/hot", "/brief 2", "/like 1", "/brief 1",
        hot=HOT, briefs=briefs, learn=rated.learn, feedback=rated.feedback,
    )  # fmt: skip

    assert "Noted: you like this.\nTitle of second\n" in text
    assert [topic for topic, *_ in briefs.asked] == ["#7", "#128"]


async def test_a_source_of_an_answer_leads_to_the_story_that_it_is_in(tmp_path: Path) -> None:
    class Knowing(HotList):
        async def of(self, articles: object) -> dict[str, int]:  # type: ignore[override]  # ids are what they are
            return {"a2": 9}

    briefs = OnePage()

    await transcript(tmp_path, "Did it rain?", "/brief [2]", "/brief 1", hot=Knowing(), briefs=briefs)

    assert [topic for topic, *_ in briefs.asked] == ["#9", "Title 1"]


async def test_where_a_page_came_first_its_numbers_are_those_to_follow_by(tmp_path: Path) -> None:
    class Knowing(HotList):
        async def of(self, articles: object) -> dict[str, int]:  # type: ignore[override]  # ids are what they are
            del articles
            return dict.fromkeys(("first", "second"), 9)

    follows = Follows()

    await transcript(tmp_path, "/brief chip exports", "/follow 1", hot=Knowing(), briefs=OnePage(), follows=follows)

    assert [each.story for each in follows.held] == [9]


async def test_before_anything_is_listed_and_with_its_mark_a_number_is_the_storys_own(tmp_path: Path) -> None:
    briefs = OnePage()

    await transcript(tmp_path, "/brief 128", "/hot", "/brief #128", "/brief chip exports", hot=HOT, briefs=briefs)

    assert [topic for topic, *_ in briefs.asked] == ["128", "#128", "chip exports"]


@pytest.mark.parametrize("command", ["brief", "follow", "like", "open", "why"])
@pytest.mark.parametrize(("language", "said"), [("en", "go from 1 to 2"), ("zh", "编号从 1 到 2")])
async def test_a_number_that_the_list_lacks_is_said_to_be_none_of_it(
    tmp_path: Path, command: str, language: str, said: str
) -> None:
    assert said in await transcript(tmp_path, "/hot", f"/{command} 3", hot=HOT, language=language)


async def test_why_says_all_that_counted_or_how_hot_it_is_or_that_it_is_a_source(tmp_path: Path) -> None:
    two = item(1, "Ferries ordered", ASKED, Because(kind=ReasonKind.FRESH))

    text = await transcript(
        tmp_path, "/digest", "/why 1", "/hot", "/why 2", "Did it rain?", "/why 2",
        digests=FixedDigests(items=(two,)), hot=HOT,
    )  # fmt: skip

    assert "Why it is here: you asked: “Who builds ferries?”; it is one of the newest I have.\nFerries ordered" in text
    assert "how much of it is new: outlets 2 · articles 2 · rising" in text
    assert "[2] is a source of what I said last. /cite 2 shows its words." in text


async def test_the_newest_have_numbers_that_lead_on(tmp_path: Path) -> None:
    briefs = OnePage()

    text = await transcript(tmp_path, "/latest", "/brief 1", latest=Newest(), briefs=briefs)

    assert "By these numbers: /brief 1" in text
    assert [topic for topic, *_ in briefs.asked] == ["Title 1"]


@pytest.mark.parametrize(
    ("language", "rule"), [("en", "N is a number of what I showed last"), ("zh", "编号就是刚才显示")]
)
async def test_help_says_the_rule(tmp_path: Path, language: str, rule: str) -> None:
    assert rule in await transcript(tmp_path, "/help", language=language)
