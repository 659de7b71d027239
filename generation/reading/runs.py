"""What a Chinese question asks, as runs of characters: words are not told from each other, nor from names.

A run is what is left of a question between the words that questions are made of and the characters that only join.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generation.reading.inquiry import ASKING_ZH, FILLER_ZH, unframed
from generation.reading.kindred import KIN_ZH
from generation.reading.terms import HAN, HAN_FUNCTION

# What questions are made of, and says in no article what happened.
_ASKING_WORDS = re.compile(
    "发生|举行|举办|进行|造成|因为|由于|原因|目的|内容|措施|情况|时间|日期|期限|时长|名称|名字|型号|级别|数量|人数|金额|总额|总数|数字|比例|百分"
    "|主要|具体|要求|包括|涉及|提到|提出|方式|方法|方面|类型|种类|主题|截至|截止|共计|一共|总共|合计|今年|去年|明年|目前|现在|最近|最新"
    "|应该|可以|需要|可能|大约|地点|位置|所有|来自|属于|位于|使用|食用|为了|问题|首次|开始|预计|预测|计划|建议|通知|文件|作用|用途|功能"
    "|相比|与.比|担忧|反应|态度|看法|评价|组织|机构|部门|单位|公司|警惕|变化|变好|变差|影响|结果|后果|意义|特点|特色|优势|消息|新闻|报道"
    "|介绍|表示|认为|指出|透露|说明|解释|多少|售价|价格|价钱|价|钱|贵|花费|卖|费用|成本|次数|岁数|年龄|长度|高度|重量|面积|规模|大小"
    "|谁|哪|几|什么|如期|持续"
)
_WHEN = re.compile(r"\d+[年月日号时点]份?")
# What befell someone is told by the one character behind this.
_BEFELL = "被"
_PARTING = HAN_FUNCTION - {_BEFELL}
# Stand before or behind a word without changing what is asked.
_BESIDE = "能会还要可也都已曾再上中里"
# Words of one character that say little of what is asked: to go, to do, not.
_LIGHT = frozenset("不没能会要到种样开走做来去办用")


def runs(question: str) -> list[str]:
    """The runs of what a Chinese question asks, each of one character or more, in order."""
    bare = _ASKING_WORDS.sub(" ", _WHEN.sub(" ", FILLER_ZH.sub(" ", ASKING_ZH.sub(" ", unframed(question)))))
    parted = "".join(" " if character in _PARTING else character for character in bare)
    return re.findall(f"[{HAN}]+", parted)


def asks(text: str) -> bool:
    """Whether a Chinese text asks something, by the words that do."""
    return ASKING_ZH.search(text) is not None


def missing(run: str, told: str) -> Iterator[str]:
    """What of a run is not in `told`: its longest parts of which no two neighbours stand there together."""
    held = [run[i : i + 2] in told for i in range(len(run) - 1)]
    apart = (" " if any(held[max(0, i - 1) : i + 1]) else character for i, character in enumerate(run))
    yield from filter(None, (part.strip(_BESIDE) for part in "".join(apart).split()))


def without(run: str, told: str) -> bool:
    """Whether a run is not told: a text has no more than half of the characters of a run, and no kindred word."""
    if in_other_words(run, told):
        return False
    telling = [character for character in run if character not in _LIGHT and character != _BEFELL]
    return bool(telling) and 2 * sum(character in told for character in telling) <= len(telling)


def in_other_words(run: str, told: str) -> bool:
    """Whether a text has a word that may stand for one in a run."""
    return any(word in run and any(other in told for other in others) for word, others in KIN_ZH.items())
