"""Keeps one access token for the whole bot: fetched by one thread at a time, renewed early."""

import threading
from collections.abc import Callable
from datetime import timedelta

from bot.clock import Clock
from storage.delivery import tokens
from storage.delivery.tokens import Token
from storage.writers import Writer

EARLY = timedelta(minutes=4)
"""A token is renewed this long before its end. The platform makes a new one 5 minutes before, and
honours the old one until its end."""

PATIENCE = 15.0
"""Seconds to wait for the database; a bot that is stopping answers no more."""
Fetch = Callable[[bool], Token]


class TokenKeeper:
    """`fetch(force)` asks the platform's stable_token, which gives every asker the same token until
    it nears its end; forced, it makes a new one and ends the old (20 times a day at most). `early`:
    how long before its end a token is renewed."""

    def __init__(
        self, name: str, writer: Writer, clock: Clock, fetch: Fetch, early: timedelta = EARLY
    ) -> None:
        self._name = name
        self._writer = writer
        self._clock = clock
        self._fetch = fetch
        self._early = early
        self._lock = threading.Lock()
        self._token: Token | None = None

    def current(self) -> str:
        """A token that is good for a while. Blocks; raises what `fetch` raises."""
        with self._lock:
            if not self._good(self._token):
                self._token = self._load_token()
            if not self._good(self._token):
                self._renew(force=False)
            assert self._token is not None
            return self._token.value

    def instead_of(self, refused: str) -> str:
        """Another token, the platform having refused this one; threads that ask together get one
        answer. Blocks; raises what `fetch` raises."""
        with self._lock:
            if self._token and self._token.value == refused:
                self._renew(force=False)
            if self._token is None or self._token.value == refused:
                self._renew(force=True)
            assert self._token is not None
            return self._token.value

    def _renew(self, *, force: bool) -> None:
        token = self._token = self._fetch(force)
        self._writer.submit(lambda db: tokens.keep(db, self._name, token)).result(PATIENCE)

    def _load_token(self) -> Token | None:
        return self._writer.submit(lambda db: tokens.by_name(db, self._name)).result(PATIENCE)

    def _good(self, token: Token | None) -> bool:
        return token is not None and self._clock.now() < token.expires_at - self._early
