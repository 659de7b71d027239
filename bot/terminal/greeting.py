"""What the chat says unasked: how much news is in when it opens, and how a reading of the feeds ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.terminal.clean import visible
from bot.terminal.dates import minute
from bot.terminal.gathering import Gathered, Gathering
from bot.terminal.ports import News, NewsCounts
from bot.terminal.screen import DIM, MARK, TROUBLE, Screen
from storage.domain.news import Feed, FeedStatus
from storage.domain.progress import INDEXES
from storage.domain.why import Why


def greet(screen: Screen, counts: NewsCounts) -> None:
    """What can be asked about, and how."""
    say_what_is_in(screen, counts)
    screen.say("chat_hint", style=DIM)
    if counts.sample:
        screen.say("chat_try", style=MARK, question=screen.sentence("chat_sample_question"))
    screen.blank()


def say_what_is_in(screen: Screen, counts: NewsCounts) -> None:
    """One sentence on how much news there is and how new it is; that it is a sample, where it is."""
    articles = screen.counted("chat_articles", counts.articles)
    if not counts.articles:
        screen.say("chat_nothing_in")
    elif counts.sample:
        screen.say("chat_sample", articles=articles)
    elif counts.newest:
        newest = minute(counts.newest, screen.language, zone=screen.zone)
        screen.say("chat_in", articles=articles, sources=screen.counted("chat_sources", counts.sources), newest=newest)
    else:
        screen.say("chat_in_undated", articles=articles, sources=screen.counted("chat_sources", counts.sources))


async def say_what_waits(screen: Screen, news: News, gathering: Gathering) -> None:
    """Where nothing was found: that more is on its way, or stored and cannot be found yet."""
    if gathering.under_way:
        screen.say("chat_still_reading", style=DIM)
    elif waiting := await news.waiting():
        screen.say("chat_unindexed", style=DIM, articles=screen.counted("chat_articles", waiting))


def say_how_it_went(screen: Screen, gathered: Gathered, feeds: Sequence[Feed]) -> None:
    """How many articles a reading brought and which feeds stand in the way, `feeds` being all there are by now."""
    if gathered.error:
        reason = visible(screen.reason(gathered.error)).rstrip(".。")
        screen.say("chat_round_broken", style=TROUBLE, reason=reason)
        return
    failing = [feed for feed in feeds if feed.status is FeedStatus.FAILING]
    number = screen.counted("chat_feeds", len(feeds))
    if failing and len(failing) == len(feeds):
        commonest = Counter(feed.last_why or Why.UNREADABLE for feed in failing).most_common(1)[0][0]
        screen.say("chat_all_failing", style=TROUBLE, feeds=number, reason=screen.sentence(commonest))
        return
    said = _new(screen, gathered.report.saved.new)
    if failing:
        trouble = screen.sentence("chat_some_failing", failing=len(failing), feeds=number)
        said = screen.sentence("chat_in_turn", first=said, second=trouble)
    screen.note(said)


def progress_line(screen: Screen, what: str, done: int, total: int | None) -> str:
    """How far a reading is, on one line; `what` is the index that is being filled, or the feed that was just read."""
    if what not in INDEXES and done == total:
        return screen.sentence("chat_settling")
    count = f"{done:,}" if total is None else screen.sentence("chat_of", done=f"{done:,}", total=f"{total:,}")
    if what in INDEXES:
        return screen.sentence("chat_indexing", count=count)
    return screen.sentence("chat_reading", count=count, feed=visible(what))


def _new(screen: Screen, new: int) -> str:
    if not new:
        return screen.sentence("chat_round_quiet")
    return screen.sentence("chat_round_done", articles=screen.counted("chat_articles", new))
