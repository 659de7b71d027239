"""How sure the engine that quotes was of each question it was asked, and what refusing more or less would cost."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bot.drawing.canvas import picture
from generation.engines.extractive import ExtractiveEngine
from generation.evaluation.refusals import trade_off
from storage.domain.dialogue import Answer, Question, Sentence
from storage.domain.news import Hit
from storage.errors import InputError


@dataclass(slots=True, kw_only=True)
class SoundedEngine:
    """Answers as the engine that quotes does, and keeps how sure it was."""

    engine: ExtractiveEngine
    unanswerable: list[float] = field(default_factory=list)
    answerable: list[float] = field(default_factory=list)
    _last: float | None = None

    @property
    def name(self) -> str:
        return self.engine.name

    async def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncGenerator[Sentence | Answer, None]:
        """Sentences as they are ready, then the whole answer."""
        self._last = self.engine.confidence(question, hits)
        async for part in self.engine.answer(question, hits):
            yield part

    def judged(self, *, unanswerable: bool) -> None:
        """Say what the question answered last was; one that was met without the engine does not count."""
        if self._last is not None:
            (self.unanswerable if unanswerable else self.answerable).append(self._last)
        self._last = None

    def trades(self) -> list[dict[str, float]]:
        """The trades at some thresholds; none where not both kinds of questions were asked."""
        return [
            {name: round(value, 4) for name, value in asdict(trade).items()}
            for trade in trade_off(self.unanswerable, self.answerable)
        ]


def draw_trades(sounded: SoundedEngine, file: Path) -> None:
    """Draw the share of unanswerable questions refused over that of answerable ones, at all thresholds, into `file`.

    Raises:
        InputError: There is nothing to draw, or the file cannot be written.
    """
    every = sorted({0.0, *sounded.unanswerable, *sounded.answerable, 1.0})
    curve = trade_off(sounded.unanswerable, sounded.answerable, every)
    if not curve:
        raise InputError(str(file), "nothing to draw: the data holds no unanswerable questions, or none but such")
    marked = trade_off(sounded.unanswerable, sounded.answerable, [sounded.engine.threshold])
    with picture(file, 5.4, 4.6, legend="lower right") as axes:
        answerable = [trade.refused_answerable for trade in curve]
        axes.plot(answerable, [trade.refused_unanswerable for trade in curve], color="#1f5fa8", linewidth=2)
        axes.plot([0, 1], [0, 1], color="#8a8a8a", linestyle=":", linewidth=1, label="refusing by chance")
        for trade in marked:
            at = (trade.refused_answerable, trade.refused_unanswerable)
            axes.plot(
                *at, marker="o", color="#b3413a", label=f"as shipped: below {trade.threshold:g}", linestyle="none"
            )
        axes.set(
            xlim=(0, 1), ylim=(0, 1), xlabel="answerable questions refused", ylabel="unanswerable questions refused"
        )
