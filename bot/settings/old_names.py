"""Old names of settings: still read as the names of now, and whoever wrote them is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.settings.faults import Fault, Reason, because

SECTIONS = {"promises": "service_levels", "promise_rules": "service_level_rules"}
RULES, OLD_FIELD, NEW_FIELD = "service_level_rules", "promise", "service_level"
"""What a rule names its service level by."""
IN_CATEGORIES = "[[category]].promise"
"""The same in an office's own file of categories, which `bot.taxonomy` reads."""


@dataclass(frozen=True)
class OldNames:
    """The old names that were met: those that were `read`, and those that are `wrong` because the
    new name stands beside them."""

    read: list[Fault] = field(default_factory=list)
    wrong: list[Fault] = field(default_factory=list)

    def add(self, source: str, key: str, new: str, *, both: bool) -> None:
        """One more, in a file or a variable."""
        reason = because(Reason.BOTH_NAMES if both else Reason.OLD_NAME, name=new)
        (self.wrong if both else self.read).append(Fault(source, key, reason))


def rename_key(key: str) -> str:
    """The dotted key under its name of now."""
    head, dot, rest = key.partition(".")
    return SECTIONS.get(head, head) + dot + rest


def rename_sections(tree: dict[str, Any], source: str, found: OldNames) -> None:
    """Move the sections of a file to their names of now."""
    for old, new in SECTIONS.items():
        if old in tree:
            found.add(source, old, new, both=new in tree)
            tree.setdefault(new, tree.pop(old))


def rename_in_rules(tree: Mapping[str, Any], source: str, found: OldNames) -> None:
    """Rename the old field in the rules, which are given as one list."""
    rows = tree.get(RULES)
    for number, row in enumerate(rows if isinstance(rows, list) else (), start=1):
        if isinstance(row, dict) and OLD_FIELD in row:
            key = f"{RULES}#{number}.{OLD_FIELD}"
            found.add(source, key, NEW_FIELD, both=NEW_FIELD in row)
            row.setdefault(NEW_FIELD, row.pop(OLD_FIELD))
