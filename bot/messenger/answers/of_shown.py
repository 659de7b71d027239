"""What is said in plain words of what was shown: of the message that it answers, or of the last that told of something.

What it says is taken down as by the buttons under that message; what it wishes is done as by the command.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.flows.asked import as_words
from bot.flows.wording.said import LAST, MAY_ASK, RATINGS, Said
from bot.messenger.answers.decisions import Decision, words
from bot.messenger.answers.taps import Taps
from bot.messenger.incoming.events import Commanded, Origin
from bot.messenger.paragraphs import render
from bot.messenger.paragraphs.markup import Paragraph, Piece, defused, own, parts
from bot.ports import Steers
from bot.texts import say
from storage.domain.changes import Learned
from storage.domain.evidence import Evidence, EvidenceKind
from storage.domain.feedback import About, Thing
from storage.domain.news import Article, ArticleId
from storage.domain.people import ReaderId
from storage.domain.times import Clock

ReadArticle = Callable[[ArticleId, ReaderId | None], Awaitable[Article | None]]
_KINDS = {
    "like": EvidenceKind.LIKED,
    "dislike": EvidenceKind.DISLIKED,
    "wrong": EvidenceKind.DISLIKED,
    "more": EvidenceKind.MORE,
    "less": EvidenceKind.LESS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfShown:
    """Does it.

    Args:
        article: An article that a reader may see, for what it is called and where it stands.
        command: Does a command.
    """

    taps: Taps
    learn: Steers
    article: ReadArticle
    command: Callable[[Commanded], Awaitable[Decision]]
    clock: Clock

    async def answer(self, origin: Origin, said: Said) -> Decision | None:
        """What it comes to; `None` where it may be a question.

        Where others listen and nothing is pointed at; and where more is wanted of a number that nothing shown has.
        """
        if said.act == "undo" and origin.private and origin.answers is None:
            return await self._undone(origin)
        about = None if said.act == "next" else await self._about(origin)
        may_ask = said.number is not None and said.act in MAY_ASK
        if about is not None:
            off = said.act == "brief" and said.number is not None and said.number > _places(about)
            return None if off else await self._of(origin, about, said)
        if said.act == "next" or may_ask or not origin.private:
            return None
        return words(origin.language, "feedback_nothing")

    async def _of(self, origin: Origin, about: About, said: Said) -> Decision:
        if said.act == "undo":
            noted = await self.taps.feedback.taken_back(origin.reader, about)
            return Decision(parts=render.sentence(origin.language, noted.said), changes=noted.changes)
        if said.number is None:
            place = None
            if said.act not in RATINGS and len(about.things) > 1:
                return self._which(origin, said)
        else:
            of = _places(about)
            place = of if said.number == LAST else said.number
            if not 1 <= place <= of:
                return words(origin.language, "feedback_no_number", number=said.number, last=of)
        if said.act in RATINGS:
            return await self._rated(origin, about, said, place)
        return await self._done(origin, said, about.things[0] if place is None else _thing(about, place))

    async def _undone(self, origin: Origin) -> Decision:
        undone = await self.learn.to_undo(origin.reader)
        language, change = origin.language, undone.change
        lines: list[Paragraph] = [(own(say(language, undone.said, what=defused(", ".join(undone.what)))),)]
        lines += [(Piece(text=render.titled(each)),) for each in undone.what if change is not None]
        return Decision(parts=parts(lines), changes=() if change is None else (change,))

    async def _about(self, origin: Origin) -> About | None:
        if origin.answers is not None:
            answered = await self.taps.messages.at(origin.chat_id, origin.answers)
            if answered is not None:
                return answered
        return await self.taps.messages.last(origin.chat_id) if origin.private else None

    async def _rated(self, origin: Origin, about: About, said: Said, number: int | None) -> Decision:
        kind = _KINDS[said.act]
        named = None if number is None else _thing(about, number)
        if named is not None and named not in about.things:
            noted = await self.taps.feedback.rated(origin.reader, named, kind, stays=True)
        else:
            spoken = await self.taps.feedback.spoken(origin.reader, about, number, kind)
            if spoken is None:
                return self._which(origin, said)
            noted = spoken
        one = named or (about.things[0] if len(about.things) == 1 else None)
        article = None if one is None else await self._article(origin, one)
        lines: list[Paragraph] = [(own(say(origin.language, noted.said)),)]
        if article is not None:
            lines.append((_titled(article),))
        lines += [(own(say(origin.language, "feedback_wrong")),)] if said.act == "wrong" else []
        lines += [(own(say(origin.language, "feedback_undo")),)] if noted.changes else []
        return Decision(parts=parts(lines), changes=noted.changes)

    async def _done(self, origin: Origin, said: Said, thing: Thing) -> Decision:
        if said.act == "why":
            return words(origin.language, "feedback_why")
        article = await self._article(origin, thing)
        if article is None:
            return words(origin.language, "button_stale")
        if said.act == "open":
            did = Evidence(reader=origin.reader, kind=EvidenceKind.OPENED, at=self.clock(), key=article.headline.id)
            return Decision(parts=parts([(_titled(article),)]), changes=(Learned(evidence=(did,)),))
        named = f"#{thing.story}" if thing.story is not None else as_words(article.headline.title)
        return await self.command(Commanded(origin=origin, command=said.act, argument=named))

    async def _article(self, origin: Origin, thing: Thing) -> Article | None:
        return await self.article(thing.articles[0], origin.place)

    def _which(self, origin: Origin, said: Said) -> Decision:
        example = said.act if said.act in {"more", "less"} else "other"
        return words(origin.language, "feedback_which", example=say(origin.language, f"feedback_example_{example}"))


def _titled(article: Article) -> Piece:
    return Piece(text=render.titled(article.headline.title), link=article.headline.url)


def _places(about: About) -> int:
    """How many can be named by a number: the things of a list, or what one answer rests on."""
    return len(about.things) if len(about.things) > 1 else len(about.things[0].articles)


def _thing(about: About, place: int) -> Thing:
    """What has that number: one of a list; of one answer the article that is quoted under it."""
    only = about.things[0]
    answers = only.story is None and len(set(only.articles)) > 1
    if place <= len(about.things) and not (len(about.things) == 1 and answers):
        return about.things[place - 1]
    return Thing(articles=(only.articles[place - 1],))
