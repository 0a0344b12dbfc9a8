"""Calls the API of a platform that wechatpy speaks to. Blocks: threads call it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

import requests
from wechatpy.client.base import BaseWeChatClient
from wechatpy.exceptions import WeChatClientException

from bot.channels.base import Undeliverable
from bot.channels.error_codes import Codes
from bot.channels.tencent.tokens import EARLY, TokenKeeper
from bot.clock import Clock
from storage.delivery.tokens import Token
from storage.writers import Writer

T = TypeVar("T")
TOO_MANY = 429
SHORTEST, LONGEST = timedelta(seconds=1), timedelta(hours=1)
"""How long a platform that asks for patience is left alone."""


NO_MENU = 46003
"""No menu was ever published."""


class NoMenu(Undeliverable):
    """There is no menu to be shown."""


class PlatformApi(ABC):
    """One account's side of an API. Every method raises Undeliverable, and nothing else.

    No exception leaves with its cause: those of requests quote the address with its tokens.
    """

    _menu_of: Mapping[str, Any] = {}
    """Whose menu it is, where an account has several."""

    def __init__(
        self,
        name: str,
        client: BaseWeChatClient,
        session: requests.Session,
        codes: Codes,
        writer: Writer,
        clock: Clock,
        early: timedelta = EARLY,
    ) -> None:
        """`name` is the account's among the tokens; `client` must not retry by itself: wechatpy
        would renew without end and share no token."""
        self._clock = clock
        self._session = session
        self._client = client
        self._client._http = session
        self._codes = codes
        self._tokens = TokenKeeper(name, writer, clock, self._fetch_token, early)

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    @abstractmethod
    def text(self, user: str, words: str) -> None:
        """Send one text of at most 2048 bytes."""

    @abstractmethod
    def medium(self, user: str, kind: str, media_id: str) -> None:
        """Send one medium that was uploaded before."""

    @abstractmethod
    def media(self, ref: str) -> bytes:
        """What a person sent."""

    @abstractmethod
    def _fetch_token(self, force: bool) -> Token: ...

    def upload(self, kind: str, name: str, content: bytes, mime: str) -> str:
        """Upload an `image`, `voice` or `video`; its media id, good for 3 days."""

        # Bytes, never a file object: a second try would send a file that is read to its end.
        def call(token: str) -> Any:
            params = {"type": kind, "access_token": token}
            files = {"media": (name, content, mime)}
            return self._client.post("media/upload", params=params, files=files)

        return str(self._call_api(call)["media_id"])

    def menu(self) -> list[dict[str, Any]]:
        """The buttons of the menu that is published; none where there is no menu."""
        try:
            told = self._fetch("menu/get", **self._menu_of)
        except NoMenu:
            return []
        buttons: list[dict[str, Any]] = told.get("menu", told).get("button", [])
        return buttons

    def set_menu(self, buttons: list[dict[str, Any]]) -> None:
        """Publish a menu in place of the one before."""
        self._post_message("menu/create", {"button": buttons}, **self._menu_of)

    def _post_message(self, path: str, message: dict[str, Any], **params: Any) -> dict[str, Any]:
        def call(token: str) -> Any:
            return self._client.post(path, params={"access_token": token, **params}, data=message)

        return self._call_api(call)

    def _fetch(self, path: str, **params: Any) -> dict[str, Any]:
        def call(token: str) -> Any:
            return self._client.get(path, params={"access_token": token, **params})

        return self._call_api(call)

    def _fetch_media(self, ref: str) -> Any:
        """What a person sent: a response with bytes, or the fields of a JSON answer."""

        def call(token: str) -> Any:
            params = {"access_token": token, "media_id": ref}
            return self._client.get("media/get", params=params)

        return self._safely(lambda: self._with_token(call))

    def _call_api(self, call: Callable[[str], Any]) -> dict[str, Any]:
        answer = self._safely(lambda: self._with_token(call))
        if not isinstance(answer, dict):
            raise Undeliverable("delivery.slow", "the answer is no JSON")
        return answer

    def _with_token(self, call: Callable[[str], T]) -> T:
        """One refusal of the token gets one new token and one more try."""
        token = self._tokens.current()
        try:
            return call(token)
        except WeChatClientException as error:
            if error.errcode not in self._codes.token:
                raise
        return call(self._tokens.instead_of(token))

    def _safely(self, work: Callable[[], T]) -> T:
        trouble: Undeliverable
        try:
            return work()
        except Undeliverable as known:
            trouble = known
        except WeChatClientException as error:
            trouble = self._interpret_error(error)
        except Exception as error:  # noqa: BLE001 - wechatpy and requests raise many kinds
            trouble = Undeliverable("delivery.slow", type(error).__name__)
        # Raised out here, the exception carries no context whose words hold secrets.
        raise trouble

    def _interpret_error(self, error: WeChatClientException) -> Undeliverable:
        if error.errcode == NO_MENU:
            return NoMenu("delivery.refused", str(NO_MENU), permanent=True)
        if error.errcode is not None:
            return self._codes.interpret_code(int(error.errcode), str(error.errmsg))
        status = getattr(error.response, "status_code", "?")
        if status == TOO_MANY:
            again = _seconds(error.response.headers.get("Retry-After", ""))
            return Undeliverable("delivery.busy", "HTTP 429", retry_after=again)
        return Undeliverable("delivery.slow", f"HTTP {status}")

    def _token_of(self, answer: requests.Response, asked_at: datetime) -> Token:
        """The token in the answer to the question for one."""
        answer.raise_for_status()
        told = answer.json()
        if told.get("errcode"):
            raise self._codes.interpret_code(int(told["errcode"]), str(told.get("errmsg", "")))
        return Token(str(told["access_token"]), asked_at + timedelta(seconds=told["expires_in"]))


def _seconds(given: str) -> timedelta:
    """What a Retry-After says; a minute where it says nothing that is meant in seconds."""
    plain = given.strip()
    wait = timedelta(seconds=int(plain)) if plain.isdigit() and len(plain) < 6 else None
    return min(max(wait, SHORTEST), LONGEST) if wait is not None else timedelta(minutes=1)
