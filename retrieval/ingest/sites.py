"""Which addresses are one publisher's, by the registered part of their hosts."""

from __future__ import annotations

from storage.domain.sources import host_of


def same_site(url: str, other: str) -> bool:
    """Whether both are under one registered name.

    feeds.example.co.uk and www.example.co.uk are; two blogs that one company hosts are not.
    """
    one, two = host_of(url), host_of(other)
    if one is None or two is None:
        return False
    registered = _registered(one)
    return one == two or (registered is not None and registered == _registered(two))


def _registered(host: str) -> str | None:
    """The name that was registered, `None` where there is none, as for a number or a name of the local network."""
    from tld import get_fld

    return get_fld(host, fix_protocol=True, fail_silently=True, search_private=True)
