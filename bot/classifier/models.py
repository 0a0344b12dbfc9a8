"""Keeps the router that everybody uses: the first day's, what people corrected, newer models."""

import hashlib
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Connection

from bot import taxonomy as taxonomies
from bot.classifier.acts import Acts
from bot.classifier.packing import pack_model, unpack_model
from bot.core.classifier.categories import Taxonomy
from bot.core.classifier.cold_start import cold_start, first_day
from bot.core.classifier.judgement import Judgement, better_or_equal
from bot.core.classifier.model import Model, ModelError
from bot.core.classifier.router import Router
from storage.issues import lessons
from storage.issues.lessons import State

log = structlog.get_logger()


@dataclass(frozen=True)
class Refit:
    """What came of learning anew: how the candidate did against the first day's router."""

    judgement: Judgement
    version: str
    lessons: int


class Learning:
    """The router of one park, always up to date with its database.

    Every process asks `router` for each message; one look tells whether anybody taught anything
    since. The first day's model takes seconds to train and is kept as a file in `folder`, named by
    the taxonomy it was made from.
    """

    def __init__(self, taxonomy_file: Path, folder: Path, examples: Path | None = None) -> None:
        """`examples` is the office's own file of what people say, beside the shipped one."""
        self.taxonomy: Taxonomy = taxonomies.load(taxonomy_file)
        self.acts = Acts(self.taxonomy, folder, examples)
        """What reads what a message is."""
        self.key = hashlib.sha256(taxonomy_file.read_bytes()).hexdigest()[:16]
        self._folder = folder
        self.wanted = threading.Event()
        """Set when a night asked for a new training."""
        self._lock = threading.Lock()
        self._first: Router | None = None
        self._state: State | None = None
        self._base = 0
        self._router: Router | None = None

    def first(self) -> Router:
        """The router that nobody has corrected yet."""
        if self._first is None:
            self._first = self._load_router() or self._train_router()
        return self._first

    def router(self, db: Connection) -> Router:
        """The router with everything that was learned up to this transaction."""
        now = lessons.state(db, self.key)
        with self._lock:
            if self._router is None or now != self._state:
                self._router = self._update_router(db, now)
                self._state = now
            return self._router

    def refit(self, db: Connection) -> tuple[Refit, Model, int]:
        """A candidate trained anew on all lessons, judged on the check set; takes seconds and
        writes nothing. Returns the model and the last lesson it has seen."""
        taught = lessons.since(db, 0)
        candidate = cold_start(self.taxonomy, [(lesson.text, lesson.category) for lesson in taught])
        check = [(sample.text, sample.category) for sample in taxonomies.check_set(self.taxonomy)]
        judged = better_or_equal(candidate, self.first(), check)
        upto = taught[-1].id if taught else 0
        return Refit(judged, candidate.model.version, len(taught)), candidate.model, upto

    def switch(self, db: Connection, refit: Refit, model: Model, upto: int, now: datetime) -> bool:
        """Put a candidate in use; False, and nothing changes, when it did worse."""
        if not refit.judgement.can_take_over:
            return False
        lessons.keep(
            db,
            now,
            taxonomy=self.key,
            version=refit.version,
            upto=upto,
            right=refit.judgement.candidate,
            checked=refit.judgement.checked,
            data=pack_model(model),
        )
        return True

    def _update_router(self, db: Connection, now: State) -> Router:
        known = self._state
        later = known is not None and (known.model_id, known.void) == (now.model_id, now.void)
        if self._router is not None and known is not None and later and now.last >= known.last:
            router, since = self._router, known.last
        else:
            router, since = self._from_base(db)
        for lesson in lessons.since(db, since):
            router = router.learn_correction(lesson.text, lesson.category)
        return router

    def _from_base(self, db: Connection) -> tuple[Router, int]:
        kept = lessons.active(db, self.key)
        if kept is None:
            return self.first(), 0
        try:
            return Router(self.taxonomy, unpack_model(kept.data)), kept.upto
        except ModelError:
            log.exception("learned model cannot be read, the first day's is used", model=kept.id)
            return self.first(), 0

    def _load_router(self) -> Router | None:
        try:
            return Router(self.taxonomy, unpack_model(self._file.read_bytes()))
        except (OSError, ModelError):
            return None

    def _train_router(self) -> Router:
        router = first_day(self.taxonomy)
        self._folder.mkdir(parents=True, exist_ok=True)
        beside = self._file.with_suffix(".part")
        beside.write_bytes(pack_model(router.model))
        beside.replace(self._file)
        return router

    @property
    def _file(self) -> Path:
        return self._folder / f"first-{self.key}.npz"
