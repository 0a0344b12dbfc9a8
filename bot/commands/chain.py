"""`python -m bot chain`: checks that nothing of what was promised and done was changed since."""

import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bot.actions.chain.verify import Finding, verify
from bot.commands.migrate import open_database
from bot.commands.terminal.cli_help import Command, Group
from bot.commands.terminal.words import fail, load_shipped_texts, say, settings, words
from bot.core.chain.vouchers import encode, group, read_code
from bot.core.system_errors import explain_system_error
from bot.settings import Settings
from bot.texts import load
from bot.web.files.voucher_page import render_page
from storage.backup import DATABASE
from storage.chain import entries, roots
from storage.database import Database
from storage.migrate import migrate

SHOWN = 20
"""Faults that are printed; all are counted."""
app = typer.Typer(
    cls=Group,
    help=words("chain.help"),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.command("verify", cls=Command, help=words("chain.verify"))
def check(
    printed: Annotated[
        list[str] | None, typer.Option("--root", metavar="CODE", help=words("chain.printed"))
    ] = None,
    backup: Annotated[
        Path | None, typer.Option("--backup", metavar="FILE.zip", help=words("chain.backup"))
    ] = None,
) -> None:
    codes = [_read_root(code) for code in printed or ()]
    with _open(settings(), backup) as database, database.read() as db:
        found = list(verify(db, codes))
        size, published = entries.count(db), roots.everything(db)
    for finding in found[:SHOWN]:
        say(_describe(finding))
    if found:
        counts = Counter(finding.damage for finding in found)
        sums = ", ".join(
            f"{words(f'chain.sum_{damage}')} {count}" for damage, count in counts.items()
        )
        fail(words("chain.broken", count=len(found), sums=sums))
    say(words("chain.whole", count=size, roots=len(published)))
    if published and not codes:
        say(words("chain.compare"))


@app.command("roots", cls=Command, help=words("chain.roots"))
def show_roots() -> None:
    given = settings()
    texts = load_shipped_texts(given.zone)
    with open_database(given) as database, database.read() as db:
        found = roots.everything(db)
    for root in found:
        code = group(encode(root.root))
        say(words("chain.root_line", day=texts.format_value(root.day), root=code, size=root.size))
    if not found:
        say(words("chain.no_roots"))


@app.command("page", cls=Command, help=words("chain.page"))
def write_page(
    out: Annotated[Path, typer.Argument(metavar="OUT.html", help=words("chain.out"))],
) -> None:
    given = settings()
    page = render_page(load(given.zone, given.texts), given.build_park())
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        fail(words("chain.not_written", path=out, detail=explain_system_error(error)))
    say(words("chain.page_written", path=out))


def _read_root(typed: str) -> str:
    code = read_code(typed)
    if code is None:
        fail(words("chain.no_code", code=typed))
    return code


@contextmanager
def _open(given: Settings, backup: Path | None) -> Iterator[Database]:
    """The database in use, or a copy of the one in a backup. Ends the command where there is
    none."""
    if backup is None:
        with open_database(given) as database:
            yield database
        return
    with TemporaryDirectory() as folder:
        try:
            with zipfile.ZipFile(backup) as pack:
                copy = pack.extract(DATABASE, folder)
        except (OSError, KeyError, zipfile.BadZipFile) as error:
            detail = explain_system_error(error) if isinstance(error, OSError) else str(error)
            fail(words("chain.no_backup", path=backup, detail=detail))
        database = Database(f"sqlite:///{copy}")
        try:
            migrate(database)
            yield database
        finally:
            database.close()


def _describe(finding: Finding) -> str:
    kind = words(f"chain.of_{finding.kind}")
    ref = group(finding.ref) if isinstance(finding.ref, str) else finding.ref
    return words(f"chain.found_{finding.damage}", kind=kind, ref=ref)
