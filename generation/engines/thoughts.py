"""What reasoning models write down as their thoughts, taken out of their text."""

from __future__ import annotations

OPENING = "<think>"


class Thoughts:
    """Takes `<think>…</think>` out of text that comes in pieces, its tags cut anywhere.

    Args:
        inside: Whether the text begins within thoughts, which prompts open for some models.
    """

    def __init__(self, *, inside: bool = False) -> None:
        self.inside = inside
        self._held = ""
        self._begun = False

    def without(self, text: str) -> str:
        """What is surely no thought of all that came; what may become a tag is held back."""
        self._held += text
        said = ""
        while (at := self._held.find(self._tag)) >= 0:
            said += "" if self.inside else self._held[:at]
            self._held = self._held[at + len(self._tag) :]
            self.inside = not self.inside
        kept = next(n for n in range(len(self._tag) - 1, -1, -1) if self._held.endswith(self._tag[:n]))
        said += "" if self.inside else self._held[: len(self._held) - kept]
        self._held = self._held[len(self._held) - kept :]
        return self._trimmed(said)

    def rest(self) -> str:
        """What was held back and became no tag."""
        return "" if self.inside else self._trimmed(self._held)

    def _trimmed(self, text: str) -> str:
        """A reply does not begin with the empty lines that follow thoughts."""
        if not self._begun:
            text = text.lstrip()
            self._begun = bool(text)
        return text

    @property
    def _tag(self) -> str:
        return "</think>" if self.inside else OPENING
