"""What somebody wants: the one form in which a handler gets a typed, chosen or expected command."""

from dataclasses import dataclass

from bot.core.messages import Action
from bot.core.reading import IssueNumber, number


@dataclass(frozen=True)
class Command:
    """`verb` is a key of `[commands]` in the texts; `words` are as they were written.

    What was chosen names the thing it is about by `issue_id` or `target_id` (see `Action`); what
    was typed by `number`, the number that stood before the words. `chosen` says which it was.
    `numbers` are all of a batch (`受理 1 2 3`), `every` says that whatever suits is meant
    (`全部受理`). `start` is how many lines of a list were shown before.
    """

    verb: str
    number: IssueNumber | None = None
    words: str = ""
    issue_id: int | None = None
    target_id: int | None = None
    act: str = ""
    chosen: bool = False
    numbers: tuple[IssueNumber, ...] = ()
    every: bool = False
    start: int = 0

    @property
    def serial(self) -> int | None:
        """The number of a session, a reform or a project; None where none was given."""
        if self.target_id is not None or self.number is None:
            return self.target_id
        return self.number.serial

    @property
    def names_thing(self) -> bool:
        """Whether it says what it is about."""
        return not (self.number is None and self.issue_id is None and self.target_id is None)


def build_command(action: Action) -> Command:
    """The command that an action is."""
    meant = number(action.number) if action.number else None
    ids = (action.issue_id, action.target_id)
    return Command(action.verb, meant, action.words, *ids, act=action.act, chosen=True)
