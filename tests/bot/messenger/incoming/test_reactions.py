from __future__ import annotations

import pytest

from bot.messenger.incoming.reactions import AGAINST, FOR, verdict
from storage.domain.evidence import EvidenceKind
from tests.bot_api.specification import Specification


@pytest.mark.parametrize(
    ("emojis", "said"),
    [
        ("👍", EvidenceKind.LIKED),
        ("👎", EvidenceKind.DISLIKED),
        (["❤\ufe0f"], EvidenceKind.LIKED),
        (["❤\ufe0f\u200d🔥"], EvidenceKind.LIKED),
        ("👍🔥", EvidenceKind.LIKED),
        ("👍😢", EvidenceKind.LIKED),
        ("👍👎", None),
        ("😢", None),
        ("😡", None),
        ("", None),
    ],
)
def test_what_reactions_say_is_what_they_say_of_the_message_and_not_of_the_news(
    emojis: str | list[str], said: EvidenceKind | None
) -> None:
    assert verdict(emojis) is said


def test_what_counts_are_reactions_that_there_are() -> None:
    specification = Specification.load()
    if specification is None:
        pytest.skip("the Bot API as data is not at hand")
    described = specification.describes("ReactionTypeEmoji", "emoji")

    assert [emoji for emoji in FOR | AGAINST if f'"{emoji}"' not in described] == []
    assert not FOR & AGAINST
