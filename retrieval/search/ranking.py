"""How what was found is weighed, as one value: the defaults are those that measured best."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """How a searcher ranks. Both sides are measured by their best, so that weights mean the same in every search.

    Preferences are shares by which a score grows. Over 241 English questions with vectors of all-MiniLM-L6-v2, 61 sets
    of weights tried, the first hit held an answer for .369 by words, .291 by meaning, .365 by both and .436 with
    freshness and times; one of the first five did for .515, .510, .515 and .544. Half or double of each weight loses
    hardly anything. Freshness is set below what measured best there, where every question was of its own week.

    Args:
        words: Weight of BM25.
        meaning: Weight of the cosine; at 0 neither the encoder nor the dense index is used.
        freshness: Preference of an article published just now, unless the time of the news is bounded.
        half_life: How old an article is of which half of that is left.
        youth: What the log-odds of a second look gain for an article published just now, half of it for one a year old.
            Realtimeqa, crud_zh and multihoprag are ranked as well with 0.3 and 0.6 as without; with 1 a little worse.
        around: Preference of an article from a time that the question speaks of.
        source: Preference of an article whose source the question names.
        phrases: Preference of a passage that holds all the question quotes.
    """

    words: float = 1.0
    meaning: float = 0.75
    freshness: float = 0.4
    half_life: timedelta = timedelta(days=7)
    youth: float = 0.6
    around: float = 0.5
    source: float = 0.7
    phrases: float = 0.1
