from __future__ import annotations

import base64
import os
from dataclasses import replace
from pathlib import Path

import pytest

from storage.sealing import Key, NotOpened, Wrapping, key_of, new_bits

WORDS = "What of the heron, 湖城 😀?"
PLACE = "turns.question"


def a_key() -> Key:
    id_, bits = new_bits()
    return Key(id=id_, owner="telegram:7", bits=bits)


def test_what_is_sealed_is_opened_by_its_key_for_its_place_alone() -> None:
    key, other = a_key(), a_key()
    cell = key.seal(WORDS, PLACE)

    assert key.open(cell, PLACE) == WORDS
    assert key_of(cell) == key.id
    assert "heron" not in cell
    for attempt in (
        lambda: other.open(cell, PLACE),
        lambda: replace(key, bits=other.bits).open(cell, PLACE),
        lambda: key.open(cell, "turns.answer"),
    ):
        with pytest.raises(NotOpened):
            attempt()


def test_the_same_text_never_looks_the_same_and_whatever_is_changed_in_it_is_found_out() -> None:
    key = a_key()
    cell = key.seal(WORDS, PLACE)
    head, sealed = cell[:22], base64.b64decode(cell[22:])

    assert key.seal(WORDS, PLACE) != cell
    for at in range(len(sealed)):
        changed = bytes(byte ^ (number == at) for number, byte in enumerate(sealed))
        with pytest.raises(NotOpened):
            key.open(head + base64.b64encode(changed).decode(), PLACE)
    for odd in ("é", "AAAA", "A", "A A="):
        with pytest.raises(NotOpened):
            key.open(head + odd, PLACE)


@pytest.mark.parametrize("text", ["", "enc1:", "enc1:0123456789abcdef", "enc1:xyz:AAAA", "plain"])
def test_what_only_looks_sealed_is_not(text: str) -> None:
    assert key_of(text) is None
    with pytest.raises(NotOpened):
        a_key().open(text, PLACE)


def test_a_key_says_nothing_of_itself() -> None:
    key = a_key()

    assert repr(key) == f"Key(id='{key.id}', owner='telegram:7')"


def test_a_secret_seals_keys_and_another_does_not_open_them() -> None:
    id_, bits = new_bits()
    mine, bare = Wrapping("correct horse"), Wrapping(None)
    kept = mine.kept(id_, bits)

    assert mine.bits(id_, kept, wrapped=True) == bits
    assert bits not in kept
    assert bare.kept(id_, bits) == bits
    assert mine.bits(id_, bits, wrapped=False) == bits
    for attempt in (
        lambda: Wrapping("another").bits(id_, kept, wrapped=True),
        lambda: bare.bits(id_, kept, wrapped=True),
        lambda: mine.bits("0" * 16, kept, wrapped=True),
    ):
        with pytest.raises(NotOpened):
            attempt()


def test_a_mark_is_the_same_for_the_same_text_and_key_alone() -> None:
    key, other = a_key(), a_key()

    assert key.mark(WORDS) == replace(key, id="another").mark(WORDS)
    assert len({key.mark(WORDS), other.mark(WORDS), key.mark(PLACE)}) == 3


def test_thousands_of_keys_in_memory_take_little_more_than_their_bits() -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")

    if not Path("/proc/self/statm").exists():
        pytest.skip("this system does not say what a process takes")
    before = resident()
    keys = [a_key() for _ in range(20_000)]

    assert (resident() - before) / len(keys) < 1_000
