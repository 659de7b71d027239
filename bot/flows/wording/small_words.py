"""The small words of a wish, English and Chinese: what parts, joins, leaves out, adds, replaces, says nothing. Pure."""

from __future__ import annotations

import re

BREAK = re.compile(r"[,;.!?。\n]+")
"""Parts what is apart."""
JOIN = re.compile(r"(?:and|or|nor|as\s+well\s+as)(?![a-z])|[&+/|、和及与跟或]|以及|还有")
"""Joins what goes together."""
NOT = re.compile(
    r"(?:not|no\s+(?:longer|more)|no(?:\s+digests?)?|except(?:\s+for)?|without|excluding|never|skip|drop|remove|delete|"
    r"(?:instead|in\s+place)\s+of|rather\s+than|nothing(?=\s+(?:on|about|at|in)(?![a-z]))|(?:don't|do\s+not)"
    r"(?:\s+(?:send|want|show|need)(?:\s+(?:me|any|it|anything))*)?)(?![a-z])(?:\s+(?:on|about|in|any))*(?![a-z])|"
    r"but(?![a-z])(?=\s+(?:on\s+)?(?:mon|tues?|wed|thu|fri|sat|sun|weekend))|"
    r"除了?|删(?:除|掉)|去掉|不再|不(?:要|看|想看|含|包括|发|推)|别(?:发|推)?|排除|取消|停止|关闭"
)
"""Says that what comes is not wanted."""
NOT_BEFORE = re.compile(
    "(?:excluded|excepted|off)(?![a-z])|除外|以外|之外|外|不要|不看|不发|不推送?|别发|休息|不用|关闭|关掉|停止?"
    "|暂停|取消"
)
"""Says so of what came before it."""
ALSO = re.compile(
    r"(?:also|plus|add|additionally|in\s+addition|(?:and\s+)?(?:another|one\s+more|an?\s+(?:extra|second|third))"
    r"(?:\s+(?:one|digest))?)(?![a-z])|(?:另外|再)?(?:增加|添加|加上?|多加)(?:[一个次条]|上)*|另外|还要"
    "|再来(?:一[个次份])?"
)
"""Says that what comes is wanted besides what was so far."""
TOO = re.compile(r"(?:too|as\s+well)(?![a-z])|也(?:要|[发送推]送?|来|行|可以|给我)?(?:一[次份])?")
"""Says so of what came before it."""
INSTEAD = re.compile(r"instead(?![a-z])(?!\s+of(?![a-z]))")
"""Says that it is wanted in place of what was so far."""
IN_PLACE_OF = re.compile(r"(?:instead|in\s+place)\s+of(?![a-z])|rather\s+than(?![a-z])")
"""Says that what came is wanted in place of what comes."""
IDLE = re.compile(
    r"\s+|"
    r"(?:hi|hey|hello|ok|(?:can|could|will|would)\s+you)(?![a-z])|"
    r"(?:please|pls|new|newest|latest|then|from\s+tomorrow(?:\s+on)?|later|earlier|longer|shorter|receive"
    "|briefings?|overviews?|quick|but|with|only|just|for|of|about|on|in|at|to|by|the|an?|my|me|it|them|is|be|i|i'd|i'm|"
    r"we|like|want|would|need|send|give|bring|text|get|show|make|set|change|move|shift|put|keep|any\s?more"
    r"|any\s+longer|have|deliver|digests?|newsletter|each|every|times?|days?|"
    r"style|length|languages?|subjects?|topics?|categor(?:y|ies)|kinds?|items?|stories|articles?|from\s+now\s+on|"
    r"(?:a|per)\s+day|each\s+time|out|max(?:imum)?)(?![a-z'])|"
    "从?(?:今天|明天|现在)起|(?:以后|今后)|来?一份|(?:收到|只有)|希望|分(?=发)|[你您](?=以后|今后|每)"
    "|[你您]?(?:能不能|可不可以|能否|可否|可以|能)|吗|请|把|麻烦|帮我|给我|最新的?|新的|我们?|想要?|要|发送?|推送?"
    "|看|只|仅|再|改|换|挪|调整?|设置?|成|为|到|每次?|在|用|的|资讯|消息|日报|"
    r"简报|早报|晚报|主题|类别|话题|语言|风格|类型|长度|时间|关于|有关|吧|了|是|就|一次|都|(?<!\S)[-–—~](?=\s)"
    r"|[:'\"“”()]"
)
"""Says nothing by itself."""
