from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from retrieval.ingest.jsonl import BATCH_LINES, MAX_LINE_BYTES, read_articles
from retrieval.ingest.pipeline import Gatherer
from retrieval.ingest.prepare import Gathered
from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.news import Article, ArticleId, SaveReport, SourceFailure
from storage.errors import InputError
from storage.feeds import FeedStore
from storage.retention import RetentionStore
from tests.retrieval.ingest.web import NOW, InlineSandbox, Web


def write(path: Path, *lines: Any) -> Path:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("\n".join(texts) + "\n", encoding="utf-8", errors="surrogatepass")
    return path


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T09:30:00Z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00+08:00", datetime(2026, 3, 1, 1, 30, tzinfo=UTC)),
        ("2026-03-01 09:30", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 09:30:00 GMT", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("", None),
        (None, None),
    ],
)
def test_published_is_read_as_written_and_utc_where_no_zone_is(
    tmp_path: Path, written: str | None, moment: datetime | None
) -> None:
    (found,) = read_articles(write(tmp_path / "a.jsonl", {"text": "News.", "published": written}))

    assert isinstance(found, Gathered)
    assert found.published == moment


def test_every_field_is_kept(tmp_path: Path) -> None:
    fields = {
        "id": "a-1", "text": "News.", "url": "https://example.org/a", "title": "Title", "source": "Example",
        "author": "Ann", "language": "en-GB", "more": [1],
    }  # fmt: skip

    (found,) = read_articles(write(tmp_path / "a.jsonl", fields))

    assert found == Gathered(
        id="a-1",
        text="News.",
        url="https://example.org/a",
        title="Title",
        source="Example",
        author="Ann",
        language="en",
    )


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a JSON object"),
        ("{}", "no text"),
        ({"text": " \n\u200b"}, "no text"),
        ({"text": 5}, "text is not a string"),
        ({"text": "half \ud800"}, "text holds half a surrogate pair"),
        ({"text": "News.", "title": ["x"]}, "title is not a string"),
        ({"text": "News.", "url": "javascript:x"}, "url is not an http(s) address"),
        (
            {"text": "News.", "url": "https://example.org/" + "a" * 2_000},
            "url is not an http(s) address of at most 2,000",
        ),
        ({"text": "News.", "published": "soon"}, "published is not a date"),
        ({"text": "News.", "published": 1772357400}, "published is not a string"),
        ({"text": "News.", "language": "English, mostly"}, "language is not a code"),
        ({"text": "News.", "id": "x" * 300}, "id is longer"),
        ({"text": "News.", "id": True}, "id is not a string"),
        ({"text": "x" * MAX_LINE_BYTES}, "the line is longer than 5 MiB"),
    ],
)
def test_a_line_that_is_no_article_is_named_and_the_rest_goes_in(tmp_path: Path, line: Any, error: str) -> None:
    path = write(tmp_path / "a.jsonl", {"text": "First."}, line, "", {"text": "Last."})

    first, failure, last = read_articles(path)

    assert isinstance(failure, SourceFailure)
    assert failure.url == f"{path}:2"
    assert failure.error.startswith(error)
    assert (first, last) == (Gathered(text="First."), Gathered(text="Last."))


def test_a_gzipped_file_is_told_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(gzip.compress(b'{"text": "One."}\n{"text": "Two."}'))

    assert list(read_articles(path)) == [Gathered(text="One."), Gathered(text="Two.")]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: None, "there is no such file"),  # noqa: ARG005
        (lambda path: path.mkdir(), "this is a folder"),
        (lambda path: path.write_bytes(b"\x1f\x8bnonsense"), "the gzip stream is broken"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path, make: Any, reason: str) -> None:
    path = tmp_path / "a.jsonl"
    make(path)

    with pytest.raises(InputError, match=reason) as caught:
        list(read_articles(path))

    assert caught.value.subject == str(path)


@pytest.fixture
async def gatherer(database: Database) -> AsyncIterator[Gatherer]:
    gatherer = Gatherer(
        http=Web(),
        articles=ArticleStore(database),
        dropped=RetentionStore(database),
        feeds=FeedStore(database),
        clock=lambda: NOW,
        sandbox=InlineSandbox(),
    )
    yield gatherer
    await gatherer.close()


async def test_a_file_is_imported_with_the_ids_it_has_and_derived_ones(
    gatherer: Gatherer, database: Database, tmp_path: Path
) -> None:
    path = write(
        tmp_path / "a.jsonl",
        {"id": "given", "text": "The bridge was opened. It is long.", "published": "2026-03-01"},
        "nonsense",
        {"text": "大桥今日通车。市长出席。"},
    )
    steps: list[tuple[str, int, int | None]] = []

    report = await gatherer.jsonl(path, lambda *step: steps.append(step))
    again = await gatherer.jsonl(path, lambda *_: None)

    given = await ArticleStore(database).get(ArticleId("given"))
    assert (report.fetched, report.saved) == (2, SaveReport(new=2))
    assert [failure.url for failure in report.failed] == [f"{path}:2"]
    assert again.saved == SaveReport(duplicates=2)
    assert isinstance(given, Article)
    assert given.headline.title == "The bridge was opened"
    assert given.headline.published == datetime(2026, 3, 1, tzinfo=UTC)
    assert steps == [("a.jsonl", 2, None)]


async def test_what_comes_before_a_broken_end_is_in(gatherer: Gatherer, database: Database, tmp_path: Path) -> None:
    whole = gzip.compress("".join(f'{{"text": "News {i} {"x" * i}"}}\n' for i in range(2 * BATCH_LINES)).encode())
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(whole[:-20])

    with pytest.raises(InputError, match="gzip stream is broken"):
        await gatherer.jsonl(path, lambda *_: None)

    assert (await ArticleStore(database).counts()).articles >= BATCH_LINES


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<p>The dam broke.</p>\n<p>Nobody was hurt.</p>", " The dam broke. \n  \nNobody was hurt.\n"),
        ("The level is < 3 m, and <unclear>.", "The level is < 3 m, and <unclear>."),
    ],
)
def test_a_text_that_is_html_is_read_as_html_and_no_other(tmp_path: Path, text: str, read: str) -> None:
    (found,) = read_articles(write(tmp_path / "a.jsonl", {"text": text}))

    assert isinstance(found, Gathered)
    assert found.text.split() == read.split()


def test_a_text_of_tags_alone_is_none(tmp_path: Path) -> None:
    (found,) = read_articles(write(tmp_path / "a.jsonl", {"text": "<p><img src='a.png'></p>"}))

    assert isinstance(found, SourceFailure)
    assert found.error == "no text"
