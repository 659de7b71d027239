"""Questions about oneself: what one follows, what is known of one, and one's data given or deleted. Pure."""

from __future__ import annotations

import re
from typing import Literal

Own = Literal["follows", "profile", "export", "forget"]

_FOLLOWS = (
    r"what (?:do i|am i) follow(?:ing)?|(?:show|list|tell)(?: me)? (?:what i follow|(?:all )?my follows)"
    r"|我(?:都|现在|目前|正在|在)*(?:关注|订阅|跟踪)了?(?:些)?(?:什么|啥|哪些)(?:话题|内容|事情?|东西|新闻)?"
)
_PROFILE = (
    r"what (?:do|did) you (?:know|remember|keep|store|have|think you know) (?:about|of|on) me"
    r"|what (?:are my interests|am i interested in|do i (?:like|care about))"
    r"|(?:show|tell)(?: me)? my (?:profile|interests)"
    r"|我(?:都|现在|最)*(?:对什么(?:话题)?(?:最)?感兴趣|喜欢什么|关心什么|的兴趣(?:是什么|有哪些)?)"
    r"|(?:你|您)(?:都)?(?:知道|了解|记得|记住了?)(?:关于)?我的?(?:些)?(?:什么|啥|哪些)(?:信息|事情?)?"
)
_EXPORT = (
    r"(?:export|download|give me|send me|show me) (?:all )?(?:of )?my data"
    r"|(?:请)?(?:导出|下载)我的(?:所有|全部)?数据"
)
_FORGET = (
    r"(?:delete|erase|remove|forget) (?:all )?(?:of )?my data|forget (?:me|everything)(?: about me)?"
    r"|forget (?:all|everything|what) you know (?:about|of) me"
    r"|(?:请)?(?:删除|清除|忘记|忘掉)我的?(?:所有|全部)?(?:数据|信息|资料)|(?:请)?(?:忘记|忘掉)(?:我|(?:关于)?(?:我的?)?(?:一切|全部|所有))(?:吧|了)?"
)
_END = r"(?: (?:now|please|again))?|[啊呢吧呀]?"
_ASKED: dict[Own, str] = {"follows": _FOLLOWS, "profile": _PROFILE, "export": _EXPORT, "forget": _FORGET}
_PATTERNS = tuple((own, re.compile(f"(?:{asked})(?:{_END})", re.IGNORECASE)) for own, asked in _ASKED.items())
_LONGEST = 60
"""Characters. What is longer asks more than that."""


def of_oneself(text: str) -> Own | None:
    """The command that answers a question about oneself; that all is deleted has to be said in full to it."""
    said = re.sub(r"\s+", " ", text).strip(" .!?。！？")
    if len(said) > _LONGEST:
        return None
    return next((own for own, pattern in _PATTERNS if pattern.fullmatch(said)), None)
