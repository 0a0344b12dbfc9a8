"""Routing measured on labelled messages of other places: nothing that ships is fitted on them."""

import numpy as np
import pytest

from bot.core.classifier.model import fit
from tests.classifier.labelled import DATA, Figures, hangzhou, spoilers
from tests.classifier.report import _cross, _on, _samples

pytestmark = [
    pytest.mark.skipif(not DATA.exists(), reason=f"{DATA} is not there"),
    pytest.mark.slow,
]


def test_citizens_messages_are_told_apart_as_well_as_by_a_linear_svm() -> None:
    """Two points below what `make routing` shows, so that only a real loss fails."""
    figures = _cross(hangzhou(), titled=True)[""]
    assert figures.accuracy > 0.60
    assert figures.macro_f1 > 0.43
    assert figures.top(3) > 0.89
    assert figures.at_coverage(0.8) > figures.at_coverage(0.9) > figures.accuracy
    assert figures.calibration_error < 0.08


def test_traditional_characters_cost_nothing() -> None:
    messages = hangzhou()
    some, rest = (
        messages.select_places(range(300)),
        messages.select_places(range(300, len(messages))),
    )
    model = fit(_samples(rest, titled=True), sorted(set(rest.labels)))
    known = [place for place, label in enumerate(some.labels) if label in model.labels]
    test = some.select_places(known)
    convert = spoilers(test.bodies)["traditional"]
    spoilt = test.select_places(range(len(test)))
    spoilt = type(test)(test.name, test.titles, tuple(map(convert, test.bodies)), test.labels)
    assert any(body != other for body, other in zip(test.bodies, spoilt.bodies, strict=True))
    assert abs(_on(model, test).accuracy - _on(model, spoilt).accuracy) < 0.01


def test_figures_are_what_they_say() -> None:
    chances = np.array([[0.9, 0.1, 0], [0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.4, 0.3, 0.3]])
    figures = Figures(chances.astype(np.float32), np.array([0, 1, 1, 0]))
    assert figures.accuracy == 0.75
    assert figures.macro_f1 == pytest.approx((4 / 5 + 2 / 3) / 2)
    assert figures.top(2) == 1
    assert figures.at_coverage(0.5) == 0.5
    assert figures.calibration_error == pytest.approx((0.1 + 0.6 + 0.5 + 0.6) / 4, abs=1e-6)
