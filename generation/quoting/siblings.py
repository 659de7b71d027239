"""Whether an article is on another of the same sort than the one that a Chinese question names: 东岭煤矿 for 西岭煤矿.

A question that opens with such a name shares half of its characters with what is told of any other. By a list of what
is named so, in Chinese alone: English names are words, and told apart by those.
"""

from __future__ import annotations

import re

from generation.quoting.select import Reading
from generation.reading.terms import HAN
from storage.domain.news import ArticleId

_SORT = (
    "煤矿|铁矿|金矿|矿山|矿井|大桥|水库|医院|大学|机场|港口|码头|渔港|车站|地铁站|火车站|公园|动物园|植物园|集团|公司|银行|学院|中学|小学"
    "|铁路|高速|隧道|大坝|核电站|水电站|电站|电厂|风电场|油田|气田|体育场|体育馆|球场|博物馆|图书馆|剧院|酒店|商场|化工厂|钢厂|工厂"
    "|监狱|教堂|大厦|广场|火山|冰川|法院|研究所|研究院|实验室|灯塔|古镇|古城|景区"
)
_NAMED = re.compile(
    rf"(?:请问|昨[天日]|今[天日早晚]|最近|上周|目前|现在|[，,])*(?P<name>[{HAN}]{{2,4}}?)(?P<sort>{_SORT})"
)
# What is no name: that it is asked for, or meant with all others.
_NO_NAME = re.compile(
    "[的在和与于从到对把被让将及哪这那该某此各几每何谁]|什么|多少|一[家所座个]|所有|当地|附近|[本全][地市国省]"
    "|国内|其他|有关|相关|上市|不少|许多|多家|民营|外资|中国|美国|世界"
)
# What it may have in one text and not in the other.
_BESIDE = re.compile("(?:[新老旧市省县区镇州]|第[一二三四五六七八九十]|人民|中心|国际|大型|特大|附属|高级|科技)+$")
_SHORTEST = 2


def told(reading: Reading) -> frozenset[int]:
    """The hits, by their places, of articles on another than the one that is named; none where none is."""
    named = _NAMED.match(reading.inquiry.text) if reading.inquiry.chinese else None
    if named is None or _NO_NAME.search(named["name"]):
        return frozenset()
    name, sort = _BESIDE.sub("", named["name"]), named["sort"]
    if len(name) < _SHORTEST:
        return frozenset()
    texts: dict[ArticleId, str] = {}
    for hit in reading.hits:
        headline = hit.passage.headline
        texts[headline.id] = f"{texts.get(headline.id, headline.title)}\n{hit.passage.text}"
    # "Repair of the bridge of": what stands before a name may be taken for a part of it.
    parts = {name[:_SHORTEST], name[-_SHORTEST:]}
    others = {id_ for id_, text in texts.items() if sort in text and not any(part in text for part in parts)}
    return frozenset(at for at, hit in enumerate(reading.hits) if hit.passage.headline.id in others)
