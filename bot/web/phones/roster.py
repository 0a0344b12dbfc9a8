"""The phones that stand on the page, and which of them share a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot import demo
from bot.channels.local import GROUP
from bot.core.messages import Address
from bot.core.people import Role
from bot.demo import Phone


class Seat(StrEnum):
    """A place on the page, from left to right; its phone can be switched."""

    ENTREPRENEUR = "entrepreneur"
    LIAISON = "liaison"
    LEADER = "leader"
    GROUP = "group"


@dataclass(frozen=True)
class Roster:
    """Who sits where."""

    phones: tuple[Phone, ...]

    def at(self, seat: Seat) -> list[Phone]:
        """The phones that can be shown in a place."""
        return [phone for phone in self.phones if seat_of(phone) is seat]

    def by_handle(self, handle: str) -> Phone | None:
        """The phone with this address, or None."""
        return next((phone for phone in self.phones if phone.handle == handle), None)


def seat_of(phone: Phone) -> Seat:
    """The place of a phone."""
    if phone.handle == GROUP:
        return Seat.GROUP
    if phone.role in (None, Role.CONTACT):
        return Seat.ENTREPRENEUR
    return Seat.LEADER if phone.role is Role.LEADER else Seat.LIAISON


def address_of(phone: Phone) -> Address:
    """Where the phone's words come from."""
    return Address(demo.CHANNEL, phone.handle)


def roster(group_name: str, phones: Sequence[Phone]) -> Roster:
    """These phones and that of the Monday group."""
    return Roster((*phones, Phone(GROUP, group_name, None)))
