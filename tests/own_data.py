"""What stands in for all that is kept of readers, where that is beside the point."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.ports import Document
from storage.domain.changes import Forgotten
from storage.domain.people import ReaderId
from storage.errors import StorageBusy


@dataclass(slots=True)
class FixedOwnData:
    """Gives the same files to everyone, and takes down who is forgotten.

    Args:
        purges: Whether the files can be seen to; `None` is that they cannot be used.
    """

    purges: bool | None = True
    talk_days: int = 0
    asked: list[tuple[ReaderId, str | None]] = field(default_factory=list)
    forgotten: list[ReaderId] = field(default_factory=list)

    async def documents(self, reader: ReaderId, language: str | None) -> tuple[Document, ...]:
        self.asked.append((reader, language))
        return (Document(name="all.json", content=b"{}"), Document(name="all.opml", content=b"<opml/>"))

    def to_forget(self, reader: ReaderId) -> Forgotten:
        return Forgotten(reader=reader)

    async def forget(self, reader: ReaderId) -> dict[str, int]:
        self.forgotten.append(reader)
        return {"turns": 1}

    async def finish(self) -> bool:
        if self.purges is None:
            raise StorageBusy("database: held")
        return self.purges
