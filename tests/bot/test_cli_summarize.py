"""`tidings summarize` on real files and a page of a loopback server."""

from __future__ import annotations

import asyncio
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from tests.bot.program import Program
from tests.retrieval.ingest.pdfs import locked, pdf, scanned
from tests.retrieval.ingest.servers import LoopbackServer, Reply
from tests.retrieval.ingest.web import article

LINES = (
    "The town council of Oster voted on Thursday to buy six electric ferries for 48 million crowns.",
    "The ferries will replace six diesel boats that have crossed the lake since 1987.",
    "Councillor Mira Tan said the old boats had failed 41 times last year.",
    "The first of the electric ferries is expected in May, and all six by the end of 2028.",
    "Fares will not rise before then, the council said.",
)
TEXT = "\n".join(LINES)


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_the_json_is_the_contract(tidings: Program, story: Path) -> None:
    found = tidings.json("summarize", str(story), "--words", "40")

    assert set(found) == {"summary", "sentences", "citations", "sections", "url", "title", "engine", "lapse"}
    assert found["summary"].startswith("The town council of Oster voted")
    assert len(found["summary"].split()) <= 40
    assert (found["url"], found["title"], found["engine"], found["sections"]) == (None, None, "extractive", [])
    quotes = {citation["n"]: citation for citation in found["citations"]}
    for sentence in found["sentences"]:
        (n,) = sentence["citations"]
        assert sentence["text"] == quotes[n]["quote"] == TEXT[quotes[n]["start"] : quotes[n]["end"]]
        assert quotes[n]["quote"] == LINES[quotes[n]["sentence"]]


def test_people_get_plain_lines(tidings: Program, tmp_path: Path) -> None:
    path = tmp_path / "story.md"
    path.write_text(f"# Ferries\n\n{TEXT}", encoding="utf-8")

    output = tidings("summarize", str(path), "--words", "30")

    assert output.splitlines()[:2] == ["Ferries", ""]
    assert output.splitlines()[2].startswith("The town council of Oster voted")
    assert tidings.errors == ""


def test_a_pdf_is_summed_up_under_its_title(tidings: Program, tmp_path: Path) -> None:
    path = tmp_path / "story.pdf"
    path.write_bytes(pdf(LINES[:3], LINES[3:], title="Ferries for Oster"))

    found = tidings.json("summarize", str(path))

    assert found["title"] == "Ferries for Oster"
    assert found["summary"].startswith("The town council of Oster voted")


def test_a_long_document_is_summed_up_by_its_parts_too(tidings: Program, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(
        "\n\n".join(
            f"{name}\n"
            + "\n".join(
                f"The {name.lower()} of the valley counted {n} members, and paid {n * 7} crowns." for n in range(90)
            )
            for name in ("Farmers", "Fishermen", "Teachers")
        ),
        encoding="utf-8",
    )

    found = tidings.json("summarize", str(path))
    output = tidings("summarize", str(path))

    assert [section["title"] for section in found["sections"]] == ["Farmers", "Fishermen", "Teachers"]
    assert "\n2. Fishermen\n   · The fishermen of the valley" in output


async def test_a_page_is_summed_up_where_private_addresses_are_allowed(
    tidings: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = article("Ferries for Oster", TEXT).encode()
    async with LoopbackServer({"/story": Reply(body=body, headers={"Content-Type": "text/html"})}) as server:
        url = server.url("/story")
        await asyncio.to_thread(tidings, "summarize", url, status=1)
        refused = tidings.errors
        monkeypatch.setenv("TIDINGS_ALLOW_PRIVATE_NETWORKS", "true")

        found = await asyncio.to_thread(tidings.json, "summarize", url)
        await asyncio.to_thread(tidings, "summarize", server.url("/gone"), status=1)

    assert "is a loopback address" in refused
    assert (found["url"], found["title"]) == (url, "Ferries for Oster")
    assert found["summary"].startswith("The town council of Oster voted")
    assert tidings.errors.endswith("/gone: there is nothing at this address (404)\n")


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("empty.txt", b"", "is empty"),
        ("program", b"\x7fELF\x02\x01\x01\x00\x00\x00", "is not a page, a PDF or plain text"),
        ("letter.docx", b"PK\x03\x04rest", "is an office document"),
        ("locked.pdf", locked(), "is locked with a password"),
        ("scan.pdf", scanned(), "has no text, only pictures of pages"),
        ("torn.pdf", pdf(LINES)[:150], "is a damaged PDF"),
        ("question.txt", b"What is this?", "has no sentence in it that tells anything"),
    ],
)
def test_what_cannot_be_summed_up_is_one_line_that_says_why(
    tidings: Program, tmp_path: Path, name: str, body: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(body)

    output = tidings("summarize", str(path), status=1)

    assert output == ""
    assert tidings.errors.startswith(f"tidings: {path}: {said}")
    assert tidings.errors.count("\n") == 1


def test_what_is_piped_in_is_summed_up(tidings: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(TEXT.encode())))

    found = tidings.json("summarize", "-", "--words", "40")

    assert found["summary"].startswith("The town council of Oster voted")
    assert (found["url"], found["title"]) == (None, None)
    assert tidings.errors == ""


def test_what_is_piped_in_and_cannot_be_read_is_called_so(tidings: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b"")))

    tidings("summarize", "-", status=1)

    assert tidings.errors == "tidings: standard input: is empty\n"


def test_a_text_that_is_too_long_is_one_clear_line(tidings: Program, tmp_path: Path) -> None:
    path = tmp_path / "books.txt"
    path.write_text("The town council voted on Thursday.\n" * 56_000, encoding="utf-8")

    tidings("summarize", str(path), status=1)

    assert tidings.errors == f"tidings: {path}: has more than 2,000,000 characters of text; give it in parts\n"


def test_how_far_it_is_is_told_on_a_terminal_only(
    tidings: Program, story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.console.SPOKEN_EVERY_SECONDS", 0.0)

    tidings("summarize", str(story))

    assert tidings.errors == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("missing.txt", "missing.txt: there is no such file; a link begins with https://"),
        ("/", "/: is a folder; name a file in it"),
    ],
)
def test_a_file_that_is_none_is_bad_usage(tidings: Program, given: str, said: str) -> None:
    tidings("summarize", given, status=2)

    assert tidings.errors == f"tidings: {said}\n"


def test_no_instance_is_made_for_it(tidings: Program, story: Path, home: Path) -> None:
    tidings("summarize", str(story))

    assert not home.exists()
