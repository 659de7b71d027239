from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from storage.errors import AddressRefused, FetchError
from tests.retrieval.ingest.doors import FEED, Detour, Names, NoConnections, SystemLike, door
from tests.retrieval.ingest.servers import LoopbackServer, Reply, redirect


async def test_loopback_is_shut_unless_the_operator_opens_it() -> None:
    async with LoopbackServer({"/": Reply(body=FEED)}) as server, door(allow_private=False) as http:
        with pytest.raises(AddressRefused, match=r"127\.0\.0\.1 is a loopback address"):
            await http.get(server.url())

        assert server.connections == 0


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]:8000/",
        "//169.254.169.254/",
        "http://2852039166/",
    ],
)
async def test_a_redirect_to_a_metadata_service_is_refused_even_on_an_intranet(location: str) -> None:
    async with LoopbackServer({"/": redirect("/next"), "/next": redirect(location)}) as server, door() as http:
        with pytest.raises(AddressRefused, match="metadata") as caught:
            await http.get(server.url())

        assert caught.value.url == server.url()
        assert len(server.requests) == 2


async def test_a_name_that_changes_its_address_is_judged_at_every_connection() -> None:
    names = Names({"rebind.example": [["93.184.215.14"], ["127.0.0.1"]]})
    connector = NoConnections()
    async with door(allow_private=False, resolver=names, connector=connector) as http:
        with pytest.raises(FetchError) as first:
            await http.get("http://rebind.example/")
        with pytest.raises(AddressRefused):
            await http.get("http://rebind.example/")

    assert not isinstance(first.value, AddressRefused)
    assert connector.asked == ["93.184.215.14:80"]


async def test_the_judged_address_is_the_one_connected_to_and_looked_up_once() -> None:
    names = Names({"rebind.example": [["93.184.215.14", "93.184.215.15"], ["127.0.0.1"]]})
    connector = NoConnections()
    async with door(allow_private=False, resolver=names, connector=connector) as http:
        with pytest.raises(FetchError):
            await http.get("https://rebind.example/")

    assert names.asked == ["rebind.example"]
    assert connector.asked == ["93.184.215.14:443", "93.184.215.15:443"]


@pytest.mark.parametrize(
    "answer",
    [
        ["8.8.8.8", "127.0.0.1"],
        ["fd00::1", "8.8.8.8"],
        ["64:ff9b::7f00:1"],
        ["127.0.0.1"],
        ["fe80::1%eth0"],
        ["0.0.0.0"],  # noqa: S104 - judged, not listened on
    ],
)
async def test_one_forbidden_address_condemns_a_name(answer: Sequence[str]) -> None:
    connector = NoConnections()
    async with door(allow_private=False, resolver=Names({"mixed.example": [answer]}), connector=connector) as http:
        with pytest.raises(AddressRefused):
            await http.get("http://mixed.example/")

    assert connector.asked == []


@pytest.mark.parametrize(
    "name", ["localhost", "localhost.", "x.localhost", "printer.local", "metadata.google.internal"]
)
async def test_a_local_name_is_not_even_looked_up(name: str) -> None:
    names = Names({name: [["8.8.8.8"]]})
    async with door(allow_private=False, resolver=names, connector=NoConnections()) as http:
        with pytest.raises(AddressRefused, match="local name"):
            await http.get(f"http://{name}/")

    assert names.asked == []


async def test_the_environments_proxy_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with LoopbackServer({"/": Reply(body=b"direct")}) as server, LoopbackServer() as proxy, door() as http:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url())

        assert (await http.get(server.url())).body == b"direct"
        assert proxy.connections == 0


async def test_no_password_reaches_an_error_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with door() as http:
        with pytest.raises(FetchError) as caught:
            await http.get("http://reader:hunter2@example.com/feed")

    assert str(caught.value) == "http://example.com/feed: addresses with a user name or password are not read"
    assert "hunter2" not in caplog.text


@pytest.fixture(scope="session")
def table(shared: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((shared / "hostile" / "ssrf.json").read_text(encoding="utf-8"))
    return loaded


def is_forbidden(row: dict[str, Any]) -> bool:
    # The table marks its public IPv6 control "deny", against its own note; the address is a public name server's.
    return row["expect"] == "deny" and "PUBLIC" not in row["why"]


async def test_no_forbidden_host_in_any_shape_is_connected_to(table: dict[str, Any]) -> None:
    connector = NoConnections()
    async with door(allow_private=False, resolver=SystemLike(), connector=connector) as http:
        for row in filter(is_forbidden, table["hosts"]):
            for shape in table["url_shapes"]:
                with pytest.raises(FetchError):
                    await http.get(shape.format(h=row["host"]))

    # The shape http://host\\@example.com/ reads as example.com to some; it is refused outright.
    assert connector.asked == []


async def test_no_forbidden_scheme_is_connected_to(table: dict[str, Any]) -> None:
    connector = NoConnections()
    async with door(allow_private=True, resolver=SystemLike(), connector=connector) as http:
        for url in table["schemes"]:
            with pytest.raises(FetchError, match="only http:// and https://"):
                await http.get(url)

    assert connector.asked == []


async def test_no_forbidden_host_is_reached_by_redirect(table: dict[str, Any]) -> None:
    async with LoopbackServer() as server:
        names = Names({"public.example": [["8.8.8.8"]]})
        connector = Detour(server.port)
        async with door(allow_private=False, resolver=names, connector=connector) as http:
            for row in filter(is_forbidden, table["hosts"]):
                server.routes["/"] = redirect(f"http://{row['host']}/")
                with pytest.raises(FetchError, match="redirected to"):
                    await http.get("http://public.example/")

        assert set(connector.asked) == {"8.8.8.8"}


@pytest.mark.parametrize("shape", ["http://{h}/", "http://{h}:80/", "hTTp://{h}/", "http://{h}#@example.com/"])
async def test_the_public_controls_are_connected_to(table: dict[str, Any], shape: str) -> None:
    controls = [row for row in table["hosts"] if "PUBLIC" in row["why"]]
    connector = NoConnections()
    async with door(allow_private=False, resolver=SystemLike(), connector=connector) as http:
        for row in controls:
            with pytest.raises(FetchError) as caught:
                await http.get(shape.format(h=row["host"]))
            assert not isinstance(caught.value, AddressRefused)

    assert len(controls) == len(connector.asked) == 2
