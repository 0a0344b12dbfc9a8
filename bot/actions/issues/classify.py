"""Understands what words are about: category, urgency, the usual service level."""

from dataclasses import dataclass

from bot.actions.context import Context
from bot.core.classifier.categories import Category
from bot.core.classifier.router import Route, Verdict
from bot.core.talk.danger import find_danger
from storage.issues import categories

OTHERS = 2
"""Next guesses offered under an unsure one."""


@dataclass(frozen=True)
class Matter:
    """How a text was understood. Categories by name; `others` are the next guesses;
    `service_level` is the category's own, which a rule of the settings goes before. What is
    dangerous to people is urgent as well."""

    category: str
    sure: bool
    second: str
    urgent: bool
    dangerous: bool
    service_level: str
    others: tuple[str, ...] = ()


def classify_text(context: Context, text: str) -> Matter:
    """What a text is about, as far as the router knows today."""
    route = context.router.route(text, why=False)
    known = route.verdict is not Verdict.NONE
    best = context.learning.taxonomy.by_id(route.best) if known else None
    sure = route.verdict is Verdict.SURE
    dangerous = find_danger(text) is not None
    return Matter(
        category=best.name if best else "",
        sure=sure,
        second=name_category(context, route.second) if best else "",
        urgent=bool(route.urgent) or dangerous,
        dangerous=dangerous,
        service_level=_find_level(context, best) if best else "default",
        others=() if sure else list_others(context, route),
    )


def is_urgent(context: Context, text: str) -> bool:
    """Whether words are urgent, whatever they are about."""
    if not text.strip():
        return False
    return bool(context.router.route(text, why=False).urgent) or find_danger(text) is not None


def list_others(context: Context, route: Route) -> tuple[str, ...]:
    """The names of the next guesses."""
    return tuple(name_category(context, guess.category) for guess in route.ranked[1 : OTHERS + 1])


def name_category(context: Context, category_id: str) -> str:
    """A category's name; "" for one that is not there any more."""
    known = context.learning.taxonomy.by_id(category_id)
    return known.name if known else ""


def _find_level(context: Context, category: Category) -> str:
    """The service level that the office registered for a category, else the taxonomy's."""
    written = categories.by_name(context.db, category.name)
    own = written.service_level if written else "default"
    return own if own != "default" else category.service_level
