"""How the command line shows its help and answers mistakes, in the park's language."""

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any

import typer
from rich.cells import cell_len
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from bot.commands.terminal.words import MISUSED, words

Rows = Sequence[tuple[str, str]]


class _Parsing:
    """Tells a mistake which command it was made in: the parser leaves that out of some."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)  # type: ignore[misc,no-any-return]
        except TyperException as error:
            error.ctx = getattr(error, "ctx", None) or ctx  # type: ignore[attr-defined]
            raise


class Command(_Parsing, TyperCommand):
    """One command."""

    def get_help(self, ctx: Any) -> str:
        parts = (_usage(self, ctx), self.help or "", *_parameters(self, ctx))
        return "\n\n".join(part for part in parts if part)


class Group(_Parsing, TyperGroup):
    """A command that has commands."""

    def get_help(self, ctx: Any) -> str:
        commands = [(name, _first_line(self.get_command(ctx, name))) for name in self.commands]
        listed = _section(words("cli.heading.commands"), commands)
        parts = (_usage(self, ctx), self.help or "", *_parameters(self, ctx), listed)
        return "\n\n".join(part for part in parts if part)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            near = next(iter(get_close_matches(name, list(self.commands), 1)), None)
            key = "cli.mistake.near_command" if near else "cli.mistake.no_command"
            ctx.fail(words(key, name=name, near=near))
        return super().resolve_command(ctx, args)


def obey(app: typer.Typer, arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments (default: the process's own) say; the exit code."""
    command: Any = typer.main.get_command(app)
    given = list(arguments) if arguments is not None else None
    try:
        status = command.main(given, prog_name="python -m bot", standalone_mode=False)
    except TyperException as error:
        return _mistake(error)
    except typer.Abort:
        return 1
    return status if isinstance(status, int) else 0


def _mistake(error: TyperException) -> int:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError" and context is not None:
        typer.echo(context.get_help())
        return 0
    typer.echo(_MISTAKES.get(type(error).__name__, _other)(error), err=True)
    if context is not None:
        typer.echo(words("cli.mistake.see_help", command=context.command_path), err=True)
    return MISUSED


def _explain_missing(error: Any) -> str:
    return words("cli.mistake.missing", name=_name(error))


def _bad(error: Any) -> str:
    return words("cli.mistake.bad", name=_name(error), meaning=error.param and error.param.help)


def _explain_unknown(error: Any) -> str:
    """The options are asked for anew: the parser looks for near ones only among the long."""
    known = [name for param in error.ctx.command.params for name in param.opts] if error.ctx else []
    near = next(iter(get_close_matches(error.option_name, [*known, "--help"], 1)), None)
    key = "cli.mistake.near_option" if near else "cli.mistake.no_option"
    return words(key, name=error.option_name, near=near)


def _explain_value(error: Any) -> str:
    """The parser says in one kind of error that a value is lacking or is too much."""
    needless = "does not take a value" in error.message
    key = "cli.mistake.extra_value" if needless else "cli.mistake.no_value"
    return words(key, name=error.option_name)


def _other(error: Any) -> str:
    """Our own words as they are; the parser's, which are English, by what they tell."""
    said = error.format_message()
    if extra := re.search(r"unexpected extra argument\(?s?\)? \((?P<what>.*)\)", said, re.DOTALL):
        return words("cli.mistake.too_many", what=extra["what"])
    return words("cli.mistake.unclear") if said.isascii() else said


_MISTAKES: dict[str, Callable[[Any], str]] = {
    "MissingParameter": _explain_missing,
    "BadParameter": _bad,
    "NoSuchOption": _explain_unknown,
    "BadOptionUsage": _explain_value,
}


def _name(error: Any) -> str:
    return _label(error.param) if error.param is not None else ""


def _usage(command: Any, ctx: Any) -> str:
    pieces = [ctx.command_path, f"[{words('cli.heading.option')}]"]
    pieces += [_label(param) for param in command.params if _is_argument(param)]
    if isinstance(command, Group):
        pieces.append(words("cli.heading.command"))
    return words("cli.heading.usage", line=" ".join(pieces))


def _parameters(command: Any, ctx: Any) -> list[str]:
    arguments = [
        (_label(param), param.help or "") for param in command.params if _is_argument(param)
    ]
    options = [
        (_label(param), param.help or "") for param in command.params if not _is_argument(param)
    ]
    options.append(("--help", words("cli.heading.help")))
    return [
        _section(words("cli.heading.arguments"), arguments),
        _section(words("cli.heading.options"), options),
    ]


def _is_argument(param: Any) -> bool:
    return bool(param.param_type_name == "argument")


def _label(param: Any) -> str:
    if _is_argument(param):
        name = str(param.metavar or param.name)
        return name if param.required else f"[{name}]"
    names = ", ".join([*param.opts, *param.secondary_opts])
    return names if getattr(param, "is_flag", False) else f"{names} {param.metavar or ''}".strip()


def _first_line(command: Any) -> str:
    return str(command.help or "").split("\n", 1)[0]


def _section(heading: str, rows: Rows) -> str:
    if not rows:
        return ""
    width = max(cell_len(name) for name, _ in rows) + 2
    lines = [f"  {name}{' ' * (width - cell_len(name))}{text}" for name, text in rows]
    return "\n".join([heading, *lines])
