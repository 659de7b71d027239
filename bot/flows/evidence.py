"""What an act of a reader's tells of what they care about. Pure: only what they do themselves, and what they write."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.flows.wording.vocabulary import SUBJECTS, WITHIN_SUBJECTS
from storage.domain.annotations import Category
from storage.domain.dialogue import Answer
from storage.domain.evidence import OWN_WORDS, USUAL_WEIGHTS, Evidence, EvidenceKind
from storage.domain.feedback import Thing
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.errors import InputError

MOST_ARTICLES = 3
"""How many articles an act is about at most; together they weigh what the act does."""

TOPIC_WEIGHT = 0.5
"""How much it tells to want the news of a topic, in opened links. By judgement: half as much as a question, which names
what somebody wants to know, and as much as asking on; most who look into a subject do so once."""

_MOST_TOLD = 20
_AFTER = timedelta(microseconds=1)
# What parts one thing they name from the next, and, at its beginning or its end, only says that they do or do not care.
_BETWEEN = re.compile(
    r"[,;!?\n，；、。！？]+|(?<=[a-z0-9]{2})\.(?=\s|$)|\b(?:and|as well as|but)\b|以及|还有|但是?"
    r"|(?<=[\u4e00-\u9fff])(?:与|和(?![平谐解约]))(?=[\u4e00-\u9fff])",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"(?:(?:i(?:['’](?:m|d)| am| would)?|also|mostly|mainly|really|very|much|just|please)(?:\s+|$))*"
    "(?:(?:follow|like|love|enjoy|read|see|get|have|care|work|interested|into|want|need|hear|(?:tell|show|send"
    "|give) me"
    r"|am|news|stories|everything|a lot|more|about|on|of|from|in|for|as|to)(?:\s+|$))*"
    r"(?:(?:an?|the)\s+)?",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"(?:i(?:['’]m| am)?\s+)?(?:(?:really|just|also)\s+)*"
    r"(?:do not|don['’]t|no longer|not|no|never|hate|dislike|nothing|without)\b\s*"
    r"(?:(?:really|very|all that|that|at all)\s+(?=interested|into|keen|care|like))?",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"(?:i(?:['’]d| would)?\s+)?(?:(?:really|just|also|please)\s+)*"
    r"(?:(?:want|like|prefer|(?:can|could) i (?:have|get|see)|(?:show|send|give)\s+me)\s+)?"
    r"(?:to\s+see\s+)?(?:less|fewer)\b(?!-)\s*",
    re.IGNORECASE,
)
_AMOUNT_ZH = "(?:请|以后|今后|下次|麻烦|可以|能不能|你)*(?:再)?{}给?我?(?:推送?|推荐|来|发|看)(?:一?[点些]|几条)?"
_FOR_ZH = re.compile(
    r"我?(?:们|也|很|最|更(?!多)|还|又|再次|重新|非常|主要|平时)*"
    r"(?:关注|关心|喜欢看?|爱看|想多?(?:看看?|了解|读|听|关注)|想知道|在意|从事|是(?:一名|一个|个)?|对"
    rf"|{_AMOUNT_ZH.format('多')})?(?:更多|一?[点些](?!心))?的?(?:关于|有关)?"
)
_AGAINST_ZH = re.compile(
    "我?(?:也|真|很|更|还|都|再)*(?:不(?:太|再|怎么)?(?:想|喜欢|关心|关注|爱|看|要|感兴趣)+看?|讨厌|别再?(?:给我)?(?:推送?|发)?|没兴趣)(?:对)?"
)
_LESS_ZH = re.compile(rf"(?:我?(?:也|还|就)*想)?{_AMOUNT_ZH.format('少')}(?:关于|有关)?")
_END = re.compile(
    "(?:(?:很|非常|更|最)?感兴趣|没兴趣|不感兴趣|方面的?|的?(?:新闻|消息|内容|资讯)|了|[多少](?:推送?|推荐|来|发"
    "|看)?一?[点些]"
    r"|\s+(?:news|stories|please|again|once more|from now on|in (?:the )?future))+$",
    re.IGNORECASE,
)
_COLON = re.compile(r":(?=\s|$)|：")
# "My interests: chips", "my interests are chips": what only says that they are named; "theme parks" is none such.
_HEADING = re.compile(
    r"(?:my |these |the )?(?:main )?(?:interests?|topics?|subjects?|themes?|keywords?|preferences?|hobbies)"
    r"(?:$| (?:is|are|include)\b)|我?的?(?:兴趣(?:爱好)?|话题|主题|关键词|爱好|偏好)(?:$|[是有])",
    re.IGNORECASE,
)
_LONGEST_END = 40
"""Characters: nothing but endings stands in no clause, and a longer run of them would be looked through from each."""
_UNINTERESTED_ZH = re.compile("(?:不(?:太)?感兴趣|没(?:有)?兴趣)$")
_LESS_OF_ZH = re.compile("少(?:推送?|推荐|来|发|看)?一?[点些][吧了]?$")


def of_answer(reader: ReaderId, answer: Answer) -> tuple[Evidence, ...]:
    """What a question tells of who asked it: that they care about the articles it was answered from.

    Where the news of a topic were listed it is the topic, in their words. Nothing where nothing was answered, or from
    a document that they gave to read; and nothing where the newest or hottest stories were listed, whatever they are
    about.
    """
    if answer.refused or answer.remark is not None or answer.given:
        return ()
    question = answer.question
    if answer.listing:
        topic, at = answer.topic, question.asked_at
        return (of_words(reader, EvidenceKind.ASKED, topic, at, weight=TOPIC_WEIGHT),) if topic else ()
    kind = EvidenceKind.ASKED if question.follows is None else EvidenceKind.FOLLOWED_UP
    articles = tuple(dict.fromkeys(each.article_id for each in answer.citations))
    return of_articles(reader, kind, articles, question.asked_at, text=question.standalone)


def of_articles(
    reader: ReaderId,
    kind: EvidenceKind,
    articles: Sequence[ArticleId],
    at: datetime,
    *,
    text: str | None = None,
    act: str | None = None,
) -> tuple[Evidence, ...]:
    """What an act about several articles tells; of more than a few, the first."""
    about = tuple(dict.fromkeys(articles))[:MOST_ARTICLES]
    weight = USUAL_WEIGHTS[kind] / max(1, len(about))
    return tuple(
        Evidence(reader=reader, kind=kind, at=at, key=each, text=text, weight=weight, act=act) for each in about
    )


def of_things(
    reader: ReaderId, kind: EvidenceKind, things: Sequence[Thing], at: datetime, *, act: str | None = None
) -> tuple[Evidence, ...]:
    """What an act about one thing tells; or about several at once, each of which it tells little of."""
    if len(things) == 1:
        return of_articles(reader, kind, things[0].articles, at, act=act)
    weight = USUAL_WEIGHTS[kind] / max(1, len(things))
    firsts = (each.articles[0] for each in things)
    return tuple(Evidence(reader=reader, kind=kind, at=at, key=each, weight=weight, act=act) for each in firsts)


def of_ignored(
    reader: ReaderId,
    articles_by_item: Sequence[Sequence[ArticleId]],
    acted_on: Collection[ArticleId],
    at: datetime,
) -> tuple[Evidence, ...]:
    """What it tells that a reader was sent some things and did nothing about them.

    Args:
        reader: Who.
        articles_by_item: Of each thing, its articles.
        acted_on: Articles that they did something about, whatever it was; a thing that has one of them is not ignored.
        at: When it is counted as ignored, as a rule when the next digest is planned.
    """
    ignored = [articles for articles in articles_by_item if not any(each in acted_on for each in articles)]
    return tuple(
        evidence for articles in ignored for evidence in of_articles(reader, EvidenceKind.IGNORED, articles, at)
    )


def of_words(
    reader: ReaderId, kind: EvidenceKind, words: str, at: datetime, *, weight: float | None = None
) -> Evidence:
    """What words of a reader's own tell; the same words always have the same key.

    Anybody can make it of them, so what remembers it keys it by the reader's key.
    """
    digest = hashlib.sha256(words.casefold().encode()).hexdigest()[:16]
    return Evidence(reader=reader, kind=kind, at=at, key=f"{OWN_WORDS}{digest}", text=words, weight=weight)


def of_telling(reader: ReaderId, text: str, at: datetime) -> tuple[Evidence, ...]:
    """What a reader tells of themselves, a piece for each thing they name.

    What they say they do not want is muted; of what they want less of, less is shown.

    Raises:
        InputError: They name too much at once. The key is one of the catalogue.
    """
    return _of_named(reader, _named(text), at)


def words_told(text: str) -> tuple[str, ...]:
    """What that names."""
    return tuple(words for _, words in _named(text) if words)


def of_topics(reader: ReaderId, topics: Sequence[str], at: datetime) -> tuple[Evidence, ...]:
    """The same of a reader who wishes for the news of topics.

    Raises:
        InputError: See `of_telling`.
    """
    return _of_named(reader, [(EvidenceKind.TOLD, words) for words in topics], at)


def _of_named(reader: ReaderId, named: Sequence[tuple[EvidenceKind, str]], at: datetime) -> tuple[Evidence, ...]:
    found: dict[str, Evidence] = {}
    for kind, words in named:
        if words:
            # One after the other, as it was written: what is muted at one time is muted as one.
            evidence = of_words(reader, kind, words, at + len(found) * _AFTER)
            found.setdefault(evidence.key, replace(evidence, category=_subject(words, kind)))
    if len(found) > _MOST_TOLD:
        raise InputError("interests", "names too much at once", key="interests_too_many", most=_MOST_TOLD)
    return tuple(found.values())


def _subject(words: str, kind: EvidenceKind) -> Category | None:
    """The subject that words name, or name a part of: any of them, where somebody cares for it; else all of it.

    Who does not want to hear of celebrity culture may still want to hear of culture; who wants no football, of tennis.
    """
    said = words.casefold()
    if said in SUBJECTS:
        return SUBJECTS[said][0]
    if kind is not EvidenceKind.TOLD:
        return None
    parts = said.split()
    named = (
        each[0]
        for listed in (SUBJECTS, WITHIN_SUBJECTS)
        for word, each in listed.items()
        if (word in parts or word == said if word.isascii() else word in said)
    )
    return next(named, None)


def _named(text: str) -> list[tuple[EvidenceKind, str]]:
    """What a text names, each with what it says of it: before a colon a thing, or what is said of what follows."""
    found: list[tuple[EvidenceKind, str]] = []
    for clause in _BETWEEN.split(text):
        head, *rest = _COLON.split(clause, maxsplit=1)
        kind, words = _read(head.strip())
        if rest and not words and not _HEADING.match(head.strip()):
            found.append(_read(" ".join((head, *rest)).strip()))
        else:
            found += [(kind, words), *(_read(each.strip()) for each in rest)]
    return found


def _read(clause: str) -> tuple[EvidenceKind, str]:
    """Whether a clause is for or against what it names, or for less of it, and its words without those that say so."""
    kind = EvidenceKind.TOLD
    if _LESS.match(clause) or _LESS_ZH.match(clause) or _LESS_OF_ZH.search(clause):
        kind = EvidenceKind.LESS
    elif _AGAINST.match(clause) or _AGAINST_ZH.match(clause) or _UNINTERESTED_ZH.search(clause):
        kind = EvidenceKind.MUTED
    for opening in (_LESS, _LESS_ZH, _AGAINST, _AGAINST_ZH, _FOR, _FOR_ZH):
        if begun := opening.match(clause):
            clause = clause[begun.end() :]
    ended = _END.search(clause, max(0, len(clause) - _LONGEST_END))
    clause = (clause[: ended.start()] if ended else clause).strip(" '\"“”‘’()（）:：")
    heading = _HEADING.match(clause)
    return kind, clause if heading is None else clause[heading.end() :].strip()
