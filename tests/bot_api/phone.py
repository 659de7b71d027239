"""A chat as a phone shows it, drawn from the messages that a Bot API server keeps. No word in it is its own."""

from __future__ import annotations

import importlib.util
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from tests.bot_api.chats import BOT, Json

WIDTH = 400
"""Of the screen, in points of two dots."""
_SCALE, _DRAWN = 2, 2
"""Dots a point; and how many times as large it is drawn, for the sake of smooth edges."""
_BETWEEN = 14
_MARGIN, _PAD, _GAP, _BAR = 8, 11, 7, 56
_SIZE, _LINE, _SMALL = 15.0, 21.0, 11.0
_BUBBLE, _BUTTON = int(WIDTH * 0.86), 36
_SKY = "#cfe1e4"
_MINE, _THEIRS, _INK, _LINK, _FAINT = "#e6fbd2", "#ffffff", "#101418", "#1f76bd", "#8a949c"
_THUMB = (
    (0.28, 0.46), (0.44, 0.36), (0.50, 0.12), (0.57, 0.05), (0.67, 0.12), (0.67, 0.36), (0.90, 0.36), (0.97, 0.45),
    (0.90, 0.86), (0.80, 0.94), (0.42, 0.94), (0.28, 0.86),
)  # fmt: skip
_CUFF = ((0.03, 0.46), (0.21, 0.46), (0.21, 0.94), (0.03, 0.94))
_CLOSING = frozenset("，。！？；：、）”’》」,.;:!?)")
_THUMBS = {"👍": False, "👎": True}
"""No font at hand has them; whether they point down."""
_NARROW = {ord(sign): chr(0xE000 + n) for n, sign in enumerate("“”‘’…—·")}
"""What the font at hand draws as wide as a Chinese character: in a text that has none, it is another font's."""
_SIGNS = {alias: chr(sign) for sign, alias in _NARROW.items()}
_CHINESE = re.compile("[\u4e00-\u9fff]")
_WORD = re.compile(r"\n|[ \t]+|[0-9A-Za-z_@#/.,:;!?'’\ue000-\ue006\"()\[\]&%$+=–—-]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Look:
    """How a letter is drawn."""

    bold: bool = False
    italic: bool = False
    link: bool = False
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one look, beside each other."""

    text: str
    look: Look
    width: float


def draw(messages: Sequence[Json], name: str, about: str) -> bytes:
    """The picture (PNG) of a private chat: two screens beside each other, about as long as each other.

    Args:
        messages: As Message, the oldest first; at least two.
        name: What stands over the chat.
        about: And in small below that.
    """
    pen = _Pen(1)
    room = [pen.message(each, 0.0) for each in messages]
    cut = min(range(1, len(room)), key=lambda at: max(sum(room[:at]), sum(room[at:])))
    tall = int(max(sum(room[:cut]), sum(room[cut:]))) + _BAR + 2 * _GAP
    whole = Image.new("RGB", ((2 * WIDTH + _BETWEEN) * _SCALE, tall * _SCALE), "#ffffff")
    for at, part in enumerate((messages[:cut], messages[cut:])):
        screen = _screen(part, tall, name, about).resize((WIDTH * _SCALE, tall * _SCALE), Image.Resampling.LANCZOS)
        whole.paste(screen, (at * (WIDTH + _BETWEEN) * _SCALE, 0))
    written = io.BytesIO()
    few = whole.quantize(256, method=Image.Quantize.MEDIANCUT, kmeans=3, dither=Image.Dither.NONE)
    few.save(written, "PNG", optimize=True)
    return written.getvalue()


def _screen(messages: Sequence[Json], tall: int, name: str, about: str) -> Image.Image:
    pen = _Pen(tall)
    top = float(_BAR + _GAP)
    for each in messages:
        top += pen.message(each, top)
    pen.bar(name, about)
    return pen.image


class _Pen:
    """Draws in points, upon a picture of that height."""

    def __init__(self, height: int) -> None:
        self.unit = _SCALE * _DRAWN
        self.image = Image.new("RGB", (WIDTH * self.unit, height * self.unit), _SKY)
        self.on = ImageDraw.Draw(self.image, "RGBA")

    def bar(self, name: str, about: str) -> None:
        self.box(0, 0, WIDTH, _BAR, "#ffffff", 0)
        self.box(0, _BAR - 0.5, WIDTH, 0.5, "#d0d6da", 0)
        self.on.ellipse(self._dots(16, 9, 38, 38), fill="#2f8f83")
        mark = Run(name[0], Look(bold=True), _width(name[0], 19))
        self.run(mark, 16 + 19 - mark.width / 2, 14, 19, "#ffffff")
        self.run(Run(name, Look(bold=True), 0), 66, 8, 16, _INK)
        self.run(Run(about, Look(), 0), 66, 30, 12, _FAINT)

    def message(self, message: Json, top: float) -> float:
        """Draw a message; how much room it took."""
        mine = message.get("from", BOT)["id"] != BOT["id"]
        lines = list(_lines(message, _BUBBLE - 2 * _PAD))
        at = f"{datetime.fromtimestamp(message['date'], UTC):%H:%M}"
        clock = _width(at, _SMALL) + 10
        picture = _picture(message)
        wide = max((sum(run.width for run in line) for line in lines), default=0.0)
        last = sum(run.width for run in lines[-1]) if lines else 0.0
        beside = last + clock <= _BUBBLE - 2 * _PAD
        wide = max(wide, last + clock if beside else clock)
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        inner = _BUBBLE - 2 * _PAD if rows or picture else wide
        tall = 2 * _PAD - 6 + len(lines) * _LINE + (0 if beside else _LINE * 0.7)
        shown = 0.0
        if picture is not None:
            shown = (inner + 2 * _PAD - 6) * picture.height / picture.width
            tall += shown + (6 if lines else 0)
        left = WIDTH - _MARGIN - inner - 2 * _PAD if mine else _MARGIN
        self.box(left, top + 1, inner + 2 * _PAD, tall, (0, 0, 0, 22), 14)
        self.box(left, top, inner + 2 * _PAD, tall, _MINE if mine else _THEIRS, 14)
        if picture is not None:
            wide_dots = self._dots(0, 0, inner + 2 * _PAD - 6, shown)
            self.image.paste(
                picture.resize((int(wide_dots[2]), int(wide_dots[3]))),
                (int((left + 3) * self.unit), int((top + 3) * self.unit)),
            )
        under = top + _PAD - 3 + shown
        for line in lines:
            x = left + _PAD
            for run in line:
                self.run(run, x, under, _SIZE, _FAINT if run.look.faint else _LINK if run.look.link else _INK)
                x += run.width
            under += _LINE
        self.run(
            Run(at, Look(), 0), left + inner + 2 * _PAD - clock, top + tall - 19, _SMALL, "#66a35c" if mine else _FAINT
        )
        below = top + tall + 4
        for row in rows:
            each = (inner + 2 * _PAD - 4 * (len(row) - 1)) / len(row)
            for n, button in enumerate(row):
                self.button(button["text"], left + n * (each + 4), below, each)
            below += _BUTTON + 4
        return below - top + (_GAP - 4)

    def button(self, text: str, left: float, top: float, width: float) -> None:
        self.box(left, top, width, _BUTTON, (70, 100, 110, 150), 9)
        size = 14.0
        while _width(text, size) > width - 8 and size > 9:
            size -= 0.5
        run = Run(text, Look(bold=True), _width(text, size))
        self.run(run, left + (width - run.width) / 2, top + (_BUTTON - size * 1.45) / 2, size, "#ffffff")

    def run(self, run: Run, left: float, top: float, size: float, colour: str) -> None:
        x = left
        for character in run.text:
            if character in _THUMBS:
                self._thumb(x, top + size * 0.22, size * 1.05, down=_THUMBS[character])
            elif not character.isspace():
                self._letter(character, run.look, x, top, size, colour)
            x += _width(character, size)

    def _letter(self, character: str, look: Look, left: float, top: float, size: float, colour: str) -> None:
        font = _font(character, size * self.unit)
        heavy = size * self.unit * 0.022 if look.bold else 0
        place = (left * self.unit, top * self.unit + size * self.unit * 1.16)
        self.on.text(
            place,
            _SIGNS.get(character, character),
            font=font,
            fill=colour,
            anchor="ls",
            stroke_width=heavy,
            stroke_fill=colour,
        )

    def _thumb(self, left: float, top: float, size: float, *, down: bool) -> None:
        for shape, colour in ((_CUFF, "#4a87c9"), (_THUMB, "#ffc83d")):
            points = [
                ((left + x * size) * self.unit, (top + (1 - y if down else y) * size) * self.unit) for x, y in shape
            ]
            self.on.polygon(points, fill=colour)

    def box(
        self, left: float, top: float, width: float, height: float, colour: str | tuple[int, ...], radius: float
    ) -> None:
        x, y, wide, tall = (each * self.unit for each in (left, top, width, height))
        self.on.rounded_rectangle((x, y, x + wide, y + tall), radius * self.unit, fill=colour)

    def _dots(self, left: float, top: float, width: float, height: float) -> tuple[float, float, float, float]:
        return left * self.unit, top * self.unit, (left + width) * self.unit, (top + height) * self.unit


def _lines(message: Json, most: float) -> Iterator[list[Run]]:
    """The text in lines that are not wider than that."""
    looks = _looks(message)
    text = _set(message.get("text", message.get("caption", "")))
    line: list[Run] = []
    wide = 0.0
    for word in _WORD.finditer(text):
        if word[0] == "\n":
            yield line
            line, wide = [], 0.0
            continue
        for piece in _fitting(word[0], most):
            width = _width(piece, _SIZE)
            if wide + width > most and not piece.isspace():
                # What closes does not begin a line: what it closes comes with it.
                kept: list[Run] = []
                while piece in _CLOSING and len(line) > 1 and not (kept and kept[0].text not in _CLOSING):
                    kept.insert(0, line.pop())
                yield line
                line, wide = kept, sum(run.width for run in kept)
            if wide or not piece.isspace():
                line.append(Run(piece, looks[word.start()], width))
                wide += width
    if line:
        yield line


def _set(text: str) -> str:
    """A text with the signs that are narrow in it; each is still one character."""
    return text if _CHINESE.search(text) else text.translate(_NARROW)


def _fitting(word: str, most: float) -> Iterator[str]:
    """A word, cut where it is wider than a line."""
    while _width(word, _SIZE) > most:
        at = next(n for n in range(len(word), 0, -1) if _width(word[:n], _SIZE) <= most)
        yield word[:at]
        word = word[at:]
    yield word


def _looks(message: Json) -> list[Look]:
    """How each character of the text looks."""
    text = message.get("text", message.get("caption", ""))
    looks = [Look() for _ in text]
    units = [at for at, character in enumerate(text) for _ in range(2 if character > "\uffff" else 1)]
    for entity in message.get("entities", message.get("caption_entities", [])):
        for at in set(units[entity["offset"] : entity["offset"] + entity["length"]]):
            was, kind = looks[at], entity["type"]
            looks[at] = Look(
                bold=was.bold or kind == "bold",
                link=was.link or kind == "text_link",
                faint=was.faint or kind == "italic",
            )
    for command in re.finditer(r"(?<![\w/])/[a-z]+(?:_[0-9]+)?", text):
        for at in range(*command.span()):
            looks[at] = Look(bold=looks[at].bold, link=True)
    return looks


def _picture(message: Json) -> Image.Image | None:
    """The picture of a message, which whoever has the file put there."""
    content = message.get("content")
    return None if content is None else Image.open(io.BytesIO(content)).convert("RGB")


@cache
def _fonts() -> tuple[tuple[str, frozenset[int]], ...]:
    """The files of the fonts at hand, and which characters each has: that of the bot's pictures first."""
    found = []
    for package, file in (
        ("zhplot", "fonts/NotoSansSC-Regular.ttf"),
        ("matplotlib", "mpl-data/fonts/ttf/DejaVuSans.ttf"),
    ):
        spec = importlib.util.find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        path = Path(spec.origin).parent / file
        with TTFont(path, lazy=True) as font:
            found.append((str(path), frozenset(font.getBestCmap())))
    return tuple(found)


def _font(character: str, size: float) -> ImageFont.FreeTypeFont:
    if character in _SIGNS:
        return _sized(_fonts()[1][0], size)
    file = next((file for file, known in _fonts() if ord(character) in known), _fonts()[0][0])
    return _sized(file, size)


@cache
def _sized(file: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size)


def _width(text: str, size: float) -> float:
    return sum(_of_one(character, size) for character in text)


@cache
def _of_one(character: str, size: float) -> float:
    if character in _THUMBS:
        return size * 1.15
    drawn = _SIGNS.get(character, character)
    return _font(character, size * 8).getlength(drawn) / 8 if drawn.isprintable() else 0.0
