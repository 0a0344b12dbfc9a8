"""The line to WeChat's servers: its host rewritten where settings say so, every request limited."""

from typing import Any

import requests
from requests.adapters import HTTPAdapter

HOST = "https://api.weixin.qq.com/"
TIMEOUT = (3.0, 7.0)
"""Seconds to connect and to wait for bytes."""
THREADS = 8


class Wire(HTTPAdapter):
    """Carries requests for the platform's host to `base`. wechatpy fixes the host in some places
    and forgets the time limit in others: here none of it can be forgotten."""

    def __init__(self, base: str) -> None:
        super().__init__(pool_maxsize=THREADS)
        self._base = base.rstrip("/") + "/"

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send it, to `base`, within the time limit."""
        assert request.url is not None
        request.url = self._base + request.url.removeprefix(HOST)
        return super().send(request, *args, **{**kwargs, "timeout": TIMEOUT})


class Limited(HTTPAdapter):
    """Any other host (videos lie elsewhere), with the same time limit."""

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send it within the time limit."""
        return super().send(request, *args, **{**kwargs, "timeout": TIMEOUT})


def session(base: str) -> requests.Session:
    """A session that ignores the machine's proxy variables and knows only these lines."""
    made = requests.Session()
    made.trust_env = False
    made.adapters.clear()
    made.mount(HOST, Wire(base))
    made.mount("https://", Limited())
    made.mount("http://", Limited())
    return made
