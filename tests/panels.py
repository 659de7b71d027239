"""The panels as the tests of whoever shows them need them."""

from __future__ import annotations

from bot.flows.subjects import Subjects
from bot.messenger.panels.board import Panels
from bot.messenger.panels.settings import SettingsPanel
from bot.messenger.panels.welcome import Welcome
from tests.digests import MORNING, FixedDigests
from tests.feedback import GivenEvidence


def panels(digests: FixedDigests | None = None, evidence: GivenEvidence | None = None) -> Panels:
    """Over how digests are wanted, and what is known of readers; it is always the same morning."""
    wishes = digests or FixedDigests()
    return Panels(
        welcome=Welcome(digests=wishes, subjects=Subjects(shelf=evidence or GivenEvidence(), clock=lambda: MORNING)),
        settings=SettingsPanel(digests=wishes, clock=lambda: MORNING),
    )
