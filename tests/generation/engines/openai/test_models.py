"""Which model of a server writes."""

from __future__ import annotations

import pytest

from tests.generation.engines.openai.writing import (
    Build,
    Start,
    failing,
    written,
)
from tests.generation.engines.servers import (
    MODEL,
    answers,
    in_turn,
    says,
)


async def test_the_first_model_a_server_lists_is_used_where_none_is_named(start: Start, build: Build) -> None:
    server = await start(says("Yes."))
    model = build(server.url, model=None)
    before = model.name

    await written(model)
    await written(model)

    assert (before, model.name) == ("openai", MODEL)
    assert [request.path for request in server.requests] == ["/v1/models", *["/v1/chat/completions"] * 2]


async def test_of_several_servers_the_one_that_wrote_is_named(start: Start, build: Build) -> None:
    first, second = await start(answers({}, 500)), await start(says("Yes."))
    model = build(first.url, second.url, model=None)
    before = model.wrote_at

    await written(model)

    assert before is None
    assert model.wrote_at is not None
    assert model.wrote_at in second.url
    assert model.wrote_at not in first.url
    assert model.name == MODEL


async def test_a_model_that_a_server_read_from_a_folder_is_called_by_the_name_of_the_folder(
    start: Start, build: Build
) -> None:
    server = await start(says("Yes."), models=answers({"data": [{"id": "/srv/models/Small-1B"}]}))
    model = build(server.url, model=None)

    await written(model)

    assert model.name == "Small-1B"
    assert server.chats[0].sent["model"] == "/srv/models/Small-1B"


async def test_a_server_that_changed_its_model_is_asked_for_it_again(start: Start, build: Build) -> None:
    server = await start(in_turn(says("Yes."), answers({"error": {}}, 404), says("Again.")))
    model = build(server.url, model=None)
    await written(model)
    await failing(model)
    server.models = answers({"data": [{"id": "newer"}]})

    await written(model)

    assert server.chats[-1].sent["model"] == "newer"


@pytest.mark.parametrize("listed", [{"data": []}, {"data": [5]}, {"data": "x"}, {"models": []}, [], 5, "x", None])
async def test_a_server_that_lists_no_model_fails(start: Start, build: Build, listed: object) -> None:
    server = await start(says("Yes."), models=answers(listed))

    _, error = await failing(build(server.url, model=None))

    assert server.host in str(error)
