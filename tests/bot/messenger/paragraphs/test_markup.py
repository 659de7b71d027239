from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messenger.paragraphs.markup import (
    MAX_LINK,
    MAX_UNITS,
    Paragraph,
    Piece,
    Style,
    clean,
    defused,
    own,
    parts,
    plain,
    units,
    web_address,
)
from tests.bot_api import telegram_html

TEXT = st.text(alphabet=st.characters(), max_size=300) | st.sampled_from(
    ["<b>&amp;", "]]>", "\ud800", "\u202eevil", "👩‍👩‍👧", "&#60;script&#62;", "a" * 4_200, "词" * 4_200, "😀" * 2_100]
)
LINK = (
    st.none()
    | TEXT
    | st.sampled_from(["https://a.example/?x=1&y=\"'<>", "javascript:alert(1)", "tg://user?id=1", "/rel"])
)
STYLE: st.SearchStrategy[Style | None] = st.sampled_from([None, "b", "i", "code"])
PIECE = st.builds(Piece, text=TEXT, style=STYLE, link=LINK, own=st.booleans())
PARAGRAPHS = st.lists(st.lists(PIECE, max_size=4).map(tuple), max_size=6)
few = settings(deadline=None, max_examples=60)


@few
@given(PARAGRAPHS)
def test_whatever_is_said_telegram_takes_it(paragraphs: list[Paragraph]) -> None:
    for part in parts(paragraphs):
        shown = telegram_html.parse(part)

        assert 0 < telegram_html.units(shown.text) <= MAX_UNITS
        assert shown.text.strip()
        assert len(shown.entities) <= 100


@few
@given(PARAGRAPHS)
def test_cutting_loses_no_word(paragraphs: list[Paragraph]) -> None:
    whole = "".join(clean(piece.text) for paragraph in paragraphs for piece in paragraph if piece.own)
    others = "".join(defused(piece.text) for paragraph in paragraphs for piece in paragraph if not piece.own)

    shown = "".join(telegram_html.parse(part).text for part in parts(paragraphs))

    assert sorted("".join(shown.split())) == sorted("".join((whole + others).split()))


def test_ten_thousand_hostile_strings_make_no_markup_and_no_link(shared: Path) -> None:
    strings = (shared / "hostile" / "xss.txt").read_text(encoding="utf-8", errors="replace").splitlines()

    for text in filter(str.strip, strings):
        for part in parts([(Piece(text=text), own(" "), Piece(text="[1]", link=text))]):
            shown = telegram_html.parse(part)
            assert all(link.startswith(("http://", "https://")) for link in shown.links)
            assert {entity.tag for entity in shown.entities} <= {"a"}


def test_long_text_is_cut_between_words() -> None:
    words = " ".join(f"word{n}" for n in range(2_000))

    cut = parts([(Piece(text=words),)])

    assert len(cut) > 1
    assert all(part.split()[-1].startswith("word") for part in cut)
    assert " ".join(cut).split() == words.split()


def test_a_surrogate_pair_is_never_cut() -> None:
    cut = parts([(Piece(text="x" + "😀" * 4_000),)])

    assert [units(part) for part in cut] == [4095, 3906]
    assert "".join(cut).count("😀") == 4_000


def test_more_entities_than_telegram_keeps_begin_a_new_message() -> None:
    lines = [(Piece(text=f"title {n}", link=f"https://a.example/{n}"),) for n in range(150)]

    cut = parts(lines)

    assert [len(telegram_html.parse(part).links) for part in cut] == [100, 50]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "data:text/html,x", "tg://resolve?domain=x", "//evil.example", "/relative", "", " ",
        "https://", "http://user@evil.example/", "https://a.example/\nx", "https://a.example/\u2028",
        "https://" + "a" * MAX_LINK, "https://[", "mailto:a@b.c", "ftp://a.example",
    ],
)  # fmt: skip
def test_only_absolute_web_addresses_are_links(link: str) -> None:
    assert web_address(link) is None
    assert "<a" not in parts([(Piece(text="text", link=link),)])[0]


def test_what_deceives_is_taken_out() -> None:
    assert clean("a\u202eb\u0000c\u200bd\ud800e\u2066f\U000e0041") == "abcd\ufffdef"
    assert clean("family 👩\u200d👧 and نامه\u200cای") == "family 👩\u200d👧 and نامه\u200cای"


@pytest.mark.parametrize(
    "text", ["https://evil.example/x", "see t.me/evil", "@evil_bot", "/start", "#tag", "#标签", "evil.com"]
)
def test_text_that_is_not_ours_never_links_by_itself(text: str) -> None:
    shown = telegram_html.parse(parts([(Piece(text=text),)])[0]).text

    assert "\u2060" in shown
    assert shown.replace("\u2060", "") == text


@pytest.mark.parametrize("text", ["3.14 km at 9:30", "U.S. and/or E.U.", "今天3:0获胜", "A. B", "<b>x</b>", "#1 of $5"])
def test_ordinary_text_is_left_as_it_is(text: str) -> None:
    assert telegram_html.parse(parts([(Piece(text=text),)])[0]).text == text


def test_plain_is_what_the_markup_shows() -> None:
    (markup,) = parts(
        [(Piece(text="a < b & c", style="b"), own(" "), Piece(text="[1]", link="https://a.example/?x&y"))]
    )

    assert plain(markup) == "a < b & c [1]"


def test_nothing_to_say_is_no_message() -> None:
    assert parts([]) == ()
    assert parts([(), (own("  "),)]) == ()
