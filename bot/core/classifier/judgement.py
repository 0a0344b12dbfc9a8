"""Whether a newly learned router may take over from the one in use."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.classifier.router import Router


@dataclass(frozen=True, slots=True)
class Judgement:
    """How many of the `checked` messages each router put in the right category."""

    candidate: int
    current: int
    checked: int

    @property
    def can_take_over(self) -> bool:
        """Whether the candidate may take over: never where it is right less often."""
        return self.candidate >= self.current


def better_or_equal(
    candidate: Router, current: Router, check: Sequence[tuple[str, str]]
) -> Judgement:
    """Both routers on messages whose category (an id) is known and that neither learned from.

    Where nothing can be checked, nothing speaks against the candidate.
    """
    texts = [text for text, _ in check]
    return Judgement(
        candidate=_right(candidate, texts, check),
        current=_right(current, texts, check),
        checked=len(check),
    )


def _right(router: Router, texts: list[str], check: Sequence[tuple[str, str]]) -> int:
    routes = router.routes(texts, why=False)
    return sum(route.best == category for route, (_, category) in zip(routes, check, strict=True))
