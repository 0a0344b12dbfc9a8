"""`python -m bot run`: migrate, serve, stop cleanly."""

import errno
import signal
import socket
from datetime import UTC
from typing import Annotated, Any

import structlog
import typer
import uvicorn

from bot import logs
from bot.commands.migrate import bring_up_to_date
from bot.commands.terminal.words import fail, load_shipped_texts, say, settings, words
from bot.core.system_errors import explain_system_error
from bot.settings import Server, Settings, list_missing_readers, list_old_names

log = structlog.get_logger(__name__)
PATIENCE = 2
"""Seconds that open connections (a page's event stream) are given at the end."""


def run(
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="N", min=1, max=65535, help=words("cli.run.port")),
    ] = None,
) -> None:
    given = settings()
    if port is not None:
        server = given.server.model_copy(update={"port": port})
        given = given.model_copy(update={"server": server})
    _refuse_without_readers()
    logs.set_up(given.log, given.secrets())
    _warn_of_old_names()
    bring_up_to_date(given)
    listening = _listen(given.server)
    # uvicorn hands the signal that stopped it on to whoever had it before: nobody, so that a
    # wanted end is no error.
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda _number, _frame: None)
    _Announced(given).run(sockets=[listening])


class _Announced(uvicorn.Server):
    """A server that says where it is once it answers."""

    def __init__(self, given: Settings) -> None:
        # Here, because the other commands start faster without the whole application.
        from bot.app import serve

        super().__init__(
            uvicorn.Config(
                serve(given),
                log_config=None,
                access_log=False,
                lifespan="on",
                server_header=False,
                timeout_graceful_shutdown=PATIENCE,
            )
        )
        self._address = f"http://{given.server.host}:{given.server.port}"

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started:
            say(words("cli.run.ready", address=self._address))


def _refuse_without_readers() -> None:
    """A complaint must have somebody to go to who is not the one complained of."""
    missing = list_missing_readers()
    if missing:
        fail(words("cli.bad_settings", faults=tuple(fault.line for fault in missing)))


def _warn_of_old_names() -> None:
    for fault in list_old_names():
        log.warning("old name", detail=load_shipped_texts(UTC).format_value(fault.notice))


def _listen(server: Server) -> socket.socket:
    try:
        return socket.create_server((server.host, server.port), backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            fail(words("cli.run.port_taken", port=server.port, other=server.port + 1))
        fail(
            words(
                "cli.run.no_listen",
                host=server.host,
                port=server.port,
                detail=explain_system_error(error),
            )
        )
