"""The server as pyTelegramBotAPI knows Telegram: a client that shares nothing with the bot's own but the protocol."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from telebot import types
from telebot.apihelper import ApiTelegramException

from tests.bot_api.another_library import CHANNEL, FORUM, GROUP, KEYBOARD, PNG, Client, updates
from tests.bot_api.chats import BOT
from tests.bot_api.server import Failure, FakeBotApi
from tests.bot_api.specification import Specification


async def test_it_is_who_it_says_and_a_message_says_how_it_is_marked_up(api: FakeBotApi, bot: Client) -> None:
    me = await bot.get_me()
    api.say("hello", chat=7)
    (update,) = await updates(bot)
    sent = await bot.send_message(
        7,
        '<b>Tides</b> &amp; <a href="https://a.example/?x&amp;y">times 😀</a>',
        parse_mode="HTML",
        reply_parameters=types.ReplyParameters(update.message.message_id),
        link_preview_options=types.LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
    )

    assert (me.username, me.supports_inline_queries) == (BOT["username"], True)
    assert (update.message.text, update.message.from_user.language_code) == ("hello", "en")
    assert sent.text == "Tides & times 😀"
    assert [(each.type, each.offset, each.length, each.url) for each in sent.entities] == [
        ("bold", 0, 5, None),
        ("text_link", 8, 8, "https://a.example/?x&y"),
    ]
    assert sent.reply_to_message.text == "hello"


async def test_a_draft_grows_until_the_message_is_there(api: FakeBotApi, bot: Client) -> None:
    await bot.send_message_draft(7, 5, "")
    await bot.send_message_draft(7, 5, "The tide")
    await bot.send_message_draft(7, 5, "<i>The tide</i> is high.", parse_mode="HTML")
    during = dict(api.chats.drafts[7])
    await bot.send_message(7, "The tide is high.")
    group = await bot.refused("send_message_draft", GROUP, 5, "The tide")
    unnumbered = await bot.refused("send_message_draft", 7, 0, "The tide")

    assert during == {5: "The tide is high."}
    assert api.chats.drafts == {}
    assert [call.fields["text"] for call in api.drafts][:2] == ["", "The tide"]
    assert "PEER_INVALID" in group.description
    assert "ID_INVALID" in unnumbered.description
    assert "too long" in (await bot.refused("send_message_draft", 7, 5, "x" * 4_097)).description
    assert len(api.violations) == 3
    api.violations.clear()


async def test_reactions_are_told_where_telegram_tells_of_them(api: FakeBotApi, bot: Client) -> None:
    kinds = "message_reaction", "message_reaction_count", "my_chat_member"
    for chat in (7, GROUP):
        await bot.send_message(chat, "hi")
    private, group = api.sent

    assert api.react(private, "👍") is None
    await updates(bot, *kinds)
    api.react(private, "🔥")
    assert api.react(group, "👍", sender=9) is None
    api.invite(GROUP, "administrator")
    api.react(group, "👎", sender=9)
    api.open_channel(CHANNEL)
    api.invite(CHANNEL, "administrator")
    await bot.send_message(CHANNEL, "news")
    api.react(api.sent[-1], "🎉", sender=9)
    got = await updates(bot)

    first, second = (each.message_reaction for each in got if each.message_reaction is not None)
    assert [each.emoji for each in first.old_reaction] == ["👍"]
    assert [each.emoji for each in first.new_reaction] == ["🔥"]
    assert (second.chat.id, second.user.id, [each.emoji for each in second.new_reaction]) == (GROUP, 9, ["👎"])
    (counted,) = (each.message_reaction_count for each in got if each.message_reaction_count is not None)
    assert [(each.type.emoji, each.total_count) for each in counted.reactions] == [("🎉", 1)]

    assert await bot.set_message_reaction(7, private.message_id, [types.ReactionTypeEmoji("👀")])
    missing = await bot.refused("set_message_reaction", 7, 99_999, [types.ReactionTypeEmoji("👀")])
    assert "not found" in missing.description
    strange = await bot.refused("set_message_reaction", 7, private.message_id, [types.ReactionTypeEmoji("🧮")])
    assert "REACTION_INVALID" in strange.description
    api.violations.clear()


async def test_files_go_both_ways(api: FakeBotApi, bot: Client) -> None:
    api.send_file("feeds.opml", b"<opml/>", mime="text/x-opml", caption="mine")
    api.send_photo(caption="look")
    api.send_voice()
    document, photo, voice = (each.message for each in await updates(bot))

    found = await bot.get_file(document.document.file_id)
    assert await bot.download_file(found.file_path) == b"<opml/>"
    assert (document.caption, document.document.file_name, found.file_size) == ("mine", "feeds.opml", 7)
    assert (photo.caption, photo.photo[-1].width, voice.voice.duration) == ("look", 90, 3)
    assert "wrong file_id" in (await bot.refused("get_file", "file-0")).description
    api.send_file("long.pdf", bytes(21 * 1024 * 1024))
    (long,) = await updates(bot)
    assert "too big" in (await bot.refused("get_file", long.message.document.file_id)).description

    sent = await bot.send_document(7, ("mine.json", b"{}"), caption="<b>all</b>", parse_mode="HTML")
    again = await bot.send_document(7, sent.document.file_id)
    picture = await bot.send_photo(7, ("trend.png", PNG))
    assert (sent.document.file_name, sent.caption, again.document.file_size) == ("mine.json", "all", 2)
    assert (picture.photo[0].width, picture.photo[0].height) == (200, 100)
    assert api.documents[0] == b"{}"


async def test_taps_are_answered_once_and_not_too_late(api: FakeBotApi, bot: Client) -> None:
    await bot.send_message(7, "hi", reply_markup=KEYBOARD)
    (call,) = api.sent
    api.tap(call, "👍", language="zh-hans")
    (update,) = await updates(bot)
    query = update.callback_query

    assert (query.data, query.from_user.language_code, query.message.text) == ("liked", "zh-hans", "hi")
    assert await bot.answer_callback_query(query.id, "noted")
    assert "query is too old" in (await bot.refused("answer_callback_query", query.id)).description
    api.tap(call, "👍")
    (late,) = await updates(bot)
    api.expire()
    assert "query is too old" in (await bot.refused("answer_callback_query", late.callback_query.id)).description
    await bot.edit_message_text("bye", 7, call.message_id)
    assert (api.text(call), api.buttons(call)) == ("bye", [])
    assert "not modified" in (await bot.refused("edit_message_text", "bye", 7, call.message_id)).description
    await bot.delete_message(7, call.message_id)
    assert "not found" in (await bot.refused("edit_message_text", "again", 7, call.message_id)).description


async def test_cards_are_shown_to_whom_they_are_for(api: FakeBotApi, bot: Client) -> None:
    def card(number: int, text: str = "<b>Ferries</b>") -> types.InlineQueryResultArticle:
        content = types.InputTextMessageContent(text, parse_mode="HTML")
        return types.InlineQueryResultArticle(str(number), "Ferries", content, description="ordered")

    asked = api.ask_inline("ferries", sender=7)
    (update,) = await updates(bot, "inline_query", "chosen_inline_result")
    await bot.answer_inline_query(update.inline_query.id, [card(1), card(2)], cache_time=60, is_personal=True)
    cards = await api.cards(asked)
    assert [each["title"] for each in cards] == ["Ferries", "Ferries"]
    assert api.ask_inline("ferries", sender=7) == asked
    api.choose("ferries", cards[0], sender=7)
    api.ask_inline("ferries", sender=8)
    chosen, other = await updates(bot)
    assert (chosen.chosen_inline_result.result_id, other.inline_query.from_user.id) == ("1", 8)
    await bot.answer_inline_query(other.inline_query.id, [card(1)], cache_time=60, is_personal=False)
    again = api.ask_inline("ferries", sender=9)
    assert len(await api.cards(again)) == 1
    assert await updates(bot) == []

    api.ask_inline("dams", sender=9)
    (dams,) = await updates(bot)
    for results, words in (([card(1), card(1)], "DUPLICATE"), ([card(n) for n in range(51)], "TOO_MUCH"),
                           ([card(1, "<b>x")], "not closed")):  # fmt: skip
        assert words in (await bot.refused("answer_inline_query", dams.inline_query.id, results)).description
    assert len(api.violations) == 3
    api.violations.clear()
    api.expire()
    assert "too old" in (await bot.refused("answer_inline_query", dams.inline_query.id, [card(1)])).description


async def test_a_forum_has_topics_and_a_group_members(api: FakeBotApi, bot: Client) -> None:
    api.say("hello", chat=FORUM, sender=9, message_thread_id=3, is_topic_message=True)
    (update,) = await updates(bot)
    sent = await bot.send_message(FORUM, "hi", message_thread_id=3)
    await bot.send_chat_action(FORUM, "typing", message_thread_id=3)

    assert (update.message.message_thread_id, update.message.chat.is_forum) == (3, True)
    assert (sent.message_thread_id, sent.is_topic_message) == (3, True)
    assert "thread not found" in (await bot.refused("send_message", FORUM, "hi", message_thread_id=4)).description
    api.close_topic(FORUM, 3)
    assert "TOPIC_CLOSED" in (await bot.refused("send_message", FORUM, "hi", message_thread_id=3)).description

    api.promote(FORUM, 9)
    api.promote(FORUM, 10, "creator")
    api.say_anonymously("settings", chat=FORUM)
    (anonymous,) = await updates(bot)
    standing = [(await bot.get_chat_member(FORUM, who)).status for who in (9, 10, 11, BOT["id"])]
    assert standing == ["administrator", "creator", "left", "member"]
    assert {each.user.id for each in await bot.get_chat_administrators(FORUM)} >= {9, 10}
    assert anonymous.message.sender_chat.id == FORUM
    assert (await bot.get_chat(FORUM)).title == "A group"


async def test_channels_take_posts_of_administrators_only(api: FakeBotApi, bot: Client) -> None:
    api.open_channel(CHANNEL, "The Harbour Post")
    assert "need administrator rights" in (await bot.refused("send_message", CHANNEL, "news")).description
    api.invite(CHANNEL, "administrator", sender=9)
    api.post("of our own", chat=CHANNEL)
    invited, posted = await updates(bot)
    sent = await bot.send_message(CHANNEL, "news")

    assert invited.my_chat_member.new_chat_member.status == "administrator"
    assert (posted.channel_post.text, posted.channel_post.chat.title) == ("of our own", "The Harbour Post")
    assert (sent.sender_chat.id, sent.from_user) == (CHANNEL, None)


async def test_who_is_gone_cannot_be_written_to_and_a_group_that_moved_says_where(api: FakeBotApi, bot: Client) -> None:
    api.block(7)
    api.dismiss(GROUP)
    blocked, dismissed = (each.my_chat_member for each in await updates(bot))
    refusals = [await bot.refused("send_message", chat, "hi") for chat in (7, GROUP)]
    api.unblock(7)
    (back,) = await updates(bot)
    await bot.send_message(7, "hi again")
    api.migrate(FORUM, -100_500)
    left, came = (each.message for each in await updates(bot))
    moved = await bot.refused("send_message", FORUM, "hi")

    assert (blocked.new_chat_member.status, dismissed.new_chat_member.status) == ("kicked", "kicked")
    assert [each.error_code for each in refusals] == [403, 403]
    assert "blocked by the user" in refusals[0].description
    assert back.my_chat_member.new_chat_member.status == "member"
    assert (left.migrate_to_chat_id, came.migrate_from_chat_id) == (-100_500, FORUM)
    assert moved.result_json["parameters"] == {"migrate_to_chat_id": -100_500}


async def test_it_asks_to_wait_and_refuses_what_cannot_be_read(api: FakeBotApi, bot: Client) -> None:
    api.fault = lambda method, _: (
        Failure(status=429, description="Too Many Requests: retry after 3", parameters={"retry_after": 3})
        if method == "sendMessage"
        else None
    )
    halted = await bot.refused("send_message", 7, "hi")
    api.fault = None
    unread = await bot.refused("send_message", 7, "<b>hi", parse_mode="HTML")

    assert (halted.error_code, halted.result_json["parameters"]) == (429, {"retry_after": 3})
    assert "can't parse entities" in unread.description
    assert len(api.violations) == 1
    api.violations.clear()


async def test_webhook_and_polling_exclude_each_other(api: FakeBotApi, bot: Client) -> None:
    async def polls() -> ApiTelegramException:
        return await bot.refused("get_updates", long_polling_timeout=20)

    polling = asyncio.create_task(polls())
    await api.until(lambda: api.polling)
    await bot.set_webhook("http://127.0.0.1:9/hook", secret_token="s3cret", allowed_updates=["message"])  # noqa: S106 - of no bot
    ended = await polling
    refused = await bot.refused("get_updates", long_polling_timeout=1)
    api.say("hello")
    await api.until(lambda: api.webhook_error is not None)
    info = await bot.get_webhook_info()
    await bot.delete_webhook(drop_pending_updates=True)

    assert "terminated by setWebhook" in ended.description
    assert (refused.error_code, "webhook is active" in refused.description) == (409, True)
    assert (info.url, info.pending_update_count) == ("http://127.0.0.1:9/hook", 1)
    assert info.allowed_updates == ["message"]
    assert await updates(bot) == []
    assert (await bot.get_webhook_info()).url == ""


async def test_menus_are_kept_for_each_scope_and_language(api: FakeBotApi, bot: Client) -> None:
    scope = types.BotCommandScopeAllPrivateChats()  # type: ignore[no-untyped-call] # of a library without them
    await bot.set_my_commands([types.BotCommand("hot", "热点")], scope=scope, language_code="zh")
    wrong = await bot.refused("set_my_commands", [types.BotCommand("Hot", "what is going on")])

    assert [each.description for each in await bot.get_my_commands(scope=scope, language_code="zh")] == ["热点"]
    assert await bot.get_my_commands() == []
    assert "BOT_COMMAND_INVALID" in wrong.description
    api.violations.clear()


async def test_what_the_bot_says_of_itself_is_kept_for_each_language(api: FakeBotApi, bot: Client) -> None:
    await bot.set_my_description("News you chat with.")
    await bot.set_my_description("可以聊的新闻", language_code="zh")
    await bot.set_my_short_description("News.")
    long = await bot.refused("set_my_description", "x" * 513)
    longer = await bot.refused("set_my_short_description", "x" * 121)

    told = [(await bot.get_my_description(language_code=each)).description for each in ("zh", "en")]
    assert told == ["可以聊的新闻", "News you chat with."]
    assert (await bot.get_my_short_description()).short_description == "News."
    assert [each.error_code for each in (long, longer)] == [400, 400]
    api.violations.clear()


async def test_a_message_is_as_long_as_may_be_and_is_changed_into_its_own_kind(api: FakeBotApi, bot: Client) -> None:
    sent = await bot.send_message(7, "😀" * 2_048)
    long = await bot.refused("send_message", 7, "😀" * 2_048 + ".")
    longer = await bot.refused("edit_message_text", "x" * 4_097, 7, sent.message_id)
    caption = await bot.refused("send_photo", 7, ("trend.png", PNG), caption="x" * 1_025)
    picture = await bot.send_photo(7, ("trend.png", PNG))
    other = await bot.refused("edit_message_text", "y", 7, picture.message_id)

    assert [each.description for each in (long, longer)] == ["Bad Request: message is too long"] * 2
    assert "caption is too long" in caption.description
    assert "there is no text in the message to edit" in other.description
    assert len(api.violations) == 4
    api.violations.clear()


@pytest.mark.usefixtures("shared")
async def test_what_is_against_the_specification_is_refused(api: FakeBotApi) -> None:
    statuses = [
        (await api.call(method, fields))[0]
        for method, fields in (
            ("sendMesage", {"chat_id": "7", "text": "x"}),
            ("sendMessage", {"text": "x"}),
            ("sendMessage", {"chat_id": "7", "text": "x", "colour": "red"}),
            ("getUpdates", {"timeout": "soon"}),
        )
    ]

    assert statuses == [404, 400, 400, 400]
    assert len(api.violations) == 4
    api.violations.clear()


async def test_every_update_is_of_the_shape_that_is_specified(shared: Path, api: FakeBotApi) -> None:
    specification = Specification.load(shared / "telegram" / "bot-api.json")
    assert specification is not None
    told: list[dict[str, Any]] = []
    api.add = lambda update: told.append({"update_id": 1, **update}) or 1  # type: ignore[func-returns-value, method-assign]
    await api.call("sendMessage", {"chat_id": "7", "text": "hi"})
    (call,) = api.sent

    api.say("hello", message_thread_id=3, is_topic_message=True, chat=FORUM)
    api.say_anonymously("hello", chat=GROUP)
    api.forward("a post")
    api.send_file("a.pdf", b"x")
    api.send_photo()
    api.send_voice()
    api.tap_data(call, "x")
    api.react(call, "👍")
    api.ask_inline("x")
    api.choose("x", {"id": "1"})
    api.open_channel(CHANNEL)
    api.invite(CHANNEL, "administrator")
    api.post("x", chat=CHANNEL)
    api.block(7)
    api.unblock(7)
    api.dismiss(GROUP)
    api.migrate(FORUM, -100_500)

    assert len(told) == 17
    assert [line for update in told for line in specification.misshapen("Update", update)] == []
