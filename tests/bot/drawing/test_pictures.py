from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC

import pytest

from bot.drawing import profile, trend
from bot.drawing.pictures import Pictures
from storage.domain.interests import Interests
from storage.domain.stories import Brief, Page
from tests.hot import long_page, page
from tests.interests import interest


@pytest.fixture
async def pictures() -> AsyncIterator[Pictures]:
    drawing = Pictures(deadline_seconds=30)
    yield drawing
    drawing.close()


async def test_a_story_that_was_told_for_long_and_several_interests_are_drawn(pictures: Pictures) -> None:
    (story,) = await pictures.of_page(long_page(), "zh", UTC)
    (interests,) = await pictures.of_interests(Interests(liked=(interest("chips"), interest("ferries"))), "en")

    assert story.startswith(b"\x89PNG")
    assert interests.startswith(b"\x89PNG")


async def test_what_shows_nothing_is_not_drawn(pictures: Pictures) -> None:
    in_an_hour = long_page()
    assert in_an_hour.opened is not None
    first = in_an_hour.opened.story.reports[:1] * 4
    in_an_hour = replace(
        in_an_hour, opened=replace(in_an_hour.opened, story=replace(page().opened.story, reports=first))
    )  # type: ignore[union-attr]

    assert await pictures.of_page(page(), "en", UTC) == ()
    assert await pictures.of_page(in_an_hour, "en", UTC) == ()
    assert await pictures.of_page(Page(brief=Brief(title="x")), "en", UTC) == ()
    assert await pictures.of_page(replace(long_page(), brief=Brief(title="x"), opened=None), "en", UTC) == ()
    assert await pictures.of_interests(Interests(liked=(interest("chips"),)), "en") == ()


async def test_drawing_keeps_nothing_else_waiting(pictures: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(trend, "draw_trend", lambda *_, **__: go_on.wait(30))

    drawn = asyncio.create_task(pictures.of_page(long_page(), "en", UTC))
    await asyncio.sleep(0.01)
    # Were it drawn here, nobody could say so.
    go_on.set()

    assert len(await drawn) == 1


async def test_a_picture_that_takes_long_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    hasty, go_on = Pictures(deadline_seconds=0.05), threading.Event()
    monkeypatch.setattr(profile, "draw_profile", lambda *_, **__: go_on.wait(30))

    drawn = await hasty.of_interests(Interests(liked=(interest("chips"), interest("ferries"))), "en")

    go_on.set()
    hasty.close()
    assert drawn == ()


@pytest.mark.parametrize("error", [MemoryError(), ImportError("no library"), RuntimeError("a glyph")])
async def test_a_picture_that_cannot_be_drawn_is_left_out_and_logged(
    pictures: Pictures, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(trend, "draw_trend", fail)

    drawn = await pictures.of_page(long_page(), "en", UTC)

    assert drawn == ()
    assert [record.message for record in caplog.records] == ["picture not drawn"]
