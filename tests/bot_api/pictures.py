"""Draws the README's pictures of the chat: a real `tidings serve` over the sample edition, and what its reader sees.

`python -m tests.bot_api.pictures FOLDER` writes telegram-en.png and telegram-zh.png there; all words are the bot's.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.app import shipped
from tests.bot_api.chats import Json
from tests.bot_api.phone import draw
from tests.bot_api.server import TOKEN, FakeBotApi

ROOT = Path(__file__).resolve().parents[2]
_STARTS_SECONDS, _QUIET_SECONDS = 240.0, 4.0
_NO_NEWS = '<opml version="2.0"><body><outline type="rss" xmlUrl="http://127.0.0.1:9/"/></body></opml>'
SAID: Mapping[str, tuple[str, Sequence[str]]] = {
    "en": (
        "en-GB",
        ("Who builds the ferries for Lake Oster?", "send me ferry news at 7:30, not on weekends, 3 items", "/digest"),
    ),
    "zh": ("zh-hans", ("澜州地铁4号线什么时候开通？", "工作日早上7点半给我发地铁新闻，3条", "/digest")),
}
"""What is said in each language, on a phone of which locale."""
_ABOUT = {"en": "bot", "zh": "机器人"}
"""What Telegram says below the name of a bot."""


async def played(home: Path) -> dict[str, list[Json]]:
    """The chats, by language, as they are in the end."""
    feeds = home / "none.opml"
    feeds.write_text(_NO_NEWS, encoding="utf-8")
    async with FakeBotApi() as api:
        given = {
            "TIDINGS_HOME": str(home), "TIDINGS_FEEDS": str(feeds), "TIDINGS_HTTP_PORT": "0",
            "TELEGRAM_API_BASE_URL": api.url, "TELEGRAM_BOT_TOKEN": TOKEN,
        }  # fmt: skip
        env = {**os.environ, **given}
        articles = map(json.loads, shipped("sample.jsonl").read_text(encoding="utf-8").splitlines())
        with (home / "news.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(
                json.dumps({**each, "url": f"https://sample.example/{each['id']}"}) + "\n" for each in articles
            )
        sample = ["-m", "bot", "ingest", "--jsonl", str(home / "news.jsonl")]
        subprocess.run([sys.executable, *sample], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: ASYNC221 - nothing else is to be done
        bot = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "serve", cwd=ROOT, env=env)
        try:
            await api.until(lambda: api.polling, _STARTS_SECONDS)
            for chat, (locale, texts) in enumerate(SAID.values(), start=7):
                for text in texts:
                    before = len(api.sent)
                    api.say(text, chat=chat, language=locale)
                    await api.until(lambda: len(api.sent) > before, _STARTS_SECONDS)  # noqa: B023 - awaited here
                    await asyncio.sleep(_QUIET_SECONDS)
        finally:
            bot.terminate()
            await bot.wait()
        return {
            language: [_shown(api, each) for each in api.chats.history(chat)] for chat, language in enumerate(SAID, 7)
        }


def _shown(api: FakeBotApi, message: Json) -> Json:
    """A message with the content of its picture, where it has one."""
    photos = message.get("photo")
    return message if not photos else {**message, "content": api.chats.files[photos[-1]["file_id"]][1]}


def main(folder: Path) -> None:
    """Play and draw."""
    with tempfile.TemporaryDirectory() as home:
        chats = asyncio.run(played(Path(home)))
    for language, messages in chats.items():
        (folder / f"telegram-{language}.png").write_bytes(draw(messages, "Tidings", _ABOUT[language]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
