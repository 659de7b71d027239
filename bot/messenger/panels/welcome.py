"""The first panel: a language, subjects, an hour, and where they live; four taps, each of which may be left out.

Decides and changes nothing. What is written meanwhile is no answer to it, but for a place where it asks for one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import time

from bot.flows import digest_choices as choose
from bot.flows.subjects import SUBJECTS
from bot.flows.wording.clocks import zone_guessed
from bot.messenger.incoming.events import Origin
from bot.messenger.panels.choices import Choice, Panel, Turn, View, button, clocked, hour_of, rows, signed
from bot.messenger.panels.common import asked, language_buttons, zone_buttons, zone_of
from bot.messenger.panels.ports import Picks, Wishes
from bot.messenger.wire.bot_api import Json
from bot.texts import languages, say
from bot.texts.digests import told_zone, when
from storage.domain.annotations import Category
from storage.domain.changes import Awaited, Spoken, Wished
from storage.domain.digests import DigestSettings

_HOURS = (time(7, 30), time(12), time(18, 30))
_OFF = "off"
_IN_A_ROW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """Leads a reader through it."""

    digests: Wishes
    subjects: Picks

    def opened(self, origin: Origin) -> View:
        """Its first page."""
        questions = [say(each, "welcome_language") for each in languages()]
        named = language_buttons(Panel.START, "language", origin.language)
        return View(
            title=say(origin.language, "welcome_title"),
            lines=(*say(origin.language, "welcome_hello").splitlines(), "", *questions),
            keyboard={"inline_keyboard": [named, [_leads(origin, "skip", "subjects")]]},
        )

    async def chosen(self, origin: Origin, choice: Choice) -> Turn | None:
        """What a tap comes to; `None` where there is no such button (any more).

        Raises:
            InputError: What is chosen does not go with what they chose before.
        """
        match choice.page:
            case "language" if choice.wish in languages():
                spoken = Spoken(reader=origin.reader, language=choice.wish)
                here = replace(origin, language=choice.wish)
                return Turn(view=_subjects(here, await self.subjects.picked(origin.reader)), changes=(spoken,))
            case "subjects":
                return await self._picked(origin, choice.wish)
            case "when":
                return await self._timed(origin, choice.wish)
            case "zone" if (zone := zone_of(choice.wish)) is not None:
                return await self._placed(origin, zone)
            case "done" if not choice.wish:
                return Turn(view=await self._done(origin, await self._held(origin)))
            case _:
                return None

    async def written(self, origin: Origin, words: str, message: int) -> Turn | None:
        """What it comes to that they write where they live; `None` where it is no place."""
        zone = zone_of(words)
        if zone is None:
            return None
        noted = say(origin.language, "settings_zone_noted", zone=_zone(origin, zone))
        return replace(await self._placed(origin, zone), message=message, said=noted)

    async def _picked(self, origin: Origin, wish: str) -> Turn | None:
        picked = await self.subjects.picked(origin.reader)
        if not wish:
            return Turn(view=_subjects(origin, picked))
        said = signed(wish)
        if said is None or said[0] not in set(SUBJECTS):
            return None
        subject, wanted = Category(said[0]), said[1]
        words = say(origin.language, f"category_{subject}")
        changes = await self.subjects.to_pick(origin.reader, subject, words, wanted=wanted)
        picked = picked | {subject} if wanted else picked - {subject}
        return Turn(view=_subjects(origin, picked), changes=changes)

    async def _timed(self, origin: Origin, wish: str) -> Turn | None:
        held = await self._held(origin)
        guess = self._guess(origin, held)
        if not wish:
            return Turn(view=_when(origin, held, guess))
        if wish == _OFF:
            off = replace(held, active=False)
            return Turn(view=await self._done(origin, off), changes=self._changes(held, off))
        at = hour_of(wish)
        if at is None:
            return None
        wanted = choose.at_only(choose.by_zone(held, guess or held.timetable.zone), at)
        changes = self._changes(held, wanted)
        if guess is not None or held.timetable.zone != self.digests.zone:
            return Turn(view=await self._done(origin, wanted), changes=changes)
        waits = Awaited(reader=origin.reader, asked=asked(Panel.START, origin.message_id))
        return Turn(view=_where(origin, wanted), changes=(*changes, waits))

    async def _placed(self, origin: Origin, zone: str) -> Turn:
        held = await self._held(origin)
        wanted = choose.by_zone(held, zone)
        return Turn(view=await self._done(origin, wanted), changes=self._changes(held, wanted))

    async def _done(self, origin: Origin, held: DigestSettings) -> View:
        """What it came to, and what to try next."""
        language = origin.language
        picked = await self.subjects.picked(origin.reader)
        subject = next((each for each in SUBJECTS if each in picked), None)
        told, ask = say(language, "welcome_no_digest"), say(language, "welcome_ask")
        if held.active:
            told = say(language, "digest_on", when=when(held.timetable, language))
        if subject is not None:
            ask = say(language, "welcome_ask_about", what=say(language, f"category_{subject}"))
        return View(
            title=say(language, "welcome_done"),
            lines=(told, "", ask, "", *say(language, "welcome_next").splitlines()),
            keyboard={"inline_keyboard": []},
        )

    async def _held(self, origin: Origin) -> DigestSettings:
        return replace(await self.digests.settings(origin.reader, origin.language), language=origin.language)

    def _guess(self, origin: Origin, held: DigestSettings) -> str | None:
        """The zone to go by where they named none: the one that their language tells of, if it tells of one."""
        return zone_guessed(origin.locale) if held.timetable.zone == self.digests.zone else None

    def _changes(self, held: DigestSettings, wanted: DigestSettings) -> tuple[Wished, ...]:
        return () if wanted == held else (self.digests.to_change(held, wanted),)


def _subjects(origin: Origin, picked: Collection[Category]) -> View:
    buttons = [
        button(
            say(origin.language, f"category_{each}"),
            Choice(panel=Panel.START, page="subjects", wish=f"{'-' if each in picked else '+'}{each}"),
            marked=each in picked,
        )
        for each in SUBJECTS
    ]
    on = _leads(origin, "done" if picked else "skip", "when")
    return View(
        title=say(origin.language, "welcome_subjects"),
        lines=tuple(say(origin.language, "welcome_subjects_hint").splitlines()),
        keyboard={"inline_keyboard": [*rows(buttons, _IN_A_ROW), [on]]},
    )


def _when(origin: Origin, held: DigestSettings, guess: str | None) -> View:
    buttons: list[Json] = [
        button(
            f"{at:%H:%M}",
            Choice(panel=Panel.START, page="when", wish=clocked(at)),
            marked=held.active and at in held.timetable.times,
        )
        for at in _HOURS
    ]
    never = button(say(origin.language, "button_never"), Choice(panel=Panel.START, page="when", wish=_OFF))
    hint = say(origin.language, "welcome_when_hint")
    if guess is not None:
        hint = f"{say(origin.language, 'welcome_guess', zone=_zone(origin, guess))}\n{hint}"
    return View(
        title=say(origin.language, "welcome_when"),
        lines=tuple(hint.splitlines()),
        keyboard={"inline_keyboard": [buttons, [never], [_leads(origin, "skip", "done")]]},
    )


def _where(origin: Origin, held: DigestSettings) -> View:
    told = say(origin.language, "welcome_zone_else", zone=_zone(origin, held.timetable.zone))
    return View(
        title=say(origin.language, "welcome_zone"),
        lines=(*say(origin.language, "settings_zone_hint").splitlines(), told),
        keyboard={"inline_keyboard": [*zone_buttons(Panel.START, None), [_leads(origin, "skip", "done")]]},
    )


def _leads(origin: Origin, label: str, page: str) -> Json:
    return button(say(origin.language, f"button_{label}"), Choice(panel=Panel.START, page=page))


def _zone(origin: Origin, zone: str) -> str:
    return told_zone(zone, origin.language)
