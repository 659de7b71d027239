"""Who may use the bot, and how much of it, over real stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.messenger.answers.decisions import Decision, words
from bot.messenger.compose import MAX_ANSWER
from bot.messenger.incoming.buttons import Press, Pressed
from bot.messenger.incoming.events import (
    Asked,
    Commanded,
    Event,
    Handed,
    Ignored,
    Located,
    Met,
    Migrated,
    Origin,
    Reacted,
    Sought,
    Tapped,
    Unreadable,
)
from bot.messenger.incoming.readables import File, Link
from bot.messenger.operators.costs import Cost, cost_of
from bot.messenger.operators.gate import Gate, Rules
from bot.texts import languages, say
from generation.messages import Prompt
from generation.metering import MeteredModel
from storage.access import AccessStore
from storage.budgets import BudgetStore
from storage.database import Database
from storage.domain.access import Budgets, Counted, Judged, Named, Returned, TurnedAway, Used, Verdict, alias, day_of
from storage.domain.changes import Change, Forgotten, Wished
from storage.domain.deliveries import FAREWELL, InboxUpdate
from storage.domain.digests import DigestSettings
from storage.domain.people import ReaderId
from storage.errors import ModelSpent
from storage.inbox import InboxStore
from storage.outbox import OutboxStore
from storage.readers import ReaderStore
from storage.schema import inbox, refusals, spending
from tests.bot.messenger.test_compose import Chat
from tests.fakes import ScriptedModel
from tests.operating import gate
from tests.storage.examples import lose

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADA = ReaderId("telegram:7")
ORIGIN = Origin(chat_id=7, message_id=1, reader=ADA, language="en", private=True, username="ada_l")
GROUP = replace(ORIGIN, chat_id=-5, private=False)
QUESTION = Asked(origin=ORIGIN, text="tides?")


class Bot:
    """A gate before somebody who answers all that comes through, by a model where that may write."""

    def __init__(self, database: Database, rules: Rules | None = None, *model: str) -> None:
        self.now = NOON
        self.gate: Gate = gate(database, rules, lambda: self.now)
        self.access, self.inbox = AccessStore(database), InboxStore(database)
        self.let_through: list[Event] = []
        self._model = MeteredModel(ScriptedModel(*model))
        self._updates = 0

    async def answers(self, event: Event) -> Decision:
        self.let_through.append(event)
        try:
            async for _ in self._model.write(Prompt(name="t/1", messages=(), tokens=9)):
                pass
        except ModelSpent:
            return words("en", "model_spent")
        return words("en", "start")

    async def met(self, event: Met) -> Decision:
        """What becomes of it, with its changes made."""
        self._updates += 1
        update = InboxUpdate(update_id=self._updates, payload="{}", received_at=self.now, chat_id=event.origin.chat_id)
        await self.inbox.accept([update])
        decision = await self.gate.answer(self._updates, event, self.answers)
        await self.inbox.done(self._updates, (), decision.changes)
        return decision

    async def know(self) -> None:
        """Ada has been here before."""
        await self.access.admit(Named(reader=ADA, name="@ada_l"))

    async def judge(self, who: str, verdict: Verdict) -> None:
        await self.access.admit(Judged(who=who, verdict=verdict, at=self.now))


def said(decision: Decision) -> str:
    return " ".join(decision.parts)


def beside_the_count(decision: Decision) -> tuple[Change, ...]:
    return tuple(change for change in decision.changes if not isinstance(change, Counted))


async def test_where_nothing_is_bounded_what_is_asked_is_counted_with_what_it_changes(database: Database) -> None:
    bot = Bot(database)
    await bot.know()

    decisions = [await bot.met(each) for each in (QUESTION, Sought(origin=ORIGIN, query="q", text="tides"))]
    counted = [[each for each in decision.changes if isinstance(each, Counted)] for decision in decisions]

    assert [[(each.reader, each.typed) for each in some] for some in counted] == [[(ADA, False)], [(ADA, True)]]


async def test_an_open_bot_answers_everybody_but_the_blocked(database: Database) -> None:
    bot = Bot(database)
    await bot.know()
    before = await bot.met(QUESTION)

    for who in (ADA, "@ada_l"):
        await bot.judge(who, Verdict.BLOCKED)
        assert await bot.met(QUESTION) != before
        await bot.access.admit(Judged(who=who, verdict=None, at=NOON))

    assert await bot.met(QUESTION) == before
    assert bot.let_through == [QUESTION] * 2


async def test_a_closed_bot_answers_only_those_let_in_by_number_name_or_group(database: Database) -> None:
    bot = Bot(database, Rules(closed=True, admins=frozenset([ReaderId("telegram:9")])))
    stranger = Asked(origin=replace(ORIGIN, chat_id=8, reader=ReaderId("telegram:8"), username=""), text="tides?")
    in_group = Asked(origin=replace(GROUP, reader=ReaderId("telegram:8"), username=""), text="tides?")
    admin = Asked(origin=replace(ORIGIN, chat_id=9, reader=ReaderId("telegram:9"), username=""), text="tides?")
    await bot.judge("@ada_l", Verdict.ALLOWED)

    for event in (QUESTION, stranger, in_group, admin):
        await bot.met(event)
    await bot.judge("telegram:-5", Verdict.ALLOWED)
    await bot.met(in_group)
    await bot.judge("telegram:8", Verdict.BLOCKED)
    await bot.met(in_group)

    assert bot.let_through == [QUESTION, admin, in_group]


async def test_whoever_is_turned_away_is_told_once_a_day_and_the_time_alone_is_kept(database: Database) -> None:
    bot = Bot(database, Rules(closed=True))

    told = [said(await bot.met(QUESTION)) for _ in range(3)]
    bot.now += timedelta(days=1, seconds=1)
    told.append(said(await bot.met(Unreadable(origin=ORIGIN, kind="photo"))))

    line = say("en", "turned_away_closed", number="7")
    assert told == [line, "", "", line]
    async with database.reading() as connection:
        assert (await connection.execute(select(refusals))).all() == [(ADA, bot.now)]
        rows = (await connection.execute(select(inbox.c.chat_id, inbox.c.payload))).all()
        assert set(rows) == {(None, "")}
        assert (await connection.execute(select(spending))).all() == []
    assert await bot.access.prune(bot.now + timedelta(days=1, seconds=1)) == 1


async def test_of_the_line_itself_nothing_is_left_once_it_is_sent(database: Database) -> None:
    chat = Chat(database)
    chat.inbox.left = 0
    chat.composer = replace(chat.composer, gate=gate(database, Rules(closed=True)))

    await chat.say("tides?")

    (line,) = await OutboxStore(database).pending()
    assert FAREWELL in line.key
    await OutboxStore(database).claim(line.key)
    await OutboxStore(database).sent(line.key, 3)
    assert await OutboxStore(database).get(line.key) is None


async def test_in_a_group_one_line_a_day_is_for_all_of_it(database: Database) -> None:
    bot = Bot(database, Rules(closed=True))
    other = replace(GROUP, reader=ReaderId("telegram:8"), username="")

    told = [said(await bot.met(Asked(origin=origin, text="tides?"))) for origin in (GROUP, other)]

    assert told == [say("en", "turned_away_closed", number="-5"), ""]


async def test_a_tap_of_somebody_turned_away_is_answered_and_a_reaction_is_nothing(database: Database) -> None:
    bot = Bot(database, Rules(closed=True))

    tapped = await bot.met(Tapped(origin=ORIGIN, query="q", pressed=None))
    reacted = await bot.met(Reacted(origin=ORIGIN, verdict=None))

    assert tapped.shown is not None
    assert tapped.shown.said == say("en", "turned_away_short")
    assert (reacted.parts, reacted.shown) == ((), None)
    assert [type(change) for change in (*tapped.changes, *reacted.changes)] == [TurnedAway, TurnedAway]
    assert bot.let_through == []


async def test_their_own_data_stays_theirs(database: Database) -> None:
    bot = Bot(database)
    await bot.judge(ADA, Verdict.BLOCKED)
    commands = [Commanded(origin=ORIGIN, command=each, argument="") for each in ("export", "forget", "privacy", "hot")]

    for command in commands:
        await bot.met(command)
    await bot.met(Commanded(origin=GROUP, command="export", argument=""))

    assert bot.let_through == commands[:3]


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


async def test_nothing_is_taken_down_of_somebody_who_has_just_been_forgotten(database: Database) -> None:
    bot = Bot(database, None, "one")

    async def forgetting(event: Event) -> Decision:
        return replace(await bot.answers(event), changes=(Forgotten(reader=ADA),))

    decision = await bot.gate.answer(1, QUESTION, forgetting)

    assert decision.changes == (Forgotten(reader=ADA),)


async def test_whoever_could_not_be_reached_can_be_once_they_speak(database: Database) -> None:
    bot = Bot(database)
    await bot.know()
    await lose(database, 7)

    first, second = await bot.met(QUESTION), await bot.met(QUESTION)

    assert (beside_the_count(first), beside_the_count(second)) == ((Returned(reader=ADA),), ())


async def test_who_only_types_behind_the_name_of_the_bot_cannot_be_reached_for_all_that(database: Database) -> None:
    bot = Bot(database)
    await bot.know()
    await lose(database, 7)

    typed, spoken = await bot.met(Sought(origin=ORIGIN, query="q", text="tides")), await bot.met(QUESTION)

    assert (beside_the_count(typed), beside_the_count(spoken)) == ((), (Returned(reader=ADA),))


async def test_the_name_of_whoever_may_be_sent_something_is_kept_as_they_have_it_now(database: Database) -> None:
    bot = Bot(database)
    renamed = replace(QUESTION, origin=replace(ORIGIN, username="eve_e"))
    group = Asked(origin=replace(GROUP, chat_name="news_group"), text="tides?")

    events: list[Met] = [QUESTION, QUESTION, renamed, group, group]
    changes = [beside_the_count(await bot.met(event)) for event in events]

    assert changes == [
        (Named(reader=ADA, name="@ada_l"),),
        (),
        (Named(reader=ADA, name="@eve_e"),),
        (Named(reader=ReaderId("telegram:-5"), name="@news_group"),),
        (),
    ]


async def test_of_a_stranger_who_is_turned_away_no_name_is_kept_and_of_who_was_admitted_the_one_they_have_now(
    database: Database,
) -> None:
    bot = Bot(database)
    await bot.judge("@eve_e", Verdict.BLOCKED)
    eve = replace(ORIGIN, username="eve_e")
    events: list[Met] = [Asked(origin=eve, text="tides?"), Commanded(origin=eve, command="export", argument="")]
    stranger = [(await bot.met(event)).changes for event in events]
    await bot.know()

    known = (await bot.met(events[0])).changes

    assert stranger == [(TurnedAway(reader=ADA, at=NOON),), ()]
    assert known == (TurnedAway(reader=ADA, at=None), Named(reader=ADA, name="@eve_e"))


@pytest.mark.parametrize("verdict", list(Verdict))
async def test_a_topic_of_a_forum_stands_as_its_group_does(database: Database, verdict: Verdict) -> None:
    bot = Bot(database, Rules(closed=verdict is Verdict.ALLOWED))
    topic = Asked(origin=replace(GROUP, thread_id=12, username=""), text="tides?")
    await bot.met(topic)
    before = len(bot.let_through)

    await bot.judge("telegram:-5", verdict)
    await bot.met(topic)

    assert (before, len(bot.let_through)) == ((0, 1) if verdict is Verdict.ALLOWED else (1, 1))


@pytest.mark.parametrize("language", languages())
async def test_who_sets_up_what_is_sent_to_a_group_that_is_not_let_in_is_told_so(
    database: Database, language: str
) -> None:
    bot = Bot(database, Rules(closed=True))
    await bot.judge(ADA, Verdict.ALLOWED)
    line = said(words(language, "unasked_not_here", number=-5))
    on = DigestSettings(reader=ReaderId("telegram:-5"), since=NOON, active=True)

    async def told(settings: DigestSettings, origin: Origin = GROUP) -> bool:
        async def wishing(_event: Event) -> Decision:
            return Decision(changes=(Wished(settings=settings, at=NOON, wake_at=None),))

        event = command("digest", "7:30", replace(origin, language=language))
        return line in said(await bot.gate.answer(1, event, wishing))

    found = [await told(on), await told(replace(on, active=False)), await told(on, ORIGIN)]
    await bot.judge("telegram:-5", Verdict.ALLOWED)
    found.append(await told(on))

    assert found == [True, False, False, False]


async def test_in_a_group_that_is_blocked_by_its_name_nobody_is_answered(database: Database) -> None:
    bot = Bot(database)
    await bot.judge("@news_group", Verdict.BLOCKED)

    await bot.met(Asked(origin=replace(GROUP, chat_name="news_group"), text="tides?"))

    assert bot.let_through == []


async def test_what_nobody_says_goes_through_uncounted(database: Database) -> None:
    bot = Bot(database, Rules(closed=True))
    moved = Migrated(origin=GROUP, was=-5, now=-1005)

    await bot.gate.answer(1, Ignored(), bot.answers)
    await bot.met(moved)

    assert bot.let_through == [Ignored(), moved]


async def test_what_is_typed_behind_the_bots_name_and_what_a_channel_posts_is_turned_away_in_silence(
    database: Database,
) -> None:
    bot = Bot(database, Rules(closed=True))
    post = Commanded(origin=replace(GROUP, channel=True), command="hot", argument="")

    decisions = [await bot.met(event) for event in (Sought(origin=ORIGIN, query="q", text="tides"), post)]

    assert [(decision.parts, decision.shown) for decision in decisions] == [((), None)] * 2
    assert bot.let_through == []


async def test_what_is_handed_over_and_a_place_are_answered_with_the_line(database: Database) -> None:
    bot = Bot(database, Rules(closed=True))
    page = Link(url="https://news.example/tides")

    for event in (Handed(origin=ORIGIN, what=page), Located(origin=ORIGIN, latitude=1, longitude=1)):
        assert said(await bot.met(event)) == say("en", "turned_away_closed", number="7")
        bot.now += timedelta(days=2)


def command(name: str, argument: str = "", origin: Origin = ORIGIN, about: Link | None = None) -> Commanded:
    return Commanded(origin=origin, command=name, argument=argument, about=about)


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


@pytest.mark.parametrize("language", languages())
def test_the_lines_say_what_to_do(language: str) -> None:
    assert "/forget" in say(language, "turned_away")
    assert "77" in say(language, "turned_away_closed", number="77")
    assert "00:00" in say(language, "used_up_own", time="2026-11-23 00:00", hours=12)
