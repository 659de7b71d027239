"""What is kept of readers, part by part: how much room a row takes, and for how long it stays."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Bytes of a row with its indexes in SQLite, as `storage.room` reckons them of an instance that the program made.

    Args:
        settings: How a reader wants their digests, and their key.
        profile: Their interests, eight of them, packed.
        asked: That they asked on a day, and their conversation.
        update: What came from them, without what it said, which is emptied.
        message: What was sent to them, likewise.
        shown_message: What a message told of.
        hour: That a digest's hour is done with.
        shown: A story that they were shown.
        turn: A question with its answer.
        evidence: What they did that tells what they care about.
        items: How many stories a digest has.
        days: How long it is kept what came and went, what messages told of, and what digests showed; the rest stays.
    """

    settings: int = 690
    profile: int = 22_500
    asked: int = 300
    update: int = 100
    message: int = 220
    shown_message: int = 580
    hour: int = 160
    shown: int = 500
    turn: int = 670
    evidence: int = 175
    items: int = 5
    days: tuple[int, int, int] = (7, 30, 60)

    def reader_kb(self, questions: float, digests: float) -> float:
        """Of a reader who asks so many questions and gets so many digests a day, once nothing is young any more."""
        week, month, two_months = self.days
        came = week * questions * (self.update + self.message) + week * digests * self.message
        told = month * (questions + digests) * self.shown_message
        listed = two_months * digests * (self.hour + self.items * self.shown)
        return (self.settings + self.profile + self.asked + came + told + listed) / 1_000

    @property
    def question_kb(self) -> float:
        """Of a question for good."""
        return (self.turn + self.evidence) / 1_000
