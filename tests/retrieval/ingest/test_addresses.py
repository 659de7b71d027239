from __future__ import annotations

from ipaddress import ip_address

import pytest

from retrieval.ingest.addresses import Reach, judge, judge_name, literal


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "151.101.0.81", "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450:4001::200e"],
)
def test_a_public_address_is_public(address: str) -> None:
    assert judge(ip_address(address)).reach is Reach.PUBLIC


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "198.18.0.5", "::1", "fd12:3456::1"],
)
def test_an_intranet_address_needs_the_operators_word(address: str) -> None:
    verdict = judge(ip_address(address))

    assert not verdict.allows(private=False)
    assert verdict.allows(private=True)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - judged, not listened on
        "100.100.100.200",
        "168.63.129.16",
        "169.254.169.254",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::8.8.8.8",
        "::ffff:0:808:808",
        "64:ff9b:1::808:808",
        "100::1",
        "2001::808:808",
        "2001:db8::1",
        "2002:808:808::",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_that_only_an_attack_asks_for_stays_shut_even_on_an_intranet(address: str) -> None:
    verdict = judge(ip_address(address))

    assert verdict.reach is Reach.NEVER
    assert not verdict.allows(private=True)


@pytest.mark.parametrize("prefix", ["::ffff:", "64:ff9b::"])
@pytest.mark.parametrize("embedded", ["8.8.8.8", "127.0.0.1", "169.254.169.254", "10.0.0.1", "168.63.129.16"])
def test_an_address_that_stands_for_an_ipv4_address_is_judged_as_that(prefix: str, embedded: str) -> None:
    assert judge(ip_address(prefix + embedded)) == judge(ip_address(embedded))


@pytest.mark.parametrize("name", ["localhost", "a.localhost", "printer.local", "metadata.google.internal"])
def test_a_local_name_is_known_before_it_is_looked_up(name: str) -> None:
    assert not judge_name(name).allows(private=False)


@pytest.mark.parametrize("name", ["example.com", "local.news", "internal.example", "mylocalhost"])
def test_a_name_that_only_resembles_a_local_one_is_let_through(name: str) -> None:
    assert judge_name(name).allows(private=False)


def test_only_addresses_are_literal() -> None:
    assert literal("8.8.8.8") == ip_address("8.8.8.8")
    assert literal("::1") == ip_address("::1")
    assert literal("example.com") is None
