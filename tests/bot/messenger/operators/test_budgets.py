"""How much somebody may ask, and what counts as asking."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.messenger.answers.decisions import words
from bot.messenger.compose import MAX_ANSWER
from bot.messenger.incoming.buttons import Press, Pressed
from bot.messenger.incoming.events import (
    Asked,
    Commanded,
    Handed,
    Ignored,
    Located,
    Met,
    Migrated,
    Reacted,
    Sought,
    Tapped,
)
from bot.messenger.incoming.readables import File, Link
from bot.messenger.operators.costs import Cost, cost_of
from bot.messenger.operators.gate import Rules
from bot.texts import languages, say
from storage.budgets import BudgetStore
from storage.database import Database
from storage.domain.access import Budgets, Counted, Used, Verdict, alias, day_of
from storage.domain.deliveries import InboxUpdate
from storage.domain.people import ReaderId
from storage.readers import ReaderStore
from tests.bot.messenger.operators.gates import ADA, GROUP, NOON, ORIGIN, QUESTION, Bot, command, said


async def test_where_nothing_is_bounded_what_is_asked_is_counted_with_what_it_changes(database: Database) -> None:
    bot = Bot(database)
    await bot.know()

    decisions = [await bot.met(each) for each in (QUESTION, Sought(origin=ORIGIN, query="q", text="tides"))]
    counted = [[each for each in decision.changes if isinstance(each, Counted)] for decision in decisions]

    assert [[(each.reader, each.typed) for each in some] for some in counted] == [[(ADA, False)], [(ADA, True)]]


async def test_a_reader_asks_so_much_a_day_and_is_told_when_it_goes_on(database: Database) -> None:
    bot = Bot(database, Rules(budgets=Budgets(questions=2, all_questions=3)))
    other = Asked(origin=replace(ORIGIN, chat_id=8, reader=ReaderId("telegram:8"), username=""), text="tides?")

    told = [said(await bot.met(event)) for event in (QUESTION, QUESTION, QUESTION, other, other)]
    hot = await bot.met(Commanded(origin=ORIGIN, command="hot", argument=""))
    bot.now += timedelta(hours=12)
    told.append(said(await bot.met(QUESTION)))

    start = said(words("en", "start"))
    own = said(words("en", "used_up_own", time="2026-11-23 00:00", hours=12))
    everyone = said(words("en", "used_up_all", time="2026-11-23 00:00", hours=12))
    assert told == [start, start, own, start, everyone, start]
    assert said(hot) == start


async def test_admins_have_no_budget_and_are_never_turned_away(database: Database) -> None:
    rules = Rules(admins=frozenset([ADA]), closed=True, budgets=Budgets(questions=1, tokens=1))
    bot = Bot(database, rules, "one two")
    await bot.judge(ADA, Verdict.BLOCKED)

    told = {said(await bot.met(QUESTION)) for _ in range(3)}

    assert told == {said(words("en", "start"))}


async def test_once_its_tokens_are_used_up_a_model_writes_no_more_that_day_and_sources_are_quoted(
    database: Database,
) -> None:
    bot = Bot(database, Rules(budgets=Budgets(tokens=6)), "one two ", "three")
    await bot.know()

    decisions = [await bot.met(QUESTION) for _ in range(3)]
    hot = await bot.met(Commanded(origin=ORIGIN, command="hot", argument=""))
    bot.now += timedelta(days=1)
    tomorrow = await bot.met(QUESTION)

    used = Used(reader=ADA, day=day_of(NOON), tokens=3)
    assert [decision.changes for decision in decisions] == [(used,), (used,), ()]
    assert [said(decision) for decision in (decisions[2], hot)] == [say("en", "model_spent")] * 2
    assert tomorrow.changes == (replace(used, day=day_of(bot.now)),)


async def test_what_nobody_says_goes_through_uncounted(database: Database) -> None:
    bot = Bot(database, Rules(closed=True))
    moved = Migrated(origin=GROUP, was=-5, now=-1005)

    await bot.gate.answer(1, Ignored(), bot.answers)
    await bot.met(moved)

    assert bot.let_through == [Ignored(), moved]


PAGE = Link(url="https://a.example")


@pytest.mark.parametrize(
    ("event", "cost"),
    [
        (QUESTION, Cost.QUESTION),
        (replace(QUESTION, origin=replace(ORIGIN, asked="settings:5")), Cost.QUESTION),
        (replace(QUESTION, text="send me the news every day at 7:30"), Cost.NOTHING),
        (replace(QUESTION, text="I'm interested in chips"), Cost.NOTHING),
        (Asked(origin=GROUP, text="I'm interested in chips"), Cost.QUESTION),
        (Asked(origin=ORIGIN, text="I'm interested in space", own=False), Cost.QUESTION),
        (command("summary", "https://example.org/a"), Cost.QUESTION),
        (command("summary", about=PAGE), Cost.QUESTION),
        (command("search", "chips"), Cost.QUESTION),
        (command("brief", "12"), Cost.QUESTION),
        (command("brief", "chips", GROUP), Cost.QUESTION),
        (command("latest", "chips"), Cost.QUESTION),
        (command("start", "brief_12"), Cost.QUESTION),
        (command("start", "story_12"), Cost.QUESTION),
        (command("start", "follow_12"), Cost.QUESTION),
        (Tapped(origin=ORIGIN, query="q", pressed=Pressed(press=Press.BRIEF, number=1, ref="r")), Cost.QUESTION),
        (Handed(origin=ORIGIN, what=PAGE), Cost.QUESTION),
        (Sought(origin=ORIGIN, query="q", text="chips"), Cost.TYPING),
        (Sought(origin=ORIGIN, query="q", text=" "), Cost.NOTHING),
        *((command(name), Cost.NOTHING) for name in ("summary", "search", "brief", "latest", "hot", "digest", "start")),
        (command("brief", about=PAGE), Cost.NOTHING),
        (command("hot", "science"), Cost.NOTHING),
        (command("start", "subject_science"), Cost.NOTHING),
        (command("start", "brief_12", GROUP), Cost.NOTHING),
        (command("start", "nonsense_12"), Cost.NOTHING),
        (command("settings", "7:30"), Cost.NOTHING),
        (command("follow", "chips"), Cost.NOTHING),
        (Tapped(origin=ORIGIN, query="q", pressed=None), Cost.NOTHING),
        (Tapped(origin=ORIGIN, query="q", pressed=Pressed(press=Press.MORE, number=1, ref="r")), Cost.NOTHING),
        (Reacted(origin=ORIGIN, verdict=None), Cost.NOTHING),
        (Handed(origin=ORIGIN, what=File(id="f", name="mine.opml", feeds=True)), Cost.NOTHING),
        (Located(origin=ORIGIN, latitude=0.0, longitude=0.0), Cost.NOTHING),
    ],
)
def test_what_counts_as_what(event: Met, cost: Cost) -> None:
    assert cost_of(event) is cost


async def test_what_a_panel_asked_for_is_no_question_and_anything_else_written_then_is(database: Database) -> None:
    bot = Bot(database, Rules(budgets=Budgets(questions=1)))
    waited_for = replace(ORIGIN, asked="settings:5")

    async def fits(event: Asked) -> bool:
        return event.text == "Berlin"

    async def written(number: int, text: str) -> str:
        await bot.inbox.accept([InboxUpdate(update_id=number, payload="{}", received_at=NOON, chat_id=7)])
        event = Asked(origin=waited_for, text=text)
        return said(await bot.gate.answer(number, event, bot.answers, fits))

    told = [await written(n, text) for n, text in enumerate(("Berlin", "tides?", "Berlin", "tides?"), start=100)]

    start, own = (said(words("en", key, time="2026-11-23 00:00", hours=12)) for key in ("start", "used_up_own"))
    assert told == [start, start, start, own]


async def test_what_is_typed_behind_the_bots_name_within_a_minute_is_one_question(database: Database) -> None:
    bot = Bot(database, Rules(budgets=Budgets(questions=2)))
    typed = Sought(origin=ORIGIN, query="q", text="chips")
    refused: list[bool] = []

    for seconds in (0, 5, 59, 61, 62, 130, 131):
        bot.now = NOON + timedelta(seconds=seconds)
        refused.append((await bot.met(typed)).cards is not None)
    asked = said(await bot.met(QUESTION))

    assert refused == [False] * 5 + [True] * 2
    assert asked == said(words("en", "used_up_own", time="2026-11-23 00:00", hours=12))


@pytest.mark.parametrize("language", languages())
async def test_who_has_no_question_left_is_told_so_wherever_they_ask(database: Database, language: str) -> None:
    bot = Bot(database, Rules(budgets=Budgets(questions=1)))
    origin = replace(ORIGIN, language=language)
    await bot.met(QUESTION)

    typed = await bot.met(Sought(origin=origin, query="q", text="chips"))
    tapped = await bot.met(Tapped(origin=origin, query="q", pressed=Pressed(press=Press.BRIEF, number=1, ref="r")))
    briefs = [said(await bot.met(command(name, "12", origin))) for name in ("brief", "latest", "search")]

    line = say(language, "used_up_own", time="2026-11-23 00:00", hours=12)
    assert typed.cards is not None
    button = typed.cards["button"]
    assert isinstance(button, dict)
    assert (typed.cards["results"], button["text"]) == ([], say(language, "inline_used_up", hours=12))
    assert len(str(button["text"])) <= 64
    assert tapped.shown is not None
    assert tapped.shown.said == line
    assert len(line) <= MAX_ANSWER
    assert briefs == [said(words(language, "used_up_own", time="2026-11-23 00:00", hours=12))] * 3


async def test_whoever_is_forgotten_does_not_begin_their_day_anew(database: Database) -> None:
    bot = Bot(database, Rules(budgets=Budgets(questions=2, tokens=4)), "one two")
    key = b"of the instance"
    bot.gate = replace(bot.gate, counts=BudgetStore(database, key))

    async def forget() -> None:
        await ReaderStore(database).forget(ADA, alias=alias(key, ADA, bot.now))

    told = [said(await bot.met(QUESTION))]
    await forget()
    told.append(said(await bot.met(QUESTION)))
    await forget()
    spent = await bot.gate.counts.left(ADA, NOON, Budgets(tokens=4))
    await forget()
    told.append(said(await bot.met(QUESTION)))
    bot.now += timedelta(days=1)
    told.append(said(await bot.met(QUESTION)))

    start = said(words("en", "start"))
    assert told == [start, start, said(words("en", "used_up_own", time="2026-11-23 00:00", hours=12)), start]
    assert spent == 0
