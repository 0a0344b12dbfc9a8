"""Keeps idle and slow connections from using up what others need: as many at once as the machine
has files for, each with a time for its headers and its body."""

import asyncio
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST = 600
"""Connections at once; the usual limit of open files is 1,024, and the database needs some."""
HEADERS_WITHIN = 10.0
"""Seconds from the connection, or from the last answer, to the end of the next headers."""
BODY_WITHIN = 30.0
"""Seconds from the headers to the end of the body: 12 MB at a phone's pace."""


class Bounded(HttpToolsProtocol):
    """uvicorn's protocol with a bound on how many there are and how long each may take."""

    most = MOST
    headers_within = HEADERS_WITHIN
    body_within = BODY_WITHIN
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """One more, or one too many."""
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.abort()
        else:
            self._wait(self.headers_within)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to wait for any more."""
        self._wait(None)
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        """The body may take its own time."""
        self._wait(self.body_within)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole: the answer may take as long as it needs."""
        self._wait(None)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """uvicorn's own timer closes what stays silent; what begins to speak must end in time."""
        next_is_here = bool(self.pipeline)
        super().on_response_complete()
        if not next_is_here and not self.transport.is_closing():
            self._wait(self.headers_within)

    def _wait(self, seconds: float | None) -> None:
        if self._patience is not None:
            self._patience.cancel()
        late = None if seconds is None else self.loop.call_later(seconds, self.transport.abort)
        self._patience = late


class Sound:
    """ASGI middleware: a path that no database can keep leads nowhere, and who hangs up in the
    middle of a body is no fault of ours."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == "http" and "\0" in scope["path"]:
            app = PlainTextResponse("", 404)
        try:
            await app(scope, receive, send)
        except ClientDisconnect:
            return
