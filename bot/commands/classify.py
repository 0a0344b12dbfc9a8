"""`python -m bot route`: which category each message of a file belongs to, as a CSV."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.classifier import files
from bot.classifier.models import Learning
from bot.commands.terminal.progress import LateBar
from bot.commands.terminal.words import fail, settings, words
from bot.core.classifier.model import ModelError
from bot.core.classifier.router import Router
from bot.core.system_errors import explain_system_error


def route(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help=words("route.file"))],
    text: Annotated[str, typer.Option("--text", help=words("route.text"))] = "text",
    model: Annotated[
        Path | None, typer.Option("--model", metavar="MODEL", help=words("route.model"))
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help=words("route.rules"))] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="OUT.csv", help=words("route.out"))
    ] = None,
) -> None:
    router = _router(model)
    try:
        own = settings().build_park().assignment_rules if rules else None
        columns = text.split(",")
        with LateBar(words("route.progress")) as bar:
            if out is None:
                files.route_file(file, columns, router, sys.stdout, bar.step, own)
                return
            beside = out.with_name(f"{out.name}.part")
            with beside.open("w", encoding="utf-8-sig", newline="") as target:
                files.route_file(file, columns, router, target, bar.step, own)
            beside.replace(out)
    except files.FileError as error:
        fail(words("route.failed", detail=error.why))
    except OSError as error:
        detail = explain_system_error(error)
        fail(words("route.unreadable", path=error.filename or file, detail=detail))


def _router(model: Path | None) -> Router:
    """The model of a file, else the park's own categories as on the first day."""
    if model is not None:
        try:
            return files.router_for(files.load(model))
        except ModelError:
            fail(words("route.no_model", file=model))
    given = settings()
    return Learning(given.taxonomy, given.storage.models).first()
