"""What anybody who acts on issues works with: the database, the moment, the park, the words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.classifier.models import Learning
from bot.classifier.names import Naming
from bot.core.classifier.router import Router
from bot.core.issues.issue import Issue, build_action
from bot.core.messages import Option
from bot.core.origin import Origin
from bot.core.park.park import Park
from bot.core.talk.reader import Reader
from bot.texts import Texts


@dataclass(frozen=True)
class Context:
    """One unit of work, a person's message or a tick of the clock, inside its transaction.

    `now` is aware, UTC. `because` is the once-key of what set it off. `texts` serves to read what
    people type and to name commands to them; what they are told is rendered later, from `Say`.
    """

    db: Connection
    now: datetime
    park: Park
    texts: Texts
    because: str
    learning: Learning
    naming: Naming

    @property
    def origin(self) -> Origin:
        """Of what the bot itself does in this unit of work, whoever set it off."""
        return Origin(self.now, self.because)

    @property
    def router(self) -> Router:
        """What knows the categories, with everything that people corrected so far."""
        return self.learning.router(self.db)

    @property
    def talk(self) -> Reader:
        """What reads what a message is, with everything that people corrected so far."""
        return self.learning.acts.reader(self.db)

    def option(
        self, label: str, verb: str, issue: Issue, words: str = "", *, digit: int | None = None
    ) -> Option:
        """A menu's line that means a verb about an issue, perhaps with words."""
        return Option(f"options.{label}", build_action(verb, issue, words), digit=digit)
