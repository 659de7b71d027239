"""What replies tell of, for whoever taps or reacts: the things in them, in the order they are numbered. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from bot.flows.evidence import MOST_ARTICLES
from storage.domain.dialogue import Answer, Citation
from storage.domain.feedback import Thing
from storage.domain.follows import Update
from storage.domain.news import ArticleId
from storage.domain.stories import HotStory, Page, Story, StoryId


def of_answer(answer: Answer) -> tuple[Thing, ...]:
    """What an answer rests on, as one; of a list each of its stories. Nothing where it is of no news."""
    if answer.given:
        return ()
    if answer.listing:
        return tuple(
            Thing(articles=(each.article_id,), story=None if number is None else StoryId(number))
            for each, number in zip_longest(answer.citations, answer.stories)
        )
    return _quoted(answer.citations)


def of_hot(found: Sequence[HotStory]) -> tuple[Thing, ...]:
    """The stories of a list."""
    return tuple(_story(each.story) for each in found)


def of_page(page: Page) -> tuple[Thing, ...]:
    """The story of a page, by the sources that the page numbers; or what the page of a topic rests on."""
    quoted = _quoted(page.citations)
    if page.opened is None:
        return quoted
    story = _story(page.opened.story)
    return tuple(replace(each, story=story.story) for each in quoted) or (story,)


def of_update(told: Update) -> tuple[Thing, ...]:
    """The stories that a notice tells of; none where it says that a follow ends."""
    return tuple(Thing(articles=each.texts[:MOST_ARTICLES], story=each.story) for each in told.news)


def _quoted(citations: Sequence[Citation]) -> tuple[Thing, ...]:
    """What is quoted, as one: the article of each quote, so that each is found by the number that it is shown with."""
    return (Thing(articles=tuple(each.article_id for each in citations)),) if citations else ()


def _story(story: Story) -> Thing:
    newest: tuple[ArticleId, ...] = tuple(report.headline.id for report in reversed(story.reports))
    return Thing(articles=newest[:MOST_ARTICLES], story=story.id)
