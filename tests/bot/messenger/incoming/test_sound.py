from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.messenger.incoming.events import Asked, Commanded, Located, Origin, Reacted, Tapped
from bot.messenger.incoming.readables import Words
from bot.messenger.incoming.sound import sound
from storage.domain.people import ReaderId

ORIGIN = Origin(chat_id=7, message_id=1, reader=ReaderId("telegram:7"), language="en", private=True)


@pytest.mark.parametrize(
    "event",
    [
        Asked(origin=ORIGIN, text="tides?"),
        Commanded(origin=replace(ORIGIN, thread_id=3), command="summary", argument="", about=Words(text="a post")),
        Located(origin=ORIGIN, latitude=52, longitude=13.4),
        Tapped(origin=ORIGIN, query="1", pressed=None),
        Reacted(origin=ORIGIN, verdict=None),
    ],
)
def test_what_is_as_it_is_declared_is_sound(event: Any) -> None:
    assert sound(event) is event


@pytest.mark.parametrize(
    ("event", "error"),
    [
        (Asked(origin=ORIGIN, text=["tides?"]), TypeError),  # type: ignore[arg-type]
        (Asked(origin=replace(ORIGIN, chat_id={"id": 7}), text="?"), TypeError),  # type: ignore[arg-type]
        (Asked(origin=replace(ORIGIN, thread_id="3"), text="?"), TypeError),  # type: ignore[arg-type]
        (Asked(origin=replace(ORIGIN, message_id=True), text="?"), TypeError),
        (Asked(origin=replace(ORIGIN, thread_id=False), text="?"), TypeError),
        (Asked(origin=replace(ORIGIN, message_id=2**63), text="?"), OverflowError),
        (Commanded(origin=ORIGIN, command="x", argument="", about=Words(text=None)), TypeError),  # type: ignore[arg-type]
        (Located(origin=ORIGIN, latitude=float("nan"), longitude=0.0), OverflowError),
        (Tapped(origin=ORIGIN, query=1, pressed=None), TypeError),  # type: ignore[arg-type]
    ],
)
def test_what_is_not_is_an_error(event: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        sound(event)
