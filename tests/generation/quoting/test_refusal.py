from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from generation.engines.extractive import ExtractiveEngine
from generation.quoting import refusal, select
from generation.reading import inquiry
from storage.domain.dialogue import Question
from storage.domain.news import Hit

STORY = "The Halverton harbour bridge opened on Monday. Mayor Ada Stone said it cost 310 million euros."


def confidence(question: Question, hits: list[Hit]) -> float:
    return ExtractiveEngine().confidence(question, hits)


def test_confidence_falls_as_the_sources_hold_less_of_the_question(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    asked = [
        "What did the Halverton harbour bridge cost?",
        "What did the Halverton harbour tunnel of King Borogrove cost?",
        "What did the tunnel of King Borogrove in Zembla cost?",
    ]

    sure = [confidence(question(text), [hit(STORY)]) for text in asked]

    assert sure == sorted(sure, reverse=True)
    assert sure[0] > 0.5 > sure[-1]


@pytest.mark.parametrize("text", ["", "what is it?", "的了", "Zembla Borogrove"])
def test_a_question_of_which_nothing_was_found_has_no_confidence(
    text: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    assert confidence(question(text), [hit(STORY)]) == 0


def test_untitled_stories_are_not_offered(hit: Callable[..., Hit], question: Callable[..., Question]) -> None:
    hits = [hit(STORY), hit(STORY, article="b", title="Bridge opens")]
    reading = select.read_hits(inquiry.read("What did the harbour bridge cost?"), hits, question("?").asked_at)

    assert [headline.title for headline in refusal.nearest(reading)] == ["Bridge opens"]


def test_how_near_in_meaning_the_passages_are_counts_in_english_where_it_is_known(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    asked = question("What did the Halverton harbour tunnel cost?")
    unknown, far, near = (confidence(asked, [replace(hit(STORY), similarity=like)]) for like in (None, 0.2, 0.7))

    assert far < unknown < near
    assert confidence(asked, [replace(hit(STORY), similarity=-0.5)]) == far
    other = replace(hit("哈尔弗顿海港大桥周一通车，耗资3.1亿欧元。", article="b"), similarity=0.9)
    assert confidence(asked, [replace(hit(STORY), similarity=0.2), other]) < unknown


ROOF = (
    "The Webb observatory at Halverton sent its first pictures on Monday. They show galaxies near the edge of the sky. "
    "Director Ada Stone said that the mirror works better than expected."
)


@pytest.mark.parametrize(
    ("told", "false"),
    [
        ("When did Halverton get its first pictures?", "When did Halverton explode?"),
        ("What did Ada Stone say about the mirror?", "What did Ada Stone say about quadball?"),
        ("Who is the director of the Webb observatory?", "Who was kidnapped in Halverton?"),
        ("What do the pictures of the Webb observatory show?", "How much is a movie ticket to Halverton?"),
    ],
)
def test_a_true_name_does_not_make_up_for_nothing_told_of_what_is_asked(
    told: str, false: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [replace(hit(ROOF, title="First pictures of the Webb observatory"), similarity=0.5)]

    assert confidence(question(told), hits) >= 0.5 > confidence(question(false), hits)


def test_a_long_question_may_tell_its_story_in_words_of_its_own(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [hit(ROOF, title="First pictures of the Webb observatory")]
    few = "Was Ada Stone of Webb Halverton kidnapped?"
    many = "Was Ada Stone of Webb Halverton kidnapped by a thief, robber, burglar, swindler, poacher or pirate?"

    reading = select.read_hits(inquiry.read(few), hits, question("?").asked_at)
    longer = select.read_hits(inquiry.read(many), hits, question("?").asked_at)

    assert refusal.untold(reading, select.candidates(reading)[:1])
    assert not refusal.untold(longer, select.candidates(longer)[:1])
