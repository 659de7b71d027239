"""What belongs to the page rather than to its news: notices, invitations, labels, orders to whoever reads.

Every sentence of every passage is held against all of it. So what is English is looked for in small letters, where a
letter that begins none of it is passed at once (four times as fast as with either), what can only open a text at its
beginning, and what is Chinese only where there may be any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from generation.reading.terms import HAN

_REMEMBERED = 4_096
_HAN = re.compile(f"[{HAN}]")
_MONTH = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)"
# A sentence behind a label is news, unless it says what else the page holds.
NO_NEWS_BEHIND = (
    r"(?!\s?: (?!(?:how|what|when|where|who|why|here|everything|all|start|dates?|times?|teams?|tickets?|latest"
    r"|the (?:latest|key|full|best|main))\b)[\w'’-]+,? (?:[\w'’-]+,? ){2})"
)
# What speaks of the page or to who reads it, by what it bids or labels: news tell of QR codes, of copyright and of
# newsletters, too, and of those who sign up or read more.
_ANYWHERE = re.compile(
    r"\b(?:click here|all rights reserved|video player|this file photo|file photo(?=$|[.,:)\]])|hide caption"
    r"|ad (?:froze|content)"
    r"|reach (?:him|her|them|us) at|read more(?=[:.]|$| (?:here|from|stories))"
    r"|(?:we|site|website|page|you) [^.]{0,30}cookies|accept (?:all )?cookies"
    r"|cookie (?:policy|settings|preferences|notice)"
    r"|sign up (?:here|now|today|free|for free|(?:for|to)\b[^.]{0,80}\b(?:newsletters?|inbox|alerts|e-?mails?|texts))"
    r"|subscribe (?:now|today|here|&|to our\b"
    r"|(?:to|for|and)\b[^.]{0,60}\b(?:newsletters?|journalism|podcasts?))"
    r"|(?:our|your|free) (?:[\w’']+ ){0,4}newsletters?|newsletter provides you|this newsletter"
    r"|don['’]t miss [^.]{0,60}newsletter"
    r"|(?:version|edition|part) of [^.]{0,60}newsletter|(?:get|receive|delivered|join)\b[^.]{0,80}\bnewsletter"
    r"|newsletter[^.]{0,80}\binbox|(?:in|to) your (?:e-?mail )?inbox"
    r"|advertise (?:with us|here|on this)|(?:our|agree[^.]{0,40}) (?:privacy policy|terms of (?:use|service))"
    r"|privacy policy (?:and|&|\|)"
    r"|follow (?:us|him|her|me|them) on (?:@|twitter|x\b|facebook|instagram|threads|bluesky|tiktok)"
    r"|contributed to this (?:report|story|article|piece)|via getty images"
    r"|(?:log in|sign in) (?:here|or|to (?:continue|read|comment|view))|share this (?:article|story|page|post|video)"
    r"|(?:^|[.!:] |\bplease |\byou (?:must|can|may|should|(?:have|need) to) )"
    r"(?:enter|submit|provide|type|confirm) (?:in )?(?:your|a valid) e-?mail address"
    rf"|here['’]?(?:s| is| are|re)\b[^.:]{{0,80}}\bneed to know{NO_NEWS_BEHIND}"
    rf"|(?:everything|things|what|all|information) (?:else )?you(?:['’]ll)? need to know{NO_NEWS_BEHIND}"
    r"|(?:ignore|disregard|forget) (?:all |any |the |your )?(?:previous|prior|above)|system prompt|you are now)\b"
    r"|newsletter ?[:?]|by subscribing:|/ ?getty images|getty images ?(?:[/)]|$)|[(:|] ?photo by"
    r"|(?:^|[:!?.)\]] ?)(?:please )?(?:sign up|subscribe)\b"
)
_OPENS = re.compile(
    r"^(?:read more|newsletter|cookies on|advertisement|privacy policy|terms of (?:use|service)|photo by(?! photo)"
    r"|log in|share this)\b"
    r"|^(?:(?:lead|main|cover|featured|top|header) )?(?:image|photo|picture|video|illustration|graphic)s?"
    r" (?:credits?|source|courtesy)(?: of\b|:)|^credits?:|^pictured(?::|,| (?:above|below|left|right|here)\b)"
    r"|^(?:story|article|report|post) continues (?:below|after)\b|^continue reading\b"
    r"|^(?:have|do) you (?:got|have) (?:an?|any|more) (?:news )?(?:story|tip|information)\b[^.?]{0,60}\?"
    r"|^(?:e-?mail|contact|text|message|write to|get in touch with) (?:us|our (?:newsroom|news ?desk|reporters|team))\b"
    r"|^watch(?::|$| (?!(?:the|this) (?:(?!video|clip|interview|full|live|highlights|trailer)[^.:]){1,60}: \w+ \w+ \w)"
    r"(?:the|full|live|more|our|video|now|below|here|how|as|it|out|this|these|highlights)\b)"
    r"|^related(?::|$| (?:coverage|stor(?:y|ies)|articles?|content|links?|videos?|topics?|reading|posts?)\b)"
    r"|^corrections?(?::| (?:appended|to this|and clarif\w+)\b)|^photograph(?:s|er)?(?::| by\b)"
    rf"|^(?:updated|published)(?::|$| (?:at |on )?(?:\d|{_MONTH}[a-z]*\.? \d))"
    r"|^more:|^by (?-i:[A-Z])[^.!?]{2,60}$",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"(?:^|[，。；：！>）)（(【\s])(?:请|欢迎)?(?:点击|戳)(?:上|下|左|右|此|这|图|文末|蓝字|视频|链接|原文|阅读|查看|观看|播放|"
    r"收听|关注|进入|获取|下载|联系|参与|投稿|投票|报名|了解|在看|“?在看|www)|请点击"
    r"|关注我们|(?:欢迎|敬请|请|快来)[^，。]{0,12}(?:关注|订阅|搜索|添加)[^，。]{0,16}公众号|(?:更多|获取)[^。]{0,40}公众号"
    r"|关注(?:本|我[们院校台市]?)[^，。]{0,8}公众号|^[（(][^）)]{2,24}公众号[）)]?$|公众号[：:（(]|长按[^，。]{0,10}(?:二维码|识别)"
    r"|(?:识别|扫描?|扫一扫)(?:上|下|左|右|文末|图中|以下|如下|此)[方图面边侧]?[^，。“”]{0,8}(?:二维码|码)"
    r"|^(?:请)?(?:微信)?(?:扫码|扫一扫|(?:扫描|识别)[^，。]{0,6}二维码)|[！：～~】](?:请)?(?:微信)?扫码"
    r"|等形式）?，用于传递更多信息|广告声明"
    r"|责任编辑|责编|编辑[：:]|审核[：:]|来源[：:]|下载客户端|图源|摄[）)]?$|^免责声明|免责声明[：:]"
    r"|版权(?:所有|归|均?属|声明|作品|侵权联系|说明[：:]|信息[：:])|版权[^，。]{0,4}问题(?:，?请|，[^。]{0,12}联系)"
    r"|(?:请勿|禁止|严禁|不得|谢绝|不允许|如需|如若|欢迎)[^，。]{0,8}转载|转载(?:请|须|需|时|此文|自[：:])|^(?:本文)?转载"
    r"|(?:本文|本[网报刊站])[^，。]{0,8}原创|原创(?:文章|内容|作品|稿件)[，,。 ]*(?:转载|未经|请)"
    r"|未经[^，。]{0,8}授权[，, ]?(?:不得|禁止|严禁|请勿|任何)"
    r"|忽略(?:以上|之前|前面|所有)|系统提示",
    re.IGNORECASE,
)


# A sentence is looked at for many questions, and by several who ask.
@lru_cache(maxsize=_REMEMBERED)
def is_boilerplate(text: str) -> bool:
    """Whether some of a text is of the page."""
    return next(_marks(text), None) is not None


def notes(text: str) -> int:
    """How many marks of it a text holds."""
    return sum(1 for _ in _marks(text))


def _marks(text: str) -> Iterator[re.Match[str]]:
    yield from _OPENS.finditer(text)
    yield from _ANYWHERE.finditer(text.lower())
    if _HAN.search(text):
        yield from _CHINESE.finditer(text)
