"""The watch over logs sees what it is there to see."""

from __future__ import annotations

import logging

import pytest
from pydantic import SecretStr

from bot.messenger.incoming.events import Asked
from storage.domain.deliveries import InboxUpdate
from tests.bot.flows import NOW
from tests.bot.messenger.operators.test_gate import ORIGIN
from tests.canary import WATCH, Watch
from tests.shingles import Shingles

WORDS = "my neighbour keeps a heron"
TOKEN = "123456789:" + "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
LOG = logging.getLogger("bot.planted")


def leaks() -> list[str]:
    """What was found; it is forgiven."""
    found = WATCH.leaks()
    WATCH.clear()
    return found


def test_words_in_a_line_a_field_or_a_traceback_are_found_and_not_repeated() -> None:
    Asked(origin=ORIGIN, text=WORDS)
    LOG.debug(f"asked: {WORDS}")  # noqa: G004 - the leak
    LOG.info("asked", extra={"what": WORDS})
    try:
        raise ValueError(WORDS)
    except ValueError:
        LOG.exception("failed")
    LOG.debug("asked", extra={"length": len(WORDS)})

    found = leaks()

    assert len(found) == 3
    assert not any("heron" in line for line in found)


@pytest.mark.parametrize("words", ["邻居养了一只苍鹭", "邻居养了苍鹭", f"  {WORDS}\n"])
def test_words_of_any_language_are_found_in_updates_too(words: str) -> None:
    payload = '{"update_id": 1, "message": {"reply_to_message": {"text": %s}}}'
    InboxUpdate(update_id=1, payload=payload % repr(words).replace("'", '"'), received_at=NOW)
    logging.getLogger("some.library").warning("cannot read %s", words)

    assert len(leaks()) == 1


def test_secrets_and_whatever_looks_like_a_token_are_found_in_our_lines() -> None:
    SecretStr("hush-hush-hush")
    LOG.debug("calling", extra={"key": "hush-hush-hush"})
    LOG.debug("calling", extra={"url": f"/bot{TOKEN}/getMe"})
    LOG.debug("calling", extra={"url": "/bot***/getMe"})

    assert len(leaks()) == 2


@pytest.mark.parametrize("which", [0, 4_999, 29_999])
def test_in_a_long_test_whatever_was_written_is_found_in_whatever_line(which: int) -> None:
    watch = Watch()
    texts = [f"reader {n} keeps {n * 7} herons and says so at length" for n in range(30_000)]
    for text in texts:
        watch.note(text)
    log = logging.makeLogRecord({"name": "bot.planted", "msg": "handled"})
    for n in range(25_000):
        watch.see(
            logging.makeLogRecord({"name": "bot.planted", "msg": f"asked: {texts[which]}"}) if n == 1_000 else log
        )

    assert len(watch.leaks()) == 1


@pytest.mark.parametrize("text", ["邻居养了苍鹭", WORDS, f"{WORDS}\nand a second line of it"])
def test_among_very_many_a_text_is_known_word_for_word(text: str) -> None:
    known = Shingles(10_000)
    for n in range(5_000):
        known.add(f"{WORDS} number {n}")
    known.add(text)

    assert list(known.within(f"asked: {text}!")) == [text]
    assert not list(known.within("my neighbour keeps a hero"))


def test_texts_beyond_its_bound_are_not_known_and_those_before_it_are() -> None:
    known = Shingles(2)
    for text in ("the first of them", "the second of them", "the third of them"):
        known.add(text)

    assert len(known) == 2
    assert list(known.within("the first of them, the third of them")) == ["the first of them"]


def test_what_a_program_wrote_is_looked_through_as_well() -> None:
    watch = Watch()
    watch.note_json({"message": {"text": WORDS}})

    assert watch.leaks_in(f"INFO bot asked\nINFO bot asked what={WORDS}\n{TOKEN}") == ["INFO bot asked what=…", "…"]
    assert watch.leaks_in("INFO bot asked") == []


def test_a_log_of_names_and_numbers_is_fine_and_what_is_short_is_no_words() -> None:
    Asked(origin=ORIGIN, text="hot?")
    Asked(origin=ORIGIN, text=WORDS)
    LOG.info("hot? asked", extra={"update": 7})

    assert leaks() == []
