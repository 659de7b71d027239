"""Whether nothing is told, where it is quoted, of what a question asks of those whom it names.

A question on a true name with a false premise finds that name everywhere. In English the words that tell what is asked
are held against what stands around each quote. Chinese does not part words from names, nor a word from the next: there
it is told by the longest runs of characters that no two neighbours of stand in the article together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generation.quoting.candidates import Candidate
from generation.quoting.select import Reading
from generation.reading.inquiry import ASKING_ZH, FILLER_ZH, unframed
from generation.reading.kindred import KIN_ZH
from generation.reading.terms import HAN, HAN_FUNCTION

# With more words than that a question tells its story in words of its own.
_MOST_ASKED = 6
# So many sentences tell what an article is about.
_HEAD_LINES = 2
# What questions are made of, and says in no article what happened.
_ASKING_WORDS = re.compile(
    "发生|举行|举办|进行|造成|因为|由于|原因|目的|内容|措施|情况|时间|日期|期限|时长|名称|名字|型号|级别|数量|人数|金额|总额|总数|数字|比例|百分"
    "|主要|具体|要求|包括|涉及|提到|提出|方式|方法|方面|类型|种类|主题|截至|截止|共计|一共|总共|合计|今年|去年|明年|目前|现在|最近|最新"
    "|应该|可以|需要|可能|大约|地点|位置|所有|来自|属于|位于|使用|食用|为了|问题|首次|开始|预计|预测|计划|建议|通知|文件|作用|用途|功能"
    "|相比|与.比|担忧|反应|态度|看法|评价|组织|机构|部门|单位|公司|警惕|变化|变好|变差|影响|结果|后果|意义|特点|特色|优势|消息|新闻|报道"
    "|介绍|表示|认为|指出|透露|说明|解释|多少|老板|售价|价格|价钱|价|钱|贵|花费|卖|费用|成本|次数|岁数|年龄|长度|高度|重量|面积|规模|大小"
    "|谁|哪|几|什么"
)
_SHORTEST = 2
# What befell someone is told by the one character behind this.
_BEFELL = "被"
_PARTING = HAN_FUNCTION - {_BEFELL}


def untold(reading: Reading, chosen: Sequence[Candidate]) -> bool:
    """Whether what tells what is asked of whom it names stands nowhere where is quoted."""
    if reading.inquiry.chinese:
        return all(_lacks(told, reading.inquiry.text) for told in _articles(reading, chosen))
    asked = reading.inquiry.pointed
    return 0 < len(asked) <= _MOST_ASKED and not any(asked & held for held in _surroundings(reading, chosen))


def _surroundings(reading: Reading, chosen: Sequence[Candidate]) -> Iterator[frozenset[str]]:
    """The question's terms where each is quoted: beside it, in the title, and in how the article begins."""
    articles = {reading.hits[candidate.hit].passage.headline.id for candidate in chosen}
    for candidate in chosen:
        yield reading.near[candidate.line] | reading.titles[candidate.hit]
    for line, own in zip(reading.lines, reading.own, strict=True):
        passage = reading.hits[line.hit].passage
        if passage.position == 0 and line.place < _HEAD_LINES and passage.headline.id in articles:
            yield own


def _articles(reading: Reading, chosen: Sequence[Candidate]) -> Iterator[str]:
    """What was read of each of the articles that are quoted."""
    for article in {reading.hits[candidate.hit].passage.headline.id for candidate in chosen}:
        passages = (hit.passage for hit in reading.hits if hit.passage.headline.id == article)
        yield "".join("".join(f"{passage.headline.title}。{passage.text}。".split()) for passage in passages)


def _lacks(told: str, question: str) -> bool:
    """Whether a text tells nothing of something that a Chinese question asks, in these words or in kindred ones."""
    return any(_absent(run, told) for run in _untold_runs(question, told))


def _untold_runs(question: str, told: str) -> Iterator[str]:
    """Of what a Chinese question asks, the runs of characters of which no two neighbours stand in `told` together."""
    bare = _ASKING_WORDS.sub(" ", FILLER_ZH.sub(" ", ASKING_ZH.sub(" ", unframed(question))))
    for run in re.findall(f"[{HAN}]+", bare):
        held = [run[i : i + 2] in told for i in range(len(run) - 1)]
        apart = [
            " " if character in _PARTING or any(held[max(0, i - 1) : i + 1]) else character
            for i, character in enumerate(run)
        ]
        yield from (each for each in "".join(apart).split() if len(each) >= _SHORTEST)


def _absent(run: str, told: str) -> bool:
    """Whether a text has no more than half of the characters of a run, and no kindred word."""
    run = run.replace(_BEFELL, "")
    if any(word in run and any(other in told for other in others) for word, others in KIN_ZH.items()):
        return False
    return 2 * sum(character in told for character in run) <= len(run)
