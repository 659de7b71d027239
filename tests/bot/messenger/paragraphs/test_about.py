from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messenger.paragraphs.about import of_answer, of_hot, of_page, of_update
from storage.domain.dialogue import Answer, Citation, Remark
from storage.domain.follows import Update
from storage.domain.news import ArticleId
from storage.domain.stories import Brief, Page
from tests.bot.flows import reply_to
from tests.feedback import thing
from tests.hot import NOON, followed, hot_story, page, report, update_of

ANSWER = reply_to("tides?").answer


def citing(*names: str) -> Answer:
    citations = (Citation(n=n, article_id=ArticleId(name), title=name, quote="x") for n, name in enumerate(names, 1))
    return replace(ANSWER, citations=tuple(citations))


def test_an_answer_is_about_the_articles_it_cites_as_one_each_under_the_number_of_its_quote() -> None:
    assert of_answer(citing("a", "b", "a", "c", "d")) == (thing("a", "b", "a", "c", "d"),)


def test_a_list_is_about_each_of_its_stories() -> None:
    assert of_answer(replace(citing("a", "b"), listing=True)) == (thing("a"), thing("b"))


def test_a_list_of_what_is_hot_is_about_stories_that_can_be_opened_and_followed() -> None:
    hottest = replace(citing("a", "b"), listing=True, hottest=True, stories=(128, 129))

    assert of_answer(hottest) == (thing("a", story=128), thing("b", story=129))


@pytest.mark.parametrize(
    "silent",
    [
        replace(citing(), sentences=(), nearest=(report("near").headline,)),
        Answer(question=ANSWER.question, remark=Remark.THANKS, engine="none"),
    ],
)
def test_refusals_and_remarks_are_about_nothing(silent: Answer) -> None:
    assert of_answer(silent) == ()


def test_hot_stories_are_about_their_newest_articles() -> None:
    assert of_hot((hot_story(), hot_story(9))) == (
        thing("second", "first", story=128),
        thing("second", "first", story=9),
    )


def test_a_page_is_about_its_story_or_what_it_cites() -> None:
    story = page()

    assert of_page(story) == (thing("second", story=128),)
    assert of_page(replace(story, opened=None)) == (thing("second"),)
    assert of_page(Page(brief=Brief(title="x", nearest=(report("near").headline,)))) == ()


def test_a_notice_is_about_what_is_new_and_the_end_of_a_follow_about_nothing() -> None:
    follow = followed(3)

    assert of_update(update_of(follow)) == (thing("second", "third", story=128),)
    assert of_update(Update(follow=follow, at=NOON)) == ()
