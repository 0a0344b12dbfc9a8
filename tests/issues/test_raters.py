"""Whoever rates is not harmed by it: every place that prints a rating, and who reads it there."""

import pytest

from bot.core.issues.lifecycle import Move
from bot.core.issues.raters import find_hidden
from bot.core.notifications import NOTIFICATIONS, Party
from bot.core.people import Role
from bot.core.reports.figures import Settled
from tests.texts.test_wording import WORDS
from tests.texts.wording import placeholders

ENTERPRISE, OFFICE = "the enterprise itself", "the duty desk"
PRINTED = {
    "rate.thanks": ENTERPRISE,
    "rate.solved_at_all": ENTERPRISE,
    "rate.low": ENTERPRISE,
    "notice.rated": OFFICE,
    "notice.low": OFFICE,
}
"""Every text that prints the stars of one matter, and who reads it."""
FEW_STARS = [(Move.FILE, "停水"), (Move.RATE, "2"), (Move.SUPPLEMENT, "太慢"), (Move.REOPEN, "")]


def test_stars_of_one_matter_are_printed_nowhere_else() -> None:
    printing = {key for key, words in WORDS.items() if "stars" in placeholders(words)}
    assert printing == set(PRINTED)


@pytest.mark.parametrize("key", ["notice.rated", "notice.low", "notice.low_reason"])
def test_nobody_reads_along_with_what_only_the_office_reads(key: str) -> None:
    row = NOTIFICATIONS[key]
    assert (row.to, row.copies) == (Party.DUTY, Party.NONE)


@pytest.mark.parametrize("role", sorted(Role))
def test_the_history_of_a_matter_hides_stars_and_reasons(role: Role) -> None:
    hides = role not in (Role.OFFICE, Role.CONTACT)
    later = [*FEW_STARS, (Move.SUPPLEMENT, "还没来人")]
    assert find_hidden(later, role) == [False, hides, hides, False, False]


def test_words_after_many_stars_are_read_by_everybody() -> None:
    steps = [(Move.RATE, "5"), (Move.SUPPLEMENT, "下周还来一次")]
    assert find_hidden(steps, Role.LIAISON) == [True, False]


@pytest.mark.parametrize(("rated", "shown"), [(0, True), (1, False), (4, False), (5, True)])
def test_leaders_read_sums_of_five_ratings_or_more(rated: int, shown: bool) -> None:
    settled = Settled(claimed=9, rated=rated, satisfied=rated)
    assert settled.shows_ratings is shown
