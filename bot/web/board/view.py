"""Puts the wall into the form that its page draws: plain words, names masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.actions.projects import exceptions, why
from bot.core.issues.issue import Rung
from bot.core.messages import Line
from bot.core.names.masking import initial, mask_names, names_of_firm, without_phones
from bot.core.park.park import Park
from bot.core.projects.plan import Judgement, Light, LightCause, Project
from bot.core.reports.board import Card, Length, Pile, Tone, tone
from bot.core.reports.figures import Figures
from bot.texts import Texts

SHAPES = {Tone.LATE: "■", Tone.NEAR: "▲", Tone.GOOD: "●", Tone.STILL: "◆"}
"""Colour is never alone: each tone has its shape, and the word stands beside it."""

MOST_PROJECTS = 60
"""Projects that the page is given: only those that are red or yellow."""
_SAYS = {
    Tone.LATE: "board.over",
    Tone.NEAR: "board.hardly",
    Tone.GOOD: "board.left",
    Tone.STILL: "board.waits",
}


@dataclass(frozen=True)
class Wall:
    """Draws the wall of one moment. `whole` shows the words of enterprises too; where names are
    `masked`, `names` are taken out of those words."""

    texts: Texts
    park: Park
    now: datetime
    masked: bool
    whole: bool
    names: frozenset[str] = frozenset()

    def of(
        self, piles: Sequence[Pile], projects: Sequence[Project], week: Figures
    ) -> dict[str, Any]:
        """All lanes, the week's counters, and of the projects those that are red or yellow."""
        return {
            "as_of": self.texts.format_value(self.now),
            "totals": self._totals(week, sum(pile.late for pile in piles)),
            "lanes": [self._lane(pile) for pile in piles],
            "projects": self._projects(projects),
            "legend": [
                self._sign(legend_tone) for legend_tone in (Tone.LATE, Tone.NEAR, Tone.GOOD)
            ],
        }

    def _totals(self, week: Figures, late: int) -> list[dict[str, Any]]:
        """The week's counters: the same figures as in the digest. What is `late` is counted from
        the lanes, so that the header and the red cards below it say the same."""
        solved = week.kept.solve
        told = {"n": solved.n, "of": solved.of}
        share = self.texts.render("board.share" if solved.of else "board.no_share", told)
        # Nothing late is no alarm.
        overdue = self._sign(Tone.LATE) if late else {}
        return [
            {"word": self.texts.render("board.filed"), "value": week.filed},
            {"word": self.texts.render("board.resolved"), "value": week.settled.claimed},
            {"word": self.texts.render("board.solved_in_time"), "value": share},
            {"word": self.texts.render("board.in_hand"), "value": week.open.all},
            {
                **overdue,
                "word": self.texts.render("board.overdue"),
                "value": late,
            },
        ]

    def _lane(self, pile: Pile) -> dict[str, Any]:
        rest = self.texts.render("board.rest", {"rest": pile.rest}) if pile.rest else ""
        return {
            "id": pile.lane.value,
            "name": self.texts.format_value(pile.lane),
            "count": pile.count,
            "late": pile.late,
            "cards": [self._card(card) for card in pile.cards],
            "rest": rest,
        }

    def _card(self, card: Card) -> dict[str, Any]:
        how = tone(card, self.now, self.park)
        return {
            **self._sign(how),
            "number": card.number,
            **self._describe_time_left(card, how),
            "until": self._until(card, how),
            "firm": self._name(card.firm) or self.texts.render("people.unknown_firm"),
            "owner": self._name(card.owner) or self.texts.render("people.duty_desk"),
            "category": card.category,
            "urgent": card.urgent,
            "rung": self.texts.format_value(card.rung) if card.rung is not Rung.LIAISON else "",
            "title": self._without_names(card.title) if self.whole else "",
        }

    def _projects(self, projects: Sequence[Project]) -> dict[str, Any]:
        odd = exceptions(self, projects)
        lights = [found.light for _, found in odd]
        good = len(projects) - len(odd)
        counts = ((Light.RED, lights.count(Light.RED)), (Light.YELLOW, lights.count(Light.YELLOW)))
        return {
            "count": len(projects),
            "lights": [
                {
                    "tone": light.value if value else "",
                    "word": self.texts.format_value(light),
                    "value": value,
                }
                for light, value in (*counts, (Light.GREEN, good))
            ],
            "cards": [self._project(*pair) for pair in odd[:MOST_PROJECTS]],
        }

    def _project(self, project: Project, found: Judgement) -> dict[str, Any]:
        reason = why(self, found) if self.whole else self._outline(found)
        return {
            "tone": found.light.value,
            "word": self.texts.format_value(found.light),
            "number": project.project_id,
            "name": self._without_names(project.name) if self.whole else "",
            "firm": self._name(project.firm),
            "why": self.texts.format_value(reason),
            "leader": self._name(project.leader),
        }

    def _outline(self, found: Judgement) -> Line:
        """By how much, without what somebody called the steps."""
        late = found.cause is not LightCause.SOON
        return Line("board.project_late" if late else "board.project_soon", {"days": found.days})

    def _sign(self, how: Tone) -> dict[str, str]:
        return {"tone": how.value, "shape": SHAPES[how], "word": self.texts.format_value(how)}

    def _describe_time_left(self, card: Card, how: Tone) -> dict[str, str]:
        """How much time is left, or by how much it is over, or how long it has been waited."""
        if card.moment is None:
            return {"says": self.texts.format_value(how), "left": ""}
        key = _SAYS[how]
        if how is Tone.STILL and card.moment <= self.now:
            key = "board.waited"
        span = self._span(Length.between(card.moment, self.now))
        return {"says": self.texts.render(key), "left": self.texts.format_value(span)}

    def _until(self, card: Card, how: Tone) -> str:
        if card.moment is None:
            return ""
        since = how is Tone.STILL and card.moment <= self.now
        return self.texts.render("board.since" if since else "board.until", {"at": card.moment})

    def _span(self, length: Length) -> Line:
        """The two largest units, the smaller only if it is not nothing."""
        told = {"days": length.days, "hours": length.hours, "minutes": length.minutes}
        if length.days:
            return Line("board.days_hours" if length.hours else "board.days", told)
        if length.hours:
            return Line("board.hours_minutes" if length.minutes else "board.hours", told)
        return Line("board.minutes", told)

    def _name(self, name: str | None) -> str:
        if not name:
            return ""
        return initial(name) if self.masked else name

    def _without_names(self, words: str) -> str:
        if not self.masked:
            return words
        return without_phones(mask_names(words, self.names, self.texts.render("board.somebody")))


def names_on(piles: Sequence[Pile], projects: Sequence[Project]) -> frozenset[str]:
    """Everybody's name on the wall: in their words firms and people speak of each other too."""
    cards = [card for pile in piles for card in pile.cards]
    firms = {(wall_card.firm, wall_card.aliases) for wall_card in cards} | {
        (project.firm, project.aliases) for project in projects
    }
    people = {name for card in cards for name in (card.reporter, card.owner) if name}
    return frozenset(people).union(*(names_of_firm(name, also) for name, also in firms if name))
