"""Whether two sentences on the same thing say the opposite: one denies, turns round or is surer of what the other says.

By lists of words, clause by clause, so that a denial of something else is none. What is opposite in words that are not
listed, or that two names changed places, this does not see.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from generation.reading.terms import background, is_chinese, terms

_CLAUSES = re.compile(r"[,;:，；：。]|\s(?:but|while|although|whereas|and)\s|但|而(?!且)|虽然|尽管", re.IGNORECASE)
_DENIES_EN = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|unable|den(?:y|ies|ied|ying)|refus(?:e[sd]?|ing)|"
    r"fail(?:s|ed|ing)? to)\b|n[’']t\b",
    re.IGNORECASE,
)
_DENIES_ZH = re.compile("(?<![是能可会要])(?:不(?!仅|但|断|过|少|久|同|得不)|没|未(?!来)|并非|否认|拒绝|无法)")
# "may" in lower case alone: the other is a month.
_HEDGES_EN = re.compile(
    r"\bmay\b|(?i:\b(?:might|could|alleged(?:ly)?|reportedly|suspected|accused|rumou?red|possibly|perhaps|claims?|claimed)\b)"
)
_HEDGES_ZH = re.compile("可能|或将|涉嫌|据称|疑似|据传|有望|声称")
_OPPOSITES = tuple(
    (frozenset(terms(one)), frozenset(terms(other)))
    for one, other in (
        ("rise increase grow climb jump surge soar up", "fall decrease shrink drop decline plunge slump down cut"),
        ("gain win", "lose defeat"),
        ("increase raise", "reduce cut lower"),
        ("approve accept pass", "reject refuse block veto"),
        ("support back", "oppose"),
        ("open start begin launch", "close end finish cancel"),
        ("above more over", "below fewer less under"),
        ("before", "after"),
        ("guilty convict", "innocent acquit"),
        ("high", "low"),
        ("buy", "sell"),
        ("arrest detain", "release free"),
        ("hire", "fire dismiss"),
        ("enter join", "leave quit"),
        ("import", "export"),
        ("best", "worst"),
        ("first", "last"),
    )
)
_OPPOSITES_ZH = tuple(
    (tuple(one.split()), tuple(other.split()))
    for one, other in (
        (
            "上涨 增长 上升 增加 提高 上调 扩大 提升 攀升 走高 回升 增至 升至 涨幅 增幅",
            "下跌 下降 减少 降低 下调 回落 缩小 下滑 走低 缩减 收窄 降至 减至 跌幅 降幅",
        ),
        ("支持 赞成 同意 批准 通过", "反对 拒绝 否决 驳回"),
        ("超过 高于 多于 突破 逾", "低于 少于 不足"),
        ("战胜 击败 获胜 胜出", "负于 不敌 落败 失利"),
        ("开始 启动 开幕 开放 开启", "结束 停止 闭幕 关闭"),
        ("盈利", "亏损"),
        ("加入", "退出"),
        ("买入 收购", "卖出 出售"),
        ("逮捕 拘留", "释放"),
        ("进口", "出口"),
    )
)
# A clause that has this much of its words in common with a claim is what the claim is about.
_ABOUT = 0.5


def denial_differs(claim: str, line: str) -> bool:
    """Whether one of them denies what the other says."""
    pattern = _DENIES_ZH if is_chinese(claim) else _DENIES_EN
    return bool(pattern.search(claim)) != any(pattern.search(clause) for clause in _about(claim, line))


def surer(claim: str, line: str) -> bool:
    """Whether the claim leaves out that the line only says what may be, or what somebody says."""
    pattern = _HEDGES_ZH if is_chinese(claim) else _HEDGES_EN
    return not pattern.search(claim) and any(pattern.search(clause) for clause in _about(claim, line))


def opposed(claim: str, line: str) -> bool:
    """Whether one of a pair of opposites stands in the one, and only the other in the other."""
    if is_chinese(claim):
        return any(
            _any(one, claim) and _any(other, line) and not _any(one, line) and not _any(other, claim)
            for pair in _OPPOSITES_ZH
            for one, other in (pair, pair[::-1])
        )
    said, meant = frozenset(terms(claim)), frozenset(terms(line))
    return any(
        bool(one & said) and bool(other & meant) and not one & meant and not other & said
        for pair in _OPPOSITES
        for one, other in (pair, pair[::-1])
    )


def _about(claim: str, line: str) -> list[str]:
    """The clauses of a line that a claim is about; all of it where no clause is by itself."""
    wanted = _telling(claim)
    found = []
    for clause in _CLAUSES.split(line):
        held = _telling(clause)
        common = len(held & wanted)
        if common and common >= _ABOUT * min(len(held), len(wanted)):
            found.append(clause)
    return found or [line]


def _telling(text: str) -> frozenset[str]:
    return frozenset(term for term in terms(text) if background(term) >= 1)


def _any(words: Sequence[str], text: str) -> bool:
    return any(word in text for word in words)
