"""The member of the duty desk who holds the Mondays of a rehearsal: convenes, orders the agenda,
records what is promised, reads back, closes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.rehearsal.characters import Character, World
from bot.rehearsal.paces import Pace, Spell
from bot.rehearsal.park import Population
from bot.rehearsal.superiors import Desk
from storage.delivery.outbox import Parcel

_LINE = re.compile(r"^(?P<place>\d+)\. \d\d:\d\d (?P<words>.*)$", re.MULTILINE)
_PROMISE = re.compile(r"\d+-\d{2,}")
MOST = 14
"""Items of an evening; the rest is carried over."""
OUTCOMES = ("record", "done", "planned", "infeasible", "decide", "later", "")
AS_OFTEN = (46, 15, 7, 6, 9, 5, 12)
BACK = ("kept", "broken", "redate", "")
BACK_AS_OFTEN = (46, 22, 14, 18)


@dataclass(frozen=True)
class Line:
    """One line of an agenda as somebody reads it."""

    place: int
    words: str
    promise: bool
    late: bool


class Host(Desk):
    """Knows the population by name: `population`."""

    def __init__(
        self,
        phone: str,
        world: World,
        chance: Random,
        pace: Pace,
        away: tuple[Spell, ...],
        population: Population,
    ) -> None:
        super().__init__(phone, world, chance, pace, away)
        self.population = population
        self._said, self._meant = "", dict[str, str]()
        self.reactions = {
            **self.reactions,
            "session.holiday": self._holiday,
            "agenda.proposal": self._arrange_agenda,
            "agenda.published": self._plan_opening,
            "session.opened": self._run_session,
            "session.forgotten": self._cancel_session,
            "promise.recorded": self._react_to_record,
            "promise.flaw_no_such_day": self._again,
            "promise.who": self._chooses,
            "minutes.left": self._close_rest,
            "minutes.no_attendance": self._nobody_here,
        }

    # Before the evening

    def _holiday(self, parcel: Parcel, now: datetime) -> None:
        verbs = ("move_session", "cancel_session", "as_usual")
        verb = self.chance.choices(verbs, (75, 15, 10))[0]
        self.will(now + self.minutes(5, 300), lambda _now: self.choice(parcel, verb))

    def _arrange_agenda(self, parcel: Parcel, now: datetime) -> None:
        """Some Fridays something is put in order."""
        lines = list(_lines(self, parcel.text))
        if lines and self.perhaps(0.6):
            place = self.chance.choice(lines).place
            verb = "move_up" if self.perhaps(0.6) else "take_off"
            self._then(now, 2, f"{self.command(verb)} {place}")
        if self.perhaps(0.3):
            self._then(now, 6, f"{self.command('add_topic')} {self.line('rehearsal.said.topic')}")
        if self.perhaps(0.3):
            self._then(now, 10, f"{self.command('theme')} {self.line('rehearsal.said.theme')}")
        for n in range(self.chance.randrange(3)):
            firm = self.chance.choice(self.population.firms)
            self._then(now, 14 + n, f"{self.command('invite')} {firm}")

    def _plan_opening(self, _parcel: Parcel, now: datetime) -> None:
        """Tonight: it is opened on time, or a little later."""
        starts = self.world.park.sessions.at
        tonight = self.world.park.local(now).replace(hour=starts.hour, minute=starts.minute)
        self._then(tonight, 5 * self.chance.random(), self.command("open_session"))

    def _cancel_session(self, parcel: Parcel, now: datetime) -> None:
        self._then(now, 30, self.choice(parcel, "cancel_session"))

    # At the session

    def _run_session(self, parcel: Parcel, now: datetime) -> None:
        """Each matter in its turn, then something from the floor, then the end."""
        minute = 10.0
        for line in list(_lines(self, parcel.text))[:MOST]:
            words = self._read_back(line) if line.promise else self._deal_with_line(line, now)
            minute += self.chance.uniform(2, 6)
            if words:
                self._then(now, minute, words)
        if self.perhaps(0.4):
            self._then(now, minute + 2, self._on_the_spot())
        self._then(now, minute + 8, self.command("close_session"))

    def _read_back(self, line: Line) -> str:
        """What has fallen due is settled or not; of the rest one is sometimes early."""
        if not line.late and self.perhaps(0.85):
            return ""
        verb = self.chance.choices(BACK, BACK_AS_OFTEN)[0]
        if not verb:
            return ""
        until = f" {self._day(4, 20)}" if verb == "redate" else ""
        return f"{self.command(verb)} {line.place}{until} {self.line(f'rehearsal.said.{verb}')}"

    def _deal_with_line(self, line: Line, now: datetime) -> str:
        outcome = self.chance.choices(OUTCOMES, AS_OFTEN)[0]
        if outcome == "record":
            return self._format_promise(line)
        if outcome == "decide":
            said = self.line("rehearsal.said.decision")
            return f"{self.command('decide')} {line.place} {said}"
        if not outcome:
            return ""
        said = {
            "done": self.line("rehearsal.said.result"),
            "planned": f"{self._day(20, 90)} {self.line('rehearsal.said.kept')}",
            "infeasible": self.line("rehearsal.said.infeasible"),
            "later": "",
        }[outcome]
        word = self.world.texts.words[f"outcome.{outcome}"]
        return f"{self.command('conclude')} {line.place} {word} {said}".strip()

    def _format_promise(self, line: Line) -> str:
        """Who does what by when; once in a while a day that there is not, or a name nobody has."""
        who = self.chance.choice(self.population.departments)
        if self.perhaps(0.04):
            who = self.line("rehearsal.said.unknown")
        mark = self.world.mark(line.words)
        what = f"{self.line('rehearsal.said.promise')} {mark}".strip()
        meant = f"{who} {self._day(3, 24)} {what}"
        if self.perhaps(0.96):
            return f"{self.command('record')} {line.place} {meant}"
        slip = f"{who} {self.line('rehearsal.said.no_day')} {what}"
        said = f"{self.command('record')} {line.place} {slip}"
        self._meant[said] = meant
        return said

    def _react_to_record(self, parcel: Parcel, now: datetime) -> None:
        if self.perhaps(0.05):
            self.will(now + timedelta(seconds=40), lambda _now: self.choice(parcel, "strike"))

    def _again(self, _parcel: Parcel, now: datetime) -> None:
        """The bot asks for the day: once more, as it was meant."""
        words = self._meant.get(self._said)
        self.will(now + timedelta(seconds=30), lambda _now: words)

    def _on_the_spot(self) -> str:
        n = self.chance.randrange(len(self.population.firms))
        said = self.world.mark_words(n + 1, self.line("rehearsal.said.spot"))
        return f"{self.command('on_the_spot')} {self.population.firms[n]} {said}"

    def _close_rest(self, parcel: Parcel, now: datetime) -> None:
        self.will(now + timedelta(minutes=1), lambda _now: self.choice(parcel, "close_rest"))

    def _nobody_here(self, _parcel: Parcel, now: datetime) -> None:
        """Somebody was there and did not sign: the office does it for them."""
        firm = self.chance.choice(self.population.firms)
        self._then(now, 1, f"{self.command('here')} {firm}")
        self._then(now, 3, self.command("close_session"))

    # How they say it

    def _day(self, least: int, most: int) -> str:
        """A day ahead, as people write it."""
        today = self.world.park.local(self.world.clock.now()).date()
        day = today + timedelta(days=self.chance.randint(least, most))
        return self.world.texts.render("rehearsal.by_day", {"month": day.month, "day": day.day})

    def _then(self, now: datetime, minutes: float, words: str) -> None:
        def say(_now: datetime) -> str:
            self._said = words
            return words

        self.will(now + timedelta(minutes=minutes), say)


def _lines(reader: Character, text: str) -> Iterator[Line]:
    """The agenda on a card."""
    late = reader.world.texts.words["agenda.why_late"].partition("{")[0]
    for found in _LINE.finditer(text):
        words = found["words"]
        promise = bool(_PROMISE.search(words))
        yield Line(int(found["place"]), words, promise, promise and words.startswith(late))
