"""The next of a list, over what a conversation remembers of it."""

from __future__ import annotations

from bot.flows.latest import Latest
from bot.flows.paging import Paging, spoken
from bot.flows.wishes import hottest_of, wish
from bot.flows.wording.wished import Newest
from bot.texts import say
from generation.quoting.headlines import headlines
from storage.domain.annotations import Category
from storage.domain.dialogue import Answer, ConversationId, Remark, Turn
from storage.domain.news import Filters
from tests.flows.test_converse import Remembered
from tests.flows.test_latest import NOW, READER, Found, Stories, article, yesterday
from tests.hot import nothing_hot

CHAT = ConversationId("terminal:ada:1")


class Talk:
    """A conversation about so many stories."""

    def __init__(self, stories: int) -> None:
        shelf = Stories(*(article(f"n{i}", hours=i + 1) for i in range(stories)))
        self.latest = Latest(
            stories=shelf, hot=nothing_hot, search=Found(), headlines=headlines, bounds=yesterday, clock=lambda: NOW
        )
        self.dialogues = Remembered()

    async def begin(self, topic: str = "") -> None:
        self._keep((await self.latest.reply(topic, reader=READER, language="en")).answer)

    async def say(self, text: str) -> Answer | None:
        paging = Paging(latest=self.latest, dialogues=self.dialogues)
        answer = await paging.next(text, CHAT, READER, Filters(), NOW)
        if answer is not None:
            self._keep(answer)
        return answer

    def _keep(self, answer: Answer) -> None:
        if answer.turn is not None:
            self.dialogues.turns.append(answer.turn)


async def test_page_after_page_is_shown_until_there_is_no_more() -> None:
    talk = Talk(stories=12)
    await talk.begin()

    pages = [await talk.say(text) for text in ("next", "还有吗？", "more")]

    listed = [[str(each.article_id) for each in page.citations] for page in pages if page is not None]
    assert listed == [["n5", "n6", "n7", "n8", "n9"], ["n10", "n11"], []]
    assert pages[-1] is not None
    assert pages[-1].remark is Remark.NO_MORE


async def test_what_asks_anything_else_or_follows_no_list_is_no_page() -> None:
    talk = Talk(stories=12)

    nothing_before = await talk.say("next")
    await talk.begin()
    question = await talk.say("any more casualties?")

    assert (nothing_before, question) == (None, None)


async def test_lists_that_commands_showed_push_no_talk_out_of_reach() -> None:
    asked = [Turn(question=f"Who {n}?", standalone=f"Who {n}?", answer="", cited=(), at=NOW) for n in range(6)]
    shown = [Turn(question="/hot", standalone="what's hot", answer="", cited=(), at=NOW)] * 5

    assert await spoken(Remembered(*asked, *shown), CHAT, 4) == asked[2:]
    assert await spoken(Remembered(*shown), CHAT, 4) == []


def test_what_a_command_lists_is_put_as_a_wish_that_goes_on() -> None:
    for language in ("en", "zh"):
        for each in Category:
            named = say(language, f"category_{each}")
            assert wish(hottest_of(named, language)) == Newest(topic=named, language=language, hottest=True)
        assert wish(hottest_of("", language)) == Newest(topic="", language=language, hottest=True)
