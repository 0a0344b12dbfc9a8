"""Puts the wall into the form that its page draws: plain words, names masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.board import Card, Lane, Length, Pile, Tone, tone
from bot.core.house import House
from bot.core.issues import Rung
from bot.core.masking import initial, masked, names_of_firm, without_phones
from bot.core.messages import Line
from bot.texts import Texts

SHAPES = {Tone.LATE: "■", Tone.NEAR: "▲", Tone.GOOD: "●", Tone.STILL: "◆"}
"""Colour is never alone: each tone has its shape, and the word stands beside it."""

_SAYS = {
    Tone.LATE: "board.over",
    Tone.NEAR: "board.hardly",
    Tone.GOOD: "board.left",
    Tone.STILL: "board.waits",
}


@dataclass(frozen=True)
class Wall:
    """Draws the wall of one moment. `whole` shows the words of enterprises too."""

    texts: Texts
    house: House
    now: datetime
    masked: bool
    whole: bool

    def of(self, piles: Sequence[Pile]) -> dict[str, Any]:
        """All lanes and what they add up to."""
        return {
            "as_of": self.texts.shown(self.now),
            "totals": self._totals(piles),
            "lanes": [self._lane(pile) for pile in piles],
            "legend": [self._sign(one) for one in (Tone.LATE, Tone.NEAR, Tone.GOOD)],
        }

    def _totals(self, piles: Sequence[Pile]) -> list[dict[str, Any]]:
        count = {pile.lane: pile.count for pile in piles}
        in_hand = sum(count.values()) - count.get(Lane.TO_CONFIRM, 0)
        late = sum(pile.late for pile in piles)
        return [
            {"word": self.texts.render("board.in_hand"), "value": in_hand, "tone": ""},
            {**self._sign(Tone.LATE), "value": late},
            {"word": self.texts.shown(Lane.TO_CONFIRM), "value": count.get(Lane.TO_CONFIRM, 0)},
        ]

    def _lane(self, pile: Pile) -> dict[str, Any]:
        rest = self.texts.render("board.rest", {"rest": pile.rest}) if pile.rest else ""
        return {
            "id": pile.lane.value,
            "name": self.texts.shown(pile.lane),
            "count": pile.count,
            "late": pile.late,
            "cards": [self._card(card) for card in pile.cards],
            "rest": rest,
        }

    def _card(self, card: Card) -> dict[str, Any]:
        how = tone(card, self.now, self.house)
        return {
            **self._sign(how),
            "number": card.number,
            **self._left(card, how),
            "until": self._until(card, how),
            "firm": self._name(card.firm) or self.texts.render("people.unknown_firm"),
            "owner": self._name(card.owner) or self.texts.render("people.duty_desk"),
            "category": card.category,
            "urgent": card.urgent,
            "rung": self.texts.shown(card.rung) if card.rung is not Rung.LIAISON else "",
            "title": self._title(card) if self.whole else "",
        }

    def _sign(self, how: Tone) -> dict[str, str]:
        return {"tone": how.value, "shape": SHAPES[how], "word": self.texts.shown(how)}

    def _left(self, card: Card, how: Tone) -> dict[str, str]:
        """How much time is left, or by how much it is over, or how long it has been waited."""
        if card.moment is None:
            return {"says": self.texts.shown(how), "left": ""}
        key = _SAYS[how]
        if how is Tone.STILL and card.moment <= self.now:
            key = "board.waited"
        span = self._span(Length.between(card.moment, self.now))
        return {"says": self.texts.render(key), "left": self.texts.shown(span)}

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

    def _title(self, card: Card) -> str:
        if not self.masked:
            return card.title
        named = [*names_of_firm(card.firm, card.aliases)] if card.firm else []
        named += [one for one in (card.reporter, card.owner) if one]
        return without_phones(masked(card.title, named, self.texts.render("board.somebody")))
