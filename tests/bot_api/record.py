"""What is known of each call that a Bot API server got."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.bot_api import telegram_html


@dataclass(frozen=True)
class Call:
    """A request as it came, and the status it was answered with; 0 where the connection was cut.

    `at` is when it came, in monotonic seconds.
    """

    method: str
    fields: dict[str, str]
    status: int
    at: float
    message_id: int | None = None
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def chat_id(self) -> int:
        return int(self.fields["chat_id"])

    @property
    def place(self) -> tuple[int, int]:
        """Which message of which chat it made or changed."""
        assert self.message_id is not None, self
        return self.chat_id, self.message_id

    @property
    def shown(self) -> telegram_html.Parsed:
        """What a phone shows of a message."""
        text = self.fields.get("text", self.fields.get("caption", ""))
        if self.fields.get("parse_mode") == "HTML":
            return telegram_html.parse(text)
        return telegram_html.Parsed(text=text, entities=())
