"""Web addresses: reading them one way only, making links absolute, and the key by which copies are recognised.

Whatever is connected to goes through `parse_http`, so that what was judged and what is requested are the same thing.
"""

from __future__ import annotations

import re
import socket
import unicodedata
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import quote, unquote_to_bytes, urljoin

MAX_URL_CHARS = 8192
MAX_LINK_CHARS = 2_000
"""Longer links are tracking or data, not the addresses of articles."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HTTP = re.compile(r"(?i)(https?)://([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_USER = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*:)?(/*)[^/?#]*@")

# Parameters that say where a click came from and never which page is meant. Only names that mean nothing else:
# a wrong entry would make two articles one.
_TRACKERS = frozenset(
    [
        "fbclid",
        "gclid",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "gad_source",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "igshid",
        "igsh",
        "srsltid",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "_hsenc",
        "_hsmi",
        "vero_id",
        "oly_enc_id",
        "oly_anon_id",
        "wickedid",
        "cmpid",
        "ocid",
        "ncid",
        "smid",
        "smtyp",
        "xtor",
        "ref_src",
        "ref_url",
        "__twitter_impression",
        "sr_share",
        "spm",
        "scm",
        "ftcamp",
        "ftag",
        "maca",
        "wt.mc_id",
        "wt.rss_f",
        "ns_mchannel",
        "ns_source",
        "ns_campaign",
        "ns_linkname",
        "ns_fee",
        "feedtype",
        "feedname",
        "guccounter",
        "guce_referrer",
        "guce_referrer_sig",
        "_ga",
        "_gl",
    ]
)
_TRACKER_PREFIXES = ("utm_", "at_", "itm_", "mtm_", "pk_", "hsa_", "stm_")
# Names that may mean something, dropped only where their value says that the click came from a feed.
_FEED_MARKS = frozenset(["ref", "source", "src", "from", "f", "partner", "emc", "via", "campaign", "medium"])
_FEED_VALUES = frozenset({"rss", "feed", "rssfeed", "atom", "rss1", "rss2"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAddress:
    """An http(s) address taken apart, all ASCII.

    `host` is lower case, without a final dot and without brackets; a number in any spelling is a dotted address.
    `target` is the path and query as they are sent, and `fragment` what stood after #, if anything.
    """

    scheme: str
    host: str
    port: int
    target: str
    fragment: str = ""

    @property
    def authority(self) -> str:
        """Host and port as the Host header carries them: brackets around IPv6, no default port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def parse_http(url: str) -> HttpAddress:
    """Read an absolute http(s) address strictly; spellings on which readers disagree are refused, not repaired.

    Raises:
        ValueError: It is not one; the text says why, and never repeats the address.
    """
    if len(url) > MAX_URL_CHARS:
        raise ValueError(f"the address is longer than {MAX_URL_CHARS} characters")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in url) or "\\" in url:
        raise ValueError("the address contains control characters or backslashes")
    match = _HTTP.fullmatch(url)
    if match is None:
        raise ValueError("only http:// and https:// addresses are read")
    scheme, authority, path, query, fragment = (part or "" for part in match.groups())
    if "@" in authority:
        raise ValueError("addresses with a user name or password are not read")
    host, port = _split_port(authority, _DEFAULT_PORTS[scheme.lower()])
    return HttpAddress(
        scheme=scheme.lower(),
        host=_normal_host(host),
        port=port,
        target=_escape(_without_dots(path or "/")) + _escape(query),
        fragment=_escape(fragment[1:]),
    )


def absolute(base: str, href: str) -> str | None:
    """`href` as a page at `base` means it, fragment and all; `None` where it is not an http(s) address."""
    try:
        joined = urljoin(base, re.sub(r"[\t\r\n]", "", href).strip())
        address = parse_http(joined)
    except ValueError:
        return None
    return f"{address}#{address.fragment}" if address.fragment else str(address)


def canonical_url(url: str) -> str | None:
    """The key of a page: the address without what does not name the page.

    `None` where it is not http(s), or longer than `MAX_LINK_CHARS`, as written or escaped.
    Tracking parameters, the default port and the fragment go (a fragment that routes, as in #!/story, stays); letter
    case and escapes are made regular. Scheme, www, order of parameters and final slash stay: they may matter.
    """
    link = url.strip()
    if len(link) > MAX_LINK_CHARS:
        return None
    try:
        address = parse_http(link)
    except ValueError:
        return None
    path, _, query = address.target.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not _is_tracking(part))
    route = f"#{address.fragment}" if address.fragment.startswith(("!", "/")) else ""
    key = f"{address.scheme}://{address.authority}{path}{'?' if kept else ''}{kept}{route}"
    return key if len(key) <= MAX_LINK_CHARS else None


def masked(url: str, limit: int = 300) -> str:
    """`url` fit for a log or a message: one line, of bounded length, without a user name or password."""
    clean = "".join(
        " " if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} else character for character in url
    )
    shown = _USER.sub(r"\1\2", clean.strip())
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def _split_port(authority: str, default: int) -> tuple[str, int]:
    host, colon, digits = authority.rpartition(":")
    if not colon or authority.endswith("]"):
        return authority, default
    if not digits:
        return host, default
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 5 and 0 < int(digits) <= 65535):  # noqa: PLR2004
        raise ValueError("the port is not a number from 1 to 65535")
    return host, int(digits)


def _normal_host(host: str) -> str:
    if host.startswith("[") and host.endswith("]"):
        try:
            address = IPv6Address(host[1:-1])
        except AddressValueError as error:
            raise ValueError("the host is not an IPv6 address") from error
        if address.scope_id is not None:
            raise ValueError("an IPv6 address with a zone is not read")
        return str(address)
    name = _ascii_name(host).removesuffix(".")
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):  # noqa: PLR2004 - limit of DNS
        raise ValueError("the host is not a valid name" if host else "the address has no host")
    return _dotted(name) if _NUMBER.fullmatch(labels[-1]) else name


def _ascii_name(host: str) -> str:
    if host.isascii():
        return host.lower()
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError("the host is not a valid international name") from error


def _dotted(name: str) -> str:
    """A name that ends in a number is an address to every resolver, however it is spelt (127.1, 0x7f000001)."""
    try:
        return socket.inet_ntoa(socket.inet_aton(name))
    except OSError as error:
        raise ValueError("the host is not a valid IPv4 address") from error


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")[1:]
    for position, segment in enumerate(segments):
        plain = segment.lower().replace("%2e", ".")
        last = position == len(segments) - 1
        if plain == "..":
            kept = kept[:-1]
        if plain not in {".", ".."}:
            kept.append(segment)
        elif last:
            kept.append("")
    return "/" + "/".join(kept)


def _escape(text: str) -> str:
    """ASCII only, escapes in capitals, and nothing escaped that need not be."""
    return quote(_ESCAPE.sub(_regular_escape, text), safe="%/?:@!$&'()*+,;=-._~[]|")


def _regular_escape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


def _is_tracking(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    name = unquote_to_bytes(name).decode("utf-8", "replace").lower()
    if name in _TRACKERS or name.startswith(_TRACKER_PREFIXES):
        return True
    return name in _FEED_MARKS and value.lower() in _FEED_VALUES
