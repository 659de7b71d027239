from __future__ import annotations

from datetime import UTC, datetime

import pytest

from generation.support import Fault, Source, support
from tests.generation.conftest import make_hit

BRIDGE = Source(
    make_hit(
        "The Lindholm bridge reopened on Monday after repairs that cost 3 million crowns. Mayor Ada Stone said the "
        "works had been “worth every crown” to the city. She did not say when the tolls will rise. In all 412 workers "
        "from Norway took part.",
        title="Lindholm opens its bridge",
        published=datetime(2026, 3, 2, tzinfo=UTC),
    )
)
RIVER = Source(
    make_hit("河谷市8月2日共转移群众1.2万人，全市开放了35个安置点。市长王海表示，水位没有继续上涨。粮食产量增长了5%。")
)

BELIEVED = [
    "The Lindholm bridge reopened on Monday.",
    "Repairs of the bridge cost three million crowns.",
    "Mayor Ada Stone said the works were “worth every crown”.",
    "The bridge reopened on 2 March 2026 after repairs.",
    "Stone did not say when tolls will rise.",
    "412 workers took part.",
]
DOUBTED = [
    ("Repairs of the bridge cost 5 million crowns.", Fault.FIGURE),
    ("In all 3 workers from Norway took part.", Fault.FIGURE),
    ("The Lindholm bridge reopened, Mayor Bob Reed said.", Fault.NAME),
    ("In all 412 workers from Sweden took part.", Fault.NAME),
    ("Mayor Ada Stone said the works were “a waste of money”.", Fault.QUOTATION),
    ("The Lindholm bridge was not reopened on Monday.", Fault.DENIAL),
    ("The tolls will fall.", Fault.DIRECTION),
    ("The ferry cost 3 million crowns.", Fault.WORDS),
    ("Buy shares of the company that runs the toll road today.", Fault.WORDS),
    ("The bridge reopened: see https://evil.example/x for more.", Fault.UNQUOTABLE),
    ("The bridge reopened on <b>Monday</b>.", Fault.UNQUOTABLE),
]
BELIEVED_ZH = ["河谷市转移群众1.2万人。", "全市共开放三十五个安置点。", "王海表示水位没有继续上涨。"]
DOUBTED_ZH = [
    ("河谷市转移群众3.4万人。", Fault.FIGURE),
    ("市长李强表示水位没有继续上涨。", Fault.NAME),
    ("日本河谷市转移群众1.2万人。", Fault.NAME),
    ("粮食产量下降了5%。", Fault.DIRECTION),
    ("河谷市没有转移群众。", Fault.DENIAL),
    ("新款手机将于下周在全球发售。", Fault.WORDS),
]


@pytest.mark.parametrize("claim", BELIEVED)
def test_what_the_passage_says_in_other_words_is_believed(claim: str) -> None:
    assert support(claim, BRIDGE).faults == frozenset()


@pytest.mark.parametrize("claim", BELIEVED_ZH)
def test_what_a_chinese_passage_says_is_believed(claim: str) -> None:
    assert support(claim, RIVER).faults == frozenset()


@pytest.mark.parametrize(("claim", "fault"), DOUBTED)
def test_what_the_passage_does_not_say_is_doubted(claim: str, fault: Fault) -> None:
    assert fault in support(claim, BRIDGE).faults


@pytest.mark.parametrize(("claim", "fault"), DOUBTED_ZH)
def test_what_a_chinese_passage_does_not_say_is_doubted(claim: str, fault: Fault) -> None:
    assert fault in support(claim, RIVER).faults


@pytest.mark.parametrize("claim", BELIEVED)
def test_the_quote_stands_in_the_passage(claim: str) -> None:
    assert support(claim, BRIDGE).quote in BRIDGE.hit.passage.text


@pytest.mark.parametrize("claim", ["", "the of and", "...", "的了在"])
def test_what_says_nothing_is_doubted(claim: str) -> None:
    assert support(claim, BRIDGE).faults


def test_a_passage_without_text_supports_nothing() -> None:
    found = support("The bridge reopened.", Source(make_hit("  ")))

    assert (found.quote, found.share, found.faults) == ("", 0.0, frozenset({Fault.WORDS}))
