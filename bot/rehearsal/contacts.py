"""The entrepreneurs of a rehearsal: they file, thank, urge, confirm, rate, complain, or say
nothing."""

from datetime import datetime, timedelta
from random import Random

from bot.core.quiet_hours import next_decent
from bot.rehearsal.characters import Character, Words, World
from storage.outbox import Parcel

STARS = (5, 4, 3, 2, 1)
AS_OFTEN = (46, 28, 12, 8, 6)
REMINDED = timedelta(hours=2)
"""So long before a Monday begins those who come are reminded."""


class Contact(Character):
    """Speaks for the n-th enterprise. `patience`: from 0, urges and complains, to 1, never does;
    `talkative`: how often they answer a question at all."""

    def __init__(self, phone: str, world: World, chance: Random, n: int) -> None:
        super().__init__(phone, world, chance)
        self.n = n
        self.patience, self.talkative = chance.random(), chance.uniform(0.45, 1)
        self._filing = ""
        self.reactions = {
            "receipt.filed": self._received,
            "welcome.privacy": self._asked_consent,
            "supplement.which": self._asked_what,
            "supplement.answered": self._taken_as_answer,
            "news.accepted": self._accepted,
            "news.asked": self._asked,
            "news.planned": self._planned,
            "news.escalated": self._escalated,
            "result.resolved": self._resolved,
            "news.ask_again": self._resolved,
            "rate.ask": self._asked_to_rate,
            "rate.low": self._asked_why,
            "rate.thanks": self._struck_off,
            "news.struck_off": self._struck_off,
            # Monday nights
            "session.invitation": self._invited,
            "session.reminder": self._reminded,
            "agenda.mine": self._curious,
            "promise.confirm": self._asked_whether_so,
            "promise.redated_news": self._asked_whether_so,
            "promise.dispute_how": self._asked_what_was_said,
            "promise.kept_news": self._resolved,
            "minutes.done_news": self._resolved,
            "minutes.infeasible_news": self._resolved,
            "minutes.planned_news": self._planned,
            "minutes.part": self._curious,
        }

    def file(self, at: datetime, words: str) -> None:
        """They are going to raise this: in a sentence, or for the next Monday."""
        luck = self.chance.random() if self.world.house.sessions.enabled else 1
        verb = "sign_up" if luck < 0.06 else "in_writing" if luck < 0.08 else ""
        told = f"{self.command(verb)} {self.marked(words)}" if verb else self.marked(words)

        def said(_now: datetime) -> str:
            self._filing = told
            return told

        self.will(at, said)

    def _received(self, parcel: Parcel, now: datetime) -> None:
        self._filing = ""
        if self.perhaps(0.1):
            words = self.marked(self.line("rehearsal.said.more"))
            self.will(now + timedelta(seconds=self.chance.uniform(8, 70)), lambda _now: words)
        if self.perhaps(0.25 * (1 - self.patience)):
            self._soon(now, 90, 3000, lambda _now: self.choice(parcel, "urge"))
        if self.perhaps(0.02):
            self._soon(now, 5, 900, lambda _now: self.about("withdraw", parcel))
        if self.perhaps(0.08):
            self._soon(now, 60, 2000, lambda _now: self.about("progress", parcel))

    def _asked_consent(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(0.4):
            self._soon(now, 0.5, 20, lambda _now: self.choice(parcel, "consent"))

    def _asked_what(self, parcel: Parcel, now: datetime) -> None:
        """Words after 办结: a new matter when they meant to file, else it is not solved yet."""
        verb = "new" if self._filing else self.chance.choice(("not_solved", "only_reply"))
        self._soon(now, 0.5, 5, lambda _now: self.choice(parcel, verb))

    def _taken_as_answer(self, parcel: Parcel, now: datetime) -> None:
        if self._filing:
            self._soon(now, 0.5, 5, lambda _now: self.choice(parcel, "new"))

    def _accepted(self, _parcel: Parcel, now: datetime) -> None:
        if self.perhaps(0.15):
            words = self.line("rehearsal.said.thanks")
            self._soon(now, 1, 30, lambda _now: words)

    def _asked(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(self.talkative):
            words = self.marked(self.line("rehearsal.said.facts"))
            self._soon(now, 5, 1800, lambda _now: f"{self.about('supplement', parcel)} {words}")

    def _planned(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(self.talkative):
            verb = "agree" if self.perhaps(0.8) else "disagree"
            self._soon(now, 5, 900, lambda _now: self.choice(parcel, verb))

    def _escalated(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(0.3 * (1 - self.patience)):
            self._soon(now, 10, 600, lambda _now: self.about("urge", parcel))

    def _resolved(self, parcel: Parcel, now: datetime) -> None:
        if not self.perhaps(self.talkative):
            return
        if self.perhaps(0.05):
            words = self.marked(self.line("rehearsal.said.not_yet"))
            self._soon(now, 5, 1500, lambda _now: words)
            return
        verb = "confirm" if self.perhaps(0.88) else "not_solved"
        self._soon(now, 2, 3000, lambda _now: self.choice(parcel, verb))

    def _asked_to_rate(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(0.85):
            stars = str(self.chance.choices(STARS, AS_OFTEN)[0])
            line = next(one for one in parcel.options if one["digit"] == stars)
            self._soon(now, 0.3, 60, lambda _now: self.typed(parcel, line))

    def _asked_why(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(0.7):
            self._soon(now, 0.3, 30, self.any_line(parcel))

    def _struck_off(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(0.03):
            self._soon(now, 600, 20_000, lambda _now: self.about("reopen", parcel))

    def _invited(self, parcel: Parcel, now: datetime) -> None:
        verb = "sign_up" if self.perhaps(0.7) else "stay_away"
        if self.perhaps(self.talkative):
            self._soon(now, 5, 600, lambda _now: self.choice(parcel, verb))

    def _reminded(self, parcel: Parcel, now: datetime) -> None:
        """Two hours before: they sign when they are there, a few minutes early or late."""
        if self.perhaps(0.1):
            self._soon(now, 5, 60, lambda _now: self.choice(parcel, "stay_away"))
        elif self.perhaps(0.9):
            at = now + REMINDED + timedelta(minutes=self.chance.uniform(-15, 8))
            self.will(at, lambda _now: self.choice(parcel, "here"))

    def _curious(self, parcel: Parcel, now: datetime) -> None:
        """They look once more, at the agenda or at the minutes."""
        if self.perhaps(0.1):
            verb = "agenda" if parcel.kind == "agenda.mine" else "minutes"
            self._soon(now, 5, 300, lambda _now: self.command(verb))

    def _asked_whether_so(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(self.talkative):
            verb = "dispute" if self.perhaps(0.15) else "accept_promise"
            self._soon(now, 1, 600, lambda _now: self.choice(parcel, verb))

    def _asked_what_was_said(self, parcel: Parcel, now: datetime) -> None:
        words = self.marked(self.line("rehearsal.said.dispute"))
        at = now + self.minutes(0.3, 5)
        self.will(at, self.any_line(parcel) if parcel.options else lambda _now: words)

    def marked(self, words: str) -> str:
        """Words as this firm says them."""
        return self.world.marked(self.n, words)

    def _soon(self, now: datetime, least: float, most: float, words: Words) -> None:
        """After so many minutes; most people let the night pass."""
        at = now + self.minutes(least, most)
        decent = next_decent(at, self.world.house.quiet)
        asleep = decent > at and self.perhaps(0.8)
        self.will(decent + self.minutes(0, 120) if asleep else at, words)
