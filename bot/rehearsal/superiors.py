"""The higher rungs of a rehearsal: departments that step in, leaders who instruct, the duty desk
that rules."""

from datetime import datetime
from random import Random

from bot.rehearsal.characters import Character, World
from bot.rehearsal.holders import Holder, Pace, Spell
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
        }

    def _rules(self, parcel: Parcel, now: datetime) -> None:
        self.will(self._when(now, self.pace.accept), self.any_line(parcel))

    def _decides(self, parcel: Parcel, now: datetime) -> None:
        at = self._when(now, self.pace.accept)
        if self.perhaps(0.7):
            self.will(at, lambda _now: self.choice(parcel, "grant"))
            return
        reason = self.line("rehearsal.said.denied")
        self.will(at, lambda _now: f"{self.about('deny', parcel)} {reason}")


class Leader(Character):
    """Reads what came up to the top; instructs, puts their name on it, or leaves it. On Mondays
    says a word to what waits for it, to one matter after the other."""

    def __init__(self, phone: str, world: World, chance: Random) -> None:
        super().__init__(phone, world, chance)
        asked = ("digest.text", "decision.directed", "decision.redirected", "decision.tabled")
        self.reactions = {
            "notice.escalated": self._react_to_escalation,
            "needs.instruct": self._give_instruction,
            "pass_on.whom": self._decides,
            "staff.which_instruction": self._decides,
            **dict.fromkeys(asked, self._decides),
        }

    def _decides(self, parcel: Parcel, now: datetime) -> None:
        if parcel.options and self.perhaps(0.7):
            self.will(now + self.minutes(1, 40), self.any_line(parcel))

    def _give_instruction(self, _parcel: Parcel, now: datetime) -> None:
        words = self.line("rehearsal.said.instruction")
        self.will(now + self.minutes(0.5, 5), lambda _now: words)

    def _react_to_escalation(self, parcel: Parcel, now: datetime) -> None:
        at = self.world.park.hours.add(now, self.minutes(10, 400))
        if self.perhaps(0.06):
            self.will(at, lambda _now: self.about("sponsor", parcel))
        elif self.perhaps(0.55):
            words = self.line("rehearsal.said.instruction")
            self.will(at, lambda _now: self._format_instruction(parcel, words))

    def _format_instruction(self, parcel: Parcel, words: str) -> str:
        """Just the words while they look at the card, else with the number."""
        if self.card is parcel:
            return words
        return f"{self.about('instruct', parcel)} {words}"
