"""`tidings …`: the commands, put together. Each lives in `bot.commands`; nothing heavy is imported before one runs."""

from __future__ import annotations

import click

from bot.commands.ask import ask, search
from bot.commands.backing_up import backup, restore
from bot.commands.benching import bench
from bot.commands.brief import brief
from bot.commands.chat import chat
from bot.commands.digest import digest
from bot.commands.evaluating import evaluate
from bot.commands.feeds import feeds
from bot.commands.follows import follows
from bot.commands.hosting import doctor, reindex, serve
from bot.commands.hot import hot
from bot.commands.ingest import ingest
from bot.commands.migrating import migrate_to
from bot.commands.own_data import export, forget
from bot.commands.profile import profile
from bot.commands.summarize import summarize
from bot.commands.training import train


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tidings", prog_name="tidings")
def cli() -> None:
    """A news assistant you chat with: cited answers from the feeds you choose.

    Start with `tidings chat`. Settings come from the environment and from .env; see .env.example.
    """


_READING = (chat, ask, hot, brief, follows, profile, digest, summarize, search)
_KEEPING = (backup, restore, migrate_to, export, forget)
_HOSTING = (ingest, feeds, serve, reindex, doctor, *_KEEPING, evaluate, bench, train)
for command in (*_READING, *_HOSTING):
    cli.add_command(command)
