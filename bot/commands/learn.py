"""`python -m bot learn`: learn the categories anew from what people corrected, or from a file."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.classifier import files
from bot.classifier.models import Learning
from bot.clock import SystemClock
from bot.commands.migrate import open_database
from bot.commands.terminal.progress import LateBar
from bot.commands.terminal.words import fail, say, settings, words
from bot.core.classifier.model import ModelError
from bot.core.system_errors import explain_system_error
from storage.database import Database
from storage.issues import lessons


def learn(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE.csv", help=words("learn.file"))
    ] = None,
    text: Annotated[str, typer.Option("--text", help=words("learn.text"))] = "text",
    label: Annotated[str, typer.Option("--label", help=words("learn.label"))] = "label",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="MODEL", help=words("learn.out"))
    ] = None,
    history: Annotated[bool, typer.Option("--list", help=words("learn.list"))] = False,
    back: Annotated[bool, typer.Option("--back", help=words("learn.back"))] = False,
) -> None:
    if file is not None:
        _from_file(file, text.split(","), label, out)
        return
    given = settings()
    learning = Learning(given.taxonomy, given.storage.models)
    with open_database(given) as database:
        if history:
            _list_versions(database, learning)
        elif back:
            _back(database, learning)
        else:
            _anew(database, learning, SystemClock().now())


def _from_file(file: Path, text: list[str], label: str, out: Path | None) -> None:
    if out is None:
        fail(words("learn.no_out"))
    try:
        with LateBar(words("learn.progress")) as bar:
            fitted = files.fit_file(file, text, label, progress=bar.step)
        files.save(fitted.model, out)
    except files.FileError as error:
        fail(words("learn.bad_file", detail=error.why))
    except ModelError:
        fail(words("learn.bad_file", detail=words("csv.nothing", path=file)))
    except OSError as error:
        detail = explain_system_error(error)
        fail(words("route.unreadable", path=error.filename or file, detail=detail))
    labels = len(fitted.model.labels)
    told = {"file": out, "rows": fitted.rows, "labels": labels, "skipped": fitted.skipped}
    say(words("learn.fitted", **told))


def _anew(database: Database, learning: Learning, now: datetime) -> None:
    with database.read() as db:
        refit, model, upto = learning.refit(db)
    with database.write() as db:
        switched = learning.switch(db, refit, model, upto, now)
    judged = refit.judgement
    told = {"lessons": refit.lessons, "right": judged.candidate, "checked": judged.checked}
    if not switched:
        fail(words("learn.worse", **told, before=judged.current))
    say(words("learn.switched", **told, version=refit.version))


def _back(database: Database, learning: Learning) -> None:
    with database.write() as db:
        kept = lessons.back(db, learning.key)
    say(words("learn.now", version=kept.version) if kept else words("learn.first_day"))


def _list_versions(database: Database, learning: Learning) -> None:
    with database.read() as db:
        found = lessons.history(db, learning.key)
    if not found:
        say(words("learn.first_day"))
    for model in found:
        told = {"version": model.version, "right": model.right, "checked": model.checked}
        key = "learn.active" if model.active else "learn.kept"
        say(words(key, **told, at=model.made_at))
