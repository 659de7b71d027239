"""The program `tidings`: runs the command line and turns every foreseen failure into one line and an exit status."""

from __future__ import annotations

import io
import os
import sys

import click

from bot.cli import cli
from bot.commands.misuse import told
from bot.console import warn
from storage.errors import InputError, SettingsError, TidingsError
from storage.heap import share_heaps

FAILED, BAD_USAGE, INTERRUPTED = 1, 2, 130


def main() -> None:
    """Exit with 0, 1 (failed) or 2 (bad usage). What was not foreseen keeps its traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a character shows a question mark.
            stream.reconfigure(errors="replace")
    share_heaps()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit status of `tidings` with these arguments."""
    try:
        return int(cli.main(arguments, prog_name="tidings", standalone_mode=False) or 0)
    except click.ClickException as error:
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            error.show()
        else:
            warn(told(error, cli, arguments))
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except TidingsError as error:
        warn(str(error))
        return BAD_USAGE if isinstance(error, (InputError, SettingsError)) else FAILED
    except BrokenPipeError:
        # The reader of our output went away, as `| head` does; keep the interpreter from complaining at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        warn(f"{error.filename or 'system'}: {error.strerror or error}")
        return FAILED


if __name__ == "__main__":
    main()
