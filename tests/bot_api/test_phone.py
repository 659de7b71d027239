from __future__ import annotations

import io
from typing import Any

from PIL import Image

from tests.bot_api.chats import BOT
from tests.bot_api.phone import WIDTH, _lines, draw

ADA = {"id": 7, "is_bot": False, "first_name": "Ada"}


def message(text: str, **fields: Any) -> dict[str, Any]:
    return {"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}, "from": BOT, "text": text, **fields}


def links(picture: Image.Image) -> int:
    """How many dots are as blue as links."""
    return sum(n for n, (red, _, blue) in picture.getcolors(2**20) or () if red < 60 and blue > 170)


def test_a_chat_is_drawn_with_its_bubbles_links_and_buttons() -> None:
    link = {"type": "text_link", "offset": 0, "length": 7, "url": "https://a.example/"}
    keyboard = {"inline_keyboard": [[{"text": "👍", "callback_data": "x"}, {"text": "more", "callback_data": "y"}]]}
    said = message("Who builds them?", **{"from": ADA})

    plain = draw([said, message("Ferries ordered")], "Tidings", "bot")
    full = draw([said, message("Ferries ordered", entities=[link], reply_markup=keyboard)], "Tidings", "bot")

    first, second = (Image.open(io.BytesIO(each)).convert("RGB") for each in (plain, full))
    assert first.width == second.width > 4 * WIDTH
    assert second.height > first.height
    assert links(second) > 0 == links(first)


def test_lines_are_no_wider_than_they_may_be_and_none_begins_with_what_closes() -> None:
    text = "简报发送时间：周一到周五（北京时间）。" * 9 + " " + "word " * 30 + "x" * 200

    lines = list(_lines(message(text), 200.0))

    assert max(sum(run.width for run in line) for line in lines) <= 200.0
    assert "".join(run.text for line in lines for run in line).replace(" ", "") == text.replace(" ", "")
    assert [line[0].text for line in lines if line[0].text in "，。）："] == []


def test_quotation_marks_are_as_narrow_as_the_letters_beside_them() -> None:
    def wide(text: str) -> float:
        return sum(run.width for line in _lines(message(text), 400.0) for run in line)

    assert wide("“you”…") - wide("you") < 2.5 * wide("m")
    assert wide("“你”") - wide("你") > 1.5 * wide("你")
