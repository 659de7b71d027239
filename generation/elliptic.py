"""Follow-ups that leave out what the question before said, made whole questions: "and the S5?" and "Why?".

By their shape alone, in English and Chinese. Another thing put in the place of one that was asked about is asked the
same; a word that only asks takes the rest of the question before. Knows nothing of what was found or answered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from generation.reading.halves import halves
from generation.reading.inquiry import ASKING_EN, ASKING_ZH, FILLER_ZH
from generation.reading.kinds import Kind, things
from generation.reading.places import PLACES
from generation.reading.terms import HAN, background, is_chinese, terms
from storage.domain.dialogue import Turn

_MOST_WORDS = 6
_MOST_HAN = 12
# A longer text leaves out nothing; some patterns take time with the square of the length.
_LONGEST = 200

_AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might|must|isn['’]t|aren['’]t)"
)
_FIRST_EN = re.compile(rf"^\s*{_AUXILIARY}\b", re.IGNORECASE)
_HAS_VERB = re.compile(rf"\b{_AUXILIARY}\b", re.IGNORECASE)
_POINTING = re.compile(
    r"\b(?:it|its|they|them|their|he|him|his|she|her|hers|that|those|these|this|there|else|others?|rest|one)\b",
    re.IGNORECASE,
)
_OPENING = r"^\s*(?:(?:ok(?:ay)?|so|well|then|right|yes|no)[, ]+)*"
_ANOTHER = re.compile(
    rf"{_OPENING}(?:(?:and |but |or )?(?:what|how) about|and what of|and(?: also)?|or|(?:the )?same for)\s+"
    r"(?P<what>[^?]+?)(?:,? then)?\s*[?.!]*\s*$",
    re.IGNORECASE,
)
_ONLY_ASKS = re.compile(
    rf"{_OPENING}(?:and |but )?(?P<asks>(?:since when|until when|by whom|with whom|for how long|how come"
    r"|why|when|where|who|how(?: (?:many|much|long|far|often|old|big|tall|high|deep|heavy|fast))?))"
    r"(?: exactly| then| not)?(?P<degree> (?:so|that|this|as) \w+| so \w+ \w+)?\s*[?.!]*\s*$",
    re.IGNORECASE,
)
_REASON = re.compile(
    rf"{_OPENING}(?:and |but )?(?:(?:what|which)(?:['’]s|['’]re| is| are| was| were)? the (?:cause|reason)s?"
    r"|for (?:what|which) reasons?|how (?:come|so)|what caused (?:it|this|that)|what for)"
    r"(?: (?:for|of|behind) (?:it|this|that|them))?\s*[?.!]*\s*$",
    re.IGNORECASE,
)
# What a question opens with and asks for: "how many shops", "which minister", "what".
_ASKS_FOR = re.compile(
    r"^\W*(?:(?:and|but|so|also|then),? )*(?P<word>how (?:many|much)|what|which|whose|who|whom|when|where|why|how"
    r"(?: (?:long|far|often|old|big|tall|high|deep|heavy|fast|large|expensive))?)\b"
    rf"(?:(?P<noun>(?: (?!{_AUXILIARY}\b)[\w’'&.-]+){{0,4}}?)(?= {_AUXILIARY}\b|$))?",
    re.IGNORECASE,
)
_WHO = re.compile(r"^\W*(?:(?:and|but|so) )?who(?:m|['’]s)?\b", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"^(?P<word>in|at|on|near|from|of|for|by|with|to|under|before|after|during|against|among)\b\s+(?P<what>.+)$",
    re.IGNORECASE,
)
_ALIKE = {"in": "in|at|near", "at": "in|at|near", "near": "in|at|near"}
_WORD = r"[\w’'&.-]+"
_OTHER_PHRASE = rf"(?:in|at|near|from|of|for|by|with|to|under|before|after|during|since|on|{_AUXILIARY[3:-1]})\b"
# What stands behind a preposition: a name as far as it goes, or a noun or two.
_PHRASE = (
    rf"(?:(?:the|an?|its|their|his|her) )?(?:(?-i:[A-ZÀ-Þ\d]){_WORD}(?: (?-i:[A-ZÀ-Þ\d])[\w’'&.-]*)*"
    rf"|{_WORD}(?: (?!{_OTHER_PHRASE}){_WORD})?)"
)
_NAME = re.compile(
    r"(?:(?<=\s)the )?\b[A-ZÀ-Þ][\w’'&.-]*"
    r"(?: (?:of (?:the )?|& |and (?=[A-Z])|de |van |von |al-)?[A-ZÀ-Þ\d][\w’'&.-]*)*"
)
_POSSESSIVE = re.compile(r"['’]s?$")
_TONGUE = re.compile(r"(?:plain )?(?:english|chinese|mandarin)\b(?! [A-Z])", re.IGNORECASE)
# What a sentence opens with that is no name, though in a capital letter: a greeting, a wish, a word that bids or asks.
_BIDDING = re.compile(
    r"^\W*(?:\w+(?= (?:me|us|the|an?|what|how|who|why|when|where|whether|if)\b)[\s,.!]*)?"
    r"(?:(?:hello|hi|hey|ok(?:ay)?|so|well|then|and|but|also|now|no|yes|thanks|please|kindly|just|i|we|thank"
    r"|good|happy|merry|sorry|bye|wow|cheers|never|let['’]?s?|any|some|more|other|everything|anything|the|an?|tell|show|give|get|find|list|read|explain|describe|summari[sz]e|compare"
    r"|search|check|send|bring|look|update|stories|headlines|latest|recent|today['’]s|about|on|for|(?-i:me|us)"
    r"|(?:news|all)(?! (?-i:[A-Z])))\b[\s,.!:]*)*",
    re.IGNORECASE,
)

_ANOTHER_ZH = re.compile(
    rf"^(?:那么?|还有|另外|那|换成|而|至于)?[，,]?(?P<what>[{HAN}A-Za-z\d][^，。？?！!]{{0,15}}?)"
    r"(?:的?(?:呢|怎么样|又?如何|又怎样))[？?。！!]*$"
)
_POINTING_ZH = re.compile("[他她它这那该此]|其|别的|其他|其它")
_TALK_ZH = re.compile(
    "[你您我咱谢]|晚安|早安|[早晚]上好|新年|快乐|话题|推送|订阅|新闻|消息"
    "|^(?:然后|后来|之后|接着|接下来|还有|结果|真的?|好|辛苦|再见)|[吧了的啦]$"
)
_CODE_ZH = re.compile(
    rf"(?P<maker>[{HAN}]{{0,8}})"
    r"(?P<code>\d+(?:[年月]\d+)+"
    r"|[A-Za-z\d]+(?:[.&+-][A-Za-z\d]+| (?=[A-Z\d])[A-Za-z\d]+)*)(?P<unit>[年月日号时点季届]?)"
)
# What no maker's name goes over.
_BEFORE_CODES_ZH = re.compile(rf"^.*(?:{ASKING_ZH.pattern}|[的了在是和与跟及、])")
_ENDS_ZH = re.compile(
    "(?:公司|集团|银行|大学|医院|博物馆|号线|地铁|机场|委员会|法院|学校|队|市|省|县|区|州|镇|国|岛|厂|局|部|队|党|社|馆|店|校|院|号)$"
)
_SUBJECT_ZH = re.compile(rf"[{HAN}]{{0,8}}?[A-Za-z]*\d+[A-Za-z]*|[{HAN}]{{2,8}}?{_ENDS_ZH.pattern.rstrip('$')}")
_NO_NEWS_ZH = re.compile("发生了?|(?:是)?(?:怎么了|怎么回事|出了?什么事)|情况|事情|的$")
_YES_OR_NO_ZH = re.compile("[吗没][？?]*$|有没有|是否|是不是")
_REASON_ZH = re.compile(
    "^(?:那|那么|是|又)?(?:因为)?(?:什么原因|原因(?:是什么|呢)?|为(?:什么|何|啥)|怎么会)(?:呢)?[？?]*$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A follow-up made a whole question; `named` is whom or what it puts in another's place, empty where none."""

    text: str
    named: str = ""

    def is_told_by(self, told: str) -> bool:
        """Whether a text tells of what is named; the answer to the question before it may not."""
        if re.search(f"[{HAN}]", self.named):
            return all(part.lower() in told.lower() for part in re.findall(rf"[{HAN}]+|[A-Za-z\d]+", self.named))
        return {term for term in terms(self.named) if background(term) > 0} <= set(terms(told))


def whole(text: str, history: Sequence[Turn], *, anyway: bool = False) -> Whole | None:
    """A follow-up as a whole question; `None` where it leaves out nothing, or it cannot be told what.

    Args:
        text: What the reader wrote.
        history: The turns before, oldest first.
        anyway: Even of one that asks in words of its own, where it may be answered in others.
    """
    if not history or len(text) > _LONGEST:
        return None
    before = re.sub(r"(?<![?？\s])[?？\s]*\(([^()]*)\)\s*$", r" \1", history[-1].standalone).strip()
    chinese = bool(re.search(f"[{HAN}]", text))
    if chinese != bool(re.search(f"[{HAN}]", before)):
        return None
    return _chinese(text, before, anyway=anyway) if chinese else _english(text, before, history[-1].answer)


def _english(text: str, before: str, answer: str) -> Whole | None:
    before = before.rstrip("?.! ")
    # Of a question that asks two things, what the first says is asked on.
    two = halves(before)
    single = two[0].text if two else before
    if (asks := _ONLY_ASKS.match(text)) is not None:
        return Whole(text=f"{_asked(asks['asks'], single)}{asks['degree'] or ''}?")
    if _REASON.match(text):
        return Whole(text=f"{_asked('Why', single)}?")
    another = _ANOTHER.match(text)
    if another is None or len(text.split()) > _MOST_WORDS + 2:
        return None
    what = another["what"].strip()
    if ASKING_EN.search(what) or _HAS_VERB.search(what) or _POINTING.search(what) or _stands_in(what, before):
        return None
    # Whoever was told to one who asked who is not put in the place of what they are of.
    if _WHO.match(before) and set(terms(what)) <= set(terms(answer)) and not _PREPOSITION.match(what):
        return None
    return _in_place(what, before)


def _asked(word: str, before: str) -> str:
    """The question before with another word: "Why" and "How many shops did it open" give "Why did it open shops"."""
    word = word[0].upper() + word[1:]
    if _FIRST_EN.match(before):
        return f"{word} {before[0].lower()}{before[1:]}"
    opening = _ASKS_FOR.match(before)
    if opening is None:
        return f"{word} {before}"
    noun = (opening["noun"] or "").strip()
    rest = before[opening.end() :].strip()
    return " ".join(part for part in (word, rest, noun) if part)


def _in_place(what: str, before: str) -> Whole | None:
    """What is asked of something else: that takes the place of what is of its sort in the question before."""
    behind = _PREPOSITION.match(what)
    if behind is not None:
        word = behind["word"].lower()
        found = list(re.finditer(rf"\b(?:{_ALIKE.get(word, word)}) {_PHRASE}", before, re.IGNORECASE))
        if found:
            return Whole(text=_put(before, found[-1].span(), what), named=_name(behind["what"]))
        what = behind["what"]
    bare = re.sub("^the ", "", what, flags=re.IGNORECASE)
    # "And thank you, Tidings", "and mute Vanta", "and in English?", "and Mum says hi".
    name = _NAME.match(bare)
    if name is None or len(bare[name.end() :].split()) > 1 or _opening(bare) or _TONGUE.match(bare):
        return None
    runs = list(_NAME.finditer(before, _opening(before)))
    if not runs:
        return None
    place = _POSSESSIVE.sub("", what).lower().removeprefix("the ")
    best = max(runs, key=lambda run: (_like(run.group(), place), -run.start()))
    own = _POSSESSIVE.search(best.group())
    begin, end = best.span()
    # "And Ferrin hospital?" after one on Brightwater hospital.
    said = what.split()[-1]
    end += len(said) + 1 if re.match(rf" {re.escape(said)}\b", before[end:]) else 0
    put = _put(before, (begin, end), _POSSESSIVE.sub("", what) + (own.group() if own else ""))
    return Whole(text=put, named=_name(what))


def _name(what: str) -> str:
    """What must be told of, where it is named: a day is told by when the news came."""
    return what if _NAME.search(f" {what}") and not things(Kind.DATE, what, ()) else ""


def _like(run: str, what: str) -> int:
    """How alike in sort a name of the question before is to what takes a place in it."""
    run = _POSSESSIVE.sub("", run).lower().removeprefix("the ")
    return (
        2 * ((run in PLACES) == (what in PLACES))
        + 2 * bool({*run.split()} & {*what.split()} - {"the"})
        + (bool(re.search(r"\d", run)) == bool(re.search(r"\d", what)))
    )


def _opening(before: str) -> int:
    """Where what a sentence opens with ends, "Please tell me about" or "Did": from there a name may stand."""
    bidding = _BIDDING.match(before)
    at = bidding.end() if bidding else 0
    asking = ASKING_EN.match(before, at) or _FIRST_EN.match(before[at:])
    return at + len(asking.group()) if asking else at


def _stands_in(what: str, before: str) -> bool:
    """Whether the question before tells of it already: "Did Tarn attack Halden?", and of Halden something else."""
    behind = _PREPOSITION.match(what)
    bare = _POSSESSIVE.sub("", behind["what"] if behind else what).lower().removeprefix("the ")
    return re.search(rf"(?<![a-z\d]){re.escape(bare)}(?![a-z\d])", before.lower()) is not None


def _put(before: str, at: tuple[int, int], what: str) -> str:
    asks = ASKING_EN.search(before) or _HAS_VERB.search(before)
    return f"{before[: at[0]]}{what}{before[at[1] :]}{'?' if asks else ''}"


def _chinese(text: str, before: str, *, anyway: bool) -> Whole | None:
    another = _ANOTHER_ZH.match(text)
    if another is not None and not ASKING_ZH.search(another["what"]) and not _REASON_ZH.match(text):
        what = another["what"]
        if _POINTING_ZH.search(what) or _TALK_ZH.search(what) or _stands_in(what, before):
            return None
        return _in_place_zh(what, before, anyway=anyway)
    if len(text) > _MOST_HAN or _POINTING_ZH.search(text):
        return None
    # What is asked with yes or no is told in other words than it is asked in; else its own words are what it wants.
    if not (_leaves_out(text, before) or (anyway and _YES_OR_NO_ZH.search(text))):
        return None
    asked = "为什么？" if _REASON_ZH.match(text) else text
    about = _about(before)
    own = _about(text)
    for n in range(len(own), 1, -1):
        for i in range(len(own) - n + 1):
            about = about.replace(own[i : i + n], "")
    return Whole(text=f"{about}{asked}") if about else None


def _leaves_out(text: str, before: str) -> bool:
    """Whether a Chinese text only asks, in no word that the question before has not."""
    own = {term for term in terms(_about(text)) if background(term) >= 1}
    return bool(ASKING_ZH.search(text) or _REASON_ZH.match(text)) and own <= set(terms(before))


def _about(text: str) -> str:
    """What a Chinese question says beside asking."""
    bare = FILLER_ZH.sub("", ASKING_ZH.sub("", _NO_NEWS_ZH.sub("", text.rstrip("？?。！! "))))
    return re.sub("原因$", "", re.sub(r"[？?，,。\s]+", "", bare)) if is_chinese(text) else bare


def _in_place_zh(what: str, before: str, *, anyway: bool) -> Whole | None:
    if (code := _CODE_ZH.search(what)) is not None and re.search(r"[A-Z\d]", what):
        at = _code_in(before, code)
        return Whole(text=_put_zh(before, at, what), named=what) if at else None
    if what in PLACES:
        spans = [(i, i + n) for n in (4, 3, 2) for i in range(len(before)) if before[i : i + n] in PLACES]
        return Whole(text=_put_zh(before, spans[0], what), named=what) if spans else None
    ends = _ENDS_ZH.search(what)
    if ends is None or len(what) <= len(ends.group()):
        # It may be a name, or more of the same story.
        first = _SUBJECT_ZH.match(before) if anyway else None
        return Whole(text=_put_zh(before, first.span(), what), named=what) if first else None
    end = before.find(ends.group(), 1)
    return Whole(text=_put_zh(before, (0, end + len(ends.group())), what), named=what) if end > 0 else None


def _code_in(before: str, code: re.Match[str]) -> tuple[int, int] | None:
    """Where the code stands in the question before that is most of the sort of another: a day gives place to a day."""
    found = [
        each
        for each in _CODE_ZH.finditer(before)
        if re.search(r"[A-Z\d]", each["code"]) and (not code["unit"] or each["unit"] == code["unit"])
    ]
    if not code["unit"] and len(found) > 1:
        found = [each for each in found if not each["unit"]] or found
    if not found:
        return None
    best = max(found, key=lambda each: each["code"].isdigit() == code["code"].isdigit())
    begin, end = best.span("code")
    maker = _BEFORE_CODES_ZH.sub("", best["maker"])
    if code["maker"] and maker.endswith(code["maker"]):
        maker = code["maker"]
    elif not code["maker"] and (code["unit"] or code["code"].isdigit()):
        # A number alone is one more of the same.
        maker = ""
    return begin - len(maker), end


def _put_zh(before: str, at: tuple[int, int], what: str) -> str:
    begin, end = at
    # 4号线 and 5号线 end alike, of which the number alone may have been found.
    alike = next((n for n in range(len(what) - 1, 0, -1) if before.startswith(what[-n:], end)), 0)
    return before[:begin] + what + before[end + alike :]
