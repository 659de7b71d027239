"""Whether what is said is of somebody's digests, though it names none: by how they come to whoever says it. Pure.

Said to nobody who gets digests, up to 5, only tech or skip tomorrow may be of anything.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.flows.wording.pausing import pausing
from storage.domain.digests import DigestSettings

_LATELY = timedelta(hours=1)


def pauses(text: str, held: DigestSettings, now: datetime) -> bool:
    """Whether it says that digests are to pause or to go on, to whoever gets them or spoke of them."""
    said = pausing(text)
    if said is None:
        return False
    # Whoever had digests, and says resume, means no news.
    again = said.kind == "resume" and not said.vague and held.changed is not None
    return said.named or again or spoken_of(held, now)


def spoken_of(held: DigestSettings, now: datetime) -> bool:
    """Whether digests come, or it was said a while ago how they are to."""
    return held.active or (held.changed is not None and now - held.changed <= _LATELY)
