"""Texts that try to be more than text, in every place of what the bot shows that is not its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import count, cycle, islice, repeat
from typing import Any

import pytest

from bot.flows.summarize import Summarized
from bot.messenger.answers import summaries
from bot.messenger.paragraphs import digests, render
from bot.messenger.paragraphs.markup import parts
from bot.texts import languages
from bot.texts.times import UNTOLD
from storage.domain.dialogue import Citation, Sentence
from storage.domain.interests import Interests
from storage.domain.news import ArticleId, Feed, FeedStatus, Headline
from storage.domain.stories import HotStories
from storage.domain.summaries import Document, Quote, Summary
from tests.bot.flows import NOW, reply_to
from tests.bot_api import telegram_html
from tests.bot_api.hostile import hostile
from tests.conftest import SHARED
from tests.digests import digest, item
from tests.hot import followed, hot_story, page, update_of
from tests.interests import interest

NUMBER = 10_000
_OURS = frozenset(("language", "engine", "id", "article_id", "group", "reader", "lapse"))
"""Fields that no text of others gets into."""

ANSWER = reply_to("tides").answer
URL = "https://a.example/"
NEAR = Headline(id=ArticleId("a"), title="Near", first_seen=NOW, group=ArticleId("a"), url=URL, source="A")
CITED = tuple(
    Citation(n=n, article_id=ArticleId(str(n)), title="T", quote="Q", url=URL, source="S", published=NOW)
    for n in range(1, 6)
)
MANY = replace(
    ANSWER,
    sentences=tuple(replace(ANSWER.sentences[0], citations=(n,)) for n in range(1, 6)),
    citations=CITED,
)
SHOWN: dict[str, tuple[Any, Callable[[Any, str], Sequence[str]]]] = {
    "answer": (MANY, lambda value, _: render.answer(value)),
    "listing": (replace(MANY, listing=True), lambda value, _: render.answer(value)),
    "refusal": (
        replace(ANSWER, sentences=(), citations=(), nearest=(NEAR,) * 3),
        lambda value, _: render.answer(value),
    ),
    "sources": (
        (Feed(url=URL, title="One", status=FeedStatus.FAILING, last_error="x"), Feed(url="x", title="x")),
        render.sources,
    ),
    "hot": (HotStories(stories=(hot_story(), hot_story(2)), lately=NOW - NOW), render.hot),
    "page": (page(), render.page),
    "follows": ((followed(), followed(4, story=None)), render.follows),
    "profile": (
        Interests(liked=(interest("ferries", line="Who?"),), muted=(interest("sport", number=2),)),
        lambda value, language: render.profile(value, value.liked[0].words[0], language),
    ),
    "update": (update_of(followed()), lambda value, _: render.update(value)),
    "digest": (digest(item(1), item(2)), lambda value, _: digests.rendered(value, UNTOLD)),
    "summary": (
        Summarized(
            document=Document(text="x", title="T", url="https://a.example/"),
            summary=Summary(
                text="One.",
                sentences=(Sentence(text="One.", citations=(1,)),) * 2,
                quotes=(Quote(n=1, text="One.", start=0, end=4, sentence=0),),
                engine="none",
            ),
        ),
        lambda value, language: parts(summaries._paragraphs(value, value.document.title, language)),
    ),
}  # fmt: skip
"""What is shown, and how."""


def filled(value: Any, texts: Iterator[str]) -> Any:
    """`value`, with the next of these in the place of every text of others."""
    if type(value) is str:
        return next(texts)
    if isinstance(value, tuple):
        return tuple(filled(each, texts) for each in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    held = {each.name: getattr(value, each.name) for each in fields(value) if each.name not in _OURS}
    return replace(value, **{name: filled(each, texts) for name, each in held.items()})


def texts() -> list[str]:
    """Those at hand, where the data is beside the checkout, and as many made up as there are to be."""
    corpus = SHARED / "data" / "hostile" / "xss.txt"
    found = corpus.read_text(encoding="utf-8", errors="replace").splitlines() if corpus.is_file() else []
    return [*found, *hostile(NUMBER - len(found))]


@pytest.mark.parametrize("what", SHOWN)
def test_no_text_breaks_the_markup_or_links_where_it_should_not_or_makes_a_message_too_long(what: str) -> None:
    value, show = SHOWN[what]
    given = texts()
    rest = iter(given)
    shown = 0

    while some := list(islice(rest, _places(value))):
        made = filled(value, cycle(some))
        for part in show(made, languages()[shown % len(languages())]):
            parsed = telegram_html.parse(part)
            shown += 1
            assert 0 < telegram_html.units(parsed.text) <= telegram_html.MAX_UNITS
            assert set(parsed.links) <= set(some)
    assert len(given) == NUMBER
    assert shown >= NUMBER // _places(value)


def _places(value: Any) -> int:
    """How many texts of others there are in it."""
    numbers = count()
    filled(value, (str(next(numbers)) for _ in repeat(None)))
    return next(numbers)
