from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.terminal.chat import chat
from storage.domain.annotations import Category
from storage.domain.dialogue import Remark, Sentence
from storage.domain.news import Article, ArticleId, Feed, FeedStatus
from storage.domain.why import Why
from storage.errors import AddressRefused, FetchError
from tests.bot.terminal.fakes import (
    CONVERSATION,
    READER,
    Dialogues,
    Newest,
    Replies,
    Shelf,
    Typist,
    Wire,
    citation,
    headline,
    no_browser,
    parts,
    printed,
    reply,
    screen,
    transcript,
    until,
)
from tests.hot import HotList, OnePage, hot_story
from tests.own_data import FixedOwnData


async def test_help_lists_every_command(tmp_path: Path) -> None:
    text = await transcript(tmp_path, "/help")

    for name in ("help", "latest", "sources", "add", "remove", "open", "cite", "new", "language", "quit"):
        assert f"/{name}" in text


async def test_an_unknown_command_is_told_the_nearest(tmp_path: Path) -> None:
    assert "I don't know /hlep. Did you mean /help? /help lists the commands." in await transcript(tmp_path, "/hlep")


async def test_a_command_near_to_none_is_just_unknown(tmp_path: Path) -> None:
    assert "I don't know /zzz. /help lists the commands.\n" in await transcript(tmp_path, "/zzz")


@pytest.mark.parametrize(("language", "kept"), [("en", "I keep the questions you ask"), ("zh", "我保存：你的提问")])
async def test_what_is_kept_is_told(tmp_path: Path, language: str, kept: str) -> None:
    assert kept in await transcript(tmp_path, "/privacy", language=language)


async def test_it_is_told_for_how_long_talk_is_kept_where_that_has_an_end(tmp_path: Path) -> None:
    said = await transcript(tmp_path, "/privacy", own_data=FixedOwnData(talk_days=30))

    assert "for 30 days" in said
    assert "for 30 days" not in await transcript(tmp_path, "/privacy")


async def test_sources_are_numbered_with_how_they_stand_and_why_they_fail(tmp_path: Path) -> None:
    shelf = Shelf([
        Feed(url="https://a.example/feed", title="Good", status=FeedStatus.OK, articles=1234),
        Feed(url="https://b.example/feed", status=FeedStatus.FAILING, last_why=Why.NOTHING_THERE),
    ])  # fmt: skip

    text = await transcript(tmp_path, "/sources", sources=shelf)

    rows = [line.split() for line in text.splitlines()]
    assert ["1", "Good", "ok", "1,234"] in rows
    assert ["2", "https://b.example/feed", "failing", "0"] in rows
    assert ["there", "is", "nothing", "at", "this", "address"] in rows


async def test_a_reason_that_many_feeds_share_is_told_once_in_the_readers_language(tmp_path: Path) -> None:
    offline = [Feed(url=f"https://{n}.example", status=FeedStatus.FAILING, last_why=Why.NO_NETWORK) for n in range(25)]
    shelf = Shelf([*offline, Feed(url="https://fine.example", status=FeedStatus.OK)])

    text = await transcript(tmp_path, "/sources", sources=shelf, language="zh")

    assert text.count("没有网络") == 1
    assert "25 个订阅源（1–25）：没有网络，或域名服务器没有回应\n" in text


async def test_no_sources_is_said_with_what_to_do(tmp_path: Path) -> None:
    assert "/add https://example.org" in await transcript(tmp_path, "/sources", sources=Shelf())
    assert "/export FILE writes" in await transcript(tmp_path, "/sources file", sources=Shelf())


async def test_what_is_added_is_read_at_once(tmp_path: Path) -> None:
    wire, shelf = Wire(), Shelf()

    def read() -> Awaitable[None]:
        return until(lambda: bool(wire.visited))

    text = await transcript(tmp_path, "/add https://n.example/feed", read, news=wire, sources=shelf)

    assert "I now read Added for you." in text
    assert wire.visited == ["https://n.example/feed"]


async def test_adding_nothing_says_what_is_wanted(tmp_path: Path) -> None:
    assert "Give me the link" in await transcript(tmp_path, "/add")


async def test_an_address_without_a_feed_is_told_why(tmp_path: Path) -> None:
    class Broken(Shelf):
        async def add(self, reader: str, url: str) -> Feed:
            raise FetchError(url, "HTTP 404 Not Found", why=Why.NOTHING_THERE)

    text = await transcript(tmp_path, "/add https://n.example", sources=Broken())

    assert "I could not read a feed there: there is nothing at this address\n" in text


async def test_a_private_address_is_refused_with_what_would_allow_it(tmp_path: Path) -> None:
    class Guarded(Shelf):
        async def add(self, reader: str, url: str) -> Feed:
            raise AddressRefused(url, "10.0.0.1 is a private address", why=Why.PRIVATE)

    text = await transcript(tmp_path, "/add http://10.0.0.1/feed", sources=Guarded())

    assert "the address is in a private network" in text
    assert "TIDINGS_ALLOW_PRIVATE_NETWORKS=true" in text


async def test_sources_are_removed_by_number(tmp_path: Path) -> None:
    shelf = Shelf([Feed(url="https://a.example/feed", title="Good")])

    text = await transcript(tmp_path, "/remove 1", "/remove 7", sources=shelf)

    assert "I no longer read Good for you.\n/add https://a.example/feed brings it back.\n" in text
    assert "7 is not among your sources." in text
    assert shelf.feeds == []


@pytest.mark.parametrize("line", ["https://a.example/x", "summarise https://a.example/x, please"])
async def test_a_link_is_no_question_and_what_reads_it_is_said(tmp_path: Path, line: str) -> None:
    text = await transcript(tmp_path, line)

    assert "`tidings summarize https://a.example/x`" in " ".join(text.split())
    assert "/add https://a.example/x reads" in " ".join(text.split())


async def test_numbers_of_sources_go_on_to_mean_what_they_stood_beside(tmp_path: Path) -> None:
    shelf = Shelf([Feed(url=f"https://{each}.example/feed") for each in "abc"])

    text = await transcript(tmp_path, "/sources", "/remove 1", "/remove 2", sources=shelf)

    assert [feed.url for feed in shelf.feeds] == ["https://c.example/feed"]
    assert "/add https://a.example/feed brings it back. The numbers you saw stay until /sources counts anew.\n" in text


async def test_open_prints_the_address_off_a_terminal(tmp_path: Path) -> None:
    text = await transcript(tmp_path, "Did it rain?", "/open 2")

    assert text.rstrip().endswith("https://news.example/2")


async def test_open_opens_the_browser_on_a_terminal(tmp_path: Path) -> None:
    opened: list[str] = []

    def browser(url: str) -> bool:
        opened.append(url)
        return True

    on = screen(terminal=True)
    await chat(parts(tmp_path, open_page=browser), screen=on, keyboard=Typist("Did it rain?", "/open [2]"))

    assert opened == ["https://news.example/2"]
    assert "Opened in your browser." in printed(on)


async def test_the_nearest_stories_of_a_refusal_can_be_opened_and_were_not_quoted(tmp_path: Path) -> None:
    refused = reply(nearest=(headline("near"), headline("linkless", url=None)))

    text = await transcript(tmp_path, "q", "/open 1", "/open 2", "/cite 1", converse=Replies({"q": refused}))

    assert text.count("https://news.example/near") == 2
    assert "[2] came without a link." in text
    assert "[1] was only named, not quoted." in text


@pytest.mark.parametrize("question", ["Did it rain?", "q"])
async def test_an_article_without_a_link_is_read_in_the_chat(tmp_path: Path, question: str) -> None:
    async def article(article_id: ArticleId) -> Article:
        assert article_id == "linkless"
        return Article(headline=headline("linkless", url=None), text="It rained.\n\nThen it stopped.")

    linkless = citation(1, article_id=ArticleId("linkless"), url=None)
    cited = reply(Sentence(text="It rained.", citations=(1,)), citations=(linkless,))
    refused = reply(nearest=(headline("linkless", url=None),))
    replies = Replies({"Did it rain?": cited, "q": refused})

    text = await transcript(tmp_path, question, "/open 1", converse=replies, article=article)

    assert "[1] came without a link; this is its text:\n\nTitle" in text
    assert ", 12 Nov 2026\n\nIt rained.\n\nThen it stopped.\n" in text


async def test_a_remark_leaves_the_stories_of_the_last_answer(tmp_path: Path) -> None:
    said = reply()
    thanks = replace(said, answer=replace(said.answer, remark=Remark.THANKS))

    text = await transcript(tmp_path, "Did it rain?", "thanks", "/open 2", converse=Replies({"thanks": thanks}))

    assert text.rstrip().endswith("https://news.example/2")


async def test_cite_shows_the_quote_in_its_context(tmp_path: Path) -> None:
    async def article(article_id: ArticleId) -> Article:
        assert article_id == "a1"
        return Article(headline=replace(headline(), title="Its own"), text="Before it. Quote 1. After it.")

    text = await transcript(tmp_path, "Did it rain?", "/cite 1", article=article)

    assert "Before it. “Quote 1.” After it." in text
    # A list may name an event by the headline of another outlet.
    assert "Its own\n" in text


@pytest.mark.parametrize("number", ["3", "0", "-1", "x", "9" * 50])
async def test_a_number_that_is_not_there_is_said_to_be_missing(tmp_path: Path, number: str) -> None:
    text = await transcript(tmp_path, "Did it rain?", f"/cite {number}")

    assert "Its numbers go from 1 to 2" in text


@pytest.mark.parametrize("command", ["open", "cite"])
async def test_without_a_number_there_is_a_list_to_choose_from(tmp_path: Path, command: str) -> None:
    text = await transcript(tmp_path, "Did it rain?", f"/{command}")

    assert text.count("[1] Title 1 — Outlet 1") == 2
    assert text.count("[2] Title 2 — Outlet 2") == 2
    assert f"Say which: /{command} 1, for example." in text


async def test_where_there_is_one_story_no_number_is_needed(tmp_path: Path) -> None:
    only = reply(Sentence(text="It rained.", citations=(1,)), citations=(citation(1),))

    text = await transcript(tmp_path, "q", "/open", converse=Replies({"q": only}))

    assert text.rstrip().endswith("https://news.example/1")


async def test_without_a_browser_the_address_is_printed_and_that_is_said(tmp_path: Path) -> None:
    on = screen(terminal=True)

    await chat(parts(tmp_path, open_page=no_browser), screen=on, keyboard=Typist("Did it rain?", "/open 2"))

    assert "https://news.example/2\n" in printed(on)
    assert "No browser could be opened here" in printed(on)


async def test_the_newest_stories_are_listed_in_the_language_of_the_chat_and_can_be_opened(tmp_path: Path) -> None:
    newest = Newest()

    text = await transcript(tmp_path, "/latest  lake ferries", "/open 1", latest=newest, language="zh")

    assert newest.asked == [("lake ferries", "zh")]
    assert "[1] Title 1 — Outlet 1" in text
    assert text.rstrip().endswith("https://news.example/1")


@pytest.mark.parametrize("command", ["/open 1", "/cite 1"])
async def test_before_the_first_answer_there_is_nothing_to_look_into(tmp_path: Path, command: str) -> None:
    assert "I have shown nothing with numbers yet." in await transcript(tmp_path, command)


async def test_new_forgets_the_conversation(tmp_path: Path) -> None:
    dialogues = Dialogues()

    text = await transcript(tmp_path, "Did it rain?", "/new", "/open 1", dialogues=dialogues)

    assert dialogues.forgotten == [CONVERSATION]
    assert "I have shown nothing with numbers yet." in text


async def test_the_language_of_the_chat_can_be_changed(tmp_path: Path) -> None:
    replies = Replies()

    text = await transcript(tmp_path, "/language ZH", "/sources", "q", converse=replies)

    assert "现在我用中文与你交谈" in text
    assert "尚未读取" in text
    assert replies.asked[0][3] == "zh"


async def test_a_language_without_catalogue_is_answered_with_those_there_are(tmp_path: Path) -> None:
    assert "I speak English (en), 中文 (zh)." in await transcript(tmp_path, "/language fr")


async def test_what_is_hot_is_listed_by_number_with_who_tells_of_it(tmp_path: Path) -> None:
    hot = HotList(stories=(hot_story(128), hot_story(7, title="Another \x1b[31mstory")))

    text = await transcript(tmp_path, "/hot", hot=hot)

    assert hot.asked == [(READER, "en")]
    assert "Hot in the last day" in text
    assert "1. Ferries ordered" in text
    assert "   Six ferries were ordered." in text
    assert "Courier, Wire · outlets 2 · articles 2 · rising" in text
    assert "2. Another" in text
    assert "\x1b[31m" not in text
    assert "/brief 1 (at a glance)" in text


async def test_what_is_hot_of_a_subject_is_listed_and_said_to_be_of_it(tmp_path: Path) -> None:
    hot = HotList(stories=(hot_story(128),))

    text = await transcript(tmp_path, "/hot sport", "/hot chip exports", hot=hot)
    none = await transcript(tmp_path, "/hot 体育", language="zh")

    assert hot.subjects == [Category.SPORT]
    assert "Hot in the last day: sport" in text
    assert "I sort no news under “chip exports”. My subjects are: politics" in text
    assert "过去一个月没有体育方面的报道。" in none


async def test_where_nothing_is_hot_the_chat_says_so(tmp_path: Path) -> None:
    assert "Nothing was told in the last month." in await transcript(tmp_path, "/hot")


async def test_a_story_is_told_at_a_glance_and_its_sources_can_be_opened(tmp_path: Path) -> None:
    briefs = OnePage()

    text = await transcript(tmp_path, "/brief 128", "/open 1", briefs=briefs, language="zh")

    assert briefs.asked == [("128", READER, "zh")]
    for line in (
        "Ferries ordered",
        "背景",
        "  2026年11月12日: Six were ordered. [1]",
        "  · Wire, 2026年11月12日: 48 million. [1]",
    ):
        assert line in text
    assert "· Title of other" in text
    assert text.rstrip().endswith("https://news.example/second")


async def test_a_brief_of_nothing_says_how_to_ask(tmp_path: Path) -> None:
    assert "/brief 1," in await transcript(tmp_path, "/brief")
