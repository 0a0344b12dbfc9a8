"""Sorts out the rows of departments and of categories, and what is registered once it is named."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.core.people import Department
from bot.core.reading import fold
from bot.core.register import ParkCategory
from bot.registry.cells import identity
from bot.registry.drafts import Draft
from bot.registry.known import Known, Names
from bot.registry.sheets import Column
from bot.registry.sorter import Case, Match, Once, Sorted, sort_out


def sort_departments(rows: Sequence[Draft], known: Known) -> Sorted[Department]:
    """A department is found again by name."""
    names, once = Names(known.departments), Once()

    def decide(case: Case) -> Match[Department]:
        name = case.draft.text(Column.DEPARTMENT)
        if earlier := once.earlier(case.draft, identity(name)):
            case.fault(Column.DEPARTMENT, "registry.row.twice", row=earlier)
        fields = case.plain({"name": Column.DEPARTMENT, "phone": Column.PHONE})
        return Match(names.one(name), fields)

    return sort_out(rows, decide)


def sort_categories(
    rows: Sequence[Draft], known: Known, service_levels: Collection[str], owned: Mapping[str, str]
) -> Sorted[ParkCategory]:
    """A category is found again by name.

    `service_levels` are the ids of the settings; `owned` says which category of the shipped
    taxonomy has a keyword already (both folded).
    """
    return sort_out(rows, _Categories(rows, known, service_levels, owned).decide)


class _Categories:
    def __init__(
        self,
        rows: Iterable[Draft],
        known: Known,
        service_levels: Collection[str],
        owned: Mapping[str, str],
    ) -> None:
        self._names = Names(known.categories)
        self._departments = Names(known.departments)
        self._service_levels = service_levels
        self._once = Once()
        # What this file says of a category replaces what was registered of it.
        told = {identity(row.text(Column.CATEGORY)) for row in rows if Column.WORDS in row.given}
        kept = [category for category in known.categories if identity(category.name) not in told]
        self._owners = {
            **owned,
            **{fold(word).lower(): category.name for category in kept for word in category.words},
        }

    def decide(self, case: Case) -> Match[ParkCategory]:
        name = case.draft.text(Column.CATEGORY)
        if earlier := self._once.earlier(case.draft, identity(name)):
            case.fault(Column.CATEGORY, "registry.row.twice", row=earlier)
        fields = case.plain({"name": Column.CATEGORY, "words": Column.WORDS})
        fields |= case.id_of(Column.DEPARTMENT, self._departments.look_up_name)
        if Column.SERVICE_LEVEL in case.draft.given:
            fields["service_level"] = self._service_level(case)
        for word in fields.get("words", ()):
            owner = self._owners.setdefault(fold(word).lower(), name)
            if identity(owner) != identity(name):
                case.fault(Column.WORDS, "registry.row.word_taken", word=word, category=owner)
        return Match(self._names.one(name), fields)

    def _service_level(self, case: Case) -> str:
        written = case.draft.text(Column.SERVICE_LEVEL) or "default"
        if written not in self._service_levels:
            known = " ".join(sorted(self._service_levels))
            case.fault(Column.SERVICE_LEVEL, "registry.row.no_promise", name=written, known=known)
        return written
