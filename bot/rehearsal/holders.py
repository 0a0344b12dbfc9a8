"""Whoever holds issues in a rehearsal: prompt or slow, sometimes away, sometimes wrong."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from bot.rehearsal.characters import World, number_of
from bot.rehearsal.colleagues import Colleague
from bot.rehearsal.paces import A_DAY, HURRY, Minutes, Pace, Spell
from storage.delivery.outbox import Parcel

_PROMISE = re.compile(r"\d+-\d{2,}")
PUSHES = 4
"""How often somebody can be made to hurry about one matter."""


class Stage(StrEnum):
    """How far a holder is with a matter, as they see it."""

    FILED = "filed"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    WAITING = "waiting"
    DONE = "done"


@dataclass
class Matter:
    """One issue in somebody's hands, with the last card they saw of it. `turn` counts what they
    planned: an older plan is void."""

    card: Parcel
    number: str
    urgent: bool
    stage: Stage = Stage.FILED
    turn: int = 0
    pushes: int = 0


class Holder(Colleague):
    """A liaison, or anybody else who may hold an issue."""

    def __init__(
        self, phone: str, world: World, chance: Random, pace: Pace, away: tuple[Spell, ...]
    ) -> None:
        super().__init__(phone, world, chance)
        self.pace, self.away = pace, away
        self.matters: dict[int, Matter] = {}
        chooses = ("pass_on.whom", "needs.return", "needs.decline", "ask.which")
        goes_on = (
            "notice.supplement",
            "notice.pause_over",
            "notice.disagreed",
            "notice.granted",
            "notice.denied",
        )
        back = ("notice.not_solved", "notice.reopened")
        pushed = (
            "notice.urged",
            "notice.remind",
            "notice.remind_several",
            "notice.breached",
            "notice.instructed",
        )
        gone = ("notice.withdrawn", "notice.taken", "refused.who", "refused.not_found")
        self.reactions = {
            "notice.filed": self._plan_acceptance,
            "notice.offered": self._react_to_offer,
            "take.done": self._note_taken,
            "notice.agreed": self._react_to_agreement,
            "notice.milestone": self._milestone,
            "resolve.hollow": self._hollow,
            "agenda.department": self._react_to_call,
            "promise.remind": self._owes,
            "promise.overdue": self._owes,
            "staff.which": self.tell_for_whom,
            "staff.kept": self.tell_for_whom,
            **dict.fromkeys(chooses, self._chooses),
            **dict.fromkeys(gone, self._drop_matter),
            **dict.fromkeys(goes_on, self._goes_on),
            **dict.fromkeys(back, self._back),
            **dict.fromkeys(pushed, self._react_to_push),
        }

    # What comes

    def _plan_acceptance(self, parcel: Parcel, now: datetime) -> None:
        self._plan(self._matter(parcel), now, self.pace.accept)
        self.remark(now)

    def _react_to_offer(self, parcel: Parcel, now: datetime) -> None:
        verb = "take" if self.perhaps(0.75) else "decline"
        self.will(self._when(now, self.pace.accept), lambda _now: self.choice(parcel, verb))

    def _note_taken(self, parcel: Parcel, now: datetime) -> None:
        matter = self._matter(parcel)
        matter.stage = Stage.ACCEPTED
        self._plan(matter, now, self.pace.answer)

    def _goes_on(self, parcel: Parcel, now: datetime) -> None:
        matter = self._find_matter(parcel)
        if matter and matter.stage is Stage.WAITING:
            matter.stage = Stage.ACCEPTED
            self._plan(matter, now, self.pace.answer)

    def _react_to_agreement(self, parcel: Parcel, now: datetime) -> None:
        matter = self._find_matter(parcel)
        if matter:
            matter.stage = Stage.ANSWERED
            self._plan(matter, now, (3 * A_DAY, 9 * A_DAY))

    def _back(self, parcel: Parcel, now: datetime) -> None:
        matter = self._matter(parcel)
        matter.stage = Stage.ANSWERED
        self._plan(matter, now, self.pace.answer)

    def _react_to_push(self, parcel: Parcel, now: datetime) -> None:
        matter = self._find_matter(parcel) or self._any_open()
        if self.perhaps(0.02):
            words = self.line("rehearsal.said.peace")
            self.will(self._when(now, HURRY), lambda _now: words)
        if parcel.kind == "notice.remind" and self.perhaps(0.06):
            self.will(self._when(now, HURRY), lambda _now: self.choice(parcel, "snooze"))
        elif matter and matter.pushes < PUSHES and self.perhaps(self.pace.heeds):
            matter.pushes += 1
            self._plan(matter, now, HURRY)

    def _milestone(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(0.7):
            self.will(self._when(now, (5, 500)), lambda _now: self.choice(parcel, "milestone"))

    def _hollow(self, parcel: Parcel, now: datetime) -> None:
        words = self.line("rehearsal.said.result")
        verb = "resolve_anyway" if self.perhaps(0.4) else "resolve"
        rewritten = f"{self.command('resolve')} {number_of(parcel)} {words}"
        self.will(
            self._when(now, (1, 20)),
            lambda _now: self.choice(parcel, verb) if verb == "resolve_anyway" else rewritten,
        )

    def _chooses(self, parcel: Parcel, now: datetime) -> None:
        if parcel.options:
            self.will(self._when(now, (0.3, 5)), self.any_line(parcel))

    def _drop_matter(self, parcel: Parcel, _now: datetime) -> None:
        number = number_of(parcel)
        for matter in self.matters.values():
            if matter.number == number:
                matter.stage = Stage.DONE

    def _react_to_call(self, parcel: Parcel, now: datetime) -> None:
        verb = "attend" if self.perhaps(0.9) else "stay_away"
        self.will(self._when(now, (5, 300)), lambda _now: self.choice(parcel, verb))

    def _owes(self, parcel: Parcel, now: datetime) -> None:
        """A promise of a Monday: kept before its day as often as not; once it is late they say
        what became of it, or leave it to the next Monday."""
        promise = _PROMISE.search(parcel.text)
        if promise is None or not self.perhaps(0.5):
            return
        verb = "kept"
        if parcel.kind == "promise.overdue":
            verb = self.chance.choice(("kept", "broken", "redate"))
        told = f"{self.command(verb)} {promise[0]}"
        if verb == "redate":
            day = self.world.park.local(now).date() + timedelta(days=self.chance.randint(4, 15))
            until = {"month": day.month, "day": day.day}
            told += f" {self.world.texts.render('rehearsal.by_day', until)}"
        words = f"{told} {self.line(f'rehearsal.said.{verb}')}"
        self.will(self._when(now, (20, 2 * A_DAY)), lambda _now: words)

    # What they do

    def _step(self, matter: Matter, now: datetime) -> str | None:
        steps = {
            Stage.FILED: self._begin,
            Stage.ACCEPTED: self._answer,
            Stage.ANSWERED: self._resolve,
        }
        step = steps.get(matter.stage)
        return step(matter, now) if step else None

    def _begin(self, matter: Matter, now: datetime) -> str:
        luck = self.chance.random()
        if luck < 0.08:
            self._plan(matter, now, (A_DAY / 2, A_DAY))
            return self.choice(matter.card, "pass_on" if luck < 0.05 else "return")
        if luck < 0.12:
            return self._ask(matter)
        matter.stage = Stage.ACCEPTED
        self._plan(matter, now, self.pace.answer)
        if luck > 0.98:
            undoing = now + timedelta(seconds=self.chance.uniform(20, 110))
            self.will(undoing, lambda later: self._undo(matter, later))
        return self.choice(matter.card, "accept")

    def _answer(self, matter: Matter, now: datetime) -> str:
        luck = self.chance.random()
        if luck < 0.05:
            return self._ask(matter)
        self._plan(matter, now, self.pace.resolve)
        if luck < 0.08:
            matter.stage = Stage.ANSWERED
            self._plan(matter, now, (2 * A_DAY, 5 * A_DAY))
            return self._later_day(matter, now, "rehearsal.said.plan", 8)
        if luck < 0.12:
            return self._later_day(matter, now, "rehearsal.said.extend", 4)
        if luck < 0.15:
            return self._format_command(matter, "note", "rehearsal.said.note")
        matter.stage = Stage.ANSWERED
        # With the firm's house number, so that an answer at another firm's can be told.
        words = f"{self.line('rehearsal.said.answer')} {self.world.mark(matter.card.text)}".strip()
        self.speaks_of = matter.card.issue_id
        looks_on = self.card is not None and self.card.kind in ("accept.done", "take.done")
        if looks_on and self.card and number_of(self.card) == matter.number and luck < 0.6:
            return words
        return f"{self.command('answer')} {matter.number} {words}"

    def _resolve(self, matter: Matter, _now: datetime) -> str:
        matter.stage = Stage.DONE
        hollow = self.perhaps(0.06)
        said = "rehearsal.said.hollow" if hollow else "rehearsal.said.result"
        return self._format_command(matter, "resolve", said)

    def _ask(self, matter: Matter) -> str:
        matter.stage = Stage.WAITING
        return self._format_command(matter, "ask", "rehearsal.said.question")

    def _undo(self, matter: Matter, now: datetime) -> str:
        matter.stage = Stage.FILED
        self._plan(matter, now, HURRY)
        return self.command("undo")

    def _later_day(self, matter: Matter, now: datetime, said: str, days: int) -> str:
        """A day somewhat later, why, and for a plan one step on the way."""
        verb = said.rpartition(".")[2]
        today = self.world.park.local(now).date()
        until = today + timedelta(days=days + self.chance.randrange(14))
        step = today + timedelta(days=days // 2)
        told = {"month": until.month, "day": until.day, "step": f"{step:%m-%d}"}
        words = self.world.texts.render(said, told)
        return f"{self.command(verb)} {matter.number} {words}"

    def _format_command(self, matter: Matter, verb: str, said: str) -> str:
        return f"{self.command(verb)} {matter.number} {self.line(said)}"

    # When

    def _plan(self, matter: Matter, now: datetime, while_: Minutes) -> None:
        matter.turn += 1
        turn = matter.turn
        at = self._when(now, while_, urgent=matter.urgent)
        self.will(at, lambda then: self._step(matter, then) if matter.turn == turn else None)

    def _when(self, now: datetime, while_: Minutes, *, urgent: bool = False) -> datetime:
        """After so many working minutes, sooner if it is urgent, and not while they are away."""
        amount = self.minutes(*while_)
        hours = self.world.park.hours
        at = now + amount / 4 if urgent else hours.add(now, amount)
        spell = next((absence for absence in self.away if absence[0] <= at < absence[1]), None)
        return hours.add(spell[1], amount) if spell else at

    # What they hold

    def _matter(self, parcel: Parcel) -> Matter:
        known = self._find_matter(parcel)
        if known:
            return known
        urgent = self.world.texts.words["issue.urgent"] in parcel.text
        made = Matter(parcel, number_of(parcel), urgent)
        self.matters[parcel.issue_id or 0] = made
        return made

    def _find_matter(self, parcel: Parcel) -> Matter | None:
        matter = self.matters.get(parcel.issue_id or 0)
        if matter and parcel.options:
            matter.card = parcel
        return matter

    def _any_open(self) -> Matter | None:
        mine = [matter for matter in self.matters.values() if matter.stage is not Stage.DONE]
        return self.chance.choice(mine) if mine else None
