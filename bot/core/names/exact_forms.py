"""Remembers every exact form of every name, and sees where one stands in a text."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from bot.core.names.parts import NameParts


class Form(StrEnum):
    """How much of a name a form is."""

    ALIAS = "alias"
    NAME = "name"
    STEM = "stem"
    CORE = "core"


class NameRegister:
    """Which firms have which exact forms."""

    def __init__(self) -> None:
        self._owners: dict[Form, dict[str, tuple[int, ...]]] = {form: {} for form in Form}
        self._longest: dict[str, int] = {}

    def add(self, firm: int, name: NameParts, aliases: Iterable[NameParts]) -> None:
        """Remember that the firm has this name and these aliases."""
        for form, text in _forms(name, aliases):
            self._owners[form][text] = (*self.owners(form, text), firm)
            self._longest[text[:2]] = max(len(text), self._longest.get(text[:2], 0))

    def remove(self, firm: int, name: NameParts, aliases: Iterable[NameParts]) -> None:
        """Forget what `add` was told."""
        for form, text in _forms(name, aliases):
            self._owners[form][text] = tuple(
                owner for owner in self.owners(form, text) if owner != firm
            )
            if not self._owners[form][text]:
                del self._owners[form][text]

    def owners(self, form: Form, text: str) -> tuple[int, ...]:
        """The firms that have `text` as this form."""
        return self._owners[form].get(text, ())

    def owners_of(self, text: str) -> tuple[int, ...]:
        """The firms of which `text` is any form."""
        return tuple(firm for owners in self._owners.values() for firm in owners.get(text, ()))

    def is_alias(self, text: str) -> bool:
        """Whether `text` is a registered short name."""
        return text in self._owners[Form.ALIAS]

    def find_forms(self, clause: str) -> Iterator[tuple[int, int]]:
        """Where forms stand in a folded clause: start and end, the longest at each place."""
        at = 0
        while at < len(clause) - 1:
            end = self._end_of_form(clause, at)
            if end:
                yield at, end
            at = end or at + 1

    def _end_of_form(self, clause: str, at: int) -> int:
        """Where the longest form that begins at `at` ends; 0 where none begins."""
        longest = min(self._longest.get(clause[at : at + 2], 0), len(clause) - at)
        for end in range(at + longest, at + 1, -1):
            if any(clause[at:end] in owners for owners in self._owners.values()):
                return end
        return 0


def _forms(name: NameParts, aliases: Iterable[NameParts]) -> set[tuple[Form, str]]:
    forms = {(Form.NAME, name.key), (Form.STEM, name.stem), (Form.CORE, name.core)}
    return {form for form in forms | {(Form.ALIAS, alias.key) for alias in aliases} if form[1]}
