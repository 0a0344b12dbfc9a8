"""One line of the routes: a verb, who may say it, and what answers."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.people import Role
from handlers.dispatch.command import Command
from handlers.dispatch.turn import Reply, Turn

Handler = Callable[[Turn, Command], Reply]
CONTACT = frozenset({Role.CONTACT})
LEADER = frozenset({Role.LEADER})
OFFICE = frozenset({Role.OFFICE})
LEADING = frozenset({Role.LEADER, Role.OFFICE})
ABOVE = LEADING | {Role.DEPARTMENT, Role.TASK_FORCE}
SEATED = CONTACT | {Role.DEPARTMENT, Role.TASK_FORCE}
EVERYONE = frozenset(Role)
NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Route:
    """A verb that some roles may say. `bare`: for contacts, only the verb and a number count, so
    that a sentence that begins with the word stays a sentence. `listed`: the roles whose help has
    a line for it, all of `who` unless given."""

    verb: str
    who: frozenset[Role]
    handler: Handler
    bare: bool = True
    listed: frozenset[Role] | None = None

    def helps(self, role: Role) -> bool:
        """Whether the help of this role lists the verb."""
        return role in (self.who if self.listed is None else self.listed)
