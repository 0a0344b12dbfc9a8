"""Proves that a request comes from WeChat, opens its envelope and seals the answer."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from wechatpy.crypto import PrpCrypto

from bot.channels.tencent.xml_text import XmlError, escape_cdata, read

FRESH_FOR = timedelta(minutes=5)
"""How far the signed timestamp may be from now, either way. WeChat repeats an unanswered delivery
within some 15 seconds; the rest is for clocks that disagree. An older request is a replay."""


class Rejected(Exception):  # noqa: N818 - an outcome that the web page expects
    """Not from WeChat, or not a message: `status` is the HTTP status, `reason` holds no secret."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True)
class Query:
    """The query string of a webhook request."""

    signature: str
    msg_signature: str
    timestamp: str
    nonce: str
    encrypt_type: str
    echostr: str

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Query":
        """From the request; what is missing is empty."""
        return cls(**{name: given.get(name, "") for name in cls.__dataclass_fields__})


class Seal:
    """The account's token and key. With a key only sealed messages are taken: a plain one carries
    a signature that says nothing about its body, so accepting it would undo the safe mode."""

    def __init__(self, token: str, aes_key: str, app_id: str) -> None:
        self._token = token.encode()
        self._app_id = app_id
        self._cipher = _Cipher(aes_key) if aes_key else None

    def echo(self, query: Query, now: datetime) -> str:
        """What proves to WeChat that this is our address. Raises Rejected."""
        self._check(query.signature, query, now)
        return query.echostr

    def open(self, query: Query, body: bytes, now: datetime) -> dict[str, str]:
        """The fields of the message in the body. Raises Rejected."""
        if self._cipher is None:
            self._check(query.signature, query, now)
            return _fields(body)
        if query.encrypt_type != "aes":
            raise Rejected(403, "plain message, but an AES key is set")
        return self._unpack_body(query, body, now)

    def close(self, xml: str, query: Query) -> str:
        """The answer, sealed if the account is in safe mode."""
        if self._cipher is None:
            return xml
        sealed = self._cipher.encrypt(xml, self._app_id).decode()
        signature = self._sign(query.timestamp, query.nonce, sealed)
        return (
            f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{signature}]]></MsgSignature>"
            f"<TimeStamp>{query.timestamp}</TimeStamp>"
            f"<Nonce><![CDATA[{escape_cdata(query.nonce)}]]></Nonce></xml>"
        )

    def _unpack_body(self, query: Query, body: bytes, now: datetime) -> dict[str, str]:
        sealed = _fields(body).get("Encrypt", "")
        return _fields(self._unseal_text(sealed, query, now).encode())

    def _unseal_text(self, sealed: str, query: Query, now: datetime) -> str:
        assert self._cipher is not None, "only an account with a key unseals"
        self._check(query.msg_signature, query, now, sealed)
        try:
            return str(self._cipher.decrypt(sealed, self._app_id))
        except Exception:  # noqa: BLE001 - wechatpy raises a dozen kinds for what it cannot open
            raise Rejected(400, "cannot be opened") from None

    def _check(self, signature: str, query: Query, now: datetime, *more: str) -> None:
        if not (signature and query.timestamp and query.nonce and all(more)):
            raise Rejected(400, "parameters missing")
        right = self._sign(query.timestamp, query.nonce, *more)
        if not hmac.compare_digest(right.encode(), signature.encode("utf-8", "replace")):
            raise Rejected(403, "wrong signature")
        if abs(now.timestamp() - _seconds(query.timestamp)) > FRESH_FOR.total_seconds():
            raise Rejected(403, "stale timestamp")

    def _sign(self, *parts: str) -> str:
        """SHA-1 over the sorted parts, as the platform's document on message encryption says."""
        each = sorted([self._token, *(part.encode("utf-8", "replace") for part in parts)])
        return hashlib.sha1(b"".join(each)).hexdigest()  # noqa: S324 - the platform's choice


class WorkSeal(Seal):
    """An app's token and key at WeCom, which knows no plain messages."""

    def echo(self, query: Query, now: datetime) -> str:
        """What proves to WeCom that this is our address: its words, opened. Raises Rejected."""
        return self._unseal_text(query.echostr, query, now)

    def open(self, query: Query, body: bytes, now: datetime) -> dict[str, str]:
        """The fields of the message in the body. Raises Rejected."""
        return self._unpack_body(query, body, now)


class _Cipher(PrpCrypto):  # type: ignore[misc]
    """wechatpy's, made once: its own entry points set up AES anew for every message."""

    def __init__(self, aes_key: str) -> None:
        super().__init__(base64.b64decode(f"{aes_key}="))

    def get_random_string(self) -> str:
        # CBC with a fixed IV hides equal messages only as well as these 16 bytes are random.
        return secrets.token_hex(8)


def _fields(xml: bytes) -> dict[str, str]:
    try:
        return read(xml)
    except XmlError as error:
        raise Rejected(400, f"bad XML: {error}") from None


def _seconds(timestamp: str) -> int:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Rejected(400, "bad timestamp")
    return int(timestamp)
