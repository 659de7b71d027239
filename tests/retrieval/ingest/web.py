"""A small web in memory for the tests of gathering: the port to the network, and the sandbox without its processes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from retrieval.ingest.extract import extract_page
from retrieval.ingest.guards import Refused
from retrieval.ingest.parse import read_feed
from retrieval.ingest.parsed import plain
from retrieval.ingest.sandbox import Sandbox
from retrieval.ports import Fetched
from storage.domain.why import Why
from storage.errors import FetchError, ParseError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Web:
    """Answers by URL. An exception is raised; an answer whose ETag is sent back is not modified."""

    answers: dict[str, Fetched | Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(self, url: str, body: str | bytes, **more: Any) -> None:
        content = body.encode() if isinstance(body, str) else body
        self.answers[url] = Fetched(url=url, body=content, **more)

    async def get(
        self, url: str, *, accept: str = "*/*", etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        assert accept
        self.asked.append(url)
        answer = self.answers.get(url, _nothing_at(url))
        if isinstance(answer, Exception):
            raise answer
        if etag is not None and etag == answer.etag:
            return Fetched(url=url, body=b"", not_modified=True, etag=etag, last_modified=last_modified)
        return answer


def _nothing_at(url: str) -> FetchError:
    return FetchError(url, "there is nothing at this address (404)", why=Why.NOTHING_THERE, status=404)


class InlineSandbox(Sandbox):
    """Runs the jobs in this process: quick, and as dangerous as the test's own feeds."""

    async def run(self, job: str, url: str, arguments: Mapping[str, Any], body: bytes) -> Any:
        work = {"feed": read_feed, "page": extract_page}[job]
        try:
            return json.loads(json.dumps(plain(work(body, now=NOW, **arguments))))
        except Refused as refusal:
            raise ParseError(url, str(refusal), why=refusal.why) from refusal


def article(title: str, text: str, head: str = "") -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    return (
        f"<html><head><title>{title}</title>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


def rss(*items: str, title: str = "The Example") -> str:
    return f"<rss version='2.0'><channel><title>{title}</title>{''.join(items)}</channel></rss>"


def item(link: str, title: str = "", text: str = "", date: str = "Sun, 01 Mar 2026 10:00:00 GMT") -> str:
    return (
        f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate>"
        f"<description><![CDATA[{text}]]></description></item>"
    )
