from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messenger.paragraphs import render
from bot.texts import catalogue, languages
from storage.domain.dialogue import Answer, Citation, Question, Remark, Sentence
from storage.domain.news import ArticleId, Feed, FeedStatus, Headline
from storage.domain.why import Why
from tests.bot.flows import NOW, reply_to
from tests.bot_api import telegram_html

QUESTION = Question(text="?", language="en", asked_at=NOW, standalone="?")


def shown(parts: tuple[str, ...]) -> str:
    return "\n---\n".join(telegram_html.parse(part).text for part in parts)


def test_an_answer_shows_its_sentences_sources_and_date() -> None:
    text = shown(render.answer(reply_to("tides").answer))

    assert text == (
        "You asked: tides. The tide is < high & rising. [1]\n\n"
        "As of 2026-11-21\n\n"
        "1. Tides & <b>times</b> — The Harbour Post, 2026-11-21"
    )


def test_an_answer_is_framed_in_the_questions_language() -> None:
    assert "截至 2026年11月21日" in shown(render.answer(reply_to("潮水", "zh").answer))


def test_each_mark_and_each_source_opens_the_article() -> None:
    (part,) = render.answer(reply_to("tides").answer)

    assert telegram_html.parse(part).links == ("https://news.example/tides?a=1&b=2",) * 2


def test_a_source_without_an_address_is_shown_without_a_link() -> None:
    answer = reply_to("tides").answer
    bare = replace(answer, citations=(replace(answer.citations[0], url=None, source=None, published=None),), as_of=None)

    (part,) = render.answer(bare)

    assert telegram_html.parse(part).links == ()
    assert telegram_html.parse(part).text.endswith("[1]\n\n1. Tides & <b>times</b>")


def test_an_article_that_is_cited_twice_is_listed_once() -> None:
    answer = reply_to("tides").answer
    one = answer.citations[0]
    other = replace(one, n=2, article_id=ArticleId("a2"), title="Other", source=None, published=None)
    thrice = replace(answer, citations=(one, other, replace(one, n=3, quote="It is rising.")))

    text = shown(render.answer(thrice))

    assert text.endswith("1, 3. Tides & <b>times</b> — The Harbour Post, 2026-11-21\n2. Other")


def test_a_refusal_offers_the_nearest_stories() -> None:
    near = Headline(
        id=ArticleId("a"), title="Near", first_seen=NOW, group=ArticleId("a"), url="https://a.example/", source="A"
    )

    text = shown(render.answer(Answer(question=QUESTION, nearest=(near,), engine="x")))

    assert text == "My sources don't say.\n\nThe nearest stories I have:\n• Near — A"
    assert shown(render.answer(Answer(question=QUESTION, engine="x"))) == "My sources don't say."


def test_a_huge_answer_is_cut_into_messages_that_telegram_takes() -> None:
    citations = tuple(
        Citation(
            n=n, article_id=ArticleId(str(n)), title="标题" * 300, quote="q", url=f"https://a.example/{n}" + "x" * 900
        )
        for n in range(1, 60)
    )
    sentences = tuple(Sentence(text="句子<&>" * 400, citations=(n,)) for n in range(1, 60))

    parts = render.answer(Answer(question=QUESTION, sentences=sentences, citations=citations, engine="x"))

    parsed = [telegram_html.parse(part) for part in parts]
    assert all(0 < telegram_html.units(one.text) <= 4096 for one in parsed)
    assert {link for one in parsed for link in one.links} == {citation.url for citation in citations}


def test_sources_are_numbered_and_tell_what_is_wrong() -> None:
    failing = {"last_error": "10.0.0.1 <oops> TIDINGS_ALLOW_PRIVATE_NETWORKS", "last_why": Why.PRIVATE}
    feeds = [
        Feed(url="https://one.example/rss", title="One", status=FeedStatus.OK, articles=12),
        Feed(url="https://two.example/rss", status=FeedStatus.FAILING, **failing),
        Feed(url="https://three.example/rss", title="Three"),
        Feed(url="https://four.example/rss", title="Four", status=FeedStatus.OK, articles=1),
    ]

    text = shown(render.sources(feeds, "en"))

    assert "1. One — 12 articles" in text
    assert "cannot be read: the address is in a private network" in text
    assert "无法读取：这个地址在私有网络里" in shown(render.sources(feeds, "zh"))
    assert "TIDINGS" not in text
    assert "3. Three — not read yet" in text
    assert "4. Four — 1 article\n" in f"{text}\n"


def test_no_sources_are_said_to_be_none() -> None:
    assert "nothing for you yet" in shown(render.sources([], "en"))


@pytest.mark.parametrize("language", languages())
def test_every_sentence_of_the_bot_is_markup_that_telegram_takes(language: str) -> None:
    for key, text in catalogue(language).items():
        fields = dict.fromkeys(
            ("date", "length", "limit", "command", "reason", "title", "url", "wanted", "number", "count"), "<&> @evil"
        )
        if key != "date" and not {"articles", "year"} & set(text):
            try:
                said = render.sentence(language, key, **fields, articles=3)
            except (KeyError, ValueError):  # a sentence of another room, with fields of its own
                continue
            assert telegram_html.parse(said[0]).text


def test_a_listing_shows_each_story_with_its_link_date_and_sentence() -> None:
    listing = replace(reply_to("tides").answer, listing=True)

    (part,) = render.answer(listing)

    assert telegram_html.parse(part).text == (
        "The newest I have:\n\n"
        "1. Tides & <b>times</b> — The Harbour Post, 2026-11-21\n"
        "You asked: tides. The tide is < high & rising.\n\n"
        "As of 2026-11-21"
    )
    assert telegram_html.parse(part).links == ("https://news.example/tides?a=1&b=2",)


@pytest.mark.parametrize("remark", Remark)
@pytest.mark.parametrize("language", languages())
def test_a_remark_is_one_short_message(remark: Remark, language: str) -> None:
    question = replace(QUESTION, language=language)

    (part,) = render.answer(Answer(question=question, remark=remark, engine="none"))

    assert telegram_html.parse(part).text == catalogue(language)[remark]


def test_how_a_misspelt_question_was_taken_is_said_before_its_answer() -> None:
    text = shown(render.answer(replace(reply_to("tides").answer, meant="Kell?")))

    assert text.index("“Kell?”") < text.index("The tide is")
