"""A real bot in a process of its own, which can be killed."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.channels.wechat_site import ROOT, environment
from tests.peers.envelopes import Letter

START_LIMIT = 30.0


@dataclass
class Server:
    """`python -m bot run` with a WeChat account, everything kept in `folder`; `more` settings."""

    folder: Path
    api_base: str
    more: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=lambda: free_port())

    @property
    def log(self) -> str:
        """What all its lives wrote."""
        return (self.folder / "server.log").read_text(encoding="utf-8")

    def start(self) -> None:
        """Start it and wait until it answers."""
        given = environment(self.folder, self.api_base) | {
            "EXCHANGE_CHANNELS__LOCAL__ENABLED": "false",
            "EXCHANGE_CHANNELS__LOCAL__DEMO": "false",
            **self.more,
        }
        kept = {name: value for name, value in os.environ.items() if "EXCHANGE_" not in name}
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run", "--port", str(self.port)],
                cwd=ROOT,
                env=kept | given,
                stdout=log,
                stderr=log,
            )
        self._wait()

    def kill(self) -> None:
        """As a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """As the office would."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def post(self, letter: Letter) -> bytes:
        """One delivery; its answer. OSError or HTTPException when there is none."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request("POST", f"/wechat?{urlencode(letter.query)}", letter.body)
            answer = line.getresponse()
            body = answer.read()
        finally:
            line.close()
        if answer.status != 200:
            raise http.client.HTTPException(answer.status)
        return body

    def _wait(self) -> None:
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(self.log)
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                self._answers()
                return
            except OSError:
                self._pause()
        raise TimeoutError(self.log)

    def _answers(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request("GET", "/healthz")
            line.getresponse().read()
        finally:
            line.close()

    def _pause(self) -> None:
        """Until the process ends or a moment has passed."""
        try:
            self._process.wait(0.05)
        except subprocess.TimeoutExpired:
            return


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
