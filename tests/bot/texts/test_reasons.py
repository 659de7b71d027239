from __future__ import annotations

from dataclasses import replace

import pytest

from bot.texts import languages
from bot.texts.reasons import provenance, why
from storage.domain.digests import Because, ReasonKind
from storage.domain.evidence import EvidenceKind
from tests.digests import item


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", ReasonKind)
@pytest.mark.parametrize("act", [None, *EvidenceKind])
def test_every_reason_can_be_said(kind: ReasonKind, act: EvidenceKind | None, language: str) -> None:
    what = {ReasonKind.SUBJECT: "sport", ReasonKind.SOURCE: "The Harbour Post"}.get(kind, "chips" if act else None)

    said = why(item(1, "", Because(kind=kind, what=what, act=act)), language)

    assert said
    assert "{" not in said


def test_a_reason_names_what_it_is_seen_by() -> None:
    asked = Because(kind=ReasonKind.INTEREST, what="Who builds ferries?", act=EvidenceKind.ASKED)

    assert why(item(1, "", asked), "en") == "you asked: “Who builds ferries?”"
    assert why(item(1, "", Because(kind=ReasonKind.HOT), outlets=5), "en") == "5 outlets tell of it"
    assert why(item(1, "", Because(kind=ReasonKind.SUBJECT, what="sport")), "zh") == "属于你关心的体育类内容"


def test_only_what_counted_most_is_told() -> None:
    told = Because(kind=ReasonKind.FRESH), Because(kind=ReasonKind.HOT)

    assert why(item(1, "", *told), "en") == "it is one of the newest I have"


def test_what_is_long_is_cut() -> None:
    said = why(item(1, "", Because(kind=ReasonKind.INTEREST, what="ferry " * 50, act=EvidenceKind.OPENED)), "en")

    assert len(said) < 120
    assert said.endswith("…”")


def test_who_tells_of_it_is_not_said_twice() -> None:
    hot = Because(kind=ReasonKind.HOT)

    assert provenance(item(1, "", hot, outlets=4), "en") == ("4 outlets tell of it",)
    assert provenance(item(1, outlets=4), "en") == ("4 outlets", "you asked: “Who builds ferries?”")
    assert provenance(item(1), "en") == ("The Harbour Post", "you asked: “Who builds ferries?”")


@pytest.mark.parametrize(("language", "ago"), [("en", "3 days ago"), ("zh", "3天前")])
def test_how_long_ago_it_is_comes_first(language: str, ago: str) -> None:
    earlier = replace(item(1), days_ago=3)

    assert provenance(earlier, language) == (ago, *provenance(item(1), language))


@pytest.mark.parametrize("language", languages())
def test_a_source_is_named_once(language: str) -> None:
    named = "Tidings sample edition · The Harbour Post"
    because = Because(kind=ReasonKind.SOURCE, what=named)
    told = item(1, "", because)
    told = replace(told, lead=replace(told.lead, source=named))

    (reason,) = provenance(told, language)

    assert "sample edition" not in reason
    assert reason.count("The Harbour Post") == 1
    assert len(provenance(replace(told, lead=replace(told.lead, source="Norvale Wire")), language)) == 2
