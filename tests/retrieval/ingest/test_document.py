"""Documents from files and links, read in the real child process."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest

from retrieval.ingest import document
from retrieval.ingest.document import DocumentReader
from retrieval.ports import Fetched
from storage.domain.summaries import Document
from storage.domain.why import Why
from storage.errors import AddressRefused, FetchError, InputError, ParseError
from tests.retrieval.ingest.doors import door
from tests.retrieval.ingest.pdfs import bomb, nested, nested_pages, pdf
from tests.retrieval.ingest.servers import LoopbackServer, Reply, redirect
from tests.retrieval.ingest.web import Web, article

TEXT = "The dam broke on Friday evening, the mayor said.\nNobody was hurt, and the water is going down again."


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
async def reader(web: Web) -> AsyncIterator[DocumentReader]:
    reader = DocumentReader(web)
    yield reader
    await reader.close()


async def test_a_page_is_read_under_the_address_its_redirects_ended_at(reader: DocumentReader, web: Web) -> None:
    web.answers["http://news.example/short"] = Fetched(
        url="http://news.example/dam", body=article("A dam breaks", TEXT).encode(), content_type="text/html"
    )

    found = await reader.page("http://news.example/short")

    assert found == Document(text=TEXT, title="A dam breaks", url="http://news.example/dam")


async def test_a_link_may_lead_to_a_pdf(reader: DocumentReader, web: Web) -> None:
    web.put("http://news.example/dam.pdf", pdf(["The dam broke on Friday."]), content_type="application/pdf")

    assert (await reader.page("http://news.example/dam.pdf")).text == "The dam broke on Friday."


async def test_what_cannot_be_had_says_why(reader: DocumentReader) -> None:
    with pytest.raises(FetchError, match="there is nothing at this address"):
        await reader.page("http://news.example/gone")


async def test_a_page_comes_through_the_real_door_and_no_private_one_without_leave() -> None:
    served = {"/dam": Reply(body=article("A dam breaks", TEXT).encode(), headers={"Content-Type": "text/html"})}
    async with LoopbackServer(served | {"/short": redirect("/dam")}) as server, door() as opened:
        address = server.url("/dam")
        reader = DocumentReader(opened)
        try:
            found = await reader.page(server.url("/short"))
        finally:
            await reader.close()
        async with door(allow_private=False) as shut:
            with pytest.raises(AddressRefused, match="TIDINGS_ALLOW_PRIVATE_NETWORKS"):
                await DocumentReader(shut).page(address)

    assert (found.text, found.url) == (TEXT, address)


async def test_a_file_is_read(reader: DocumentReader, tmp_path: Path) -> None:
    path = tmp_path / "dam.txt"
    path.write_text(TEXT, encoding="utf-8")

    assert await reader.file(path) == Document(text=TEXT)


async def test_files_that_are_none_are_named(reader: DocumentReader, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, reason in (
        (tmp_path / "missing.txt", "there is no such file; a link begins with https://"),
        (tmp_path, "is a folder"),
        (pipe, "is no ordinary file"),
        (Path("/proc/self/mem"), "cannot be read: "),
        (tmp_path / ("x" * 300), "cannot be read: file name too long"),
    ):
        with pytest.raises(InputError, match=reason) as caught:
            await reader.file(path)

        assert caught.value.subject == str(path)


async def test_a_file_that_is_too_large_is_not_read(
    reader: DocumentReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "MAX_FILE_BYTES", 1024 * 1024)
    path = tmp_path / "large.txt"
    path.write_bytes(b"x" * (1024 * 1024 + 1))

    with pytest.raises(InputError, match="has more than 1 MiB"):
        await reader.file(path)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (partial(nested, 200_000), "has no text|damaged"),
        (partial(nested_pages, 20_000), "has no text|damaged"),
        (partial(bomb, 1_000_000_000), "broke the process|needed more|took longer|has more than"),
    ],
    ids=["nested arrays", "nested pages", "bomb"],
)
async def test_a_hostile_pdf_ends_its_child_at_worst(
    reader: DocumentReader, tmp_path: Path, body: Callable[[], bytes], reason: str
) -> None:
    path = tmp_path / "hostile.pdf"
    path.write_bytes(body())

    with pytest.raises(ParseError, match=reason):
        await reader.file(path)

    path.write_bytes(pdf(["The dam broke on Friday."]))
    assert (await reader.file(path)).text == "The dam broke on Friday."


async def test_a_refusal_carries_its_kind(reader: DocumentReader, tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(b"")

    with pytest.raises(ParseError) as caught:
        await reader.file(path)

    assert (str(caught.value), caught.value.why) == (f"{path}: is empty", Why.NO_ARTICLE)
