"""Addresses and keys that can and cannot be used."""

from __future__ import annotations

import pytest

from generation.engines.openai import OpenAIModel
from storage.errors import GenerationError
from tests.generation.engines.openai.writing import (
    Build,
    Start,
    written,
)
from tests.generation.engines.servers import (
    says,
)


async def test_a_login_and_a_query_of_the_address_are_sent(start: Start, build: Build) -> None:
    server = await start(says("Yes."))

    await written(build(f"http://login:pass%40word@{server.host}/v1?api-version=3"))

    assert server.requests[0].path == "/v1/chat/completions?api-version=3"
    assert server.requests[0].headers["authorization"] == "Basic bG9naW46cGFzc0B3b3Jk"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8000",
        "ftp://host/v1",
        "http://",
        "http://host:99999/v1",
        "http://[::1/v1",
        "http://me:12/34@host/v1",
    ],
)
def test_an_address_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(GenerationError, match="the address of a server must be like"):
        OpenAIModel([url])


@pytest.mark.parametrize("key", ["sk-very\nsecret", "sk-ключ"])
def test_a_key_that_cannot_be_sent_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(GenerationError, match="the API key") as caught:
        OpenAIModel(["http://127.0.0.1:1"], api_key=key)

    assert key not in str(caught.value)


def test_some_server_is_needed() -> None:
    with pytest.raises(GenerationError, match="no address"):
        OpenAIModel([])
