from __future__ import annotations

import pytest

from retrieval.ingest.fetch import MAX_REDIRECTS
from storage.errors import FetchError
from tests.retrieval.ingest.doors import FEED, door
from tests.retrieval.ingest.servers import LoopbackServer, Reply, redirect


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed(status: int) -> None:
    routes = {"/a/b": redirect("../c?d=ä", status), "/c": Reply(body=FEED)}
    async with LoopbackServer(routes) as server, door() as http:
        fetched = await http.get(server.url("/a/b"))

        assert fetched.url == server.url("/c?d=%C3%A4")
        assert fetched.body == FEED


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
async def test_a_redirect_that_is_not_plain_ascii_is_followed(encoding: str) -> None:
    head = "HTTP/1.1 302 Found\r\nLocation: /é\r\nContent-Length: 0\r\n\r\n".encode(encoding)
    async with LoopbackServer({"/": Reply(raw=head), "/%C3%A9": Reply(body=FEED)}) as server, door() as http:
        assert (await http.get(server.url())).url == server.url("/%C3%A9")


async def test_a_redirect_that_climbs_above_the_root_ends_at_the_root() -> None:
    async with LoopbackServer({"/a": redirect("../../.."), "/": Reply(body=FEED)}) as server, door() as http:
        assert (await http.get(server.url("/a"))).url == server.url("/")


async def test_as_many_redirects_as_allowed_are_followed_and_not_one_more() -> None:
    routes = {f"/{n}": redirect(f"/{n + 1}") for n in range(MAX_REDIRECTS + 1)}
    routes[f"/{MAX_REDIRECTS + 1}"] = Reply(body=FEED)
    async with LoopbackServer(routes) as server, door() as http:
        assert (await http.get(server.url("/1"))).body == FEED
        with pytest.raises(FetchError, match="more than 5 redirects"):
            await http.get(server.url("/0"))


async def test_redirects_in_a_circle_end_at_once() -> None:
    async with LoopbackServer({"/a": redirect("/b"), "/b": redirect("/a#again")}) as server, door() as http:
        with pytest.raises(FetchError, match="round in a circle"):
            await http.get(server.url("/a"))

        assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", "only http:// and https://"),
        ("http://user:secret@127.0.0.1/", "user name or password"),
        ("http://[broken", "host|redirected"),
        ("gopher://127.0.0.1:6379/_INFO", "only http:// and https://"),
    ],
)
async def test_a_redirect_to_what_is_not_read_says_both_ends(location: str, reason: str) -> None:
    async with LoopbackServer({"/": redirect(location)}) as server, door() as http:
        with pytest.raises(FetchError, match=reason) as caught:
            await http.get(server.url())

        assert str(caught.value).startswith(f"{server.url()}: redirected to ")
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(headers={"Refresh": "0;url=http://169.254.169.254/"}, body=FEED),
        Reply(body=b'<meta http-equiv="refresh" content="0;url=http://169.254.169.254/">'),
    ],
)
async def test_only_the_location_of_a_redirect_is_followed(reply: Reply) -> None:
    async with LoopbackServer({"/": reply}) as server, door() as http:
        fetched = await http.get(server.url())

        assert fetched.body == reply.body
        assert len(server.requests) == 1
