"""The entrepreneurs of a rehearsal: they file, thank, urge, confirm, rate, complain, or say
nothing."""

from datetime import datetime, timedelta
from functools import partial
from random import Random

from bot.core.days.quiet_hours import next_decent
from bot.rehearsal.characters import Character, Words, World
from bot.rehearsal.chatter import AFTER_FILING, FIRM_TALK, find_option, pick_line, say_kind
from storage.delivery.outbox import Parcel

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
            "meant.ask": self._tell_what_was_meant,
            "meant.more_or_new": self._tell_which_matter,
            "supplement.over": self._tell_whether_over,
            "receipt.filed": self._react_to_receipt,
            "welcome.privacy": self._give_consent,
            "supplement.which": self._clarify_words,
            "supplement.answered": self._correct_mixup,
            "news.accepted": self._react_to_acceptance,
            "news.asked": self._supply_facts,
            "news.planned": self._react_to_plan,
            "news.escalated": self._react_to_escalation,
            "result.resolved": self._react_to_result,
            "news.ask_again": self._react_to_result,
            "rate.ask": self._rate_issue,
            "rate.low": self._explain_rating,
            "rate.thanks": self._reopen_issue,
            "news.struck_off": self._reopen_issue,
            # Monday nights
            "session.invitation": self._answer_invitation,
            "session.reminder": self._react_to_reminder,
            "agenda.mine": self._curious,
            "promise.confirm": self._react_to_promise,
            "promise.redated_news": self._react_to_promise,
            "promise.dispute_how": self._explain_dispute,
            "promise.kept_news": self._react_to_result,
            "minutes.done_news": self._react_to_result,
            "minutes.infeasible_news": self._react_to_result,
            "minutes.planned_news": self._react_to_plan,
            "minutes.part": self._curious,
        }

    def file(self, at: datetime, words: str) -> None:
        """They are going to raise this: in a sentence, or for the next Monday."""
        luck = self.chance.random() if self.world.park.sessions.enabled else 1
        verb = "sign_up" if luck < 0.06 else "in_writing" if luck < 0.08 else ""
        told = f"{self.command(verb)} {self.mark_words(words)}" if verb else self.mark_words(words)

        def say_words(_now: datetime) -> str:
            self._filing = told
            return told

        if self.perhaps(0.1):
            greeting = say_kind(self, "greeting")
            self.will(at, lambda _now: greeting)
            at += timedelta(seconds=self.chance.uniform(4, 55))
        self.will(at, say_words)

    def chat(self, at: datetime) -> None:
        """Out of the blue, as people do."""
        words = pick_line(self, FIRM_TALK)
        self.will(at, lambda _now: words)

    def _react_to_receipt(self, parcel: Parcel, now: datetime) -> None:
        self._filing = ""
        if self.perhaps(0.1):
            words = self.mark_words(self.line("rehearsal.said.more"))
            self.will(now + timedelta(seconds=self.chance.uniform(8, 70)), lambda _now: words)
        if self.perhaps(0.25 * (1 - self.patience)):
            self._soon(now, 90, 3000, lambda _now: self.choice(parcel, "urge"))
        if self.perhaps(0.02):
            self._soon(now, 5, 900, lambda _now: self.about("withdraw", parcel))
        if self.perhaps(0.08):
            self._soon(now, 60, 2000, lambda _now: self.about("progress", parcel))
        self._talk_on(now)

    def _talk_on(self, now: datetime) -> None:
        """Words after the receipt, and now and then a digit for a card of hours ago."""
        for kind, often in AFTER_FILING.items():
            if self.perhaps(often):
                self._soon(now, 1, 45, partial(_repeat, say_kind(self, kind)))
        if self.perhaps(0.03):
            digit = self.chance.choice("12")
            self._soon(now, 65, 1200, lambda _now: digit)

    def _tell_what_was_meant(self, parcel: Parcel, now: datetime) -> None:
        """The bot was not sure: a matter is one, chatter is none; some let it be."""
        self._choose_meant(parcel, now, "file" if self._filing else "reply")

    def _tell_which_matter(self, parcel: Parcel, now: datetime) -> None:
        """What they were asked for, unless they have just come with something else."""
        self._choose_meant(parcel, now, "file" if self._filing else "join")

    def _choose_meant(self, parcel: Parcel, now: datetime, act: str) -> None:
        place = find_option(parcel, verb="meant", act=act)
        if place >= 0 and self.perhaps(0.9):
            option = parcel.options[place]
            self._soon(now, 0.3, 12, lambda _now: self.type_option(parcel, option))

    def _tell_whether_over(self, parcel: Parcel, now: datetime) -> None:
        if parcel.options and self.perhaps(self.talkative):
            self._soon(now, 0.3, 30, self.any_line(parcel))

    def _give_consent(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(0.4):
            self._soon(now, 0.5, 20, lambda _now: self.choice(parcel, "consent"))

    def _clarify_words(self, parcel: Parcel, now: datetime) -> None:
        """Words after 办结: a new matter when they meant to file, else it is not solved yet."""
        verb = "new" if self._filing else self.chance.choice(("not_solved", "only_reply"))
        self._soon(now, 0.5, 5, lambda _now: self.choice(parcel, verb))

    def _correct_mixup(self, parcel: Parcel, now: datetime) -> None:
        if self._filing:
            self._soon(now, 0.5, 5, lambda _now: self.choice(parcel, "new"))

    def _react_to_acceptance(self, _parcel: Parcel, now: datetime) -> None:
        if self.perhaps(0.15):
            words = self.line("rehearsal.chat.thanks")
            self._soon(now, 1, 30, lambda _now: words)

    def _supply_facts(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(self.talkative):
            words = self.mark_words(self.line("rehearsal.said.facts"))
            self._soon(now, 5, 1800, lambda _now: f"{self.about('supplement', parcel)} {words}")

    def _react_to_plan(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(self.talkative):
            verb = "agree" if self.perhaps(0.8) else "disagree"
            self._soon(now, 5, 900, lambda _now: self.choice(parcel, verb))

    def _react_to_escalation(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(0.3 * (1 - self.patience)):
            self._soon(now, 10, 600, lambda _now: self.about("urge", parcel))

    def _react_to_result(self, parcel: Parcel, now: datetime) -> None:
        if not self.perhaps(self.talkative):
            return
        if self.perhaps(0.05):
            words = self.mark_words(self.line("rehearsal.said.not_yet"))
            self._soon(now, 5, 1500, lambda _now: words)
            return
        verb = "confirm" if self.perhaps(0.88) else "not_solved"
        self._soon(now, 2, 3000, lambda _now: self.choice(parcel, verb))

    def _rate_issue(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(0.85):
            stars = str(self.chance.choices(STARS, AS_OFTEN)[0])
            line = next(option for option in parcel.options if option["digit"] == stars)
            self._soon(now, 0.3, 60, lambda _now: self.type_option(parcel, line))

    def _explain_rating(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(0.7):
            self._soon(now, 0.3, 30, self.any_line(parcel))

    def _reopen_issue(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(0.03):
            self._soon(now, 600, 20_000, lambda _now: self.about("reopen", parcel))

    def _answer_invitation(self, parcel: Parcel, now: datetime) -> None:
        verb = "sign_up" if self.perhaps(0.7) else "stay_away"
        if self.perhaps(self.talkative):
            self._soon(now, 5, 600, lambda _now: self.choice(parcel, verb))

    def _react_to_reminder(self, parcel: Parcel, now: datetime) -> None:
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

    def _react_to_promise(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(self.talkative):
            verb = "dispute" if self.perhaps(0.15) else "accept_promise"
            self._soon(now, 1, 600, lambda _now: self.choice(parcel, verb))

    def _explain_dispute(self, parcel: Parcel, now: datetime) -> None:
        words = self.mark_words(self.line("rehearsal.said.dispute"))
        at = now + self.minutes(0.3, 5)
        self.will(at, self.any_line(parcel) if parcel.options else lambda _now: words)

    def mark_words(self, words: str) -> str:
        """Words as this firm says them."""
        return self.world.mark_words(self.n, words)

    def _soon(self, now: datetime, least: float, most: float, words: Words) -> None:
        """After so many minutes; most people let the night pass."""
        at = now + self.minutes(least, most)
        decent = next_decent(at, self.world.park.quiet)
        asleep = decent > at and self.perhaps(0.8)
        self.will(decent + self.minutes(0, 120) if asleep else at, words)


def _repeat(words: str, _now: datetime) -> str:
    """They say what they had in mind."""
    return words
