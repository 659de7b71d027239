"""Connections to checked addresses only: the name is looked up, every address judged, and a judged one connected to.

The check sits between look-up and connection, where neither a redirect nor a name that changes its address (DNS
rebinding) gets past it. It knows nothing of HTTP.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import ip_address

import httpcore

from retrieval.ingest.addresses import IPAddress, Reach, Verdict, judge, judge_name, literal
from storage.domain.why import Why

Resolver = Callable[[str], Awaitable[Sequence[str]]]
"""Looks up a name: its addresses as text, best first. Raises `OSError` where there are none."""

# A dead address must leave time for the next one within the deadline of the whole request; the last one has all of it.
ATTEMPT_SECONDS = 5.0
MAX_ATTEMPTS = 4


class ForbiddenAddress(Exception):
    """The host is not one Tidings may connect to; the text says what it is."""

    def __init__(self, reason: str, why: Why = Why.FORBIDDEN) -> None:
        super().__init__(reason)
        self.why = why


class Unreachable(Exception):
    """The host has no address, or none that answers; the text says why."""

    def __init__(self, reason: str, why: Why = Why.NO_HOST) -> None:
        super().__init__(reason)
        self.why = why


class SystemResolver:
    """Looks names up as the operating system does.

    Each look-up has a daemon thread of its own, because one that hangs can be neither cancelled nor waited for at
    exit. At most `limit` run at a time, abandoned ones included.
    """

    def __init__(self, limit: int = 16) -> None:
        self._slots = asyncio.Semaphore(limit)

    async def __call__(self, host: str) -> Sequence[str]:
        await self._slots.acquire()
        loop = asyncio.get_running_loop()
        found: asyncio.Future[Sequence[str]] = loop.create_future()

        def settle(result: Sequence[str] | OSError) -> None:
            self._slots.release()
            if found.done():  # the asker went away
                return
            if isinstance(result, OSError):
                found.set_exception(result)
            else:
                found.set_result(result)

        def look_up() -> None:
            result = _system_addresses(host)
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile, and nobody waits
                loop.call_soon_threadsafe(settle, result)

        threading.Thread(target=look_up, name="look-up", daemon=True).start()
        return await found


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections for httpcore, to addresses that passed `judge` and to nothing else.

    Args:
        resolver: Looks names up.
        connector: Opens the connection to an address it is given as text.
        allow_private: Whether the operator opened the intranet.
    """

    def __init__(self, *, resolver: Resolver, connector: httpcore.AsyncNetworkBackend, allow_private: bool) -> None:
        self._resolver = resolver
        self._connector = connector
        self._allow_private = allow_private

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first judged address of `host` that answers.

        Raises:
            ForbiddenAddress: The name, or any of its addresses, is forbidden.
            Unreachable: It has no address.
            httpcore.ConnectError: No address answered.
        """
        attempt_seconds = ATTEMPT_SECONDS if timeout is None else min(timeout, ATTEMPT_SECONDS)
        *others, last = (await self._checked_addresses(host))[:MAX_ATTEMPTS]
        for address in others:
            with contextlib.suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._connector.connect_tcp(
                    str(address), port, attempt_seconds, local_address, socket_options
                )
        return await self._connector.connect_tcp(str(last), port, timeout, local_address, socket_options)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no web address leads to a socket file.

        Raises:
            ForbiddenAddress: Always.
        """
        del timeout, socket_options
        raise ForbiddenAddress(f"{path} is a socket file")

    async def sleep(self, seconds: float) -> None:
        await self._connector.sleep(seconds)

    async def _checked_addresses(self, host: str) -> list[IPAddress]:
        """The addresses of `host`, each once, all of them judged; at least one."""
        written_out = literal(host)
        if written_out is not None:
            self._require_allowed(judge(written_out), host)
            return [written_out]
        self._require_allowed(judge_name(host), host)
        addresses = list(dict.fromkeys(ip_address(text) for text in await self._look_up(host)))
        if not addresses:
            raise Unreachable("the host name has no address")
        # One forbidden address among public ones is a sign of rebinding, so it condemns the name.
        for address in addresses:
            self._require_allowed(judge(address), f"{host} ({address})")
        return addresses

    async def _look_up(self, host: str) -> Sequence[str]:
        try:
            return await self._resolver(host)
        except socket.gaierror as error:
            unknown = error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None)}
            if unknown:
                raise Unreachable("no address is known for this host name") from error
            raise Unreachable("the host name cannot be looked up (no network?)", Why.NO_NETWORK) from error
        except OSError as error:
            raise Unreachable("the host name cannot be looked up", Why.NO_NETWORK) from error

    def _require_allowed(self, verdict: Verdict, host: str) -> None:
        if verdict.allows(private=self._allow_private):
            return
        if verdict.reach is Reach.INTRANET:
            # The setting is named for those who host; readers are told the rest in their language.
            allowed = "which is read only where TIDINGS_ALLOW_PRIVATE_NETWORKS=true"
            raise ForbiddenAddress(f"{host} is {verdict.kind}, {allowed}", Why.PRIVATE)
        raise ForbiddenAddress(f"{host} is {verdict.kind}, which is never read")


def _system_addresses(host: str) -> Sequence[str] | OSError:
    try:
        entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        return error
    except UnicodeError:  # the system's own rules for names are narrower than ours
        return socket.gaierror(socket.EAI_NONAME, "not a name")
    return tuple(str(entry[4][0]) for entry in entries)
