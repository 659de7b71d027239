"""What comes after a list: the next stories of the same wish, until there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.flows.latest import Latest
from bot.flows.ports import NOBODY, Dialogues
from bot.flows.wording.of_shown import of_shown
from bot.flows.wording.said import Said
from bot.flows.wording.wished import Newest
from storage.domain.dialogue import Answer, ConversationId, Question, Remark, Turn
from storage.domain.news import Filters
from storage.domain.people import ReaderId

_NEXT = Said(act="next")
_TURNS = 12
"""So many pages of one list are remembered as shown."""
_LOOKED_BACK = 24
"""So many turns are looked through for the talk where commands' lists stand between."""


async def spoken(dialogues: Dialogues, conversation: ConversationId, most: int) -> Sequence[Turn]:
    """The last turns that a question may lean on: what a command listed is no part of the talk."""
    history = await dialogues.history(conversation, most)
    if any(turn.commanded for turn in history):
        history = await dialogues.history(conversation, _LOOKED_BACK)
    return [turn for turn in history if not turn.commanded][-most:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Goes on with the list that was shown last."""

    latest: Latest
    dialogues: Dialogues

    async def next(
        self,
        asked: str,
        conversation: ConversationId | None,
        reader: ReaderId | None,
        filters: Filters,
        now: datetime,
    ) -> Answer | None:
        """The next of the list, where that is asked for; `None` where it is not, or no list was shown last."""
        if conversation is None or of_shown(asked) != _NEXT:
            return None
        history = await self.dialogues.history(conversation, _TURNS)
        wished = self.latest.wish(history[-1].standalone, filters, now) if history else None
        if not isinstance(wished, Newest):
            return None
        standalone = history[-1].standalone
        question = Question(text=asked, language=wished.language, asked_at=now, standalone=standalone)
        shown = {each for turn in _pages(history) for each in turn.cited}
        answer = await self.latest.more(question, wished, reader, filters, shown)
        return Answer(question=question, remark=Remark.NO_MORE, engine=NOBODY) if answer.refused else answer


def _pages(history: Sequence[Turn]) -> Sequence[Turn]:
    """The last turns that are of one list."""
    first = next((at for at, turn in enumerate(reversed(history)) if turn.standalone != history[-1].standalone), None)
    return history if first is None else history[len(history) - first :]
