"""What an enterprise may raise: the categories, whose they are and how people put them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of issue.

    `id` never changes, because issues and learned models carry it; `name` is what people read.
    `service_level` names the one that counts for it. `keywords` and `examples` are the cold start:
    what the bot knows before anybody has corrected it.
    """

    id: str
    name: str
    about: str
    department: str
    service_level: str
    keywords: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All categories of one park, in the order people read them.

    `urgent` words raise a matter at once, whatever its category. `fallback` is the category for
    what fits nowhere else; it has no keywords and is never a second matter.
    """

    categories: tuple[Category, ...]
    urgent: tuple[str, ...]
    fallback: str

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(category.id for category in self.categories)

    def by_id(self, category_id: str) -> Category | None:
        """The category with this id, or None."""
        return next((category for category in self.categories if category.id == category_id), None)

    def by_name(self, name: str) -> Category | None:
        """The category that people call by this name, or None."""
        return next((category for category in self.categories if category.name == name), None)
