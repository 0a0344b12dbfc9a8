"""A table of a platform's error codes: wait, hold or give up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.channels.base import Undeliverable


@dataclass(frozen=True)
class Codes:
    """What the numbers of one platform mean. `token`: the access token is wrong, missing or too
    old. `holding`: nothing can be sent until the person writes again. `useless` lasts. `later`
    passes, or the park's office can mend it. The two with words give keys of the texts."""

    token: frozenset[int]
    useless: Mapping[int, str]
    later: Mapping[int, timedelta]
    holding: Mapping[int, str] = field(default_factory=dict)

    def interpret_code(self, code: int, words: str) -> Undeliverable:
        """The outcome for one code; `words` are the platform's own and go to the log."""
        detail = f"{code} {words[:120]}"
        if code in self.holding:
            return Undeliverable(self.holding[code], detail, hold=True)
        if code in self.useless:
            return Undeliverable(self.useless[code], detail, permanent=True)
        if code in self.later:
            return Undeliverable("delivery.busy", detail, retry_after=self.later[code])
        if code in self.token:
            return Undeliverable("delivery.token", detail, retry_after=timedelta(minutes=1))
        # A request that the platform calls wrong (4xxxx) stays wrong; the rest are its own
        # troubles.
        return Undeliverable("delivery.refused", detail, permanent=40000 <= code < 50000)
