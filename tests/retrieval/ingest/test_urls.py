from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ingest.urls import MAX_URL_CHARS, absolute, canonical_url, masked, parse_http


def test_an_address_is_taken_apart() -> None:
    address = parse_http("HTTPS://News.Example.COM:8443/a%7Eb/ä?q=中#part")

    assert (address.scheme, address.host, address.port) == ("https", "news.example.com", 8443)
    assert address.target == "/a~b/%C3%A4?q=%E4%B8%AD"
    assert address.fragment == "part"
    assert str(address) == "https://news.example.com:8443/a~b/%C3%A4?q=%E4%B8%AD"


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("http://example.com:80/", "example.com"),
        ("https://example.com:80/", "example.com:80"),
        ("https://[2001:DB8:0::1]/", "[2001:db8::1]"),
        ("http://[::1]:8080/", "[::1]:8080"),
    ],
)
def test_the_authority_is_what_the_host_header_carries(url: str, authority: str) -> None:
    assert parse_http(url).authority == authority


@pytest.mark.parametrize(
    ("spelling", "host"),
    [
        ("2130706433", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("0251.0376.0251.0376", "169.254.169.254"),
        ("127.0.0.1.", "127.0.0.1"),
        ("①②⑦.⓪.⓪.①", "127.0.0.1"),
        ("127。0。0。1", "127.0.0.1"),
        ("[::FFFF:7f00:1]", "::ffff:7f00:1"),
        ("LOCALHOST.", "localhost"),
        ("例え.jp", "xn--r8jz45g.jp"),
        ("Straße.de", "xn--strae-oqa.de"),
        ("under_score.example.com", "under_score.example.com"),
    ],
)
def test_every_spelling_of_a_host_is_read_as_what_it_reaches(spelling: str, host: str) -> None:
    assert parse_http(f"http://{spelling}/").host == host


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "//example.com/",
        "http:example.com/",
        "http:///example.com/",
        "http://",
        "http://?q",
        "http://user@example.com/",
        "http://user:secret@example.com/",
        "http://example.com\\@evil.example/",
        "http://exa mple.com/",
        "http://example.com/\r\nHost: evil",
        "http://example.com/\ud800",
        "http://example.com:99999/",
        "http://example.com:0/",
        "http://example.com:٣/",
        "http://example.com:80:80/",
        "http://a..b/",
        "http://-a.example/",
        "http://1.2.3.4.5/",
        "http://999.1.1.1/",
        "http://example.08/",
        "http://[::1%25lo]/",
        "http://[::1%lo]/",
        "http://[127.0.0.1]/",
        "http://[::1]x/",
        "http://[::1/",
        "http://exa%6dple.com/",
        "file:///etc/passwd",
        "feed:http://example.com/",
        "javascript:alert(1)",
        "http://example.com/" + "a" * MAX_URL_CHARS,
    ],
)
def test_what_readers_disagree_on_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"address|host|port"):
        parse_http(url)


@given(st.text(alphabet="htps:/@.[]%?#\\01aZé中\u3002①-_ \n", max_size=40).map(lambda tail: f"http://{tail}"))
def test_whatever_is_accepted_reads_the_same_again_and_is_plain_ascii(url: str) -> None:
    try:
        address = parse_http(url)
    except ValueError:
        return

    again = parse_http(str(address))

    assert (again.host, again.port, again.target) == (address.host, address.port, address.target)
    assert str(address).isascii()
    assert str(address).isprintable()
    assert " " not in str(address)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://Example.com:80", "http://example.com/"),
        (" https://example.com/a#comments ", "https://example.com/a"),
        ("https://example.com/a?utm_source=x&id=7&fbclid=y", "https://example.com/a?id=7"),
        ("https://www.bbc.co.uk/news/1?at_medium=RSS&at_campaign=rss", "https://www.bbc.co.uk/news/1"),
        ("https://www.nytimes.com/x.html?partner=rss&emc=rss&smid=tw", "https://www.nytimes.com/x.html"),
        ("https://www.dw.com/en/a-1?maca=en-rss-en-all-1573-rdf", "https://www.dw.com/en/a-1"),
        ("https://36kr.com/p/1?f=rss", "https://36kr.com/p/1"),
        ("https://example.com/?&&", "https://example.com/"),
        ("https://example.com/%7euser/%e4%b8%ad", "https://example.com/~user/%E4%B8%AD"),
        ("https://example.com/a/../b/./c", "https://example.com/b/c"),
        ("https://example.com/a/..", "https://example.com/"),
        ("https://example.com/app#!/story/7", "https://example.com/app#!/story/7"),
    ],
)
def test_what_does_not_name_the_page_is_dropped(url: str, key: str) -> None:
    assert canonical_url(url) == key
    assert canonical_url(key) == key


@pytest.mark.parametrize(
    "url",
    [
        "https://news.ycombinator.com/item?id=1",
        "https://example.com/list?from=2020&ref=main&source=reuters",
        "https://example.com/read?cid=5&uid=7&keyword=a&gallery=3",
        "https://example.com/a/?b=2&a=1",
        "https://example.com/a//b/",
        "https://example.com/a?empty=",
    ],
)
def test_what_may_name_the_page_is_kept(url: str) -> None:
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    "url", ["mailto:a@example.com", "tag:example.com,2020:1", "/relative", "ftp://example.com/", ""]
)
def test_only_web_addresses_have_a_key(url: str) -> None:
    assert canonical_url(url) is None


@pytest.mark.parametrize(
    ("href", "link"),
    [
        ("b?c=1#d", "https://example.com/dir/b?c=1#d"),
        ("/b", "https://example.com/b"),
        ("//other.example/b", "https://other.example/b"),
        ("\n https://other.example/a\n  b ", "https://other.example/a%20%20b"),
        ("", "https://example.com/dir/page"),
        ("javascript:alert(1)", None),
        ("mailto:a@example.com", None),
        ("http://[broken", None),
    ],
)
def test_a_link_is_read_as_its_page_means_it(href: str, link: str | None) -> None:
    assert absolute("https://example.com/dir/page", href) == link


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:secret@example.com/feed", "https://example.com/feed"),
        ("http://user:secret@evil.example\\@example.com/", "http://example.com/"),
        ("user:secret@example.com", "user:example.com"),
        ("https://medium.com/@writer/feed", "https://medium.com/@writer/feed"),
        ("http://a\r\nb", "http://a  b"),
    ],
)
def test_what_is_shown_has_no_password_and_one_line(url: str, shown: str) -> None:
    assert masked(url) == shown


def test_what_is_shown_has_a_bounded_length() -> None:
    assert len(masked("http://example.com/" + "a" * 10_000)) == 300
