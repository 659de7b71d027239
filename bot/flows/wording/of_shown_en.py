"""What is said of what was shown, in English. Pure."""

from __future__ import annotations

import re
from itertools import count

from bot.flows.wording.said import LAST, Act, Forms

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NTH = rf"{'|'.join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th)|last"
_N = rf"\d{{1,2}}|{'|'.join(_CARDINALS)}"
_THING = (
    "(?:one|story|stories|article|news(?: item)?|item|source|link|result|headline|piece|answer|reply|report|topic"
    "|list|"
    r"digest|summary|kind|sort|type|thing|stuff)s?"
)
_CALLED = count()


def _one(*, bare: bool = False, told: bool = True) -> str:
    """One that is named by its number; by that alone only where it is so `bare`ly asked for that nothing else is.

    News have such names of their own, as article 5 and no. 10: these only where it is `told` in so many words that one
    of a list is meant.
    """
    name = f"n{next(_CALLED)}"
    things = "story|item|source|link|result|answer"
    own = r"no\.? ?(?=\d)|article |" if told else ""
    no = rf"(?:{own}number |# ?|(?:{things}) (?:number |no\.? ?|#)?|article (?:number |no\.? ?|#))"
    return (
        rf"(?:the |that |this )?(?:{no}{'?' if bare else ''}(?P<{name}>{_N})"
        rf"|(?P<{name}n>{_NTH})(?: {_THING})?(?: (?:there|here|(?:in|on|of) (?:the|your|that|this) list))?)"
    )


_POINTED = (
    rf"(?:(?:any|all|either|some) of )?(?:this|that|it|these|those|them)(?: (?:kind|sort|type)s? of)?(?: {_THING})?"
)
_ANSWER = "(?:the|your) (?:answer|reply|list|digest|summary|story|article|results?)"


def _that(*, told: bool = False) -> str:
    """What is pointed at, or one that is named."""
    return rf"(?:{_one(told=told)}|{_POINTED}|{_ANSWER})"


_BEFORE = (
    r"(?:(?:ok(?:ay)?|oh|hm+|well|wow|nice one|sorry|oops|please|yes|thanks|thank you|actually|honestly|and|so|but"
    r"|just) )*"
)
_AFTER = (
    r"(?: (?:please|thanks|thank you|thx|though|really|at all|a lot|very much|so much|now|again|next time|for me"
    r"|in (?:the )?future|from now on|to me|any ?more|i (?:really )?(?:like|love) it|cheers))*"
)
_VERY = r"(?:(?:so|very|really|quite|pretty|too|rather|just|simply|super|a bit|kind of|totally|completely|all) )*"
_IS = r"(?: is|'s| was| are|'re| were| looks?| sounds?)"
_GOOD = (
    "(?:great|good|excellent|interesting|helpful|useful|perfect|nice|awesome|amazing|brilliant|fantastic|wonderful"
    "|cool"
    r"|fascinating|spot on|well (?:done|said|put)|exactly what i (?:needed|wanted))"
)
_DULL = (
    r"(?:boring|useless|uninteresting|dull|irrelevant|rubbish|unhelpful|pointless"
    r"|(?:not|n't) (?:very |really |that |so |at all )?(?:interesting|helpful|useful|relevant))"
)
# So may the news be that it tells, which is said of no answer.
_BAD = (
    rf"(?:{_DULL}|bad|terrible|awful|horrible|poor|lousy|weak"
    r"|(?:not|n't) (?:very |really |that |so |at all )?(?:good|great))"
)
_FALSE = r"(?:wrong|incorrect|false|untrue|inaccurate|nonsense|not (?:quite )?(?:true|correct|right|accurate))"
_MADE = r"(?:answer|reply|list|digest|summary|pick|choice|selection|recommendation)s?"
_JUDGED = rf"(?:{_MADE}|(?:one|story|article)s?)"
_NOT = r"(?:do not|don't|did not|didn't)(?: really| much)?"
_WANT = (
    r"(?:i(?:'d| would)? (?:really )?(?:want|like|love|prefer|rather)(?: to)?(?: (?:see|read|get|have|hear))? "
    r"|(?:(?:can|could|would|will) you )?(?:please )?(?:show|give|send|get|bring|find) me |let me (?:see|have) "
    r"|(?:can|could) i (?:see|have|get) )?"
)
_SOME = r"(?:(?:some|any|a few|a lot|the|stories|story|news|articles|things|items|stuff|ones?|posts) )*"
_LIKE = r"(?:like|of|such as|similar to|along the lines of|from)"
_ASK = r"(?:(?:can|could|would|will) you )?(?:please )?"
_TELL = (
    r"(?:tell|show|give|read)(?: me)?|let me (?:see|read|hear|have)|i(?:'d| would)? (?:want|like|love) to "
    r"(?:know|hear|read|see)|say|explain|expand|elaborate|go|zoom|dig|what|how"
)
_TOLD = (
    f"{_ASK}(?:{_TELL})(?: (?:some|a (?:bit|little)|all|everything|more|deeper|the|details|into|on|in|about|of|to"
    "|for))*"
)

_DISLIKED = (
    r"meh|not (?:really )?(?:for me|my (?:thing|cup of tea))|"
    rf"(?:i )?{_NOT} (?:like|love|enjoy|care (?:about|for)|want(?: to (?:see|read))?) {_that(told=True)}"
    rf"|i (?:really )?(?:hated?|disliked?) {_that(told=True)}|i couldn't care less about {_that(told=True)}"
    rf"|i(?:'ve| have) (?:really )?had (?:quite )?enough of {_that(told=True)}"
    rf"|(?:(?:i'm|i am|am) )?(?:really )?not (?:at all |really |very |so )?interested(?: in {_that()})?"
    rf"|(?:i (?:have|'ve got) )?no interest in {_that()}"
    f"|{_that()} (?:does not|doesn't|did not|didn't|do not|don't) (?:really )?(?:interest me|help(?: me)?"
    "|matter to me)"
    rf"|(?:{_POINTED}{_IS} ?)?{_VERY}{_DULL}|(?:{_one(told=False)}|{_ANSWER}){_IS} ?{_VERY}{_BAD}"
    rf"|{_that()}{_IS}n't (?:very |really |that |so )?(?:interesting|helpful|useful|relevant)"
    rf"|(?:{_one(told=False)}|{_ANSWER}){_IS}n't (?:very |really |that |so )?{_GOOD}"
    rf"|(?:what an? )?{_VERY}{_BAD} {_MADE}|{_that()}{_IS} an? {_VERY}{_BAD} {_JUDGED}"
)
_WRONG = (
    r"you got (?:that|this|it) (?:all )?wrong|(?:that|this|it) (?:can't|cannot) be (?:right|true)|you made a mistake|"
    f"(?:{_that()}|you|your (?:answer|reply)|what you (?:say|said))(?:{_IS}|{_IS}n't) ?(?:just |simply |plainly "
    "|all )?"
    rf"(?:{_FALSE}|an? (?:mistake|error|lie))|{_that()} (?:is|was)n't (?:true|correct|right|accurate)"
    rf"|(?:wrong|incorrect|false)(?: answer)?|{_VERY}(?:wrong|incorrect|false) answer"
)
# So people say that they have heard, whatever they heard.
_NO_WORD = (
    rf"(?!(?:that|it)(?: is|'s| sounds) {_VERY}(?:great|good|nice|cool|awesome|perfect|wonderful|amazing|fantastic"
    r"|brilliant|excellent)(?: (?:thanks|thank you|thx|cheers|then|though))*$)"
)
_LIKED = (
    rf"{_that()}{_IS} an? {_VERY}{_GOOD} {_JUDGED}|"
    rf"i (?:really |do |just |quite )?(?:liked?|loved?|enjoyed?) {_that(told=True)}"
    rf"|(?:really )?lov(?:e|ed|ing) {_that()}"
    f"|{_NO_WORD}{_that()}{_IS} {_VERY}{_GOOD}(?: what i (?:needed|wanted))?"
    f"|(?:perfect )?{_that()}{_IS} what i (?:needed|wanted)"
    rf"|(?:what an? )?{_VERY}{_GOOD} {_MADE}|{_VERY}(?:useful|helpful)|(?:well done )?{_that()} helped(?: me)?"
)
_UNDO = (
    r"i (?:did not|didn't) mean (?:that|it|this)|"
    rf"undo(?: (?:that|this|it|(?:my |the )?(?:last )?(?:feedback|rating|one|thing)))?"
    rf"|(?:i )?take (?:(?:it|that|this) back|back (?:that|this|my (?:feedback|rating)|what i said))"
    rf"|forget what i (?:just )?said(?: (?:about|of|on) {_that()})?"
)
_NEXT = (
    rf"what else (?:have you(?: got)?|do you have|is there|is new)|{_WANT}the rest|(?:the )?next (?:{_N})|"
    r"(?:the )?next(?: (?:page|ones?|few|results|stories|items|please))*|more|(?:any|some|got (?:any )?) ?more"
    rf"|{_WANT}(?:see |show |list |load )?(?:some |the |a few )?(?:more|next)(?: (?:ones|results|stories|items|page))?"
    r"|(?:are|is) there (?:any )?(?:more|others?|anything else)(?: (?:ones|results|stories))?"
    r"|(?:anything|something|what) else|keep going|go on|continue|carry on"
)
_BRIEF = (
    rf"(?:can|could|may) i (?:hear|read|know|see|get) more (?:about|on|of) {_one(told=False)}|"
    rf"{_TOLD} {_one(told=False)}|(?:more|(?:the |more )?details?)(?: (?:about|on|of|for))? "
    rf"{_one(bare=True, told=False)}|{_one(told=False)}"
    rf"|what(?:'s| is| was) {_one(told=False)} (?:about|on)"
    rf"|{_ASK}(?:explain|summari[sz]e|expand(?: on)?|elaborate on|go deeper into"
    rf"|brief(?: me)?(?: on| about)?) {_one(told=False)}"
)
_LINK = r"(?:(?:the )?(?:link|source|article|page|original|full text|url|website)(?: (?:to|of|for|in|behind))? )?"
_OPEN = (
    rf"(?:the )?(?:link|url|source) (?:for|to|of) {_one()}|where can i (?:read|find|see|open) {_one()}|"
    rf"{_ASK}(?:open|visit|go to|follow the link of) {_LINK}{_one(bare=True)}"
    rf"|{_ASK}(?:show|give|send)(?: me)? (?:the )?(?:link|source|original|full text|url)(?: (?:to|of|for))? {_one()}"
    rf"|{_ASK}(?:show|give|send)(?: me)? the (?P<source>{_NTH}) (?:source|link|article)"
)
_WHY = (
    "(?:why|how come)(?: (?:did|do|would))? (?:you|i) (?:show(?:ed)?|sen[dt]|(?:recommend|suggest|pick|list)(?:ed)?"
    f"|choose|chose|g[ia]ve|see|get)(?: me)? {_that()}"
    "|why (?:am i|was i|are you|were you) (?:seeing|shown|getting|given|showing me|sent|sending me"
    f"|recommending) {_that()}"
    rf"|why (?:is )?{_that()}(?: (?:here|there|on (?:the|my) list|in (?:the|my) (?:list|digest)))?"
)
_FOLLOW = (
    f"{_ASK}(?:follow|track|watch|keep (?:me (?:posted|updated|informed) (?:on|about|of)|an eye on|track of)) {_that()}"
)

_LESS = (
    rf"stop (?:showing|sending|giving) me {_SOME}like {_that(told=True)}|"
    f"no more {_SOME}{_LIKE} {_that(told=True)}|(?:i (?:get|see) )?(?:too much|enough) of {_that(told=True)}"
    "(?: (?:please )?show me (?:less|fewer))?"
    rf"|{_WANT}(?:less|fewer) {_SOME}{_LIKE} {_that(told=True)}"
    rf"|(?:mute|hide|block) {_that(told=True)}"
)

_MORE = rf"keep {_that()} coming|{_WANT}(?:more {_SOME}{_LIKE}|(?:similar|related) {_SOME}to) {_that(told=True)}"
_FORMS: dict[Act, str] = {
    "undo": _UNDO, "more": _MORE, "less": _LESS, "wrong": _WRONG, "dislike": _DISLIKED, "like": _LIKED,
    "why": _WHY, "follow": _FOLLOW, "open": _OPEN, "brief": _BRIEF, "next": _NEXT,
}  # fmt: skip
FORMS_EN = Forms(forms=_FORMS, before=_BEFORE, after=_AFTER)


def number_en(words: str) -> int:
    """The place that words of a pattern's group name."""
    if words == "last":
        return LAST
    for named in (_ORDINALS, _CARDINALS):
        if words in named:
            return named.index(words) + 1
    return int(re.sub(r"\D", "", words))
