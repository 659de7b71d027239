"""What is said to who uses a command wrongly: one line that names the input and the way out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

import click

_NOT = re.compile(r"'(?P<value>.*)' is not (?:a valid |one of ).*", re.DOTALL)
_KIND = re.compile(r"^(?:File|Directory|Path) (?=')")
_OUTSIDE = re.compile(r"(?P<value>\S+) is not in the range .*")


def told(error: click.ClickException, cli: click.Command, arguments: Sequence[str]) -> str:
    """The line; what leads on is the help of the command that was meant by these arguments."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = _path(cli, arguments) if context is None else context.command_path
    return f"{_said(error, context)}; `{path} --help` says more"


def _path(cli: click.Command, arguments: Sequence[str]) -> str:
    names = ["tidings"]
    for each in arguments:
        found = cli.commands.get(each) if isinstance(cli, click.Group) else None
        if found is None:
            break
        cli = found
        names.append(each)
    return " ".join(names)


def _said(error: click.ClickException, context: click.Context | None) -> str:
    match error:
        case click.NoSuchOption(option_name=name, possibilities=near):
            return f"{name}: there is no such option" + (f", did you mean {near[0]}?" if near else "")
        case click.BadOptionUsage(option_name=name) if "requires" in error.message:
            return f"{name}: say a value after it"
        case click.MissingParameter(param=param):
            return f"{_name(param)} is missing"
        case click.BadParameter(param=param):
            return _bad(error.message, param)
        case _ if found := re.fullmatch(r"No such command '(.*)'\.", error.message, re.DOTALL):
            return _no_command(found[1], context)
        case _:
            return error.format_message().rstrip(".")


def _bad(message: str, param: click.Parameter | None) -> str:
    name = _name(param)
    if found := _NOT.fullmatch(message) or _OUTSIDE.fullmatch(message):
        wanted = _wanted(None if param is None else param.type)
        return f"{name} takes {wanted}, not {found['value']!r}"
    return f"{name}: {_KIND.sub('', message).rstrip('.')}"


def _wanted(kind: object) -> str:
    """What a parameter of that kind takes."""
    if isinstance(kind, click.Choice):
        return " or ".join(map(str, kind.choices))
    number = "a whole number" if isinstance(kind, click.types.IntParamType) else "a number"
    if not isinstance(kind, click.IntRange | click.FloatRange):
        return number
    if kind.min is not None and kind.max is not None:
        return f"{number} from {kind.min:g} to {kind.max:g}"
    return f"{number} from {kind.min:g} on" if kind.min is not None else f"{number} up to {kind.max:g}"


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return "it"
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return (param.metavar or param.name or "").upper()


def _no_command(name: str, context: click.Context | None) -> str:
    known = context.command.list_commands(context) if context and isinstance(context.command, click.Group) else []
    near = get_close_matches(name, known, n=1)
    return f"{name!r}: there is no such command" + (f", did you mean {near[0]}?" if near else "")
