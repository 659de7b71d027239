"""`tidings bench ingest`: feeds over HTTP to searchable passages, beside a plain pipeline over the same pages.

Both read the same feed and pages from a web server on loopback, with their models loaded before the clock starts.
That both did the work is shown by asking each for every page by its title.
"""

from __future__ import annotations

import asyncio
import gzip
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path

from bot.app import open_app
from bot.benchmarks.invented import invented_articles
from bot.benchmarks.machine import machine, peak_memory_mb
from bot.benchmarks.plain import PlainPipeline
from bot.settings import Settings
from retrieval.index.pretrained import packaged_model
from storage.domain.news import Feed, SearchRequest
from storage.domain.progress import Progress
from storage.errors import InputError

_TITLE = re.compile(r"<title[^>]*>([^<]{8,})</title>", re.IGNORECASE)
_PORT = re.compile(r"port (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page to serve and find again."""

    name: str
    title: str
    html: str


def run_bench(*, data: Path | None, pages: int, progress: Progress) -> dict[str, object]:
    """The figures for up to `pages` pages: the real ones in `data`, or invented ones.

    `ratio` is how many times as many pages a second Tidings takes in. `*_found` is the share of pages that come first
    when asked for by their titles.

    Raises:
        InputError: There are no pages in `data`.
    """
    served = real_pages(data, pages) if data else invented_pages(pages)
    with tempfile.TemporaryDirectory(prefix="tidings-bench-") as folder:
        web = Path(folder, "web")
        web.mkdir()
        with _web_server(web) as root:
            _write(served, web, root)
            plain_seconds, plain_found = _plain(Path(folder, "plain"), served, root, progress)
            own_seconds, own_found = asyncio.run(_tidings(Path(folder, "home"), served, root, progress))
    return {
        "name": "ingest",
        "metrics": {
            "pages": len(served),
            "real_pages": data is not None,
            "pages_per_second": round(len(served) / own_seconds, 2),
            "plain_pages_per_second": round(len(served) / plain_seconds, 2),
            "ratio": round(plain_seconds / own_seconds, 2),
            "found": own_found,
            "plain_found": plain_found,
            "peak_memory_mb": peak_memory_mb(),
        },
        "machine": machine(),
    }


def real_pages(folder: Path, n: int) -> list[Page]:
    """The first `n` pages of `folder/html/*.html.gz` that carry a title, by name.

    Raises:
        InputError: There are none.
    """
    found: list[Page] = []
    for path in sorted(folder.glob("html/*.html.gz")):
        html = gzip.decompress(path.read_bytes()).decode("utf-8", errors="replace")
        if (title := _TITLE.search(html)) and len(found) < n:
            found.append(Page(name=path.name.removesuffix(".html.gz"), title=title[1].strip(), html=html))
    if not found:
        raise InputError(str(folder), "holds no pages (html/ID.html.gz)")
    return found


def invented_pages(n: int) -> list[Page]:
    """`n` plain pages of invented news."""
    return [
        Page(
            name=each.id,
            title=each.title,
            html=f"<html><head><title>{escape(each.title)}</title></head><body><article><h1>{escape(each.title)}</h1>"
            + "".join(f"<p>{escape(part)}.</p>" for part in each.text.split(". "))
            + "</article></body></html>",
        )
        for each in invented_articles(n)
    ]


def _plain(folder: Path, pages: Sequence[Page], root: str, progress: Progress) -> tuple[float, float]:
    pipeline = PlainPipeline(folder, packaged_model())
    pipeline.search("warm", 1)
    start = time.perf_counter()
    kept = pipeline.ingest(f"{root}/feed.xml")
    seconds = time.perf_counter() - start
    progress("plain pipeline", len(kept), len(pages))
    texts = {page.url: page.text for page in kept}
    found = sum(
        any(
            passage[:80] in " ".join(texts.get(_url(root, page), "").split())
            for passage in pipeline.search(page.title, 1)
        )
        for page in pages
    )
    return seconds, round(found / len(pages), 3)


async def _tidings(home: Path, pages: Sequence[Page], root: str, progress: Progress) -> tuple[float, float]:
    async with open_app(Settings(home=home, allow_private_networks=True)) as app:
        await app.warm()
        feed = Feed(url=f"{root}/feed.xml")
        await app.feeds.add([feed])
        start = time.perf_counter()
        await app.ingest.visit([feed], progress)
        seconds = time.perf_counter() - start
        found = 0
        for page in pages:
            hits = (await app.search.search(SearchRequest(text=page.title, k=1))).hits
            found += any(hit.passage.headline.url == _url(root, page) for hit in hits)
    return seconds, round(found / len(pages), 3)


def _write(pages: Sequence[Page], web: Path, root: str) -> None:
    for page in pages:
        (web / f"{page.name}.html").write_text(page.html, encoding="utf-8")
    items = "".join(
        f"<item><title>{escape(page.title)}</title><link>{_url(root, page)}</link></item>" for page in pages
    )
    feed = f'<rss version="2.0"><channel><title>Bench</title><link>{root}</link>{items}</channel></rss>'
    (web / "feed.xml").write_text(feed, encoding="utf-8")


def _url(root: str, page: Page) -> str:
    return f"{root}/{page.name}.html"


@contextmanager
def _web_server(folder: Path) -> Iterator[str]:
    """The standard library's file server over `folder`, on a free port of loopback, in a process of its own."""
    command = [sys.executable, "-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory", str(folder), "0"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            port = _PORT.search(line)
            if port is None:
                raise InputError("web server", "could not be started")
            yield f"http://127.0.0.1:{port[1]}"
        finally:
            server.terminate()
