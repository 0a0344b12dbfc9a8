"""Who may see the board, and how much of it: this machine, or whoever brings the token."""

import hashlib
import hmac
from enum import Enum, auto

import structlog
from starlette.requests import Request
from starlette.responses import Response

from bot.settings import Settings, is_loopback, is_published
from bot.web.security import from_elsewhere

COOKIE = "board"
YEAR = 365 * 24 * 3600
"""Seconds that a screen on the wall stays let in; another token ends it at once."""
_log = structlog.get_logger(__name__)


class Sight(Enum):
    """How much somebody may see."""

    NOTHING = auto()
    OUTLINE = auto()  # how things stand, without a word that anybody wrote
    WHOLE = auto()


class Gate:
    """The token, kept as a seal: a cookie that is copied does not give the token away.

    A site that is published (it listens beyond loopback, or has a public address) asks everybody
    for the token: a proxy on the same machine makes far visitors look near. Without a token this
    machine sees the words too where the phones page, which has no door, shows them anyway.
    """

    def __init__(self, settings: Settings) -> None:
        token = settings.board.token.get_secret_value()
        self._seal = _seal_token(token) if token else None
        self._published = is_published(settings)
        self._near = Sight.OUTLINE if token or not settings.channels.local.enabled else Sight.WHOLE

    @property
    def has_token(self) -> bool:
        """Whether there is a token that could let anybody in."""
        return self._seal is not None

    def sight(self, request: Request) -> Sight:
        """By the cookie or `Authorization: Bearer …`; never by the address, which others log."""
        if self._fits(request.cookies.get(COOKIE, "")) or self._bears(request):
            return Sight.WHOLE
        return Sight.NOTHING if self._published or not _is_here(request) else self._near

    def enter(self, request: Request, token: str, response: Response) -> bool:
        """Let a screen in that brings the right token; a wrong one is logged, without it."""
        seal = _seal_token(token)
        if not self._fits(seal):
            self._refuse(request)
            return False
        secure = request.url.scheme == "https"
        response.set_cookie(
            COOKIE, seal, YEAR, path="/board", secure=secure, httponly=True, samesite="lax"
        )
        return True

    def _bears(self, request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return False
        fits = self._fits(_seal_token(token.strip()))
        if not fits:
            self._refuse(request)
        return fits

    def _fits(self, seal: str) -> bool:
        """In the same time whatever is brought."""
        known = self._seal or ""
        return hmac.compare_digest(seal.encode(), known.encode()) and self._seal is not None

    def _refuse(self, request: Request) -> None:
        host = request.client.host if request.client else ""
        _log.warning("board_refused", client=host, path=request.url.path)


def _seal_token(token: str) -> str:
    return hmac.new(token.encode(errors="replace"), b"board", hashlib.sha256).hexdigest()


def _is_here(request: Request) -> bool:
    near = request.client is not None and is_loopback(request.client.host)
    return near and from_elsewhere(request) is None
