"""A backup of all that the bot remembers in one file, taken while it runs, and the way back."""

import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from enum import StrEnum
from pathlib import Path

from alembic.runtime.migration import MigrationContext

from storage.database import Database
from storage.migrate import is_known_revision

DATABASE = "exchange.db"
"""The name of the database inside a backup, whatever its file is called outside."""
PAGES = 4096
"""Pages of the database that are copied between two steps of the progress bar."""
Step = Callable[[int, int], None]


class Unusable(StrEnum):
    """Why a file cannot be restored."""

    NOT_A_BACKUP = "not_a_backup"
    DAMAGED = "damaged"
    NEWER = "newer"


class UnusableBackupError(RuntimeError):
    """A file that cannot be restored; nothing was changed."""

    def __init__(self, reason: Unusable, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def back_up(source: Path, folders: Mapping[str, Path], out: Path, step: Step) -> int:
    """Write the database as it stands at this moment and the files of the folders, by the names
    they get inside, to `out`; how many files that were. Others may read and write meanwhile.

    `out` appears when it is whole. Raises OSError where it cannot be written.
    """
    part = out.with_name(f"{out.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=out.parent) as room:
            snapshot = Path(room) / DATABASE
            _copy(source, snapshot, step)
            files = [(snapshot, DATABASE), *_files(folders)]
            _pack(part, files, step)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return len(files)


def restore(backup: Path, target: Path, folders: Mapping[str, Path], step: Step) -> int:
    """Lay out a backup again; how many files that were. `target` is a database that is not there.

    Files that are there already stay: a media file is named by its content. Raises
    UnusableBackupError for what is no backup, is damaged, or comes from a later version, and
    FileExistsError where there is a database, before anything is changed.
    """
    if target.exists() or target.with_name(f"{target.name}-wal").exists():
        raise FileExistsError(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _open_backup(backup) as pack, tempfile.TemporaryDirectory(dir=target.parent) as room:
        places = {info: _place(info.filename, folders) for info in pack.infolist()}
        if DATABASE not in pack.namelist():
            raise UnusableBackupError(Unusable.NOT_A_BACKUP)
        found = Path(pack.extract(DATABASE, room))
        _examine(found)
        rest = [(info, place) for info, place in places.items() if place is not None]
        for done, (info, place) in enumerate(rest, 1):
            _lay(pack, info, place)
            step(done, len(places))
        found.replace(target)
    return len(rest) + 1


def _copy(source: Path, snapshot: Path, step: Step) -> None:
    def report_progress(_status: int, remaining: int, total: int) -> None:
        step(total - remaining, total)

    # One read transaction around it: writers go on, and the copy never starts anew for them.
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(snapshot)) as copy:
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()
        live.backup(copy, pages=PAGES, progress=report_progress)


def _files(folders: Mapping[str, Path]) -> Iterator[tuple[Path, str]]:
    for name, folder in folders.items():
        for path in sorted(entry for entry in folder.rglob("*") if entry.is_file()):
            yield path, f"{name}/{path.relative_to(folder).as_posix()}"


def _pack(part: Path, files: list[tuple[Path, str]], step: Step) -> None:
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as pack:
        for done, (path, name) in enumerate(files, 1):
            pack.write(path, name)
            step(done, len(files))


def _open_backup(backup: Path) -> zipfile.ZipFile:
    try:
        pack = zipfile.ZipFile(backup)
        damaged = pack.testzip()
    except FileNotFoundError:
        raise
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise UnusableBackupError(Unusable.NOT_A_BACKUP, str(error)) from error
    if damaged:
        raise UnusableBackupError(Unusable.DAMAGED, damaged)
    return pack


def _place(name: str, folders: Mapping[str, Path]) -> Path | None:
    """Where a file goes, None for the database; a name that leads elsewhere is no backup's."""
    if name == DATABASE:
        return None
    top, _, rest = name.partition("/")
    folder = folders.get(top)
    if folder is None or not rest:
        raise UnusableBackupError(Unusable.NOT_A_BACKUP, name)
    place = (folder / rest).resolve()
    if not place.is_relative_to(folder.resolve()):
        raise UnusableBackupError(Unusable.NOT_A_BACKUP, name)
    return place


def _lay(pack: zipfile.ZipFile, info: zipfile.ZipInfo, place: Path) -> None:
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(pack.read(info))


def _examine(found: Path) -> None:
    """Whether it is a sound database of this version or an earlier one."""
    try:
        with closing(sqlite3.connect(found)) as db:
            sound = db.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise UnusableBackupError(Unusable.DAMAGED, str(error)) from error
    if sound != "ok":
        raise UnusableBackupError(Unusable.DAMAGED, str(sound))
    database = Database(f"sqlite:///{found}")
    try:
        with database.read() as db:
            version = MigrationContext.configure(db).get_current_revision()
    finally:
        database.close()
    if version is None:
        raise UnusableBackupError(Unusable.NOT_A_BACKUP)
    if not is_known_revision(version):
        raise UnusableBackupError(Unusable.NEWER, version)
