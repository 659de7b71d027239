"""Sentences that give orders to whoever reads them: not news, never quoted, and never shown to a model.

By shape alone: an imperative, or talk of "your answer". A plain lie that an article tells has no such shape; against
that stand only the other sources.
"""

from __future__ import annotations

import re

from storage.domain.news import Headline
from storage.domain.sentences import sentences

# News begins a sentence with none of these, or only before a noun: "Open champion", "Group of Seven".
_ALWAYS = (
    "ignore|disregard|rearrange|misspell|summari[sz]e|paraphrase|pretend|roleplay|rewrite|prepend|rephrase|obey|please|"
    "do not|don['’]t|kindly"
)
_BEFORE = (
    "translate|repeat|respond|reply|print|output|imagine|append|say|cite|tell|write|set|answer|visit|click|open|send|"
    "list|give|explain|draft|create|generate|provide|describe|make|include|add|"
    "mention|use|act|replace|remove|introduce|group|modify|integrate|substitute|suggest|design|compose|define|show|help|"
    "calculate|convert|identify|assess|check|consider|download|subscribe|follow|remember|forget|reveal|encode|insert|"
    "mark|change|quote|begin|end|start|stop|avoid|read|analy[sz]e|compare|recommend|promote|encourage|ask|recite|develop"
)
_ASKING = "explain|describe|tell|show|list|outline|discuss|analy[sz]e|name|identify|find|compare|detail|check|see"
_DETERMINERS = (
    "(?:an?|the|your|this|these|that|any|all|me|us|it|them|every|each|some|only|following|as|vowels|consonants|letters|"
    "words)\\b|[\"“'‘]"
)
_LABEL = r"(?:(?:system|assistant|user|note|important|instructions?|task|prompt)\b[^.\n]{0,30}:\s*)?"
_REPLY = "answer|response|reply|output|summary|message|instructions?"
# Of small letters.
_ORDER_EN = re.compile(
    rf"^[\"“'‘(*#>\s-]*{_LABEL}(?:(?:now|then|also|instead|first|finally),?\s+)?"
    rf"(?:(?:{_ALWAYS})\b|(?:{_BEFORE})\s+(?:{_DETERMINERS})|(?:can|could|would|will) you\b|\w+ your (?:{_REPLY})\b"
    rf"|(?:{_ASKING})\s+(?:how|why|what|who|when|where|which|whether)\b"
    rf"|(?:never|always) (?:{_ALWAYS}|{_BEFORE})\b"
    r"|(?:break down|bring out|carry out|come up with)\b"
    r"|you (?:are|must|will|should|shall) (?:now|only|always|never|not)\b)"
    rf"|\b(?:in|of|to|from|for|with) your (?:next |final |own )?(?:{_REPLY})\b"
    rf"|\byour (?:{_REPLY}|prompt|system prompt) (?:must|should|with|in|to|is|using|has|as)\b"
    r"|\b(?:previous|prior|above|earlier) instructions\b|\bsystem prompt\b|\blanguage model\b.{0,40}\b(?:must|should)\b"
    r"|^\W*(?:system|assistant|user)\s*:"
    r"|\b(?:dear|hey|hello|hi|attention,?) (?:ai|assistant|chatbot|bot|language model|llm)\b"
    r"|\b(?:new|next|final|updated) (?:instructions?|orders?|task) (?:for|to) (?:the|all|any|you|ai)\b"
)
_ORDER_ZH = re.compile(
    r"^[“\"‘（(\s]*(?:请(?!问|愿|假|客|辞|战|求|示|教|缨)|务必|切勿|忽略|无视|翻译(?:成|以|下|这|为)|(?:输|列)出(?:以下|你|一|所有)|"
    r"生成一|扮演|假装|你现在|你是一[个名位]|写(?:一[篇首个段封]|下(?:你|以)|出(?:你|以))|告诉(?:我|用户|读者))"
    r"|(?:在|从|把)?你的(?:回答|回复|答案|输出|指令|提示词|摘要)|(?:以上|之前|前面|先前)的?(?:所有)?(?:指令|提示|要求)|系统提示"
)


def without_orders(text: str) -> str:
    """`text` without the sentences that are orders; itself where there are none."""
    spans = sentences(text)
    kept = [text[start:end] for start, end in spans if not is_order(text[start:end])]
    return text if len(kept) == len(spans) else " ".join(kept)


def shown_title(headline: Headline) -> str:
    """The title of an article as it may be shown; of one that gives orders, only where it is from."""
    return f"({headline.source or '…'})" if is_order(headline.title) else headline.title


def is_order(sentence: str) -> bool:
    """Whether a sentence tells its reader what to do."""
    return bool(_ORDER_EN.search(sentence.lower()) or _ORDER_ZH.search(sentence))
