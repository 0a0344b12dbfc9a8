"""Prints how well routing does on labelled messages it has not seen: `make routing`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from bot.core.classifier.cold_start import first_day
from bot.core.classifier.features import plain
from bot.core.classifier.model import Model, Sample, correct_model, fit
from bot.core.classifier.router import Route, Router, Verdict
from bot.taxonomy import Checked, check_set, park
from tests.bench import routing as speed
from tests.classifier.labelled import (
    DATA,
    Figures,
    Floats,
    Ints,
    Messages,
    folds,
    hangzhou,
    spoilers,
    taidi,
)

_FOLDS = 5
_SEED = 42
_GOALS = {"taidi": (0.882, 0.872, 0.987), "hangzhou": (0.616, 0.433, 0.905)}
_PER_CLASS = (10, 30, 100, 200)
_CORRECTIONS = 20
_DRAWS = 3
_WEIGHTED = 3
# What a Hunan office and the Hangzhou board call the same thing.
_SAME = {
    "城建": "城乡建设",
    "交通": "交通运输",
    "环保": "环境保护",
    "教育": "教育文体",
    "就业": "劳动和社会保障",
    "医疗": "卫生计生",
    "旅游": "商贸旅游",
}


@dataclass(frozen=True)
class _Line:
    what: str
    figures: Figures

    def __str__(self) -> str:
        it = self.figures
        return (
            f"{self.what:<46} {it.accuracy:.3f}  {it.macro_f1:.3f}  {it.top(3):.3f}  "
            f"{it.at_coverage(0.9):.3f}  {it.at_coverage(0.8):.3f}  {it.calibration_error:.3f}"
        )


_HEAD = f"{'':<46} acc    F1     top-3  at 90% at 80% cal.error"


def main() -> None:
    """Print everything; takes some three minutes on two cores."""
    began = perf_counter()
    for section in (_park, _collections, _measure_learning_curve, _another_city, _speed):
        for line in section():
            print(line, flush=True)
    print(f"\n{perf_counter() - began:.0f} s")


def _collections() -> Iterator[object]:
    for messages in _there(taidi, hangzhou):
        goal = "  ".join(f"{score:.3f}" for score in _GOALS[messages.name])
        yield f"\n{messages.name}: {len(messages)} messages, {_FOLDS} folds, seed {_SEED}\n{_HEAD}"
        yield f"{'goal (linear SVM on bodies)':<46} {goal}"
        yield _Line("bodies, learned from bodies", _cross(messages, titled=False)[""])
        spoilt = _cross(messages, titled=True, spoil=True)
        yield _Line("bodies, learned from titles and bodies", spoilt.pop(""))
        for what, figures in spoilt.items():
            yield _Line(f"  the same with {what}", figures)


def _cross(messages: Messages, titled: bool, spoil: bool = False) -> dict[str, Figures]:
    """Figures over all folds: for the bodies as they are, and by each way to spoil them."""
    ways = {"": str} | (spoilers(messages.bodies) if spoil else {})
    labels = sorted(set(messages.labels))
    lines = {way: np.zeros((len(messages), len(labels)), np.float32) for way in ways}
    for tested in folds(messages.labels, _FOLDS, _SEED):
        rest = messages.select_places(np.setdiff1d(np.arange(len(messages)), tested).tolist())
        model = fit(_samples(rest, titled), labels)
        bodies = messages.select_places(tested.tolist()).bodies
        for way, spoilt in ways.items():
            lines[way][tested] = model.probabilities([plain(spoilt(body)) for body in bodies])
    return {way: Figures(line, _places(messages, labels)) for way, line in lines.items()}


def _measure_learning_curve() -> Iterator[object]:
    for messages in _there(taidi):
        yield f"\nLearning curve, {messages.name}, one fold kept for the test\n{_HEAD}"
        tested = folds(messages.labels, _FOLDS, _SEED)[0]
        rest = np.setdiff1d(np.arange(len(messages)), tested)
        test, labels = messages.select_places(tested.tolist()), sorted(set(messages.labels))
        for many in _PER_CLASS:
            some = messages.select_places(_first(messages, rest.tolist(), many))
            model = fit(_samples(some, titled=True), labels)
            yield _Line(f"{many} a class", _on(model, test))


def _another_city() -> Iterator[object]:
    if not DATA.exists():
        return
    there, here = taidi(), hangzhou(at_least=1)
    known = [place for place, label in enumerate(here.labels) if label in _SAME]
    city = here.select_places(known)
    city = Messages(
        city.name, city.titles, city.bodies, tuple(_SAME[city_label] for city_label in city.labels)
    )
    model = fit(_samples(there, titled=True), sorted(set(there.labels)))
    yield f"\nLearned in Hunan, tested on messages of like classes in Hangzhou\n{_HEAD}"
    for draw in range(_DRAWS):
        yield from _measure_corrections(model, there, city, _SEED + draw)


def _measure_corrections(
    model: Model, there: Messages, city: Messages, seed: int
) -> Iterator[_Line]:
    places = list(range(len(city)))
    fed = _first(city, places, _CORRECTIONS, at_most=0.5, seed=seed)
    test = city.select_places([place for place in places if place not in set(fed)])
    yield _Line(f"draw {seed}: as it came ({len(test)} messages)", _on(model, test))
    for place in fed:
        model = correct_model(model, city.bodies[place], city.labels[place])
    yield _Line(f"  after {len(fed)} corrections, <= {_CORRECTIONS} a class", _on(model, test))
    own = [
        replace(sample, origin=sample.origin + len(there))
        for sample in _samples(city.select_places(fed), True)
    ]
    again = fit(_samples(there, titled=True) + own * _WEIGHTED, model.labels)
    yield _Line(f"  refitted, each counted {_WEIGHTED} times", _on(again, test))
    yield _Line("  learned from those corrections alone", _on(fit(own, model.labels), test))


def _park() -> Iterator[object]:
    began = perf_counter()
    router, check = first_day(park()), check_set(park())
    took = perf_counter() - began
    yield f"Park taxonomy, cold start ({took:.1f} s): {len(check)} invented messages"
    yield _HEAD
    yield _Line("as written", _figures(router, [message.text for message in check], check))
    for what, spoil in spoilers([message.text for message in check]).items():
        spoilt = [spoil(message.text) for message in check]
        yield _Line(f"  the same with {what}", _figures(router, spoilt, check))
    yield from _verdicts(check, router.routes([message.text for message in check]))


def _verdicts(check: Sequence[Checked], routes: Sequence[Route]) -> Iterator[str]:
    for verdict in Verdict:
        told = [
            route.best == message.category
            for route, message in zip(routes, check, strict=True)
            if route.verdict is verdict
        ]
        yield f"  {verdict}: {len(told)}, of them right {sum(told)}"
    both = [
        (message, route) for message, route in zip(check, routes, strict=True) if message.second
    ]
    found = sum(
        {message.category, message.second} == {route.best, route.second} for message, route in both
    )
    more = sum(
        bool(route.second)
        for message, route in zip(check, routes, strict=True)
        if not message.second
    )
    yield f"  both matters found {found} of {len(both)}, a second one seen where none is {more}"


def _speed() -> Iterator[str]:
    yield "\nSpeed"
    yield from (f"{what:<60} {value:>12} {ratio:>8}" for what, value, ratio in speed.run())


def _figures(router: Router, texts: Sequence[str], check: Sequence[Checked]) -> Figures:
    lines = router.model.probabilities([plain(text) for text in texts])
    places = [router.model.labels.index(message.category) for message in check]
    return Figures(lines, np.array(places, np.int64))


def _on(model: Model, test: Messages) -> Figures:
    lines: Floats = model.probabilities([plain(body) for body in test.bodies])
    return Figures(lines, _places(test, model.labels))


def _samples(messages: Messages, titled: bool) -> list[Sample]:
    pairs = enumerate(zip(messages.titles, messages.bodies, messages.labels, strict=True))
    return [
        Sample(text, label, at)
        for at, (title, body, label) in pairs
        for text in ((title, body) if titled else (body,))
    ]


def _first(
    messages: Messages, places: list[int], many: int, at_most: float = 1.0, seed: int = _SEED
) -> list[int]:
    """So many places of each label, but no more than such a share of them."""
    chance, chosen = np.random.default_rng(seed), []
    for label in sorted(set(messages.labels)):
        members = [place for place in places if messages.labels[place] == label]
        mixed = chance.permutation(members)
        chosen += mixed[: min(many, int(at_most * len(members)))].tolist()
    return [int(place) for place in chance.permutation(chosen)]


def _places(messages: Messages, labels: Sequence[str]) -> Ints:
    return np.array([labels.index(label) for label in messages.labels], np.int64)


def _there(*collections: Callable[[], Messages]) -> Iterator[Messages]:
    if not DATA.exists():
        print(f"\nskipped: {DATA} is not there")
        return
    for collection in collections:
        yield collection()


if __name__ == "__main__":
    main()
