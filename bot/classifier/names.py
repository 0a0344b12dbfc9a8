"""Keeps the names by which firms are recognised, always up to date with the registry."""

import threading

from sqlalchemy import Connection

from bot.core.names.recognizer import NameEntry, NameIndex
from storage import revisions
from storage.people import enterprises


class Naming:
    """The firms of one park as every process recognises them.

    Every process asks `index` where somebody must be recognised; one look tells whether the
    registry was written since, and only firms that changed are read into the index again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index = NameIndex()
        self._known: dict[int, NameEntry] = {}
        self._revision: int | None = None

    def index(self, db: Connection) -> NameIndex:
        """The names as they stand in this transaction."""
        now = revisions.of(db, "enterprises")
        with self._lock:
            if now != self._revision:
                self._catch_up({entry.id: entry for entry in enterprises.name_entries(db)})
                self._revision = now
            return self._index

    def _catch_up(self, entries: dict[int, NameEntry]) -> None:
        for gone in self._known.keys() - entries.keys():
            self._index.remove(gone)
        for entry in entries.values():
            if self._known.get(entry.id) != entry:
                self._index.add(entry)
        self._known = entries
