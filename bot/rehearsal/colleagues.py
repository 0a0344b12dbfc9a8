"""The staff of a rehearsal as people who also talk past the bot."""

from datetime import datetime

from bot.rehearsal.characters import Character
from bot.rehearsal.chatter import REMARKS, STAFF_TALK, find_option, pick_line, say_kind
from storage.delivery.outbox import Parcel


class Colleague(Character):
    """Somebody of the staff. `speaks_of` is the issue that their last free words were for, None
    where they were for none."""

    speaks_of: int | None = None

    def chat(self, at: datetime) -> None:
        """A word past the bot, a question, an order in their own words."""
        self.say_aside(at, pick_line(self, STAFF_TALK))

    def remark(self, now: datetime) -> None:
        """What they think of a card that has just come, now and then."""
        if self.perhaps(REMARKS):
            self.say_aside(now + self.minutes(0.3, 8), say_kind(self, "remark"))

    def say_aside(self, at: datetime, words: str) -> None:
        """Words that are for no firm."""

        def say_words(_now: datetime) -> str:
            self.speaks_of = None
            return words

        self.will(at, say_words)

    def tell_for_whom(self, parcel: Parcel, now: datetime) -> None:
        """The bot asks for whom words were: an answer for its firm; the rest at most for a note."""
        about = self.speaks_of
        verb = "note" if about is None else "answer"
        place = find_option(parcel, verb=verb, issue_id=about)
        if place >= 0 and (about is not None or self.perhaps(0.5)):
            option = parcel.options[place]
            self.will(now + self.minutes(0.2, 3), lambda _now: self.type_option(parcel, option))
