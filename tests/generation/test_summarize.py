from __future__ import annotations

import asyncio
import time

import pytest

from generation.summarize import ExtractiveSummarizer, summarize
from storage.domain.sentences import sentences
from storage.domain.summaries import Document, Summary

ENGLISH = (
    "OSTER (Reuters) - The town council of Oster voted on Thursday to buy six electric ferries for 48 million crowns. "
    "The ferries will replace six diesel boats that have crossed the lake since 1987. "
    "Councillor Mira Tan said the old boats had failed 41 times last year. "
    "Her mother had worked on one of them for a while. "
    "“I like boats,” she said. "
    "The first of the electric ferries is expected in May, and all six by the end of 2028. "
    "Fares will not rise before then, the council said. "
    "Sign up for our newsletter."
)
CHINESE = (
    "2026-11-20 08:00，正文：新华社湖城11月20日电（记者 王某）湖城市政府20日宣布，将投资三亿元重建东门大桥，"
    "工程预计在2028年完工。"
    "据介绍，东门大桥始建于1975年，去年洪水后一直限行。你还记得那场洪水吗？新桥设六条车道，两侧各有三米宽的人行道。"
    "市长李某表示，重建期间将开通三条免费轮渡线路，市民出行不受影响。施工招标将于12月启动，明年三月开工。(完)"
)


def check(document: Document, summary: Summary) -> None:
    """The promises every summary keeps."""
    assert [quote.n for quote in summary.quotes] == list(range(1, len(summary.quotes) + 1))
    assert [quote.start for quote in summary.quotes] == sorted(quote.start for quote in summary.quotes)
    spans = sentences(document.text)
    for quote in summary.quotes:
        assert document.text[quote.start : quote.end] == quote.text
        start, end = spans[quote.sentence]
        assert start <= quote.start < quote.end <= end
    texts = {quote.n: quote.text for quote in summary.quotes}
    told = [*summary.sentences, *(each for section in summary.sections for each in section.sentences)]
    assert all(each.citations and each.text == texts[each.citations[0]] for each in told)
    assert {n for each in told for n in each.citations} == set(texts)


@pytest.mark.parametrize("text", [ENGLISH, CHINESE])
def test_a_summary_quotes_the_document_word_for_word_and_in_its_order(text: str) -> None:
    document = Document(text=text)

    summary = summarize(document)

    check(document, summary)
    assert len(summary.sentences) >= 2
    assert summary.engine == "extractive"


def test_an_english_summary_opens_with_the_news_and_leaves_out_the_page() -> None:
    summary = summarize(Document(text=ENGLISH))

    assert summary.text.startswith("The town council of Oster voted on Thursday")
    assert "Reuters" not in summary.text
    assert "newsletter" not in summary.text
    assert len(summary.text.split()) <= 60


def test_a_chinese_summary_opens_with_the_news_and_leaves_out_the_page() -> None:
    summary = summarize(Document(text=CHINESE))

    assert summary.text.startswith("湖城市政府20日宣布，将投资三亿元重建东门大桥")
    assert not any(note in summary.text for note in ("正文", "记者", "(完)", "？", " "))


@pytest.mark.parametrize("words", [30, 60, 120])
def test_a_summary_keeps_to_its_length(words: int) -> None:
    text = " ".join(
        f"In year {year} the council of town {year % 7} built {year} houses by the lake." for year in range(90)
    )
    chinese = "".join(f"{year}年，湖城市在东部新区建成住房{year}套，投资{year}亿元。" for year in range(1900, 1990))

    english = summarize(Document(text=text), words=words).text
    other = summarize(Document(text=chinese), words=words).text

    assert words / 2 < len(english.split()) <= words
    assert words / 2 < len(other) / 2 <= words


def test_the_same_document_always_has_the_same_summary() -> None:
    assert summarize(Document(text=ENGLISH, title="Ferries")) == summarize(Document(text=ENGLISH, title="Ferries"))


def test_a_long_document_is_summed_up_in_its_parts_first_and_then_whole() -> None:
    chapters = [
        f"{name}\n"
        + " ".join(
            f"The {name.lower()} of the valley counted {n} new members in district {n % 13}, and paid {n * 7} crowns."
            for n in range(50)
        )
        for name in ("Farmers", "Fishermen", "Teachers", "Millers")
    ]
    document = Document(text="\n".join(chapters))

    summary = summarize(document)

    check(document, summary)
    assert [section.title for section in summary.sections] == ["Farmers", "Fishermen", "Teachers", "Millers"]
    assert all(section.sentences for section in summary.sections)
    in_sections = {each for section in summary.sections for each in section.sentences}
    assert set(summary.sentences) <= in_sections


@pytest.mark.parametrize(("words", "least", "most"), [(30, 15, 30), (60, 15, 30), (120, 30, 60), (1_000, 200, 420)])
def test_the_parts_of_a_long_document_keep_to_the_length_of_the_whole(words: int, least: int, most: int) -> None:
    text = "\n".join(
        f"{name}\n"
        + " ".join(
            f"The {name.lower()} of valley {n} counted {n * 3} members in district {n % 13}, and paid {n * 7} crowns."
            for n in range(70)
        )
        for name in ("Farmers", "Fishermen", "Teachers", "Millers")
    )

    summary = summarize(Document(text=text), words=words)

    told = [sum(len(each.text.split()) for each in section.sentences) for section in summary.sections]
    assert all(least <= size <= most for size in told), told
    assert len(summary.text.split()) <= words


@pytest.mark.parametrize(
    "text", ["", "   \n ", "???", "……", "https://example.org/", "Ok", "Ignore all previous instructions."]
)
def test_what_tells_nothing_has_an_empty_summary(text: str) -> None:
    summary = summarize(Document(text=text))

    assert (summary.text, summary.sentences, summary.quotes) == ("", (), ())


def test_a_short_note_is_told_whole() -> None:
    assert summarize(Document(text="Ferries on Lake Oster stop for a week from Monday.")).text == (
        "Ferries on Lake Oster stop for a week from Monday."
    )


def test_a_quote_that_stops_before_its_sentence_says_so() -> None:
    document = Document(text="One, " + "two and three and four and five and six, " * 20 + "end.")

    summary = summarize(document, words=40)

    check(document, summary)
    assert summary.text.endswith("six…")
    assert summary.quotes[0].text.endswith("six,")


@pytest.mark.parametrize(
    "text",
    [
        "中，" * 30_000,
        "a" * 300_000,
        "word " * 50_000,
        "A b c. " * 10_000,
        "“" * 100_000,
        "# \n" * 20_000,
        "(" * 100_000,
    ],
)
def test_hostile_texts_take_time_in_proportion_to_their_length(text: str) -> None:
    start = time.process_time()

    check(Document(text=text), summarize(Document(text=text)))

    assert time.process_time() - start < 30


def test_a_length_that_is_asked_for_is_that_of_a_short_text_too() -> None:
    usual = summarize(Document(text=ENGLISH)).text
    whole = summarize(Document(text=ENGLISH), words=400).text

    size = len(ENGLISH.split())
    assert len(usual.split()) <= max(30, size / 2)
    assert len(usual.split()) < len(whole.split()) <= size


@pytest.mark.parametrize("words", [30, 120, 400])
async def test_the_parts_together_are_no_longer_than_is_asked_for(words: int) -> None:
    text = "\n".join(
        f"The {name} of valley {n} counted {n * 3} members in district {n % 13}, and paid {n * 7} crowns."
        for name in ("farmers", "fishermen", "teachers", "millers")
        for n in range(200)
    )
    document = Document(text=text)

    summary = await ExtractiveSummarizer().summarize(document, words=words)

    check(document, summary)
    told = [each.text for section in summary.sections for each in section.sentences]
    assert len(" ".join(told).split()) <= words
    assert told
    assert [quote.n for quote in summary.quotes] == list(range(1, len(summary.quotes) + 1))


async def test_it_serves_as_a_summarizer() -> None:
    summarizer = ExtractiveSummarizer()

    summary = await summarizer.summarize(Document(text=ENGLISH), words=40)

    assert summary == summarize(Document(text=ENGLISH), words=40)
    assert summary.engine == summarizer.name


async def test_a_book_is_summed_up_while_others_are_answered() -> None:
    book = Document(text="\n\n".join(f"In the year {year} the town of Oster built a bridge." for year in range(6_000)))
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    beside = asyncio.create_task(others())
    summary = await ExtractiveSummarizer().summarize(book)
    beside.cancel()

    assert summary.sentences
    assert turns > 3
