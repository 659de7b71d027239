"""Turns a kept update into kept replies. Whatever happens, the update ends done or set aside, and never twice.

What is decided takes effect only as the update is settled, so an update that was cut short is simply decided anew.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.flows.wording.tongue import spoken
from bot.messenger.answers.decisions import Decision
from bot.messenger.answers.handlers import Handlers
from bot.messenger.answers.taps import Shown
from bot.messenger.incoming.buttons import buttoned, ref
from bot.messenger.incoming.events import Asked, Commanded, Event, Ignored, Me, Met, Origin, Reacted, Sought, Tapped
from bot.messenger.incoming.reading import PoisonUpdate, read_event
from bot.messenger.operators.gate import Gate
from bot.messenger.panels.common import asked_by
from bot.messenger.paragraphs import render
from bot.messenger.paragraphs.markup import said, units
from bot.messenger.ports import Inbox, Readers
from bot.messenger.wire.bot_api import Json, upload
from bot.ports import Document
from bot.texts import say
from storage.domain.access import TurnedAway
from storage.domain.changes import Forgotten
from storage.domain.deliveries import FAREWELL, InboxState, OutboxMessage
from storage.domain.feedback import About
from storage.domain.times import Clock
from storage.errors import StorageError

_LOG = logging.getLogger(__name__)


_ASKED_FOR = timedelta(seconds=30)
"""Whoever types behind the bot's name looks at the cards no later; Telegram takes them for a little longer."""
MAX_ANSWER = 200
"""UTF-16 code units that are shown to who tapped (Bot API)."""


def cause(update_id: int) -> str:
    """What the keys of the replies to an update begin with."""
    return f"update-{update_id}:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """Answers one update into the outbox."""

    inbox: Inbox
    readers: Readers
    gate: Gate
    handlers: Handlers
    me: Me
    clock: Clock

    async def compose(self, update_id: int) -> None:
        """Deal with the update, if it is pending: its replies are in the outbox when this returns.

        Raises:
            StorageError: The database cannot be used; the update is still pending.
        """
        event = await self._event(update_id)
        if event is not None:
            await self._answer(update_id, event)

    async def give_up(self, update_id: int) -> None:
        """Set the update aside, if it is pending: an apology is in the outbox when this returns.

        Raises:
            StorageError: The database cannot be used; the update is still pending.
        """
        event = await self._event(update_id)
        if event is not None:
            await self._set_aside(update_id, event, "handling it failed again and again")

    async def _event(self, update_id: int) -> Event | None:
        """The event in a pending update; one that cannot be read is set aside."""
        update = await self.inbox.get(update_id)
        if update is None or update.state is not InboxState.PENDING:
            return None
        try:
            event = read_event(update.payload, self.me)
        except PoisonUpdate as error:
            _LOG.warning("update set aside", extra={"update": update_id, "reason": str(error)})
            await self.inbox.quarantine(update_id, str(error))
            return None
        if isinstance(event, Sought) and self.clock() - update.received_at >= _ASKED_FOR:
            return Ignored()
        return event if isinstance(event, Ignored) else await self._as_they_said(event)

    async def _as_they_said(self, event: Met) -> Met:
        """The event, from somebody who is dealt with as they said."""
        origin = event.origin
        said = await self.readers.of(origin.place)
        language = said.language
        if language is None and not origin.private:
            language = (await self.readers.of(origin.reader)).language
        language = language or _written(event) or origin.language
        asked = said.asked if origin.private or _answers(origin, said.asked) else None
        return replace(event, origin=replace(origin, language=language, zone=said.zone, asked=asked))

    async def _answer(self, update_id: int, event: Event) -> None:
        try:
            decision = await self.gate.answer(update_id, event, self.handlers.answer, self.handlers.fits)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary of one update: its reader is told, the others go on
            _LOG.error("update failed", extra={"update": update_id, "error": type(error).__name__, "at": _place(error)})
            await self._set_aside(update_id, event, f"{type(error).__name__} while answering it")
            return
        await self.inbox.done(update_id, self._replies(update_id, event, decision), decision.changes)

    async def _set_aside(self, update_id: int, event: Event, reason: str) -> None:
        """With an apology to whoever may be answered."""
        said = _apology(event) if await self.gate.admits(event) else Decision()
        await self.inbox.quarantine(update_id, reason, self._replies(update_id, event, said))

    def _replies(self, update_id: int, event: Event, decision: Decision) -> tuple[OutboxMessage, ...]:
        if isinstance(event, Ignored):
            return ()
        origin, why = event.origin, cause(update_id)
        calls = _calls(event, decision.shown)
        if isinstance(event, Sought) and decision.cards is not None:
            calls.append(("answerInlineQuery", {"inline_query_id": event.query, **decision.cards}))
        calls += [("sendMessage", _fields(origin, part, first=at == 0)) for at, part in enumerate(decision.parts)]
        if decision.parts and decision.keyboard is not None:
            calls[-1][1]["reply_markup"] = decision.keyboard
        calls += [("sendPhoto", {**_thread(origin), **photo(png)}) for png in decision.pictures]
        calls += [("sendDocument", {**_thread(origin), **document(each)}) for each in decision.documents]
        last = FAREWELL if any(isinstance(change, Forgotten | TurnedAway) for change in decision.changes) else ""
        messages = tuple(
            OutboxMessage(
                key=f"{why}{last}{number}",
                chat_id=origin.chat_id,
                method=method,
                payload=json.dumps(fields),
                created_at=self.clock(),
                expires_at=self.clock() + _ASKED_FOR if method == "answerInlineQuery" else None,
            )
            for number, (method, fields) in enumerate(calls, start=1)
        )
        if not decision.things:
            return messages
        return buttoned(
            messages,
            About(
                ref=ref(why),
                reader=origin.reader,
                language=origin.language,
                things=decision.things,
                offers=decision.offers,
            ),
        )


def _written(event: Met) -> str | None:
    """The language that somebody writes in, who chose none; `None` where that cannot be told."""
    match event:
        case Asked(text=text, own=True) | Commanded(argument=text):
            return spoken(text)
        case _:
            return None


def _answers(origin: Origin, asked: str | None) -> bool:
    """Whether what is said among others answers the message of the panel that asked; anybody may say anything else."""
    waiting = asked_by(asked)
    return waiting is not None and waiting[1] == origin.answers


def _calls(event: Event, shown: Shown | None) -> list[tuple[str, dict[str, Json]]]:
    """What answers a tap, which is always answered, and gives a message other buttons."""
    calls: list[tuple[str, dict[str, Json]]] = []
    if isinstance(event, Tapped):
        answer: dict[str, Json] = {"callback_query_id": event.query}
        if shown is not None and shown.said:
            answer["text"] = _brief(shown.said)
        calls.append(("answerCallbackQuery", answer))
    if not isinstance(event, Ignored) and shown is not None and shown.keyboard is not None:
        edit: dict[str, Json] = {
            "message_id": shown.message or event.origin.message_id,
            "reply_markup": shown.keyboard,
        }
        calls.append(
            ("editMessageText", {**edit, **said(shown.text)}) if shown.text else ("editMessageReplyMarkup", edit)
        )
    return calls


def _brief(text: str) -> str:
    """As much of a sentence as is shown over a chat."""
    kept = text
    while units(kept) > MAX_ANSWER:
        kept = kept[: min(len(kept) - 1, MAX_ANSWER)]
    return text if kept == text else f"{kept[:-1].rstrip()}…"


def photo(png: bytes) -> dict[str, Json]:
    """The fields of `sendPhoto` for a picture (PNG)."""
    return {"photo": upload("picture.png", png)}


def document(file: Document) -> dict[str, Json]:
    """The fields of `sendDocument` for a file."""
    return {"document": upload(file.name, file.content)}


def _thread(origin: Origin) -> dict[str, Json]:
    return {} if origin.thread_id is None else {"message_thread_id": origin.thread_id}


def _fields(origin: Origin, text: str, *, first: bool) -> dict[str, Json]:
    """The fields of `sendMessage`. In groups the first part answers the message it is about, if it is about one."""
    fields = {**said(text), **_thread(origin)}
    if first and not origin.private and origin.message_id:
        fields["reply_parameters"] = {"message_id": origin.message_id, "allow_sending_without_reply": True}
    return fields


def _apology(event: Event) -> Decision:
    match event:
        case Ignored() | Reacted() | Sought():
            return Decision()
        case Tapped(origin=origin):
            return Decision(shown=Shown(said=say(origin.language, "trouble")))
        case _:
            return Decision(parts=render.sentence(event.origin.language, "trouble"))


def _place(error: BaseException) -> str:
    """The line that raised it: enough to find the fault, and nothing a reader wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
