"""The commands the chat knows, in the order `/help` lists them."""

from __future__ import annotations

from bot.terminal.commands import Command
from bot.texts import languages

COMMANDS = (
    Command(name="help", help="chat_help_help"),
    Command(name="latest", help="chat_help_latest", usage="chat_usage_latest"),
    Command(name="hot", help="chat_help_hot", usage="chat_usage_hot"),
    Command(name="digest", help="chat_help_digest", usage="chat_usage_digest"),
    Command(name="settings", help="chat_help_settings"),
    Command(name="brief", help="chat_help_brief", usage="chat_usage_brief"),
    Command(name="follow", help="chat_help_follow", usage="chat_usage_brief"),
    Command(name="follows", help="chat_help_follows"),
    Command(name="unfollow", help="chat_help_unfollow", usage="chat_usage_unfollow"),
    Command(name="profile", help="chat_help_profile"),
    Command(name="interests", help="chat_help_interests", usage="chat_usage_interests"),
    Command(name="boost", help="chat_help_boost", usage="chat_usage_n"),
    Command(name="mute", help="chat_help_mute", usage="chat_usage_n"),
    Command(name="drop", help="chat_help_drop", usage="chat_usage_drop"),
    Command(name="like", help="chat_help_like", usage="chat_usage_n"),
    Command(name="dislike", help="chat_help_dislike", usage="chat_usage_n"),
    Command(name="more", help="chat_help_more", usage="chat_usage_n"),
    Command(name="less", help="chat_help_less", usage="chat_usage_n"),
    Command(name="privacy", help="chat_help_privacy"),
    Command(name="export", help="chat_help_export", usage="chat_usage_export"),
    Command(name="forget", help="chat_help_forget", usage="chat_usage_forget"),
    Command(name="sources", help="chat_help_sources"),
    Command(name="add", help="chat_help_add", usage="chat_usage_add"),
    Command(name="remove", help="chat_help_remove", usage="chat_usage_remove"),
    Command(name="open", help="chat_help_open", usage="chat_usage_n"),
    Command(name="cite", help="chat_help_cite", usage="chat_usage_n"),
    Command(name="why", help="chat_help_why", usage="chat_usage_n"),
    Command(name="new", help="chat_help_new"),
    Command(name="language", help="chat_help_language", usage="chat_usage_language", choices=languages()),
    Command(name="quit", help="chat_help_quit"),
)
