"""The command line where it brings news in: files, feeds, lists of feeds."""

from __future__ import annotations

import asyncio
import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import run
from bot.app import shipped
from storage.database import Database
from storage.domain.news import Feed, FeedVisit
from storage.domain.people import ReaderId
from storage.feeds import FeedStore
from tests.bot.program import ARTICLES, Program, jsonl

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_an_import_says_what_became_of_every_line(tidings: Program, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "news.jsonl", [*ARTICLES, {"title": "no text"}])
    packed = tmp_path / "news.jsonl.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))

    first = tidings.json("ingest", "--jsonl", str(path))
    again = tidings.json("ingest", "--jsonl", str(packed))

    assert set(first) == {"fetched", "new", "updated", "duplicates", "failed", "seconds"}
    assert (first["new"], first["updated"], first["duplicates"]) == (3, 0, 0)
    assert [failure["url"] for failure in first["failed"]] == [f"{path}:4"]
    assert (again["new"], again["duplicates"]) == (0, 3)


def test_opml_goes_out_as_it_came_in(tidings: Program, tmp_path: Path) -> None:
    listed = tidings.json("feeds", "list")["feeds"]
    tidings("feeds", "remove", "1")
    exported = tmp_path / "out.opml"

    tidings("feeds", "export", str(exported))
    tidings.json("feeds", "import", str(exported))

    assert set(listed[0]) == {"url", "title", "status", "last_error", "articles"}
    assert [feed["url"] for feed in tidings.json("feeds", "list")["feeds"]] == [feed["url"] for feed in listed[1:]]


def test_a_feed_that_cannot_be_named_is_not_kept(tidings: Program) -> None:
    tidings("ingest", "--feed", "https://user:hush@example.org/rss", status=2)

    assert "hush" not in tidings.errors
    assert not any("example.org" in feed["url"] for feed in tidings.json("feeds", "list")["feeds"])


@pytest.mark.parametrize("where", [(), ("-",)])
def test_sources_are_exported_to_standard_output(
    where: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(["feeds", "export", *where]) == 0

    assert capsysbinary.readouterr().out.startswith(b"<?xml")
    assert not (tmp_path / "-").exists()


def test_what_a_reader_added_for_themselves_is_not_exported(tidings: Program, tmp_path: Path, home: Path) -> None:
    private = Feed(url="https://private.example/rss?token=hush", title="Private", shared=False)

    async def subscribe() -> None:
        database = Database(f"sqlite:///{home / 'tidings.db'}")
        await FeedStore(database).subscribe(ReaderId("telegram:1"), private)
        await database.close()

    tidings("feeds", "list")
    asyncio.run(subscribe())

    exported = tidings("feeds", "export", str(tmp_path / "out.opml"))

    assert exported == ""
    assert "hush" not in (tmp_path / "out.opml").read_text(encoding="utf-8")


def test_a_feed_that_cannot_be_read_is_not_kept(tidings: Program) -> None:
    output = tidings("ingest", "--feed", "http://127.0.0.1:9/feed", status=1)

    assert output.startswith("0 of 1 feed read; ")
    assert tidings.errors == (
        "tidings: http://127.0.0.1:9/feed: 127.0.0.1 is a loopback address, "
        "which is read only where TIDINGS_ALLOW_PRIVATE_NETWORKS=true; not kept as a source\n"
    )
    assert not any("127.0.0.1" in feed["url"] for feed in tidings.json("feeds", "list")["feeds"])


def test_a_file_of_which_some_lines_can_be_read_goes_in_with_both_counts(tidings: Program, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "news.jsonl", ARTICLES[:1])
    path.write_text(path.read_text(encoding="utf-8") + "no JSON\n{}\n", encoding="utf-8")

    output = tidings("ingest", "--jsonl", str(path))

    assert output.startswith("1 line read: 1 new, 0 updated, 0 already known; 2 lines could not be read; ")
    assert tidings.errors.endswith(f"tidings: {path}:2: not JSON\ntidings: {path}:3: no text\n")


def test_of_many_bad_lines_the_first_are_named_and_the_rest_counted(tidings: Program, tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text("no JSON\n" * 2_000, encoding="utf-8")

    tidings("ingest", "--jsonl", str(path), status=1)

    assert tidings.errors.splitlines()[-6:] == [
        *(f"tidings: {path}:{number}: not JSON" for number in range(1, 6)),
        "tidings: and 1,995 more; --json tells of them",
    ]


def test_the_sample_edition_does_not_go_in_silence(tidings: Program, tmp_path: Path) -> None:
    tidings("ingest", "--jsonl", str(shipped("sample.jsonl")))
    before = tidings.errors

    tidings.json("ingest", "--jsonl", str(jsonl(tmp_path / "news.jsonl", ARTICLES)))

    assert "sample" not in before
    assert tidings.errors.endswith("tidings: the 24 sample articles have gone: real news is in\n")


def test_a_file_of_which_no_line_can_be_read_fails(tidings: Program, tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text("no JSON\n", encoding="utf-8")

    output = tidings("ingest", "--jsonl", str(path), status=1)

    assert output.startswith("0 lines read: ")


def test_feeds_that_fail_alike_are_listed_with_one_reason(tidings: Program, home: Path) -> None:
    async def fail() -> None:
        database = Database(f"sqlite:///{home / 'tidings.db'}")
        feeds = FeedStore(database)
        for number, feed in enumerate(await feeds.list()):
            reason = "gone" if number == 2 else "no network"
            await feeds.record(FeedVisit(url=feed.url, at=NOW, next_fetch_at=NOW, error=reason))
        await database.close()

    tidings("feeds", "list")
    asyncio.run(fail())

    lines = tidings("feeds", "list").splitlines()

    assert lines[3] == "     gone"
    assert lines[-1] == f"{len(lines) - 3} feeds (1–2, 4–{len(lines) - 2}): no network"


def test_an_import_that_is_stopped_says_where_it_stands_and_how_to_go_on(
    filled: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def stopped(*_given: object) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr("bot.flows.ingest.Ingest.files", stopped)

    with pytest.raises(asyncio.CancelledError):
        filled("ingest", "--jsonl", str(jsonl(tmp_path / "more.jsonl", [])))

    said = capsys.readouterr().err
    assert "stopped; 3 articles are stored" in said
    assert "lines of more.jsonl may be left; give it again, and what is in is passed over" in said
