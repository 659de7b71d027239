"""What is said in plain words of a message: which one is meant, and that it is what the button says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messenger.incoming.buttons import Press
from bot.messenger.incoming.events import Asked
from storage.domain.deliveries import OutboxMessage
from storage.domain.evidence import EvidenceKind
from storage.domain.news import Article, ArticleId
from storage.domain.people import ReaderId
from tests.bot.flows import NOW, some_article
from tests.bot.messenger.answers.test_taps import GROUP, PRIVATE, TWO, Chat
from tests.bot_api import telegram_html
from tests.feedback import about, thing


async def say(chat: Chat, text: str, *, answers: int | None = None, private: bool = True) -> str:
    """Say something; what is answered."""
    origin = replace(PRIVATE if private else GROUP, answers=answers, message_id=50)
    decision = await chat.done(Asked(origin=origin, text=text))
    return "\n".join(telegram_html.parse(part).text for part in decision.parts)


@pytest.mark.parametrize(
    ("text", "press", "number"),
    [
        ("more like number 1", Press.MORE, 1),
        ("I don't like the second one", Press.DISLIKED, 2),
        ("第二条这样的少一点", Press.LESS, 2),
        ("最后一条不错", Press.LIKED, 2),
    ],
)
async def test_it_is_noted_as_by_the_button_and_how_to_take_it_back_is_said(
    text: str, press: Press, number: int
) -> None:
    by_words, by_button = Chat(TWO), Chat(TWO)

    said = await say(by_words, text)
    await by_button.tap(press, number, apart=0)

    assert by_words.evidence.held == by_button.evidence.held
    assert said.splitlines()[0].startswith("Noted: ")
    assert said.splitlines()[-1] == "“undo” takes it back."


async def test_the_message_that_is_answered_is_meant_and_else_the_last_one() -> None:
    chat = Chat(TWO)
    later = replace(about(thing("c")), ref="cccccccccccc")
    message = OutboxMessage(key="k:2", chat_id=7, method="sendMessage", payload="{}", created_at=NOW.replace(year=2030))
    chat.outbox.enqueue([replace(message, message_id=42, about=later)])

    await say(chat, "great answer")
    await say(chat, "less like the first one", answers=41)

    assert chat.evidence.said() == [("liked", "c"), ("less", "a")]


async def test_of_a_list_it_is_said_as_by_a_reaction_or_of_which_is_asked() -> None:
    chat, reacted = Chat(TWO), Chat(TWO)

    await say(chat, "great list")
    which = await say(chat, "less of that")
    await reacted.react(EvidenceKind.LIKED)

    assert chat.evidence.said() == reacted.evidence.said()
    assert which == "Which one of these? Say, for example: less like number 2"
    assert (await say(chat, "less like number 9")) == "What I showed last has no 9: its numbers go from 1 to 2."


async def test_one_of_a_list_is_told_opened_and_followed() -> None:
    chat = Chat(TWO)

    await say(chat, "tell me more about the second one")
    opened = await say(chat, "open number 1")
    followed = await say(chat, "关注第二条")

    assert [wanted for wanted, *_ in chat.briefs.asked] == ["#128"]
    assert opened == "Title a"
    assert [each.key for each in chat.evidence.held.values() if each.kind is EvidenceKind.OPENED] == ["a"]
    assert followed.startswith("You follow “Ferries ordered” now.")


async def test_among_others_only_what_answers_a_message_is_of_it() -> None:
    chat = Chat(TWO, at=-5)

    await say(chat, "less like number 1", private=False)
    nothing = chat.evidence.said()
    await say(chat, "less like number 1", answers=41, private=False)

    assert nothing == []
    assert chat.evidence.said() == [("less", "a")]


SOURCES = about(thing("a", "a", "b", "c"))
"""An answer that quotes one article twice."""


async def test_a_number_of_an_answer_is_that_of_its_quote() -> None:
    chat = Chat(SOURCES)

    opened = [await say(chat, f"open {number}") for number in (1, 2, 3, 4)]
    lacking = await say(chat, "open 5")

    assert opened == ["Title a", "Title a", "Title b", "Title c"]
    assert lacking == "What I showed last has no 5: its numbers go from 1 to 4."


@pytest.mark.parametrize("text", ["more like number 3", "I like number 1", "第四条不喜欢", "great answer"])
async def test_what_is_said_of_a_source_of_an_answer_is_taken_back(text: str) -> None:
    chat = Chat(SOURCES)

    await say(chat, text)
    noted = chat.evidence.said()
    taken_back = await say(chat, "undo")

    assert noted
    assert (taken_back.split("\n")[0], chat.evidence.said()) == ("Taken back.", [])


@pytest.mark.parametrize("text", ["第23条", "Number 10", "tell me about number 10", "No 2?", "2号"])
async def test_what_nothing_shown_has_the_number_of_is_a_question(text: str) -> None:
    chat, fresh = Chat(TWO), Chat(TWO, at=99)

    said = [await say(chat, text), await say(fresh, text), await say(fresh, "open number 2")]

    assert not any("I have shown nothing" in each or "has no" in each for each in said)
    assert chat.briefs.asked == []


@pytest.mark.parametrize("title", ["#128", "7", "2026"])
async def test_an_article_whose_title_is_a_number_names_no_story_by_it(title: str) -> None:
    async def titled(id_: ArticleId, reader: ReaderId | None) -> Article | None:
        article = await some_article(id_, reader)
        return None if article is None else replace(article, headline=replace(article.headline, title=title))

    chat = Chat(about(thing("a")))
    chat.handlers = replace(chat.handlers, article=titled)

    assert (await say(chat, "follow this")).startswith(f"You follow ““{title}”” now.")
    await say(chat, "tell me more about the first one")
    assert [wanted for wanted, *_ in chat.briefs.asked] == [f"“{title}”"]


async def test_a_source_to_be_removed_is_said_of_nothing_shown() -> None:
    chat = Chat(TWO)

    await say(chat, "不要第2个来源")

    assert chat.evidence.said() == []


async def test_a_number_of_a_storys_page_is_that_of_its_source() -> None:
    chat = Chat(about(thing("b", "a", "c", story=128)))

    opened = [await say(chat, f"open {number}") for number in (1, 2, 3)]

    assert opened == ["Title b", "Title a", "Title c"]
