"""A month in the life of readers, through the real process, in each language: all that can be said and tapped."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import json
import textwrap
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.flows.wording.clocks import zone_guessed
from bot.messenger.incoming.buttons import Press
from bot.messenger.operators import menu
from bot.messenger.operators.commands import COMMANDS as OPERATORS
from bot.messenger.panels import settings, settings_pages
from bot.messenger.panels.choices import Panel
from bot.messenger.panels.welcome import Welcome
from bot.texts import languages, say
from tests.bot.digest_run import QUICK
from tests.bot.messenger.handled import Bot as Handled
from tests.bot.test_process import Bot, running, states
from tests.bot_api.server import Call, FakeBotApi

pytestmark = pytest.mark.early

READERS = {"en": (7, "en-GB"), "zh": (8, "zh-hans")}
"""Who reads in which language, and what their phones say."""
OPERATOR, GROUP, FORUM, CHANNEL = 99, -50, -60, -70
_STARTS_SECONDS = 180.0
LEADS_BACK = frozenset(("settings.main", "back"))


def kind_of(data: str) -> str:
    """What a button is, whatever it is about: `liked` of any story, the hours of a panel."""
    if data.count(":") == 2:
        first, second, _ = data.split(":")
        return f"broadcast {second}" if first == "broadcast" else second
    name, wish, _ = data.partition("=")
    return name + wish


@dataclass(slots=True)
class Life:
    """What one reader did and was shown.

    Attributes:
        said: The commands they gave.
        tapped: The kinds of buttons they tapped.
    """

    api: FakeBotApi
    bot: Bot
    folder: Path
    language: str
    said: set[str] = field(default_factory=set)
    tapped: set[str] = field(default_factory=set)

    @property
    def chat(self) -> int:
        return READERS[self.language][0]

    async def quiet(self) -> None:
        """Wait until everything is answered and sent."""

        def done() -> bool:
            inbox, outbox = states(self.folder, "inbox"), states(self.folder, "outbox")
            return self.api.waiting == 0 and set(inbox) <= {"done"} and set(outbox) <= {"sent"}

        await self.bot.alive_until(self.api, done)

    async def does(self, act: Callable[[], object]) -> list[Call]:
        """Do something; the messages that come of it."""
        before = len(self.api.calls)
        act()
        await asyncio.sleep(0.05)
        await self.quiet()
        sent = ("sendMessage", "sendPhoto", "sendDocument")
        return [call for call in self.api.calls[before:] if call.method in sent and call.status == 200]

    async def says(self, text: str, **message: Any) -> list[Call]:
        """Say something; a command is remembered."""
        if text.startswith("/"):
            self.said.add(text[1:].split(maxsplit=1)[0].split("@", maxsplit=1)[0].rstrip("0123456789").rstrip("_"))
        where = {"chat": self.chat, "sender": self.chat, "language": READERS[self.language][1], **message}
        return await self.does(lambda: self.api.say(text, **where))

    async def told(self, text: str, **message: Any) -> str:
        """What the answer shows."""
        return "\n".join(call.shown.text for call in await self.says(text, **message))

    def shown(self, call: Call) -> Iterator[str]:
        """What the buttons under a message carry by now."""
        for row in self.api._keyboard(call):
            yield from (each["callback_data"] for each in row if "callback_data" in each)

    async def taps(self, call: Call, data: str, **tap: Any) -> list[Call]:
        """Tap the button that carries that."""
        self.tapped.add(kind_of(data))
        return await self.does(
            lambda: self.api.tap_data(
                call, data, sender=tap.get("sender", self.chat), language=READERS[self.language][1]
            )
        )

    async def taps_kind(self, call: Call, *kinds: str) -> None:
        """Tap a button of each of these kinds, one after another."""
        for kind in kinds:
            held = [data for data in self.shown(call) if kind_of(data) == kind]
            await self.taps(call, next((data for data in held if data.endswith(f"={self.language}")), held[0]))

    async def taps_all(self, call: Call, last: str = "") -> None:
        """Tap what was never tapped of the buttons under a message and of those they lead to, and `last` in the end."""
        while True:
            kinds = [kind for kind in map(kind_of, self.shown(call)) if kind != last]
            fresh = [kind for kind in kinds if kind not in self.tapped]
            back = [kind for kind in kinds if kind in LEADS_BACK]
            if not (fresh or back):
                break
            await self.taps_kind(call, (fresh or back)[0])
            if not fresh and all(kind in self.tapped | {last} for kind in map(kind_of, self.shown(call))):
                break
        if last:
            await self.taps_kind(call, last)


async def begins(life: Life) -> None:
    """The first day: four taps, the same again with each left out, and the bot is asked what it can do."""
    (panel,) = await life.says("/start")
    await life.taps_kind(panel, "start.language=", "start.subjects=", "start.when", "start.when=")
    if life.language == "en":
        await life.taps_kind(panel, "start.zone=")
    assert say(life.language, "welcome_done") in life.api.text(panel)
    (again,) = await life.says("/start")
    await life.taps_kind(again, "start.subjects", "start.when", "start.done")
    for command in ("/help", "/privacy", "/cancel", "/start hot"):
        assert await life.told(command)
    (spoken,) = await life.says("/lang")
    await life.taps_kind(spoken, "language.speech=")


async def asks(life: Life) -> None:
    """A question, with what can be done under its answer, and all that is no question."""
    (answer,) = await life.says("Who builds the ferries?")
    assert "You asked: Who builds the ferries?" in answer.shown.text
    await life.taps_all(answer)
    life.api.react(answer, "🔥", sender=life.chat)
    api, here = life.api, {"chat": life.chat, "sender": life.chat, "language": READERS[life.language][1]}
    for sent in (
        lambda: api.send_photo(**here),
        lambda: api.send_voice(**here),
        lambda: api.send_file("feeds.opml", b"<opml version='2.0'><body/></opml>", mime="text/x-opml", **here),
        lambda: api.send_file(
            "notes.txt", b"The council voted 31 to 18 to buy six ferries.", mime="text/plain", **here
        ),
        lambda: api.forward(
            "The council of Lake Oster voted 31 to 18 on Thursday evening to buy six ferries. " * 3, **here
        ),
        lambda: api.add({"message": api.message(location={"latitude": 52.5, "longitude": 13.4}, **here)}),
    ):
        assert await life.does(sent)
    assert await life.told("https://nowhere.example/page")


async def reads(life: Life) -> None:
    """What is going on, stories and their pages, what is followed, and what is searched for."""
    (hot,) = await life.says("/hot")
    await life.taps_all(hot)
    for command in (
        "/latest", "/latest chips", "/search ferries", "/brief_128", "/brief 129", "/follow 128",
        "/follow chip exports", "/follows", "/unfollow 1", "/unfollow 999", "/summary https://nowhere.example/",
        "/summary",
    ):  # fmt: skip
        assert await life.told(command), command
    shown = life.api.ask_inline("ferries", sender=life.chat, language=READERS[life.language][1])
    assert isinstance(await life.api.cards(shown), tuple)
    await life.quiet()


async def chooses(life: Life) -> None:
    """Interests, sources and settings."""
    for command in (
        "/interests chips, ferries", "/profile", "/boost 1", "/mute 2", "/drop 1", "/drop 9", "/sources",
        "/add https://own.example/", "/remove 1", "/remove 99", "/announcements_off", "/announcements_on", "/export",
    ):  # fmt: skip
        assert await life.says(command), command
    (panel,) = await life.says("/settings")
    await life.taps_all(panel, last="settings.close")
    assert list(life.shown(panel)) == []


async def is_sent(life: Life, clock: Path) -> None:
    """A digest at its hour, a week later; what is under it; and none any more."""
    language = READERS[life.language][1]
    assert await life.told("/digest 7:30 UTC")
    (now, *_) = await life.says("/digest")
    await life.taps_all(now)
    before = len(life.api.sent)
    _a_week_later(clock)

    def came() -> bool:
        return any(call.chat_id == life.chat for call in life.api.sent[before:])

    await life.api.until(lambda: came() or life.bot.process.returncode is not None, seconds=150)
    assert life.bot.process.returncode is None, life.bot.log
    await life.quiet()
    assert say(life.language, "digest_settings_hint") in life.api.sent[-1].shown.text, language


def _a_week_later(clock: Path) -> None:
    """Some minutes past the hour of the digest: one that is missed by hours does not come any more."""
    now = datetime.now(UTC)
    then = now + timedelta(days=7, seconds=float(clock.read_text(encoding="ascii")))
    ahead = then.replace(hour=7, minute=31) - now
    clock.write_text(str(ahead.total_seconds()), encoding="ascii")


async def meets_others(life: Life) -> None:
    """A group, a topic of a forum and a channel, in which the bot is spoken to by name."""
    api, who = life.api, {"sender": life.chat}
    for chat in (GROUP, FORUM):
        api.invite(chat - life.chat, sender=life.chat)
    api.promote(GROUP - life.chat, life.chat)
    assert await life.told("@tidings_bot who builds the ferries?", chat=GROUP - life.chat, **who)
    for command in (*menu.ADMINS_COMMANDS, "export"):
        assert await life.says(f"/{command}@tidings_bot", chat=GROUP - life.chat, **who), command
    topic = {"chat": FORUM - life.chat, "message_thread_id": 3, "is_topic_message": True, **who}
    assert await life.told("/hot@tidings_bot", **topic)
    assert await life.does(lambda: api.say_anonymously("/hot@tidings_bot", chat=GROUP - life.chat))
    api.open_channel(CHANNEL - life.chat)
    api.invite(CHANNEL - life.chat, "administrator", sender=life.chat)
    await life.does(lambda: api.post("/hot", chat=CHANNEL - life.chat))


async def leaves(life: Life) -> None:
    """No digest any more; nothing is left."""
    for command in ("/stop", "/cancel", "/forget", "/forget everything"):
        assert await life.says(command), command
    life.api.block(life.chat)
    life.api.unblock(life.chat)
    await life.quiet()


async def operates(life: Life) -> None:
    """What the operator says and taps."""
    where = {"chat": OPERATOR, "sender": OPERATOR}
    for command in ("/stats", "/access", "/allow 12", "/block 13", "/unlist 12", "/broadcast"):
        assert await life.told(command, **where), command
    for text, kinds in (
        ("/broadcast Hello", ["broadcast cancel"]),
        ("/broadcast All", ["broadcast send", "broadcast cancel"]),
    ):
        *_, asked = await life.says(text, **where)
        for kind in kinds:
            data = next(data for data in life.shown(asked) if kind_of(data) == kind)
            await life.taps(asked, data, sender=OPERATOR)


def name(kind: str) -> str:
    """What a button of a panel is about, whatever is wished of it."""
    return kind.partition(".")[2].rstrip("=")


def dealt_with(chosen: Callable[..., object]) -> set[str]:
    """What the buttons may be about that a panel deals with: the words that it tells apart."""
    told = ast.walk(ast.parse(textwrap.dedent(inspect.getsource(chosen))))
    return {
        ast.literal_eval(case.pattern.value)
        for case in told
        if isinstance(case, ast.match_case) and isinstance(case.pattern, ast.MatchValue)
    }


def offered(api: FakeBotApi, chats: Callable[[int], bool]) -> set[str]:
    """The kinds of buttons that were shown in these chats."""
    markups = [
        json.loads(call.fields["reply_markup"])
        for call in api.calls
        if call.status == 200 and "reply_markup" in call.fields and chats(call.chat_id)
    ]
    rows = [row for markup in markups for row in markup.get("inline_keyboard", [])]
    return {kind_of(each["callback_data"]) for row in rows for each in row if "callback_data" in each}


@contextlib.asynccontextmanager
async def living(folder: Path, language: str) -> AsyncIterator[tuple[Life, Path]]:
    clock = folder / "clock.txt"
    clock.write_text("0", encoding="ascii")
    given = (QUICK, f"clock={clock}", f"admins=telegram:{OPERATOR}", "full=yes")
    async with FakeBotApi() as api, running(folder, api, *given) as bot:
        await api.until(lambda: api.polling or bot.process.returncode is not None, _STARTS_SECONDS)
        yield Life(api=api, bot=bot, folder=folder, language=language), clock


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("weeks", [1, pytest.param(4, marks=pytest.mark.slow)])
async def test_all_that_can_be_said_and_tapped_is_answered_validly(tmp_path: Path, language: str, weeks: int) -> None:
    async with living(tmp_path, language) as (life, clock):
        await begins(life)
        await asks(life)
        await reads(life)
        await chooses(life)
        for _ in range(weeks):
            await is_sent(life, clock)
        await meets_others(life)
        await leaves(life)
        mine = life.tapped.copy()
        await operates(life)
        shown = offered(life.api, lambda chat: chat == life.chat)
        shown_to_anybody = offered(life.api, lambda _: True)

    commands = {"help", "privacy", *Handled().handlers._commands(), *menu.COMMANDS, *OPERATORS}
    pages = {f"settings.{name}" for name in settings_pages._PAGES} | {f"settings.{name}=" for name in settings._EDITS}
    assert commands - life.said == set()
    assert shown | set(Press) | pages == mine
    # Where they live is not asked of whoever's language tells it.
    told = {"zone"} if zone_guessed(READERS[language][1]) else set()
    assert {name(kind) for kind in mine if kind.startswith(Panel.START)} == dealt_with(Welcome.chosen) - told
    assert {panel for panel in Panel if any(kind.startswith(f"{panel}.") for kind in mine)} == set(Panel)
    assert shown_to_anybody <= life.tapped
    assert life.api.waiting == 0
