"""The line to a platform's servers: its host rewritten where settings say so, all time-limited."""

from typing import Any

import requests
from requests.adapters import HTTPAdapter

HOST = "https://api.weixin.qq.com/"
Timeout = tuple[float, float]
TIMEOUT: Timeout = (3.0, 7.0)
"""Seconds to connect and to wait for bytes."""
THREADS = 8


class Wire(HTTPAdapter):
    """Carries requests for the platform's host to `base`, all others (videos) where they go.

    wechatpy fixes the host in some places and forgets the time limit in others: nothing gets past
    this."""

    def __init__(self, base: str, timeout: Timeout, host: str) -> None:
        super().__init__(pool_maxsize=THREADS)
        self._base = base.rstrip("/") + "/"
        self._timeout = timeout
        self._host = host

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send it, to `base`, within the time limit."""
        assert request.url is not None
        if request.url.startswith(self._host):
            request.url = self._base + request.url.removeprefix(self._host)
        return super().send(request, *args, **{**kwargs, "timeout": self._timeout})


def session(base: str, timeout: Timeout = TIMEOUT, host: str = HOST) -> requests.Session:
    """A session that ignores the machine's proxy variables and knows only this line."""
    made = requests.Session()
    made.trust_env = False
    made.adapters.clear()
    made.mount("https://", Wire(base, timeout, host))
    made.mount("http://", Wire(base, timeout, host))
    return made
