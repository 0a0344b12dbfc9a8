"""What a handler is given, and what it gives back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.actions.context import Context
from bot.core.messages import Action, Incoming, Line, Option, Say, ToThread
from bot.core.origin import Origin
from bot.core.people import Person, Role
from storage.delivery import pending
from storage.delivery.pending import Question
from storage.delivery.threads import Thread


@dataclass(frozen=True)
class Turn(Context):
    """One message and everything around it. `person` is None for somebody nobody has bound yet."""

    incoming: Incoming
    thread: Thread
    person: Person | None
    media_id: int | None = None
    anyway: bool = False
    """They were told what speaks against it, and want it."""
    quoted_id: int | None = None
    """The issue of our message that they reply to."""

    @property
    def text(self) -> str:
        """The words as they were written."""
        return self.incoming.content.text

    @property
    def own_origin(self) -> Origin:
        """Of what the person does here and now, and may take back from here."""
        return Origin(self.now, self.because, self.person_id, self.thread.id)

    @property
    def questions(self) -> list[Question]:
        """The words that this person was asked for, also those that come too late now."""
        by = self.person_id if self.incoming.sender else None
        return [asked for asked in pending.list_questions(self.thread) if asked.by == by]

    def with_words(self, words: str, *, anyway: bool = False) -> "Turn":
        """The same message as if these had been its words: those that were chosen."""
        content = replace(self.incoming.content, text=words)
        return replace(self, incoming=replace(self.incoming, content=content), anyway=anyway)

    @property
    def role(self) -> Role:
        """What the person is; somebody unbound speaks for an enterprise we do not know yet."""
        return self.person.role if self.person else Role.CONTACT

    @property
    def person_id(self) -> int | None:
        """The person's id, None for somebody unbound."""
        return self.person.id if self.person else None

    def me(
        self,
        key: str,
        values: Mapping[str, object] | None = None,
        options: Sequence[Option] = (),
        *,
        issue_id: int | None = None,
        expect: Action | None = None,
    ) -> Say:
        """Words for the person who wrote. `expect`: an action their next free text completes."""
        return Say(
            ToThread(self.thread.id), key, values or {}, tuple(options), issue_id, expect=expect
        )


@dataclass(frozen=True)
class Reply:
    """What is to be said, and the issue that the message belonged to; `fault` is the reference of
    a handler that failed, `refused` that a rule said no, `overtaken` who was faster."""

    says: tuple[Say, ...] = ()
    issue_id: int | None = None
    fault: str | None = None
    refused: bool = False
    overtaken: Line | None = None
