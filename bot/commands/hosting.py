"""`tidings serve`, `reindex` and `doctor`: for those who host it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.commands.gathered import tell_switch
from bot.commands.running import json_option, run
from bot.console import counted, print_json, print_line, progress_bar, warn
from bot.contract import reindex_json
from bot.loops import quick_loop
from bot.roles import Role
from storage.errors import IndexUnavailable

if TYPE_CHECKING:
    from bot.app import App


@click.command()
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.ALL.value,
    show_default=True,
    help="What this process does: receive updates, answer them, read the feeds, send what nobody waits for, or all of "
    "it. Any number of processes share a PostgreSQL. Who may use the bot holds for all as the one that answers and was "
    "started last was told: give all the same settings.",
)
def serve(role: str) -> int:
    """Run the Telegram bot and read the feeds on schedule. Needs TELEGRAM_BOT_TOKEN.

    To keep it running: bot/data/tidings.service is a unit for systemd, compose.yaml is for containers.
    """

    async def work(app: App) -> int:
        from bot.living import serve as keep_serving

        return await keep_serving(app, warn, Role(role))

    return run(work, loop=quick_loop)


@click.command()
@json_option
def reindex(as_json: bool) -> int:
    """Rebuild both indexes from the database.

    Only what the encoder has not seen is encoded. After a change of TIDINGS_ENCODER that is everything: searches go
    on with the one before until it is done. What is interrupted resumes.
    """

    async def work(app: App) -> int:
        with progress_bar() as progress:
            report = await app.index.rebuild(progress)
            while await app.index.tidy():
                pass
        if report.held_elsewhere:
            raise IndexUnavailable("every", "another tidings is running on this instance; stop it, then run this again")
        if as_json:
            print_json(reindex_json(report))
        else:
            seconds = report.took.total_seconds()
            print_line(f"{counted(report.added, 'passage')} indexed, {report.encoded:,} encoded, in {seconds:.1f} s")
        tell_switch(report)
        return 1 if report.not_switched else 0

    return run(work)


@click.command()
@json_option
def doctor(as_json: bool) -> int:
    """Say what is wrong with this instance and what to do."""
    from bot.doctor import examine

    checks = examine()
    if as_json:
        print_json({"healthy": all(check.ok for check in checks), "checks": [check.json() for check in checks]})
    else:
        for check in checks:
            print_line(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.detail}")
            if check.remedy:
                print_line(f"      → {check.remedy}")
    return 0 if all(check.ok for check in checks) else 1
