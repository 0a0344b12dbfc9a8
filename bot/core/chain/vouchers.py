"""A voucher (凭据): an enterprise's own proof of one promise or one closed issue.

Its code is a hash of what was promised, given when it was promised: whoever has the code can tell
whether the same words and days are shown to them later. Once the week's root is published, the
voucher also proves that it was in the chain then.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from bot.core.chain.entries import canonical

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is taken for a digit."""
LENGTH = 16
"""Characters of a code: 80 bits."""
ORDER = (
    *("number", "who", "what", "title", "due", "first_due", "made_at"),
    *("filed_at", "solve_due", "resolved_at", "closed_at", "stars"),
)
"""What vouchers say, in the order in which it is read."""
_MISREAD = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class Proof:
    """How a voucher's entry leads to a published root: what the entry says, `path` what stands
    beside it, `before` the root before, `size` how many entries there were in all."""

    ref: int
    subject: str
    at: datetime
    words: bytes
    path: Sequence[tuple[bool, bytes]]
    before: bytes
    size: int


def build_code(salt: bytes, facts: Mapping[str, Any]) -> str:
    """The code of what a voucher says, 16 characters without hyphens."""
    return encode(sha256(b"voucher" + salt + canonical(facts)).digest())


def encode(digest: bytes) -> str:
    """The first 80 bits of a hash as people read them, without hyphens."""
    bits = int.from_bytes(digest[: LENGTH * 5 // 8], "big")
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(LENGTH)))


def group(code: str) -> str:
    """A code as it is printed: K7QF-2M9P-8T4W-6D3C."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def read_code(words: str) -> str | None:
    """The code that was typed, whatever its case and hyphens; None when it is none."""
    code = "".join(letter for letter in words.upper() if letter.isalnum()).translate(_MISREAD)
    right = len(code) == LENGTH and set(code) <= set(ALPHABET)
    return code if right else None


def dump_voucher(salt: bytes, facts: Mapping[str, Any], proof: Proof | None) -> str:
    """All that a page needs to check it, in letters that survive a chat."""
    whole: dict[str, Any] = {"salt": _spell(salt), "facts": facts}
    if proof is not None:
        steps = b"".join(bytes((right,)) + beside for right, beside in proof.path)
        whole |= {
            "ref": proof.ref,
            "subject": proof.subject,
            "at": json.loads(canonical(proof.at)),
            "words": _spell(proof.words),
            "path": _spell(steps),
            "before": _spell(proof.before),
            "size": proof.size,
        }
    return _spell(json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode())


def _spell(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")
