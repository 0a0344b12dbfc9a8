"""Hashes of the chain: leaves, the tree over one week's leaves, and the root that links the weeks.

The tree is that of RFC 6962 (Certificate Transparency), section 2.1: SHA-256, leaves under 0x00,
nodes under 0x01, so that no leaf can be passed off as a node. A week's root is
SHA-256(0x02 ‖ the root before ‖ the tree's hash ‖ how many leaves there are in all, 8 bytes).
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256

SIZE = 32
"""Bytes of a hash."""
START = bytes(SIZE)
"""The root before the first one."""
_LEAF, _NODE, _ROOT = b"\x00", b"\x01", b"\x02"


def hash_leaf(data: bytes) -> bytes:
    """The leaf of one entry."""
    return sha256(_LEAF + data).digest()


def hash_tree(leaves: Sequence[bytes]) -> bytes:
    """The hash of the tree over these leaves; of none: SHA-256 of nothing."""
    if not leaves:
        return sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        level = list(_pair_up(level))
    return level[0]


def build_path(leaves: Sequence[bytes], place: int) -> list[tuple[bool, bytes]]:
    """What stands beside one leaf on its way to the top: whether it stands on the right, and its
    hash. Raises IndexError for a place where no leaf is."""
    if not 0 <= place < len(leaves):
        raise IndexError(place)
    level, path = list(leaves), []
    while len(level) > 1:
        beside = place ^ 1
        if beside < len(level):
            path.append((beside > place, level[beside]))
        level = list(_pair_up(level))
        place //= 2
    return path


def climb(leaf: bytes, path: Sequence[tuple[bool, bytes]]) -> bytes:
    """The hash of the tree as it follows from one leaf and what stands beside it."""
    for on_the_right, beside in path:
        leaf = _hash_node(leaf, beside) if on_the_right else _hash_node(beside, leaf)
    return leaf


def hash_root(before: bytes, tree: bytes, size: int) -> bytes:
    """The root that is published: it stands for every leaf so far, `size` of them."""
    return sha256(_ROOT + before + tree + size.to_bytes(8, "big")).digest()


def _pair_up(level: Sequence[bytes]) -> Iterator[bytes]:
    # An odd one out goes up as it is: for a row of leaves this is the tree of RFC 6962.
    for place in range(0, len(level) - 1, 2):
        yield _hash_node(level[place], level[place + 1])
    if len(level) % 2:
        yield level[-1]


def _hash_node(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()
