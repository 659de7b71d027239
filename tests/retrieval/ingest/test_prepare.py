from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from retrieval.ingest.dedupe import fingerprint
from retrieval.ingest.prepare import MAX_TEXT_CHARS, Gathered, Preparing, article_id, first_sentence
from storage.domain.news import ArticleId, Fingerprint, HeldArticle, PreparedArticle, SaveReport
from tests.retrieval.ingest.web import NOW


@dataclass
class Shelf:
    """A store that remembers what it was given."""

    known: list[tuple[ArticleId, Fingerprint]] = field(default_factory=list)
    saved: list[PreparedArticle] = field(default_factory=list)

    async def held(self, canonical_urls: Sequence[str], audience: str | None = None) -> dict[str, HeldArticle]:
        raise NotImplementedError

    async def near(self, bands: Sequence[int], audience: str | None = None) -> Sequence[tuple[ArticleId, Fingerprint]]:
        return [(group, member) for group, member in self.known if set(member.bands) & set(bands)]

    async def save(self, prepared: Sequence[PreparedArticle]) -> SaveReport:
        self.saved += prepared
        return SaveReport(new=len(prepared))

    async def link(self, feed_url: str, ids: Sequence[ArticleId], audience: str | None = None) -> None:
        raise NotImplementedError


async def store(*batch: Gathered, shelf: Shelf | None = None) -> tuple[PreparedArticle, ...]:
    preparing = Preparing(shelf or Shelf(), lambda: NOW)
    try:
        return (await preparing.store(batch)).articles
    finally:
        preparing.close()


LONG = "The council voted on the budget for schools and harbours after a long night of talks about the price of bread."


async def test_what_is_missing_is_derived_or_stays_unknown() -> None:
    (one,) = await store(Gathered(text="大桥今日通车。\r\n市长\x00出席。"))

    headline = one.article.headline
    assert one.article.text == "大桥今日通车。\n市长出席。"
    assert headline.title == "大桥今日通车"
    assert headline.id == headline.group == article_id("大桥今日通车。\n市长出席。", None)
    assert len(headline.id) == 16
    assert headline.language == "zh"
    assert (headline.url, headline.source, headline.published, one.article.canonical_url) == (None, None, None, None)
    assert headline.first_seen == NOW
    assert [passage.text for passage in one.passages] == ["大桥今日通车。\n市长出席。"]


async def test_a_link_names_the_article_and_its_source() -> None:
    (one, other) = await store(
        Gathered(text="One.", url="https://Example.org/a?utm_source=x"),
        Gathered(text="Two.", url="https://example.org/a"),
    )

    assert one.article.canonical_url == "https://example.org/a"
    assert one.article.headline.url == "https://Example.org/a?utm_source=x"
    assert one.article.headline.source == "example.org"
    assert one.article.headline.id == other.article.headline.id


async def test_what_is_given_is_kept() -> None:
    (one,) = await store(Gathered(text=LONG, id="given", title="A\ntitle", source="Example", language="de"))

    headline = one.article.headline
    assert (headline.id, headline.title, headline.source, headline.language) == ("given", "A title", "Example", "de")


@pytest.mark.parametrize(
    ("text", "hint", "language"),
    [(LONG, "zh", "en"), ("Prime Time", "fr", "fr"), ("123", "fr", "fr"), ("123", None, None)],
)
async def test_a_hint_of_the_language_counts_only_where_the_text_is_too_short_to_judge(
    text: str, hint: str | None, language: str | None
) -> None:
    (one,) = await store(Gathered(text=text, language_hint=hint))

    assert one.article.headline.language == language


async def test_copies_join_the_group_of_the_first_in_the_store_or_the_batch() -> None:
    shelf = Shelf(known=[(ArticleId("group"), fingerprint(LONG + " It is late."))])
    other = (
        LONG.replace("council", "senate").replace("schools", "roads").replace("night", "day").replace("bread", "oil")
    )

    batch = await store(
        Gathered(text=LONG, id="a"),
        Gathered(text=other, id="b"),
        Gathered(text=other + " Indeed.", id="c"),
        shelf=shelf,
    )

    assert [one.article.headline.group for one in batch] == ["group", "b", "b"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("It rained. Then it stopped.", "It rained"),
        ("Why? Because.", "Why?"),
        ("It costs 2.5 million. Or more.", "It costs 2.5 million"),
        ("今天下雨。明天晴。", "今天下雨"),
        ("A headline\nand a text.", "A headline"),
        ("no full stop", "no full stop"),
        ("...", "..."),
        ("word " * 100, "word " * 22 + "word…"),
        ("长" * 300, "长" * 119 + "…"),
    ],
)
def test_the_first_sentence_makes_a_title(text: str, title: str) -> None:
    assert first_sentence(text.strip()) == title


@pytest.mark.parametrize(
    ("sentence", "ends"),
    [
        ("The mayor said that bridge opens. ", "opens."),
        ("市长说大桥开了。", "开了。"),
        ("One paragraph\n", "paragraph"),
    ],
)
async def test_a_text_without_end_is_cut_where_a_sentence_ends(sentence: str, ends: str) -> None:
    (one,) = await store(Gathered(text=sentence * 100_000))

    text = one.article.text
    assert MAX_TEXT_CHARS - 100 < len(text) <= MAX_TEXT_CHARS
    assert text.endswith(ends)
    assert one.passages[-1].end == len(text)


async def test_a_text_without_sentences_is_cut_all_the_same() -> None:
    (one, other) = await store(Gathered(text="x" * 500_000), Gathered(text="Short. " + "x" * 500_000))

    assert len(one.article.text) == len(other.article.text) == MAX_TEXT_CHARS


async def test_a_text_of_the_longest_length_is_whole() -> None:
    (one,) = await store(Gathered(text="x" * MAX_TEXT_CHARS))

    assert one.article.text == "x" * MAX_TEXT_CHARS


async def test_what_is_shown_of_an_article_is_bounded() -> None:
    long = "word " * 10_000

    (one,) = await store(
        Gathered(text="News.", title=long, author=long, source=long, url="https://e.org/" + "a" * 2_000)
    )

    headline = one.article.headline
    assert headline.title == headline.author == headline.source
    assert len(headline.title) == 500
    assert headline.title.endswith("…")
    assert (headline.url, one.article.canonical_url) == (None, None)
