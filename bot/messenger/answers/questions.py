"""What is answered to plain words that are a question."""

from __future__ import annotations

from dataclasses import dataclass

from bot.flows.evidence import of_answer
from bot.messenger.answers.decisions import Decision, Writing, offered
from bot.messenger.answers.flows import Converse
from bot.messenger.incoming.events import Origin
from bot.messenger.paragraphs import about, render
from storage.domain.changes import Change, Recorded
from storage.domain.dialogue import Answer, Reply, marked
from storage.domain.feedback import Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """Answers them."""

    converse: Converse
    writing: Writing

    async def answer(self, origin: Origin, text: str) -> Decision:
        """The whole answer.

        Raises:
            InputError: The question is empty or too long.
        """
        written: list[str] = []
        async with self.writing(origin) as draft:
            parts = self.converse.answer(
                text,
                reader=origin.place,
                conversation=origin.conversation,
                language=origin.language,
                zone=origin.clock,
            )
            async for part in parts:
                if isinstance(part, Reply):
                    return _answered(origin, part.answer)
                written.append(marked(part))
                draft.show(" ".join(written))
        raise AssertionError("a conversation ended without a reply")


def _answered(origin: Origin, answer: Answer) -> Decision:
    return Decision(
        parts=render.answer(answer, origin.clock),
        changes=_recorded(origin, answer),
        things=about.of_answer(answer),
        offers=offered(origin, Offer.BRIEF, Offer.FOLLOW),
    )


def _recorded(origin: Origin, answer: Answer) -> tuple[Change, ...]:
    turn = answer.turn
    if turn is None:
        return ()
    # What is asked among others tells what is of interest there, and nothing of whoever asks.
    evidence = of_answer(origin.place, answer)
    return (Recorded(conversation=origin.conversation, reader=origin.reader, turn=turn, evidence=evidence),)
