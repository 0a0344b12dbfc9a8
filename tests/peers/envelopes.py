"""Seals and opens WeChat messages with implementations that nobody here wrote."""

import hashlib
import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

HERE = Path(__file__).parent
TOKEN = "exchange-day-token-8c1d"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
APP_ID = "wx1234567890abcdef"


@dataclass(frozen=True)
class Letter:
    """One webhook request: its query string and its body."""

    query: dict[str, str]
    body: bytes


class Envelope(Protocol):
    """One implementation of the platform's message encryption."""

    name: str

    def seal(self, xml: str, timestamp: str, nonce: str) -> tuple[str, str]:
        """The sealed text and its signature."""
        ...

    def open(self, sealed: str, signature: str, timestamp: str, nonce: str) -> str:
        """The XML; AssertionError when the signature or the account is wrong."""
        ...


class Wework:
    """PyPI weworkapi: the platform's own sample code."""

    name = "weworkapi"

    def __init__(self, receiver: str = APP_ID) -> None:
        # The sample imports a name that Python dropped in 3.9; the module behind it is the same.
        sys.modules.setdefault("xml.etree.cElementTree", ET)
        from weworkapi.WXBizMsgCrypt3 import WXBizMsgCrypt

        self._crypt: Any = WXBizMsgCrypt(TOKEN, AES_KEY, receiver)

    def seal(self, xml: str, timestamp: str, nonce: str) -> tuple[str, str]:
        """The sealed text and its signature."""
        code, envelope = self._crypt.EncryptMsg(xml, nonce, timestamp)
        assert code == 0
        fields = flat(envelope)
        return fields["Encrypt"], fields["MsgSignature"]

    def open(self, sealed: str, signature: str, timestamp: str, nonce: str) -> str:
        """The XML."""
        body = f"<xml><Encrypt>{sealed}</Encrypt></xml>"
        code, xml = self._crypt.DecryptMsg(body, signature, timestamp, nonce)
        assert code == 0, code
        return str(xml.decode())


class Node:
    """An npm package, run by Node."""

    def __init__(self, name: str, receiver: str = APP_ID) -> None:
        self.name = name
        self._receiver = receiver

    @property
    def missing(self) -> str:
        """Why it cannot be used here; empty when it can."""
        if shutil.which("node") is None:
            return "no Node here"
        found = (HERE / "node_modules" / self.name).is_dir()
        return "" if found else "not installed: npm ci in tests/peers"

    def seal(self, xml: str, timestamp: str, nonce: str) -> tuple[str, str]:
        """The sealed text and its signature."""
        told = self._run(text=xml, timestamp=timestamp, nonce=nonce)
        return told["sealed"], told["signature"]

    def open(self, sealed: str, signature: str, timestamp: str, nonce: str) -> str:
        """The XML."""
        told = self._run(sealed=sealed, timestamp=timestamp, nonce=nonce)
        assert told["signature"] == signature
        assert told["id"] == self._receiver
        return told["text"]

    def _run(self, **ask: str) -> dict[str, str]:
        given = {"token": TOKEN, "key": AES_KEY, "id": self._receiver, **ask}
        command = ["node", "--no-deprecation", str(HERE / "envelope.js"), self.name]
        done = subprocess.run(
            command, input=json.dumps(given), capture_output=True, text=True, check=True, timeout=30
        )
        told: dict[str, str] = json.loads(done.stdout)
        return told


def seal_letter(envelope: Envelope, xml: str, timestamp: str, nonce: str = "n0nce7") -> Letter:
    """A request as WeChat makes it in safe mode."""
    sealed, signature = envelope.seal(xml, timestamp, nonce)
    query = {
        "signature": sign(timestamp, nonce),
        "msg_signature": signature,
        "timestamp": timestamp,
        "nonce": nonce,
        "encrypt_type": "aes",
        "openid": "o-somebody",
    }
    to = "<ToUserName><![CDATA[gh_0123456789ab]]></ToUserName>"
    body = f"<xml>{to}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return Letter(query, body.encode())


def work_letter(envelope: Envelope, xml: str, timestamp: str, nonce: str = "n0nce7") -> Letter:
    """A request as WeCom makes it."""
    sealed, signature = envelope.seal(xml, timestamp, nonce)
    query = {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}
    body = f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt><AgentID><![CDATA[1]]></AgentID></xml>"
    return Letter(query, body.encode())


def echo_query(envelope: Envelope, words: str, timestamp: str) -> dict[str, str]:
    """The question with which WeCom checks an address."""
    sealed, signature = envelope.seal(words, timestamp, "n0nce7")
    return {
        "msg_signature": signature,
        "timestamp": timestamp,
        "nonce": "n0nce7",
        "echostr": sealed,
    }


def plain_letter(xml: str | bytes, timestamp: str, nonce: str = "n0nce7") -> Letter:
    """A request as WeChat makes it in plain mode."""
    query = {"signature": sign(timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    return Letter(query, xml.encode() if isinstance(xml, str) else xml)


def open_answer(envelope: Envelope, answer: bytes) -> dict[str, str]:
    """The fields of a sealed answer."""
    outer = flat(answer.decode())
    parts = (outer["Encrypt"], outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"])
    return flat(envelope.open(*parts))


def sign(*parts: str) -> str:
    """The platform's signature over token, timestamp, nonce (and more)."""
    return hashlib.sha1("".join(sorted([TOKEN, *parts])).encode()).hexdigest()


def flat(xml: str) -> dict[str, str]:
    """The fields right under the root."""
    return {element.tag: element.text or "" for element in ET.fromstring(xml)}
