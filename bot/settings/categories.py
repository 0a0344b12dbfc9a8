"""Which category a rule of the settings means: people write its name or its id."""

import difflib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from bot import taxonomy
from bot.core.classifier.categories import Category, Taxonomy
from bot.core.messages import Line
from bot.core.park.assignment import AssignmentRule
from bot.core.park.park import ServiceLevelRule
from bot.core.reading import fold
from bot.settings.faults import Reason, because

Rule = TypeVar("Rule", ServiceLevelRule, AssignmentRule)


def use_category_names(rules: Iterable[Rule], file: Path) -> tuple[Rule, ...]:
    """The rules with each category by its name, as issues carry it, though its id was written.

    A category that is not in `file` stays as it was written: `find_faults` refuses it.
    """
    rules = tuple(rules)
    if not any(rule.category for rule in rules):
        return rules
    known = taxonomy.load(file)
    return tuple(_use_name(rule, known) for rule in rules)


def find_category(known: Taxonomy, written: str) -> Category | None:
    """The category of this name, else of this id, None where there is none."""
    name = fold(written).strip()
    return known.by_name(name) or known.by_id(name.lower())


def explain_unknown_category(known: Taxonomy, written: str) -> Line:
    """Why a category is refused, and which was probably meant; all of them where none is near."""
    near = _find_nearest(known, fold(written).strip().lower())
    if near:
        return because(Reason.NEAR_CATEGORY, name=written, near=near)
    names = " ".join(category.name for category in known.categories)
    return because(Reason.NO_CATEGORY, name=written, known=names)


def _use_name(rule: Rule, known: Taxonomy) -> Rule:
    category = find_category(known, rule.category) if rule.category else None
    return replace(rule, category=category.name) if category else rule


def _find_nearest(known: Taxonomy, written: str) -> str | None:
    """By a keyword of the category, else by the look of its name or id."""
    forms = {
        **{word: category.name for category in known.categories for word in category.keywords},
        **{category.id: category.name for category in known.categories},
        **{category.name: category.name for category in known.categories},
    }
    if written in forms:
        return forms[written]
    names = [form for category in known.categories for form in (category.name, category.id)]
    close = difflib.get_close_matches(written, names, 1, cutoff=0.5)
    return forms[close[0]] if close else None
