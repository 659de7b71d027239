"""What is said of what was shown, in Chinese. Pure."""

from __future__ import annotations

from itertools import count

from bot.flows.wording.hours import NUMBER_ZH, number_of
from bot.flows.wording.said import LAST, Act, Forms

_THING = "(?:新闻|消息|来源|链接|报道|文章|回答|答案|内容|故事|话题|东西|推送|简报|总结|摘要|解释)"
_NTH_ALONE = rf"第(?:\d{{1,2}}|{NUMBER_ZH})(?=[条个则篇项号])|最后一?(?=[条个则篇])"
_NTH = rf"{_NTH_ALONE}|\d{{1,2}}(?=[条号])"
_CALLED = count()


def _one(*, told: bool = True) -> str:
    """One that is named by its number; by 5号 or 5条, a day and so many, only where it is `told` that one is meant."""
    nth = _NTH if told else _NTH_ALONE
    return rf"(?P<n{next(_CALLED)}>{nth})[条个则篇项号](?:{_THING})?"


def _that() -> str:
    """What is pointed at, or one that is named."""
    return rf"(?:{_pointed()}|这)"


def _pointed() -> str:
    """The same, but not by a mere 这 or 那, which may be of anything: 那好吧, 这太好了."""
    return rf"(?:{_one(told=False)}|[这那]一?[条个则篇些]的?(?:{_THING})?|[这那]的?{_THING}|它|你的(?:{_THING}))"


def _alike() -> str:
    """What is like that: 这样的, 第一条那样的."""
    return (
        rf"(?:(?:像|跟|和|类似)?{_one()}(?:[这那][样种]|一样|类似)*的?(?:{_THING})?"
        rf"|[这那](?:样的?(?:{_THING})|样的|[种类些](?:类型)?的?(?:{_THING})?)|(?:类似|同类|相似)的?(?:{_THING})?)"
    )


_BEFORE = "(?:好的?|嗯+|哦+|请|麻烦|你|您|那|以后|下次|今后|能不能|可以|能|帮我|给我)*"
_AFTER = "(?:了|啊|呀|哦|吧|呢|嘛|啦|看看|谢谢|好吗|行吗|可以吗|吗)*"
_VERY = "(?:也|都|真的?|实在|完全|很|非常|特别|挺|蛮|太|好|有点儿?|相当|十分|还)*"
_TO_ME = "(?:来|看|推荐?送?|发|讲|给我(?:看|推送?|来|发)?)*"
_SOME = "(?:一?[点些]儿?|几[条个])?"
_I = "(?:我)?(?:也|还|就|更)*"
_LACKING = "(?:不(?:太|怎么|是很|再)?(?:感兴趣|喜欢|爱看|关心|想看|想要)|没(?:有|什么)?兴趣)"
_DULL = "(?:没(?:什么|啥)?(?:意思|用|帮助)|无聊|没劲|无趣|不(?:好看|有趣|行|好|怎么样))"
_FINE = "(?:好|棒|不错|精彩|有意思|有趣|有用|有帮助|赞|到位|清楚|喜欢|好看)"
_FALSE = "(?:错(?:了|的|误)|不(?:对|正确|准确|属实|是真的)|有(?:误|错)|是假的)"
_TELLS = "(?:回答|答|说|讲|总结|推荐)得"
_SAYING = "(?:说说看?|讲讲|聊聊|说一下|讲一下|介绍一?下?|解释一?下?|看看|展开|说|讲)(?:一下)?"
_FULLY = "(?:再|更|多|仔细|详细|具体|展开|深入)*地?"


def _amount(much: str) -> str:
    """That more, or less, of something alike is wanted, in either order."""
    return (
        f"{_I}(?:想要?|要)?{much}{_TO_ME}{_SOME}{_alike()}|{_alike()}(?:请|可以|再|也"
        f"|就)*(?:给我)?{much}{_TO_ME}{_SOME}"
        rf"|{_I}(?:想要?|要)?{_TO_ME}{_alike()}{much}{_SOME}"
    )


_DISLIKED = (
    f"{_I}(?:对)?(?:{_that()})?{_I}{_VERY}{_LACKING}|{_I}不(?:太|怎么|是很|再)?(?:喜欢|爱看|要看|想看)(?:{_that()}"
    f"|{_alike()})"
    rf"|(?:{_that()}{_VERY})?{_VERY}(?:没(?:什么|啥)?意思|没用|无聊|没劲|无趣)|{_pointed()}{_VERY}{_DULL}"
    rf"|{_TELLS}{_VERY}(?:不(?:好|怎么样|行|清楚)|差|烂)|{_that()}{_TELLS}不好"
)
_LIKED = (
    rf"{_I}{_VERY}喜欢{_that()}|{_I}{_pointed()}{_I}{_VERY}{_FINE}的?|{_VERY}喜欢|{_TELLS}{_VERY}{_FINE}"
    rf"|这?{_VERY}(?:有用|有帮助|有意思|有趣)|{_I}对{_that()}{_VERY}感兴趣"
    rf"|{_VERY}{_FINE}的(?:回答|答案|总结|推荐|简报)"
)
_WRONG = rf"(?:(?:{_that()}|答案|说法|你)?(?:说|答|讲|回答|搞|弄)?(?:的|得|是)?)?(?:都|完全|好像|明显)?{_FALSE}的?"
_LESS = (
    rf"(?:别|不要)(?:老|总|再)*{_TO_ME}{_SOME}{_alike()}"
    rf"|(?:屏蔽|静音|拉黑)掉?{_pointed()}|(?:把|将)?{_pointed()}(?:屏蔽|静音|拉黑)掉?"
)
_UNDO = (
    "(?:刚才|刚刚)?(?:说|点|按|弄)错了(?:请|帮我)?(?:撤销|撤回|收回)|"
    "(?:撤销|撤回|收回)(?:刚才|刚刚|上一?[个次条])?的?(?:那?[个条])?(?:反馈|评价|操作|话|说的)?|取消(?:刚才|刚刚"
    "|上一?[个次条])的?(?:反馈|评价)"
)
_NEXT = (
    "[后下]面(?:的|呢|还有)|翻页|还有(?:什么|啥|哪些)(?:别的|其他的?)?|"
    "下一[页批组]|(?:后面)?还有(?:没有|更多|别的|其他的?|其它的?)*(?:没有)?|(?:看|显示|列出|给我|想看|来)?更多|继续"
    "|接着[说来看]|"
    "往[下后][翻看]|(?:再|多)来(?:一?[些点批页]|几[条个])|换一[批页]|再(?:看|来)(?:看|一?[些点]|几条)"
)
_BRIEF = (
    f"{_FULLY}{_SAYING}{_FULLY}(?:关于)?{_one(told=False)}(?:的(?:详情|细节|情况|具体内容))?"
    f"|{_one(told=False)}{_FULLY}{_SAYING}得?(?:详细|具体|清楚|细)?{_SOME}"
    f"|{_one(told=False)}(?:说|讲)?的?是?(?:怎么回事|什么(?:意思|情况|内容|事)?|啥)|{_I}想{_FULLY}(?:了解|知道|看看?"
    f"|听听?){_one(told=False)}"
    rf"|{_one(told=False)}(?:的)?(?:详情|细节|详细情况)?"
)
_OPEN = (
    f"[打点翻]开{_one()}(?:的?(?:原文|链接|来源|网页|全文))?|(?:看看?|[打点]开|发我|发|要)?{_one()}的?(?:原文|链接|网页"
    "|全文)(?:给我|发我|在哪里?|是什么)?"
    rf"|(?:给我)?看看?(?P<seen>{_NTH})[条个则篇项号](?:链接|来源|原文)"
)
_WHY = (
    rf"为(?:什么|啥)(?:要|会)?(?:给我|向我)?(?:看|推荐?|推送|发|显示|列出){_that()}"
    rf"|(?:{_that()})为(?:什么|啥)(?:会|要)?(?:在(?:这里?|列表里)|出现|推?给我(?:看)?)"
)
_FOLLOW = (
    rf"(?:持续|继续|一直)?(?:关注|跟踪|跟进|追踪)(?:一下)?{_that()}"
    rf"|{_one()}(?:请|帮我|麻烦)*(?:关注|跟踪|跟进|追踪)(?:一下)?"
)

_MORE, _LESS_OF = _amount("(?:再)?多"), rf"{_LESS}|" + _amount("少")
_FORMS: dict[Act, str] = {
    "undo": _UNDO, "more": _MORE, "less": _LESS_OF, "wrong": _WRONG, "dislike": _DISLIKED, "like": _LIKED,
    "why": _WHY, "follow": _FOLLOW, "open": _OPEN, "brief": _BRIEF, "next": _NEXT,
}  # fmt: skip
FORMS_ZH = Forms(forms=_FORMS, before=_BEFORE, after=_AFTER)


def number_zh(words: str) -> int:
    """The place that words of a pattern's group name."""
    return LAST if words.startswith("最后") else number_of(words.removeprefix("第"))
