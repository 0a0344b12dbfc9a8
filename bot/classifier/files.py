"""Learns from whole CSV files and routes them, a batch at a time, and keeps models in files."""

import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np

from bot.core.classifier.categories import Category, Taxonomy
from bot.core.classifier.features import plain
from bot.core.classifier.model import Model, ModelError, Sample, fit, from_arrays, to_arrays
from bot.core.classifier.router import Route, Router
from bot.core.classifier.training import Progress
from bot.core.messages import Line
from bot.core.park.assignment import AssignmentRule, rule_for

COLUMNS = ("category", "probability", "second", "third", "words")
RULED = ("rule", "to")

_ENCODINGS = ("utf-8-sig", "gb18030")
_BATCH = 512
_BLOCK = 1 << 20
_LONGEST_CELL = 1 << 26


class FileError(ValueError):
    """A CSV file that cannot be used; `why` names the file, and the column where it is one."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"{key} {values}")
        self.why = Line(key, values)


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was learned from a file: `rows` that taught, `skipped` ones without text or label."""

    model: Model
    rows: int
    skipped: int


def fit_file(
    source: Path, text: Sequence[str], label: str, seed: int = 0, progress: Progress | None = None
) -> Fitted:
    """A model of the labels in a CSV file (UTF-8 or GB 18030), from one or more text columns.

    Each text column of a row teaches on its own, because people write titles and bodies alike.
    `progress` is told the rounds done and the most there may be. Raises FileError for a file that
    is no CSV, a column that is missing, or fewer than two labels.
    """
    samples, rows, skipped = _samples(source, text, label)
    labels = sorted({sample.label for sample in samples})
    if len(labels) < 2:
        raise FileError("csv.few_labels", path=source, column=label, there=tuple(labels))
    return Fitted(fit(samples, labels, seed=seed, progress=progress), rows, skipped)


def route_file(
    source: Path,
    text: Sequence[str],
    router: Router,
    target: TextIO,
    progress: Progress | None = None,
    rules: Sequence[AssignmentRule] | None = None,
) -> int:
    """Write a line for each row of a CSV file, in its order: its text as it was, then what we
    say of it; returns how many.

    With `rules` (a dry run of an office's own) two more columns say which rule would take the row,
    counted from 1, and who would get it; both are empty where no rule fits.

    Several text columns are read as one message. A row without text gets empty answers.
    `progress` is told the rows done and about how many there are. Raises FileError as
    `fit_file` does, before anything is written.
    """
    writer = csv.writer(target, lineterminator="\n")
    done, total = 0, max(_lines(source) - 1, 0)
    with _rows(source, text) as rows:
        writer.writerow((*text, *COLUMNS) if rules is None else (*text, *COLUMNS, *RULED))
        while said := [[row[column] or "" for column in text] for row in islice(rows, _BATCH)]:
            batch = [" ".join(parts) for parts in said]
            answers = _answers(router, batch)
            told = answers if rules is None else _apply_rules(batch, answers, rules)
            writer.writerows((*parts, *answer) for parts, answer in zip(said, told, strict=True))
            done += len(batch)
            if progress:
                progress(done, max(done, total))
    return done


def router_for(model: Model) -> Router:
    """A router for a model whose labels are their own names, as one learned from a file."""
    categories = tuple(Category(label, label, "", "", "default", (), ()) for label in model.labels)
    return Router(Taxonomy(categories, (), ""), model)


def save(model: Model, target: Path) -> None:
    """Write the model to an npz file, without pickle, whole or not at all; equal bytes for equal
    models."""
    beside = target.with_name(target.name + ".part")
    with beside.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **to_arrays(model))
    beside.replace(target)


def load(source: Path) -> Model:
    """The model in a file. Raises ModelError, naming the file, where there is none in it."""
    try:
        with source.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return from_arrays(dict(arrays))
    except (OSError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise ModelError(f"{source}: {error}") from error


def _samples(source: Path, text: Sequence[str], label: str) -> tuple[list[Sample], int, int]:
    samples: list[Sample] = []
    taught = skipped = 0
    with _rows(source, text, label) as rows:
        for origin, row in enumerate(rows):
            named = (row[label] or "").strip()
            told = [row[column] for column in text if named and plain(row[column] or "")]
            samples += [Sample(cell, named, origin) for cell in told]
            taught, skipped = taught + bool(told), skipped + (not told)
    return samples, taught, skipped


def _answers(router: Router, texts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    asked = [place for place, text in enumerate(texts) if plain(text)]
    routes = dict(zip(asked, router.routes([texts[place] for place in asked]), strict=True))
    for place in range(len(texts)):
        route = routes.get(place)
        yield _answer(router, route) if route else ("",) * len(COLUMNS)


def _apply_rules(
    texts: Sequence[str], answers: Iterable[tuple[str, ...]], rules: Sequence[AssignmentRule]
) -> Iterator[tuple[str, ...]]:
    places = {id(rule): str(place) for place, rule in enumerate(rules, start=1)}
    for text, answer in zip(texts, answers, strict=True):
        rule = rule_for(text, answer[0], (), rules)
        taken = (places[id(rule)], rule.person or rule.department or "") if rule else ("", "")
        yield (*answer, *taken)


def _answer(router: Router, route: Route) -> tuple[str, ...]:
    known = [router.taxonomy.by_id(guess.category) for guess in route.ranked[:3]]
    names = [category.name if category else "" for category in known]
    names += [""] * (3 - len(names))
    words = " ".join(word.text for word in route.words)
    return (names[0], f"{route.ranked[0].probability:.4f}", names[1], names[2], words)


@contextmanager
def _rows(
    source: Path, text: Sequence[str], label: str | None = None
) -> Iterator[Iterator[dict[str, str]]]:
    """The file's rows, once it is certain that it has these columns."""
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        with source.open(encoding=_detect_encoding(source), newline="") as file:
            reader = csv.DictReader(file)
            there = reader.fieldnames or []
            if not there:
                raise FileError("csv.no_columns", path=source)
            for column, option in (*((name, "--text") for name in text), (label, "--label")):
                if column is not None and column not in there:
                    told = {"column": column, "option": option, "there": tuple(there)}
                    raise FileError("csv.no_column", path=source, **told)
            yield iter(reader)
    except csv.Error as error:
        raise FileError("csv.not_csv", path=source, line=reader.line_num) from error
    finally:
        csv.field_size_limit(limit)


def _detect_encoding(source: Path) -> str:
    for encoding in _ENCODINGS:
        try:
            with source.open(encoding=encoding) as file:
                while file.read(_BLOCK):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise FileError("csv.not_text", path=source)


def _lines(source: Path) -> int:
    with source.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b""))
