from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.grounding.claims import LONGEST_CLAIM, MOST_CHARACTERS, MOST_CLAIMS, Claim, ClaimReader


def read(text: str, size: int = 0) -> list[Claim]:
    reader = ClaimReader()
    pieces = [text[i : i + size] for i in range(0, len(text), size)] if size else [text]
    return [claim for piece in pieces for claim in reader.feed(piece)] + reader.finish()


def claims(*pairs: tuple[str, tuple[int, ...]]) -> list[Claim]:
    return [Claim(text=text, numbers=numbers) for text, numbers in pairs]


WRITTEN = [
    ("It opened on Monday [1]. It cost 3 million [2].", [("It opened on Monday.", (1,)), ("It cost 3 million.", (2,))]),
    ("It opened. [1] It cost more. [1][2]", [("It opened.", (1,)), ("It cost more.", (1, 2))]),
    ("It opened [1, 2]. Nothing else [Passage 3].", [("It opened.", (1, 2)), ("Nothing else.", (3,))]),
    ("大桥周一通车【1】。耗资三百万。[2]", [("大桥周一通车。", (1,)), ("耗资三百万。", (2,))]),
    ("- It **opened** Monday [1]\n- It cost `3` crowns [2]", [("It opened Monday", (1,)), ("It cost 3 crowns", (2,))]),
    ("Mr. Smith of the U.S. spoke. [4]", [("Mr. Smith of the U.S. spoke.", (4,))]),
    ('She said "no." [2] He left.', [('She said "no."', (2,)), ("He left.", ())]),
    ("# News\nIt rained [1][1].", [("News", ()), ("It rained.", (1,))]),
]


@pytest.mark.parametrize(("written", "expected"), WRITTEN)
@pytest.mark.parametrize("size", [0, 1, 3])
def test_sentences_come_with_their_marks_however_they_are_cut(
    written: str, expected: list[tuple[str, tuple[int, ...]]], size: int
) -> None:
    assert read(written, size) == claims(*expected)


def test_a_sentence_comes_as_soon_as_the_next_begins() -> None:
    reader = ClaimReader()

    assert reader.feed("It opened. [") == []
    assert reader.feed("1] ") == []
    assert reader.feed("It ") == claims(("It opened.", (1,)))


def test_what_never_ends_is_read_to_a_bound() -> None:
    reader = ClaimReader()
    given_claims: list[Claim] = []

    for _ in range(MOST_CHARACTERS):
        given_claims += reader.feed("Again and again. ")
        if reader.full:
            break

    assert len(given_claims) + len(reader.finish()) == MOST_CLAIMS
    assert reader.feed("More. And more. ") == []


def test_what_is_too_long_for_a_sentence_is_none() -> None:
    assert read("word " * LONGEST_CLAIM + ".") == []


@given(st.text(alphabet="a1 [].。【】*#-\n\"'U", max_size=200), st.integers(1, 9))
def test_how_it_is_cut_changes_nothing_and_nothing_is_formatted(text: str, size: int) -> None:
    for claim in read(text, size):
        assert claim.text == " ".join(claim.text.split())
        assert not {"**", "`"} & {claim.text[i : i + 2] for i in range(len(claim.text))}
