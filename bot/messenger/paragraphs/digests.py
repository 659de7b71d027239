"""What a reader should read, as paragraphs: each item with what it comes to, and why it is there. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from bot.messenger.paragraphs import render
from bot.messenger.paragraphs.markup import Paragraph, Piece, defused, own, parts
from bot.texts import say
from bot.texts.digests import told_pauses
from bot.texts.reasons import provenance
from bot.texts.times import minute
from storage.domain.digests import Digest, DigestItem
from storage.domain.feedback import Thing

_BLANK: Paragraph = ()


def things(digest: Digest) -> tuple[Thing, ...]:
    """The stories of a digest."""
    return tuple(Thing(articles=each.articles, story=each.story) for each in digest.items)


def rendered(digest: Digest, zone: tzinfo, title: str = "digest_title") -> tuple[str, ...]:
    """The texts that give a digest under a title, a key of the catalogue; times are of `zone`."""
    language = digest.language
    if not digest.items:
        return render.sentence(language, "digest_empty" if digest.slot is None else "digest_nothing")
    return parts(_paragraphs(digest, zone, title))


def _paragraphs(digest: Digest, zone: tzinfo, title: str) -> Iterator[Paragraph]:
    language, slot = digest.language, digest.slot
    yield (own(say(language, title, date=minute(digest.at if slot is None else slot.at, language, zone)), "b"),)
    for number, item in enumerate(digest.items, start=1):
        yield _BLANK
        yield from _item(item, number if len(digest.items) > 1 else None, language, zone)
    yield _BLANK
    yield (own(say(language, "digest_settings_hint" if digest.subscribed else "digest_hint"), "i"),)
    for line in () if digest.regular is None else told_pauses(digest.regular, language, digest.at):
        yield (own(line, "i"),)


def _item(item: DigestItem, number: int | None, language: str, zone: tzinfo) -> Iterator[Paragraph]:
    yield (
        *((own(f"{number}. "),) if number else ()),
        Piece(text=render.titled(item.title), link=item.lead.url, style="b"),
    )
    if item.new_since is not None:
        yield (own(say(language, "digest_new_since", time=minute(item.new_since, language, zone)), "i"),)
    yield from render.quoted(item.gist)
    told = " · ".join(map(defused, provenance(item, language)))
    yield (own(told, "i"), own(f" /brief_{item.story}"))
