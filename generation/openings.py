"""A headline of an article's own words, where no title would do: the beginning of one of its first sentences.

It ends where the sentence does, or where nothing is missing that a sentence must have: before who said so, and before
what only adds when, why or who.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from generation.leads import begins, stands_alone
from generation.prompts import HEADLINE_HAN, HEADLINE_WORDS
from generation.quoting.furniture import cries, furniture, of_writer
from generation.reading.terms import background, is_chinese, terms
from generation.summing.clauses import Statement, statements, word_count
from generation.summing.salience import worths

# How much of an article is looked at: in characters, and in statements.
_READ, _STATEMENTS = 5_000, 24
_SHORTEST = 5
# Words by which a beginning is counted longer than it is, and what counts that an article comes back to its words.
_PER_OPENING, _RECURS = 16.0, 4.0
_STOPS = re.compile(r"[.。!！;；…][\"”’」』)）]*$")
_SAID = r"[^,]{0,80}\b(?:sa(?:id|ys)|told|announced|reported|shows?|added)\b"
_CAN_BE_LEFT_OUT = re.compile(
    r"(?:who|which|when|as|after|before|while|but|and|or|so|including|according|following|with|where|despite|because|"
    rf"though|although|amid|marking|\w+ing)\b|{_SAID}",
    re.IGNORECASE,
)
# Before these a sentence may end although no comma stands there.
_ADDS = re.compile(
    r"(?<!\bsuch)(?<!\bas)(?<!\bknown)(?<!\bjust)(?<!\bwell)(?<!\bsoon)(?<!\bfar)(?<!\blong)(?<!\bmuch)\s+"
    r"(?=(?:who|which|when|where|because|while|amid|despite|although|though|after|before|following|according to|"
    r"as (?:the|a|an|it|he|she|they|[A-Z]\w+))\b)"
)
_APPENDED = re.compile(r"(?:who|which|where|when|including|such|the|an?|whose|according|\w+ing)\b", re.IGNORECASE)
_LEADS_UP = re.compile(
    r"(?:with|despite|in|on|at|after|before|during|under|for|from|by|amid|following|according|about|over|some of)\b",
    re.IGNORECASE,
)
_UNFINISHED_ZH = re.compile(
    "(?:说|表示|称|指出|认为|强调|介绍|时|后|前|中|上|下|里|来|之际|期间|方面|背景|以及|和|与|的|结果|据|为|是|消息|报道|讯"
    "|获悉|了解到|注意到|显示|证实|表明|透露|通报|宣布|通知|规定|要求|提出|阶段|过程)[，,]?$|[：:]$"
)
# A clause that only leads up to what happened: by whom it was told, when, where, or why.
_LEADS_UP_ZH = re.compile(
    "(?:据|根据|依据|按照|鉴于|随着|针对|围绕|值此|截至|截止|面对|关于|对于|作为|由于|为[了进切全深推确贯丰激提广更充]|在(?!线|建|逃|岗|即)|"
    "从(?!业)|自(?!动|己|主|称|然|由|愿)|通过|除了?|虽然|尽管|如果|尤其|受[^，]{1,24}影响|经[^，]{2,20}(?:指定|批准|研究|核查|排查|表决|审议))"
    r"[^，]*[，,]?$"
    r"|(?:(?:北京|当地)时间|(?:19|20)\d\d年|今[天日年晚]|昨[天日晚]|近[日期]|日前|目前|[\d年月日号时点分周上下半午中早晚凌晨季度第一二三四至今\s])+[，,]?$"
    r"|[\u4e00-\u9fff·“”]{2,16}(?:省|市|县|区|镇|乡|村|州|岛|首都|街道)[，,]?$"
)
# Who reported what follows.
_REPORTS_ZH = re.compile(
    "(?:另?据|综合)[^，]{0,40}(?:报道|消息|通报|介绍|了解|悉|称|统计|测定)[，,]|(?:报道|消息|公告|文章|通报)(?:称|说|指出)[，,]"
    "|[^，]{0,24}(?:获悉|了解到|注意到|报道|消息)[，,]"
)
_AROUND = " \u3000,，、;；:：—–-.。"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opening:
    text: str
    worth: float


def opening_of(text: str) -> str:
    """The beginning of a sentence of an article that tells most in the length of a headline.

    What is worth telling first, by where and how it stands, and what the article comes back to. Longer where none is so
    short; empty where none can be read alone.
    """
    text = text[begins(text) :][:_READ]
    told = statements(text)[:_STATEMENTS]
    left = iter(worths(text, told))
    spread = Counter(term for statement in told for term in {t for each in statement.clauses for t in each.terms})
    found: list[_Opening] = []
    for statement in told:
        worth = [next(left) for _ in statement.clauses]
        start = _start(text, statement)
        for end in _ends(text, statement):
            quote = text[start:end].strip()
            chinese = is_chinese(quote)
            held = {term for term in terms(quote) if background(term) >= 1}
            recurs = sum(math.log(spread[term]) for term in held if term in spread) / (len(held) + _PER_OPENING / 4)
            gain = sum(
                each * word_count(text[clause.start : min(clause.end, end)], chinese=chinese)
                for clause, each in zip(statement.clauses, worth, strict=True)
                if clause.start < end
            )
            per_word = gain / (word_count(quote, chinese=chinese) + _PER_OPENING)
            found.append(_Opening(text=quote, worth=per_word + _RECURS * recurs))
    short = [each for each in found if fits(each.text)]
    best = max(short or found, key=lambda each: each.worth, default=None)
    return "" if best is None else " ".join(best.text.split()).strip(_AROUND)


def fits(title: str) -> bool:
    """Whether a title is as short as a headline that is written has to be."""
    if is_chinese(title):
        return len("".join(title.split())) <= HEADLINE_HAN
    return len(title.split()) <= HEADLINE_WORDS


def leads_on(clause: str) -> bool:
    """Whether a Chinese clause only says by whom, when, where or why, so that nothing may end behind it."""
    told = clause.strip()
    return bool(_LEADS_UP_ZH.match(told) or _UNFINISHED_ZH.search(told))


def _start(text: str, statement: Statement) -> int:
    """Where a statement begins, behind who reported it."""
    told = (each for each in statement.clauses if not _REPORTS_ZH.fullmatch(text[each.start : each.end].strip()))
    return next(told, statement.clauses[0]).start


def _ends(text: str, statement: Statement) -> Iterator[int]:
    """Where a statement may end for a headline that can be read alone."""
    start, end = statement.clauses[0].start, statement.clauses[-1].end
    whole = text[start:end].strip()
    if not stands_alone(whole) or furniture(whole) or cries(whole) or of_writer(whole):
        return
    chinese = is_chinese(whole)
    if _STOPS.search(whole) and word_count(whole, chinese=chinese) >= _SHORTEST:
        yield end
    within = _commas_zh(text, statement) if chinese else _commas(text, statement)
    yield from (at for at in within if word_count(text[start:at], chinese=chinese) >= _SHORTEST)


def _commas_zh(text: str, statement: Statement) -> Iterator[int]:
    """Behind which commas something was told, in words enough, and nothing is begun."""
    words = 0.0
    for each in statement.clauses[:-1]:
        if not leads_on(text[each.start : each.end]):
            words += each.words
            if words >= _SHORTEST:
                yield each.end


def _commas(text: str, statement: Statement) -> Iterator[int]:
    """Behind which commas nothing is missing; and before words that only add to the first clause."""
    clauses = statement.clauses
    leads_up = _LEADS_UP.match(text, clauses[0].start) is not None
    for at, clause in enumerate(clauses[:-1]):
        missing = leads_up if at == 0 else _APPENDED.match(text, clause.start) is not None
        if not missing and _CAN_BE_LEFT_OUT.match(text, clause.end):
            yield clause.end
    if not leads_up:
        yield from (adds.start() for adds in _ADDS.finditer(text, clauses[0].start, clauses[0].end))
