"""The higher rungs of a rehearsal: departments that step in, leaders who instruct, the duty desk
that rules."""

from datetime import datetime
from random import Random

from bot.rehearsal.characters import World
from bot.rehearsal.chatter import has_chatter
from bot.rehearsal.colleagues import Colleague
from bot.rehearsal.holders import Holder
from bot.rehearsal.paces import Pace, Spell
from storage.delivery.outbox import Parcel


class Superior(Holder):
    """Somebody of a department or a task force: takes over what comes up, or leaves it."""

    def __init__(
        self, phone: str, world: World, chance: Random, pace: Pace, away: tuple[Spell, ...]
    ) -> None:
        super().__init__(phone, world, chance, pace, away)
        self.reactions = {**self.reactions, "notice.escalated": self._react_to_escalation}

    def _react_to_escalation(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(0.35):
            self.will(self._when(now, self.pace.accept), lambda _now: self.choice(parcel, "take"))


class Desk(Holder):
    """The duty desk: also decides what others ask of it."""

    def __init__(
        self, phone: str, world: World, chance: Random, pace: Pace, away: tuple[Spell, ...]
    ) -> None:
        super().__init__(phone, world, chance, pace, away)
        self.reactions = {
            **self.reactions,
            "notice.returned": self._rules,
            "notice.extend": self._decides,
            "notice.unverified": self._verify,
        }

    def _rules(self, parcel: Parcel, now: datetime) -> None:
        self.will(self._when(now, self.pace.accept), self.any_line(parcel))

    def _verify(self, parcel: Parcel, now: datetime) -> None:
        """Nobody was sure whether it is a matter: what is none is dropped."""
        if has_chatter(self.world.texts, parcel.text):
            self.will(
                self._when(now, self.pace.accept), lambda _now: self.choice(parcel, "no_matter")
            )
        else:
            self._plan_acceptance(parcel, now)

    def _decides(self, parcel: Parcel, now: datetime) -> None:
        at = self._when(now, self.pace.accept)
        if self.perhaps(0.7):
            self.will(at, lambda _now: self.choice(parcel, "grant"))
            return
        reason = self.line("rehearsal.said.denied")
        self.will(at, lambda _now: f"{self.about('deny', parcel)} {reason}")


class Leader(Colleague):
    """Reads what came up to the top; instructs, puts their name on it, or leaves it. On Mondays
    says a word to what waits for it, to one matter after the other."""

    def __init__(self, phone: str, world: World, chance: Random) -> None:
        super().__init__(phone, world, chance)
        asked = ("digest.text", "decision.directed", "decision.redirected", "decision.tabled")
        self.reactions = {
            "notice.escalated": self._react_to_escalation,
            "needs.instruct": self._give_instruction,
            "pass_on.whom": self._decides,
            "staff.which_instruction": self._tell_of_which,
            **dict.fromkeys(asked, self._decides),
        }

    def _decides(self, parcel: Parcel, now: datetime) -> None:
        if parcel.options and self.perhaps(0.7):
            self.will(now + self.minutes(1, 40), self.any_line(parcel))

    def _tell_of_which(self, parcel: Parcel, now: datetime) -> None:
        """Which matter an instruction was for; what was none is for no matter."""
        if self.speaks_of is not None:
            self._decides(parcel, now)

    def _give_instruction(self, parcel: Parcel, now: datetime) -> None:
        words = self.line("rehearsal.said.instruction")

        def say_words(_now: datetime) -> str:
            self.speaks_of = parcel.issue_id
            return words

        self.will(now + self.minutes(0.5, 5), say_words)

    def _react_to_escalation(self, parcel: Parcel, now: datetime) -> None:
        at = self.world.park.hours.add(now, self.minutes(10, 400))
        self.remark(now)
        if self.perhaps(0.06):
            self.will(at, lambda _now: self.about("sponsor", parcel))
        elif self.perhaps(0.55):
            words = self.line("rehearsal.said.instruction")
            self.will(at, lambda _now: self._format_instruction(parcel, words))

    def _format_instruction(self, parcel: Parcel, words: str) -> str:
        """Just the words while they look at the card, else with the number."""
        self.speaks_of = parcel.issue_id
        if self.card is parcel:
            return words
        return f"{self.about('instruct', parcel)} {words}"
