"""The same in Chinese: 暂停一周, 跳过明天的, 恢复. Pure."""

from __future__ import annotations

import re

from bot.flows.wording.hours import NUMBER_ZH

NAME = "(?:简报|日报|早报|晚报|推送)"
ASKED_TO = "(?:你|您)?(?:能不能|可不可以|能否|可否|可以|能)"
# None of these is given back: else many in a row would be read in every way there is.
_POLITE = f"(?:请|麻烦|帮我|那|先|给我|{ASKED_TO}|把|将|就|都)*+"
_D = f"(?:我?的?(?:每[日天]的?|新闻)?{NAME})"
_SEND = "(?:推送|发送|推|发)"
_DENY = "(?:不要|不用|不必|不想要|别|先不|不)(?:再)?(?:给我)?"
_STOP = f"(?:(?:暂停|停止|停掉|停更|停){_SEND}?|{_DENY}{_SEND})(?:给我)?了?{_D}?|{_DENY}{_D}"
_AWAY = "(?:我?(?:要|正|在|会|去|得|准备|马上)*(?:休假|度假|放假|出差|旅行|旅游|外出|不在|出国|出门)(?:中|期间)?[,，]?)"
_PEACE = "(?:安静|清静|清净|静一?静|休息|歇歇?|缓缓?|放个?假)(?:一下|一会儿?|一阵子?)?"
_LEAVE = "(?:别|不要|请?勿|先别)(?:再|来)?(?:打扰|吵|烦)我?"
_NTH = f"(?:下|接下来的?|后面|之后)(?P<n>\\d|{NUMBER_ZH})?[份次个期条回]"

PAUSES = (
    f"{_POLITE}{_D}?{_POLITE}(?:{_STOP})(?P<when>.+)",
    f"{_AWAY}(?P<when>.+?)[,，。 ]*(?:期间|这段时间|所以|这期间)*{_POLITE}{_D}?{_POLITE}(?:{_STOP})",
    f"{_POLITE}(?P<when>.+?)[,， ]?(?:期间)?{_POLITE}{_D}?{_POLITE}(?:{_STOP})",
    f"(?:我){_AWAY}(?P<when>.+)",
    f"{_POLITE}(?:(?<=给我)|(?:让|给)?我?想|(?:让|给)?我){_PEACE}[,， ]?(?P<when>.+)",
    f"{_POLITE}{_LEAVE}[,， ]?(?P<when>.+)",
    f"{_POLITE}(?P<when>.+?前){_POLITE}{_LEAVE}",
)
DAYS = (
    f"{_POLITE}(?P<once>跳过)(?P<when>.+?)(?:的|那[份次天])?(?:{_D}?)",
    f"{_POLITE}(?P<when>.+?)(?P<once>的{_D}?|的?那[份次])?(?:{_D}?){_POLITE}(?:跳过|取消掉?|免了?|{_STOP})",
    f"{_POLITE}(?:取消|不要|别|不用|不必)(?:再)?{_SEND}?(?P<when>.+?)(?P<once>的?{_D})",
)
NEXT = (
    f"{_POLITE}跳过(?:{_NTH}|这一?[次份]|一次)(?:的)?{_D}?",
    f"{_POLITE}(?:{_NTH}|这一?[次份])的?{_D}?{_POLITE}(?:跳过|取消|免了|{_STOP})",
)
RESUMES = (
    f"{_POLITE}(?:现在|可以|提前|重新)*(?:恢复|继续(?=发|推)|重新开始(?=发|推)){_SEND}?{_D}?",
    f"{_POLITE}(?:取消|结束|解除)(?:简报)?的?暂停",
)
BACK = ("我(?:已经)?回来",)
OFF = (f"{_POLITE}(?:暂时|(?<=先)){_D}?{_POLITE}(?:{_STOP})",)
FOR_GOOD = re.compile("每.*|(?:周|星期|礼拜|週)[一二三四五六日天末]")
