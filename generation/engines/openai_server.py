"""One OpenAI-compatible server: what it writes, read within bounds, and how it fared lately.

None of what a server sends but the text it wrote leaves this module: bodies of errors repeat keys and messages.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from generation.engines.openai_client import connect
from generation.engines.thoughts import Thoughts
from generation.messages import Prompt, Usage

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncStream
    from openai.types.chat import ChatCompletionChunk

# No vocabulary in use has many tokens longer than this, so that who writes more does not heed the number of tokens.
_CHARACTERS_PER_TOKEN = 16
# The figures that servers send after the last piece are waited for so long; with them the connection can be used again.
_TAIL_SECONDS = 0.5
# More than any context in use: who says more is wrong.
_MOST_TOKENS = 2**24
# At most a tenth of the time does someone wait for a server that hangs.
_REST = 10
_BROKEN_OFF = frozenset({"abort", "error"})
_BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_PROMPTS_FAULT = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}
)
_MEANING: dict[int, str] = {
    HTTPStatus.BAD_REQUEST: "it takes no such prompt; it may be longer than the model's context",
    HTTPStatus.UNAUTHORIZED: "it does not take the API key",
    HTTPStatus.FORBIDDEN: "the API key does not allow it",
    HTTPStatus.NOT_FOUND: "it has no such model, or the address is not that of an API",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How long servers are waited for, and how much is asked of them at once.

    Args:
        connect: For a connection.
        first: From the request to the first piece, which comes when the server has read the prompt. Shorter than the
            caller's patience, or a server that hangs is never found out.
        between: From one piece to the next.
        retries: How often a server is asked again that is busy, or that fails in a way that may pass.
        pause: Before it is, about; doubled each time.
        longest_pause: A server that asks for more than this is not asked again.
        cooling: How long a server that failed is asked last; ten times what was waited for it where that is longer.
        at_once: Prompts that are written at a time.
        waiting: Prompts that may wait for their turn.
        turn: How long they may.
    """

    connect: timedelta = timedelta(seconds=3)
    first: timedelta = timedelta(seconds=15)
    between: timedelta = timedelta(seconds=10)
    retries: int = 1
    pause: timedelta = timedelta(seconds=0.25)
    longest_pause: timedelta = timedelta(seconds=2)
    cooling: timedelta = timedelta(seconds=30)
    at_once: int = 16
    waiting: int = 64
    turn: timedelta = timedelta(seconds=5)


@dataclass(eq=False)
class Failure(Exception):
    """A server did not write, or not to the end. Its text is fit to show.

    Args:
        host: Of the server.
        reason: What it did.
        passing: Whether it may write when it is asked again soon.
        busy: Whether it said that it has too much to do.
        wait: Seconds it asked to be left alone.
        theirs: Whether the fault is the server's rather than the prompt's.
    """

    host: str
    reason: str
    passing: bool = False
    busy: bool = False
    wait: float = 0.0
    theirs: bool = True

    def __str__(self) -> str:
        return f"{self.host} {self.reason}"


class Server:
    """One server: its connections, the model it runs, and how it fared lately."""

    def __init__(self, url: str, model: str | None, api_key: str | None, bounds: Bounds) -> None:
        self.host, self._client = connect(url, api_key, connect_within=bounds.connect, at_once=bounds.at_once)
        self.model = self._given = model
        self.cools_until: float | None = None
        self._tells_usage = True
        self._bounds = bounds

    def is_cooling(self, now: float) -> bool:
        return self.cools_until is not None and self.cools_until > now

    def cool(self, failure: Failure, asked_at: float, now: float) -> None:
        """Be asked last for a while, where it is to blame."""
        if failure.busy:
            self.cools_until = now + min(failure.wait, self._bounds.cooling.total_seconds())
        elif failure.theirs:
            self.cools_until = now + max(self._bounds.cooling.total_seconds(), _REST * (now - asked_at))

    async def write(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """The pieces of the reply, and what it came to where the server says.

        Raises:
            Failure: It did not write, or not to the end.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._bounds.first.total_seconds()
        with self._failing():
            async with asyncio.timeout_at(deadline):
                chunks = await self._ask(prompt)
        thoughts, part, wrote, usage = Thoughts(), _Part(), False, None
        left = prompt.tokens * _CHARACTERS_PER_TOKEN
        async with aclosing(chunks):
            while not part.finish and left > 0:
                with self._failing():
                    async with asyncio.timeout_at(deadline):
                        part = _read(await anext(chunks))
                usage = part.usage or usage
                piece = thoughts.without(part.text[:left])
                left -= len(part.text)
                if piece:
                    self.cools_until, wrote = None, True
                    yield piece
                if part.text or part.thought:
                    deadline = loop.time() + self._bounds.between.total_seconds()
            if part.finish in _BROKEN_OFF:
                raise Failure(self.host, "broke off", passing=True)
            rest = thoughts.rest()
            if rest:
                yield rest
            if part.finish:
                with suppress(Failure), self._failing():
                    async with asyncio.timeout(_TAIL_SECONDS):
                        async for chunk in chunks:
                            usage = _read(chunk).usage or usage
            if usage is not None:
                yield usage
            if part.finish == "length" and not (wrote or rest):
                reason = f"spent all {prompt.tokens} tokens before its reply began; it may think first"
                raise Failure(self.host, reason, theirs=False)
            self.cools_until = None

    async def close(self) -> None:
        await self._client.close()

    async def _ask(self, prompt: Prompt) -> AsyncStream[ChatCompletionChunk]:
        from openai import APIStatusError

        try:
            return await self._request(prompt)
        except APIStatusError as error:
            # A server that knows no figures refuses to be asked for them, and says by which word.
            if not (self._tells_usage and "stream_options" in error.response.text):
                raise
            self._tells_usage = False
            return await self._request(prompt)

    async def _request(self, prompt: Prompt) -> AsyncStream[ChatCompletionChunk]:
        from openai import omit

        if self.model is None:
            self.model = await self._first_model()
        messages: Any = [
            # Half of a character, which no request can carry, comes out as a question mark.
            {"role": message.role.value, "content": message.text.encode("utf-8", "replace").decode()}
            for message in prompt.messages
        ]
        return await self._client.chat.completions.create(
            model=self.model,
            messages=messages,
            stream=True,
            stream_options={"include_usage": True} if self._tells_usage else omit,
            temperature=0,
            max_tokens=prompt.tokens,
        )

    async def _first_model(self) -> str:
        # As plain JSON: the library's own way to list them fails in its code where a server sends anything else.
        match await self._client.get("/models", cast_to=object):
            case {"data": [{"id": str(model)}, *_]}:
                return model
        raise Failure(self.host, "lists no model")

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """Say in our own words how it failed. The library's repeat bodies, and with them keys and messages."""
        import httpx2
        import openai

        try:
            yield
        except TimeoutError:
            raise Failure(self.host, "hangs") from None
        except StopAsyncIteration:
            raise Failure(self.host, "broke off", passing=True) from None
        except openai.APIStatusError as error:
            raise self._refused(error.response) from None
        except openai.APITimeoutError:
            raise Failure(self.host, "does not answer") from None
        except openai.APIConnectionError as error:
            if isinstance(error.__cause__, httpx2.ConnectError):
                why = " ".join(str(error.__cause__).split())[:120]
                raise Failure(self.host, f"cannot be reached: {why}") from None
            raise Failure(self.host, "broke off", passing=True) from None
        except openai.APIError:
            raise Failure(self.host, "reports an error", passing=True) from None
        except (openai.OpenAIError, httpx2.HTTPError, ValueError, RecursionError):
            raise Failure(self.host, "answers with what is no chat completion") from None

    def _refused(self, response: httpx2.Response) -> Failure:
        status = response.status_code
        if status == HTTPStatus.NOT_FOUND:
            self.model = self._given
        meaning = f": {_MEANING[status]}" if status in _MEANING else ""
        return Failure(
            self.host,
            f"answers {status}{meaning}",
            passing=status in _BUSY or status >= HTTPStatus.INTERNAL_SERVER_ERROR,
            busy=status in _BUSY,
            wait=_seconds(response.headers.get("retry-after")) if status in _BUSY else 0.0,
            theirs=status not in _PROMPTS_FAULT,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What one event of a stream says: text, whether it is of thoughts told apart, why it ended, what it came to."""

    text: str = ""
    thought: bool = False
    finish: str | None = None
    usage: Usage | None = None


def _read(chunk: object) -> _Part:
    """An event, whatever it holds: the library does not check it. Tool calls and gaps say nothing."""
    choices, usage = getattr(chunk, "choices", None), _usage(getattr(chunk, "usage", None))
    if not isinstance(choices, list) or not choices:
        return _Part(usage=usage)
    delta, finish = getattr(choices[0], "delta", None), getattr(choices[0], "finish_reason", None)
    text = getattr(delta, "content", None)
    return _Part(
        text=text if isinstance(text, str) else "",
        thought=any(getattr(delta, name, None) for name in ("reasoning_content", "reasoning")),
        finish=finish if isinstance(finish, str) else None,
        usage=usage,
    )


def _usage(figures: object) -> Usage | None:
    """What a reply came to; `None` where that is not said, or by no such number."""
    read, written = (getattr(figures, name, None) for name in ("prompt_tokens", "completion_tokens"))
    if type(read) is not int or type(written) is not int:
        return None
    return Usage(tokens=read + written) if min(read, written) >= 0 and read + written <= _MOST_TOKENS else None


def _seconds(retry_after: str | None) -> float:
    """What a Retry-After header asks for; a date, which only asks for long waits, is not understood."""
    return float(retry_after) if retry_after and re.fullmatch(r"\d{1,9}(\.\d+)?", retry_after.strip()) else 0.0
