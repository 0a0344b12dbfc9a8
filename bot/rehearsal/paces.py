"""How long people of the staff take for what they do, and when they are away."""

from dataclasses import dataclass
from datetime import datetime

Spell = tuple[datetime, datetime]
"""From when until when somebody is away."""
Minutes = tuple[float, float]
"""Working minutes, least and most."""
A_DAY = 420.0
"""Working minutes of a usual day."""


@dataclass(frozen=True)
class Pace:
    """How long somebody takes for each step; `heeds`: how often a reminder makes them hurry."""

    accept: Minutes
    answer: Minutes
    resolve: Minutes
    heeds: float


PROMPT = Pace((1, 55), (10, 330), (90, 700), 0.9)
SLOW = Pace((5, 180), (120, 800), (200, 1900), 0.7)
NEGLECTFUL = Pace((20, 900), (300, 2400), (600, 5000), 0.3)
HURRY: Minutes = (2, 40)
