from __future__ import annotations

import contextlib
import time

import pytest

from retrieval.ingest.guards import MAX_ITEMS, Refused, guard_feed

BODY = "<rss version='2.0'><channel><title>T</title></channel></rss>"


@pytest.mark.parametrize(
    "prolog",
    [
        "",
        "\n\n<?xml version='1.0'?>\n",
        "<?xml version='1.0'?><!-- hello --><?xml-stylesheet href='x'?>",
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">\n',
        "<!DOCTYPE html>",
    ],
)
def test_a_harmless_prolog_is_left_out(prolog: str) -> None:
    assert guard_feed(prolog + BODY).text.strip() == BODY


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        "<?xml version='1.0'?>\n<!-- [ --><!doctype x\n[ <!ELEMENT rss ANY> ]>",
        '<!DOCTYPE x SYSTEM "http://example.org/x.dtd" [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
        '<!ENTITY a "b">',
        "<!DOCTYPE unfinished ",
    ],
)
def test_declarations_are_refused(prolog: str) -> None:
    with pytest.raises(Refused, match="declares entities"):
        guard_feed(prolog + BODY)


def test_declarations_an_article_writes_about_are_text() -> None:
    document = BODY.replace("T", "<![CDATA[<!DOCTYPE x [<!ENTITY a 'b'>]>]]>", 1)

    assert guard_feed(document).text == document


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("<?xml version='1.0'?>" + "\n" * 80_000 + BODY, "20,000 blanks"),
        ("<rss>" + " \t" * 11_000 + "</rss>", "20,000 blanks"),
        ("<rss " + "".join(f"a{i}='1' " for i in range(20_000)) + "/>", "1,000 attributes"),
        ("<rss " + "".join(f"a{i} " for i in range(20_000)) + "/>", "1,000 attributes"),
        ("<a>" * 100_000, "nests more than 1,000"),
        ("<rss>" + "<item>" * 5_000, "closes too few"),
    ],
)
def test_floods_are_refused_with_their_kind(document: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        guard_feed(document)


def test_long_blanks_are_shortened() -> None:
    assert len(guard_feed("<rss>" + " " * 5_000 + "</rss>").text) < 300


def test_the_first_items_are_kept_and_a_note_says_so() -> None:
    items = "".join(f"<item><title>{i}</title></item>" for i in range(2_000))

    guarded = guard_feed(f"<rss><channel>{items}</channel></rss>")

    assert guarded.text.count("<item>") == MAX_ITEMS
    assert guarded.text.endswith(f"<title>{MAX_ITEMS - 1}</title></item></channel></rss>")
    assert guarded.notes == ("only the first 500 of 2,000 items were read",)


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("<rss><channel>", "</channel></rss>"),
        ('<feed xmlns="a">', "</feed>"),
        ("<rdf:RDF><channel></channel>", "</rdf:RDF>"),
    ],
)
@pytest.mark.parametrize("left", ["", "<item><title>two", "<item><title>two</title><x><![CDATA[ a </rss> b"])
def test_of_a_feed_that_breaks_off_the_whole_items_are_kept(opening: str, closing: str, left: str) -> None:
    one = "<item><title>one</title></item>"

    cut, whole = guard_feed(opening + one + left), guard_feed(f"{opening}{one}{closing}\n")

    assert (cut.text, cut.cut) == (f"{opening}{one}{closing}", True)
    assert not whole.cut


def test_a_feed_whose_root_alone_is_not_closed_is_whole() -> None:
    text = "<rss><channel><item><title>one</title></item></channel>\n</rs"

    assert guard_feed(text).text == text
    assert not guard_feed(text).cut


def test_what_breaks_off_before_an_item_is_whole_is_refused_and_a_page_is_left_to_the_parser() -> None:
    with pytest.raises(Refused, match="breaks off"):
        guard_feed("<rss><channel><item><title>one")

    assert not guard_feed("<html><body><p>No feed").cut


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", "<a =", "<!--", "<![CDATA[", "<?", "<!DOCTYPE ", " \n", "<item>", "</item>", "a= '", '"', "<a b='"],
)
def test_checking_takes_time_in_proportion_to_the_length(piece: str) -> None:
    def cost(n: int) -> float:
        document = "<rss>" + piece * n
        start = time.process_time()
        with contextlib.suppress(Refused):
            guard_feed(document)
        return time.process_time() - start

    small, large = min(cost(5_000) for _ in range(3)), cost(100_000)

    # Twenty times the length; a square would cost four hundred times as much.
    assert large < 100 * small + 0.1
