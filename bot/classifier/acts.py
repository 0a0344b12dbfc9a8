"""Keeps the reader of acts that everybody uses: what was trained on, and what people corrected."""

import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection

from bot.classifier.packing import pack_model, unpack_model
from bot.core.classifier.categories import Taxonomy
from bot.core.classifier.cold_start import lexicon
from bot.core.classifier.model import Model, ModelError
from bot.core.talk.acts import Act, Role
from bot.core.talk.example_files import Section, load_examples, load_shipped
from bot.core.talk.reader import Reader, build_reader, fingerprint
from storage.talk import act_lessons
from storage.talk.act_lessons import State


class Acts:
    """The reader of one park, always up to date with its database.

    What is trained takes seconds; it is kept as two files in `folder`, named by what they were
    learned from, and once more in this process for all that share it.
    """

    def __init__(self, taxonomy: Taxonomy, folder: Path, examples: Path | None = None) -> None:
        """Raises ExamplesError where the office's own `examples` cannot be read."""
        own = load_examples(examples) if examples else ()
        self._sections = (*load_shipped(), *own)
        self._taxonomy = taxonomy
        self._folder = folder
        self._lock = threading.Lock()
        self._reader: Reader | None = None
        self._state: State | None = None

    def first(self) -> Reader:
        """The reader that nobody has corrected yet."""
        categories = self._taxonomy.categories
        matters = tuple(text for category in categories for text in category.examples)
        words = tuple(lexicon(self._taxonomy).words)
        return _build_reader(self._sections, matters, words, self._taxonomy.urgent, self._folder)

    def reader(self, db: Connection) -> Reader:
        """The reader with everything that was corrected up to this transaction."""
        now = act_lessons.state(db)
        with self._lock:
            if self._reader is None or now != self._state:
                self._reader = self._update_reader(db, now)
                self._state = now
            return self._reader

    def _update_reader(self, db: Connection, now: State) -> Reader:
        known = self._state
        later = known is not None and known.void == now.void and now.last >= known.last
        reader, since = self.first(), 0
        if self._reader is not None and known is not None and later:
            reader, since = self._reader, known.last
        for lesson in act_lessons.since(db, since):
            reader = reader.learn_correction(lesson.text, Act(lesson.act), Role(lesson.role))
        return reader


@lru_cache(maxsize=4)
def _build_reader(
    sections: tuple[Section, ...],
    matters: tuple[str, ...],
    words: tuple[str, ...],
    urgent: Sequence[str],
    folder: Path,
) -> Reader:
    key = fingerprint(sections, matters, words)
    files = [folder / f"acts-{key}-{side}.npz" for side in ("firm", "staff")]
    kept = _load_models(files)
    reader = build_reader(sections, matters, words, urgent, kept)
    if kept is None:
        folder.mkdir(parents=True, exist_ok=True)
        for file, model in zip(files, (reader.firm, reader.staff), strict=True):
            beside = file.with_suffix(".part")
            beside.write_bytes(pack_model(model))
            beside.replace(file)
    return reader


def _load_models(files: Sequence[Path]) -> tuple[Model, Model] | None:
    try:
        firm, staff = (unpack_model(file.read_bytes()) for file in files)
    except (OSError, ModelError):
        return None
    return firm, staff
