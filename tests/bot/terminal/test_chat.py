from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.terminal.chat import chat
from bot.terminal.greeting import progress_line
from bot.terminal.keyboard import Key
from storage.domain.news import Article, ArticleId, Feed, FeedStatus, IngestReport, SaveReport
from storage.errors import FetchError, InputError, StorageBusy
from tests.bot.terminal.fakes import (
    CONVERSATION,
    READER,
    Counts,
    Dialogues,
    Replies,
    Shelf,
    Typed,
    Typist,
    Wire,
    headline,
    parts,
    printed,
    reply,
    screen,
    until,
)


async def transcript(home: Path, *lines: Typed, attended: bool = True, language: str = "en", **given: object) -> str:
    on = screen(language=language)

    status = await chat(parts(home, **given), screen=on, keyboard=Typist(*lines, attended=attended))

    assert status == 0
    return printed(on)


async def test_the_chat_opens_with_what_is_in(tmp_path: Path) -> None:
    text = await transcript(tmp_path)

    assert text.startswith("In so far: 1,204 articles from 25 sources, the newest from 12 Nov 2026, 12:00.\n")
    assert "/help" in text


async def test_one_is_not_many(tmp_path: Path) -> None:
    text = await transcript(tmp_path, news=Wire(Counts(articles=1, sources=1, newest=None)))

    assert text.startswith("In so far: 1 article from 1 source.\n")


async def test_the_chat_opens_in_the_readers_language(tmp_path: Path) -> None:
    text = await transcript(tmp_path, language="zh")

    assert "1,204 篇文章" in text
    assert "2026年11月12日 12:00" in text


async def test_an_empty_instance_says_that_it_is_reading(tmp_path: Path) -> None:
    assert "No news is in yet" in await transcript(tmp_path, news=Wire(Counts(articles=0, sources=0, newest=None)))


async def test_the_sample_edition_is_called_a_sample_and_suggests_a_question(tmp_path: Path) -> None:
    text = await transcript(tmp_path, news=Wire(Counts(articles=24, sample=True)))

    assert "What is in is a sample: 24 articles" in text
    assert "Try: Who builds the ferries for Lake Oster" in text


async def test_a_question_is_answered_for_the_reader_in_the_conversation(tmp_path: Path) -> None:
    replies = Replies()

    text = await transcript(tmp_path, "Did it rain?", "And then?", converse=replies)

    assert text.count("It rained. [1] [2]") == 2
    assert replies.asked == [
        ("Did it rain?", READER, CONVERSATION, "en"),
        ("And then?", READER, CONVERSATION, "en"),
    ]


async def test_pasted_lines_are_one_question(tmp_path: Path) -> None:
    replies = Replies()

    await transcript(tmp_path, "Did it rain\nin town?", converse=replies)

    assert [asked[0] for asked in replies.asked] == ["Did it rain\nin town?"]


async def test_a_question_that_cannot_be_read_is_told_in_the_readers_language(tmp_path: Path) -> None:
    error = InputError("question", "there are no words in it", key="question_empty")

    text = await transcript(tmp_path, "?!", converse=Replies({"?!": error}), language="zh")

    assert "请问我一个有关新闻的问题。" in text


async def test_a_failure_nobody_foresaw_is_one_line_and_the_chat_goes_on(tmp_path: Path) -> None:
    replies = Replies({"boom": RuntimeError("secret detail")})

    text = await transcript(tmp_path, "boom", "Did it rain?", converse=replies)

    assert "Something went wrong" in text
    assert "Traceback" not in text
    assert "secret detail" not in text
    assert "It rained." in text


async def test_a_foreseen_failure_is_its_own_line(tmp_path: Path) -> None:
    text = await transcript(tmp_path, "q", converse=Replies({"q": StorageBusy("the database is in use")}))

    assert "the database is in use\n" in text


async def test_ctrl_c_stops_the_answer_and_keeps_the_chat(tmp_path: Path) -> None:
    replies = Replies()

    async def interrupt() -> None:
        await replies.stuck.wait()
        os.kill(os.getpid(), signal.SIGINT)

    async with asyncio.TaskGroup() as group:
        group.create_task(interrupt())
        text = await transcript(tmp_path, "stuck", "Did it rain?", converse=replies)

    assert text.count("It rained. [1] [2]") == 2
    assert text.index("Stopped.") < text.rindex("It rained.")


async def test_ctrl_c_is_what_it_was_after_the_chat(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)

    await transcript(tmp_path, "Did it rain?")

    assert signal.getsignal(signal.SIGINT) == before


async def test_ctrl_c_at_the_prompt_tells_how_to_leave(tmp_path: Path) -> None:
    assert "Ctrl-D or /quit leaves." in await transcript(tmp_path, Key.CANCEL)


async def test_quit_leaves(tmp_path: Path) -> None:
    replies = Replies()

    await transcript(tmp_path, "/quit", "Did it rain?", converse=replies)

    assert replies.asked == []


async def test_help_lists_every_command(tmp_path: Path) -> None:
    text = await transcript(tmp_path, "/help")

    for name in ("help", "sources", "add", "remove", "open", "cite", "new", "language", "quit"):
        assert f"/{name}" in text


async def test_an_unknown_command_is_told_the_nearest(tmp_path: Path) -> None:
    assert "I don't know /hlep. Did you mean /help?" in await transcript(tmp_path, "/hlep")


async def test_a_command_near_to_none_is_just_unknown(tmp_path: Path) -> None:
    assert "I don't know /zzz.\n" in await transcript(tmp_path, "/zzz")


async def test_sources_are_numbered_with_how_they_stand_and_why_they_fail(tmp_path: Path) -> None:
    shelf = Shelf([
        Feed(url="https://a.example/feed", title="Good", status=FeedStatus.OK, articles=1234),
        Feed(url="https://b.example/feed", status=FeedStatus.FAILING, last_error="https://b.example/feed: HTTP 404"),
    ])  # fmt: skip

    text = await transcript(tmp_path, "/sources", sources=shelf)

    rows = [line.split() for line in text.splitlines()]
    assert ["1", "Good", "ok", "1,234"] in rows
    assert ["2", "https://b.example/feed", "failing", "0"] in rows
    assert ["HTTP", "404"] in rows


async def test_no_sources_is_said_with_what_to_do(tmp_path: Path) -> None:
    assert "/add https://example.org" in await transcript(tmp_path, "/sources", sources=Shelf())


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
            raise FetchError(url, "HTTP 404 Not Found")

    text = await transcript(tmp_path, "/add https://n.example", sources=Broken())

    assert "I could not read a feed there: HTTP 404 Not Found\n" in text


async def test_sources_are_removed_by_number(tmp_path: Path) -> None:
    shelf = Shelf([Feed(url="https://a.example/feed", title="Good")])

    text = await transcript(tmp_path, "/remove 1", "/remove 7", sources=shelf)

    assert "I no longer read Good for you." in text
    assert "7 is not among your sources." in text
    assert shelf.feeds == []


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


async def test_cite_shows_the_quote_in_its_context(tmp_path: Path) -> None:
    async def article(article_id: ArticleId) -> Article:
        assert article_id == "a1"
        return Article(headline=headline(), text="Before it. Quote 1. After it.")

    text = await transcript(tmp_path, "Did it rain?", "/cite 1", article=article)

    assert "Before it. “Quote 1.” After it." in text


@pytest.mark.parametrize("number", ["3", "0", "-1", "x", "", "9" * 50])
async def test_a_number_that_is_not_there_is_said_to_be_missing(tmp_path: Path, number: str) -> None:
    text = await transcript(tmp_path, "Did it rain?", f"/cite {number}")

    assert "Give a number from the last answer" in text


@pytest.mark.parametrize("command", ["/open 1", "/cite 1"])
async def test_before_the_first_answer_there_is_nothing_to_look_into(tmp_path: Path, command: str) -> None:
    assert "There is no answer to look into yet." in await transcript(tmp_path, command)


async def test_new_forgets_the_conversation(tmp_path: Path) -> None:
    dialogues = Dialogues()

    text = await transcript(tmp_path, "Did it rain?", "/new", "/open 1", dialogues=dialogues)

    assert dialogues.forgotten == [CONVERSATION]
    assert "There is no answer to look into yet." in text


async def test_the_language_of_the_chat_can_be_changed(tmp_path: Path) -> None:
    replies = Replies()

    text = await transcript(tmp_path, "/language ZH", "/sources", "q", converse=replies)

    assert "现在我用中文与你交谈" in text
    assert "尚未读取" in text
    assert replies.asked[0][3] == "zh"


async def test_a_language_without_catalogue_is_answered_with_those_there_are(tmp_path: Path) -> None:
    assert "I speak en, zh." in await transcript(tmp_path, "/language fr")


FAILING = Feed(url="https://b.example/feed", status=FeedStatus.FAILING, last_error="https://b.example/feed: HTTP 404")
FINE = Feed(url="https://a.example/feed", title="Good", status=FeedStatus.OK)


async def after_the_round(home: Path, wire: Wire, *feeds: Feed, says: str) -> str:
    """What a chat printed by the time it said `says`."""
    on = screen()
    told = partial(until, lambda: says in printed(on))

    await chat(parts(home, news=wire, sources=Shelf(list(feeds))), screen=on, keyboard=Typist(told))
    return printed(on)


async def test_a_refusal_while_the_feeds_are_read_says_that_more_is_on_its_way(tmp_path: Path) -> None:
    replies, reading = Replies({"q": reply()}), Wire(may_end=asyncio.Event())

    text = await transcript(tmp_path, "q", converse=replies, news=reading)

    assert "My sources don't say." in text
    assert "I am still reading the feeds" in text


async def test_a_refusal_after_the_feeds_were_read_stands(tmp_path: Path) -> None:
    wire, replies, on = Wire(), Replies({"q": reply()}), screen()
    read = partial(until, lambda: "The feeds are read" in printed(on))

    await chat(parts(tmp_path, converse=replies, news=wire), screen=on, keyboard=Typist(read, "q"))

    assert "I am still reading the feeds" not in printed(on)


async def test_a_round_is_told_when_it_is_done(tmp_path: Path) -> None:
    wire = Wire(report=IngestReport(saved=SaveReport(new=7)))

    text = await after_the_round(tmp_path, wire, FINE, says="The feeds are read")

    assert "The feeds are read; 7 articles came in.\n" in text


async def test_a_round_that_brought_nothing_says_so(tmp_path: Path) -> None:
    await after_the_round(tmp_path, Wire(), FINE, says="The feeds are read: nothing new.\n")


async def test_feeds_that_fail_are_counted_with_where_to_see_why(tmp_path: Path) -> None:
    wire = Wire(report=IngestReport(saved=SaveReport(new=1)))

    await after_the_round(
        tmp_path, wire, FINE, FAILING,
        says="The feeds are read; 1 article came in. 1 of 2 feeds could not be read; /sources shows why.\n",
    )  # fmt: skip


async def test_when_no_feed_can_be_reached_the_chat_says_why(tmp_path: Path) -> None:
    offline = [
        Feed(url=f"https://{n}.example", status=FeedStatus.FAILING, last_error=f"https://{n}.example: no such host.")
        for n in range(24)
    ]

    await after_the_round(
        tmp_path, Wire(), *offline, FAILING, says="None of 25 feeds could be reached: no such host.\n"
    )


@pytest.mark.parametrize(
    ("error", "told"),
    [(StorageBusy("the database is in use"), "the database is in use"), (RuntimeError("boom"), "RuntimeError: boom")],
)
async def test_a_round_that_breaks_is_one_line_and_the_chat_goes_on(
    tmp_path: Path, error: Exception, told: str
) -> None:
    await after_the_round(tmp_path, Wire(report=error), FINE, says=f"The feeds could not be read: {told}\n")


async def test_progress_is_kept_in_sight_while_the_round_lasts(tmp_path: Path) -> None:
    typist = Typist()
    typist.expect(partial(until, lambda: None in typist.statuses))

    await chat(parts(tmp_path), screen=screen(), keyboard=typist)

    assert typist.statuses[:2] == ["Reading the feeds · 3 of 25 · One", None]


@pytest.mark.parametrize(
    ("what", "done", "total", "line"),
    [
        ("One \x1b[2J", 3, 25, "Reading the feeds · 3 of 25 · One"),
        ("One", 25, 25, "Making the news searchable"),
        ("dense", 1280, 2000, "Making the news searchable · 1,280 of 2,000"),
        ("lexical", 10, None, "Making the news searchable · 10"),
    ],
)
def test_progress_says_what_is_being_done(what: str, done: int, total: int | None, line: str) -> None:
    assert progress_line(screen(), what, done, total) == line


async def test_the_first_answer_waits_until_all_is_ready(tmp_path: Path) -> None:
    replies, ready = Replies(), asyncio.get_running_loop().create_future()

    async def not_asked_yet() -> None:
        await asyncio.sleep(0)
        assert replies.asked == []
        ready.set_result(None)

    async with asyncio.TaskGroup() as group:
        group.create_task(not_asked_yet())
        text = await transcript(tmp_path, "Did it rain?", "And then?", converse=replies, ready=ready)

    assert text.count("It rained.") == 2


async def test_what_gets_ready_survives_a_question_that_is_given_up(tmp_path: Path) -> None:
    ready = asyncio.get_running_loop().create_future()

    async def interrupt() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        os.kill(os.getpid(), signal.SIGINT)

    async with asyncio.TaskGroup() as group:
        group.create_task(interrupt())
        text = await transcript(tmp_path, "Did it rain?", ready=ready)

    assert "Stopped." in text
    assert not ready.cancelled()


async def test_news_of_the_round_waits_for_the_end_of_an_answer(tmp_path: Path) -> None:
    replies, on = Replies(), screen()
    wire = Wire(report=IngestReport(saved=SaveReport(new=7)), may_end=asyncio.Event())

    async def interrupt() -> None:
        await replies.stuck.wait()
        assert wire.may_end is not None
        wire.may_end.set()
        await asyncio.sleep(0)
        os.kill(os.getpid(), signal.SIGINT)

    told = partial(until, lambda: "came in" in printed(on))
    async with asyncio.TaskGroup() as group:
        group.create_task(interrupt())
        await chat(parts(tmp_path, converse=replies, news=wire), screen=on, keyboard=Typist("stuck", told))

    assert "It rained. [1] [2]\nStopped.\n\nThe feeds are read; 7 articles came in.\n" in printed(on)


async def test_leaving_ends_a_round_under_way(tmp_path: Path) -> None:
    wire = Wire(may_end=asyncio.Event())

    text = await transcript(tmp_path, news=wire)

    assert "The feeds are read" not in text


async def test_rounds_at_intervals_are_not_announced(tmp_path: Path) -> None:
    wire, on = Wire(), screen()

    await chat(
        parts(tmp_path, news=wire, every=timedelta(0)),
        screen=on,
        keyboard=Typist(partial(until, lambda: wire.rounds > 2)),
    )

    assert printed(on).count("The feeds are read") == 1


async def test_over_a_pipe_questions_are_shown_with_their_answers_and_no_feed_is_read(tmp_path: Path) -> None:
    wire = Wire()

    text = await transcript(tmp_path, "Did it rain?", "", "/open 1", attended=False, news=wire)

    assert text.startswith("› Did it rain?\nIt rained. [1] [2]\n")
    assert text.endswith("› /open 1\nhttps://news.example/1\n\n")
    assert wire.rounds == 0


@pytest.mark.parametrize("counts", [Counts(articles=0, sources=0, newest=None), Counts(articles=24, sample=True)])
async def test_over_a_pipe_the_feeds_are_read_first_where_there_is_no_news_yet(tmp_path: Path, counts: Counts) -> None:
    wire = Wire(counts)

    text = await transcript(tmp_path, "Did it rain?", attended=False, news=wire, sources=Shelf([FAILING]))

    assert wire.rounds == 1
    assert text.index("None of 1 feed could be reached: HTTP 404.") < text.index("It rained.")


async def test_over_a_pipe_what_is_added_is_read_before_the_next_question(tmp_path: Path) -> None:
    wire = Wire()

    await transcript(tmp_path, "/add https://n.example/feed", attended=False, news=wire)

    assert wire.visited == ["https://n.example/feed"]
