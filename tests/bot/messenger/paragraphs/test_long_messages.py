"""However a message is made, reading it takes work in proportion to its length: no pattern looks through it from each
of its characters again.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable

import pytest

from bot.excerpts import one_line
from bot.flows.asked import clean_question
from bot.flows.evidence import of_telling
from bot.flows.of_given import _NAMED
from bot.flows.statements import said_to_do
from bot.flows.subjects import subject_wanted
from bot.flows.what_to_read import what_to_read
from bot.flows.wishes import wish
from bot.flows.wording.places import zone_named
from bot.flows.wording.reading import MOST_CHARACTERS, read
from bot.messenger.incoming.events import Me
from bot.messenger.incoming.reading import read_event
from bot.messenger.paragraphs.markup import Piece, parts
from generation.rewrite import standalone
from retrieval.search.query import subject, understand
from storage.domain.dialogue import Turn
from storage.domain.news import Filters
from storage.domain.people import ReaderId
from storage.domain.sources import called
from storage.errors import TidingsError
from tests.bot.flows import NOW

LONGEST = 4_096
"""Characters that Telegram takes."""
MOST_PASSES = 600
"""A reading may take as long as this many walks over the text, a character at a time; the slowest takes some hundred.
One that is quadratic takes over a thousand."""
TURN = Turn(question="Who builds ferries?", standalone="Who builds ferries?", answer="A yard.", cited=(), at=NOW)
FRAGMENTS = (
    "a", "1", "_", "-", "a.", "a,", "a-", "'", " ", "\t ", "\n", " \n", "1:", "7:30 ", "12 ", "é", "😀", "\u0301", "?",
    "。", "了", "我", "不", "新", "的新闻", "感兴趣", "没兴趣", "来自", "周末", "每天", "除", "关于", "8点",
    " news", " again", " news about", " the", " and", " in the", " from a", " please", " every morning at", " every",
    " evenings at 8", "hi ", "Sky, ", " utc+", " except", "don't want ", "http://a.b ", "@a ", "&amp;", "<", "/a_1 ",
    " | ", " - ",
)  # fmt: skip


def event_of(text: str, **chat: object) -> None:
    """Read it as an update."""
    message = {
        "message_id": 5,
        "date": 1,
        "chat": {"id": 7, "type": "private", "first_name": "A", **chat},
        "from": {"id": 7, "is_bot": False, "first_name": "A"},
        "text": text,
        "entities": [{"type": "url", "offset": 0, "length": 13}],
    }
    read_event(json.dumps({"update_id": 1, "message": message}), Me(id=99, username="tidings_bot"))


READINGS: dict[str, Callable[[str], object]] = {
    "event": lambda text: event_of(f"https://a.bcd {text}"),
    "among others": lambda text: event_of(f"@tidings_bot {text}", id=-5, type="group", title="G"),
    "command": lambda text: event_of(f"/x {text}"),
    "statement": said_to_do,
    "what to read": what_to_read,
    "wish": wish,
    "interests": lambda text: of_telling(ReaderId("telegram:7"), text, NOW),
    "digest": read,
    "digest, as long as it may be": lambda text: read(text[-MOST_CHARACTERS:]),
    "subject": subject_wanted,
    "zone": zone_named,
    "question": clean_question,
    "given": _NAMED.search,
    "outlet": lambda text: called(text, ("BBC",)),
    "name of an outlet": lambda text: called("bbc", (text,)),
    "bounds": lambda text: understand(text, Filters(), NOW),
    "words": subject,
    "follow-up": lambda text: standalone(text, (TURN,)),
    "one line": one_line,
    "markup": lambda text: parts([(Piece(text=text),)]),
}


def seconds(reading: Callable[[str], object], text: str) -> float:
    """Of the processor, for one reading; what it says is another matter."""
    begun = time.thread_time()
    with contextlib.suppress(TidingsError):
        reading(text)
    return time.thread_time() - begun


def walk(text: str) -> int:
    """What the work of readings is counted in."""
    return sum(1 for character in text if character)


@pytest.mark.parametrize("name", READINGS)
def test_no_text_takes_more_than_so_many_walks_over_it(name: str) -> None:
    reading = READINGS[name]
    # Whatever is loaded for the first is loaded.
    seconds(reading, "a short one")

    for at, fragment in enumerate(FRAGMENTS):
        text = f"{('', 'y', '我')[at % 3]}{fragment * LONGEST}"[: LONGEST - 1] + "x"
        for _ in range(3):
            # What else the machine does may slow one of them.
            passes = seconds(reading, text) / min(seconds(walk, text) for _ in range(3))
            if passes < MOST_PASSES:
                break
        else:
            pytest.fail(f"{fragment!r} takes {passes:.0f} walks")
