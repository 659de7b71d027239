"""Which addresses Tidings may connect to.

A feed's address comes from strangers, so only public unicast addresses are connected to; an operator may open the
intranet, but never the addresses that only an attack asks for (cloud metadata, link-local, multicast, tunnels).
Knows nothing of DNS or sockets: it judges what they would use.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

IPAddress = IPv4Address | IPv6Address


class Reach(StrEnum):
    """Who may connect: everyone, only an instance that opened its intranet, nobody."""

    PUBLIC = "public"
    INTRANET = "intranet"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How far an address may be reached; `kind` says what it is, as in "a loopback address"."""

    reach: Reach
    kind: str

    def allows(self, *, private: bool) -> bool:
        """Whether it may be connected to, `private` meaning that the operator opened the intranet."""
        return self.reach is Reach.PUBLIC or (private and self.reach is Reach.INTRANET)


_PUBLIC = Verdict(reach=Reach.PUBLIC, kind="a public address")
_NOT_GLOBAL = Verdict(reach=Reach.NEVER, kind="not a public address")

# Sources: the IANA special-purpose registries (RFC 6890 and its updates), and the metadata services that the large
# clouds document. The first network that holds an address decides, so single addresses stand before their networks.
_RULES: tuple[tuple[str, Reach, str], ...] = (
    ("100.100.100.200/32", Reach.NEVER, "a cloud metadata address"),
    ("168.63.129.16/32", Reach.NEVER, "a cloud metadata address"),
    ("169.254.0.0/16", Reach.NEVER, "a link-local or cloud metadata address"),
    ("192.0.0.0/24", Reach.NEVER, "a protocol or cloud metadata address"),
    ("0.0.0.0/8", Reach.NEVER, "an unspecified address"),
    ("10.0.0.0/8", Reach.INTRANET, "a private address"),
    ("100.64.0.0/10", Reach.INTRANET, "a carrier's private address"),
    ("127.0.0.0/8", Reach.INTRANET, "a loopback address"),
    ("172.16.0.0/12", Reach.INTRANET, "a private address"),
    ("192.0.2.0/24", Reach.NEVER, "a documentation address"),
    ("192.88.99.0/24", Reach.NEVER, "a tunnel address"),
    ("192.168.0.0/16", Reach.INTRANET, "a private address"),
    # Local proxies hand out addresses of this network for every name, so an operator must be able to open it.
    ("198.18.0.0/15", Reach.INTRANET, "a benchmarking or local proxy address"),
    ("198.51.100.0/24", Reach.NEVER, "a documentation address"),
    ("203.0.113.0/24", Reach.NEVER, "a documentation address"),
    ("224.0.0.0/4", Reach.NEVER, "a multicast address"),
    ("240.0.0.0/4", Reach.NEVER, "a reserved address"),
    ("fd00:ec2::254/128", Reach.NEVER, "a cloud metadata address"),
    ("fd20:ce::254/128", Reach.NEVER, "a cloud metadata address"),
    ("::/128", Reach.NEVER, "an unspecified address"),
    ("::1/128", Reach.INTRANET, "a loopback address"),
    ("fc00::/7", Reach.INTRANET, "a private address"),
    ("fe80::/10", Reach.NEVER, "a link-local address"),
    ("fec0::/10", Reach.NEVER, "a site-local address"),
    ("ff00::/8", Reach.NEVER, "a multicast address"),
    ("2001::/32", Reach.NEVER, "a tunnel address"),
    ("2001:db8::/32", Reach.NEVER, "a documentation address"),
    ("2001::/23", Reach.NEVER, "a protocol address"),
    ("2002::/16", Reach.NEVER, "a tunnel address"),
    ("3fff::/20", Reach.NEVER, "a documentation address"),
)
_NETWORKS: tuple[tuple[IPv4Network | IPv6Network, Verdict], ...] = tuple(
    (ip_network(network), Verdict(reach=reach, kind=kind)) for network, reach, kind in _RULES
)

# Addresses that only stand for an IPv4 address, which is the one that is reached and so the one that is judged.
_STANDS_FOR_IPV4 = (ip_network("::ffff:0:0/96"), ip_network("64:ff9b::/96"))

# All that IANA has handed out for the public IPv6 internet. What lies outside is special, translated or unassigned.
_GLOBAL_UNICAST = ip_network("2000::/3")

_LOCAL_NAMES = ("localhost", "local", "internal", "localdomain", "home.arpa")


def judge(address: IPAddress) -> Verdict:
    """What an address is and who may connect to it."""
    if isinstance(address, IPv6Address) and any(address in network for network in _STANDS_FOR_IPV4):
        return judge(IPv4Address(int(address) & 0xFFFFFFFF))
    for network, verdict in _NETWORKS:
        if address.version == network.version and address in network:
            return verdict
    if address.version == 6 and address not in _GLOBAL_UNICAST:  # noqa: PLR2004 - IP version 6
        return _NOT_GLOBAL
    return _PUBLIC if address.is_global else _NOT_GLOBAL


def judge_name(host: str) -> Verdict:
    """What a host name says about itself before it is looked up. `host` is ASCII, lower case, without a final dot."""
    if any(host == name or host.endswith(f".{name}") for name in _LOCAL_NAMES):
        return Verdict(reach=Reach.INTRANET, kind="a local name")
    return _PUBLIC


def literal(host: str) -> IPAddress | None:
    """The address that `host` writes out, or `None` where it is a name. IPv6 without brackets."""
    try:
        return ip_address(host)
    except ValueError:
        return None
