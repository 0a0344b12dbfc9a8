"""Signs what a button says when it is tapped, so that nobody can tap what was not offered them."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

MARK = 16
"""Characters of a signature, 6 bits each; with the longest ids it all fits the 64 bytes that the
platform leaves a button."""
_FORM = re.compile(rf"(\d{{1,19}})\.(\d{{1,2}})\.([\w-]{{{MARK}}})", re.ASCII)


@dataclass(frozen=True)
class Place:
    """Which line of which parcel."""

    parcel_id: int
    digit: str


class Signet:
    """The bot's own mark. `user` is whose chat the button stands in."""

    def __init__(self, token: str) -> None:
        self._key = hashlib.sha256(b"button:" + token.encode()).digest()

    def data(self, user: str, place: Place) -> str:
        """What the button carries: it names the line, whose action stays in the outbox."""
        return f"{place.parcel_id}.{place.digit}.{self._mark(user, place)}"

    def read(self, user: str, data: str) -> Place | None:
        """What this user chose; None for what we did not put before this very user."""
        found = _FORM.fullmatch(data)
        if found is None:
            return None
        place = Place(int(found[1]), found[2])
        return place if hmac.compare_digest(self._mark(user, place), found[3]) else None

    def _mark(self, user: str, place: Place) -> str:
        said = f"{user}.{place.parcel_id}.{place.digit}".encode()
        digest = hmac.new(self._key, said, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode()[:MARK]
