"""Finds the few names that are worth a closer look among a hundred thousand."""

import math
from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_EVERYWHERE = 16  # a gram in more than one name of so many tells nothing …
_FEW = 1_000  # … unless they are fewer than this


class GramIndex:
    """Which names contain which grams (any short strings); names are known by their slots.

    Grows by appending; a dropped slot is skipped, and its room is not used again. Not locked.
    """

    def __init__(self) -> None:
        self._slots_with: dict[str, array[int]] = {}
        self._alive = bytearray()

    def add(self, grams: Iterable[str]) -> int:
        """Put a name with these grams (each once) in and tell its slot: 0, 1, 2 …"""
        slot = len(self._alive)
        for gram in grams:
            self._slots_with.setdefault(gram, array("i")).append(slot)
        self._alive.append(1)
        return slot

    def drop(self, slot: int) -> None:
        """Let the name in `slot` be found no more."""
        self._alive[slot] = 0

    def shortlist(
        self, grams: Iterable[str], limit: int
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """At most `limit` slots that share most with `grams`, and how much each shares (0 to 1).

        Rare grams count for more: each weighs the logarithm of how few names have it.
        """
        weights = {gram: self._weight(gram) for gram in grams}
        shared = np.zeros(len(self._alive), np.float32)
        for gram, weight in weights.items():
            slots = self._slots_with.get(gram)
            if slots is not None and len(slots) <= max(_FEW, len(self._alive) // _EVERYWHERE):
                shared[np.frombuffer(slots.tobytes(), np.intc)] += weight
        shared *= np.frombuffer(bytes(self._alive), np.uint8)
        best = _largest(shared, limit)
        return best, shared[best] / np.float32(sum(weights.values()) or 1.0)

    def _weight(self, gram: str) -> float:
        return math.log1p(len(self._alive) / (1 + len(self._slots_with.get(gram, ()))))


def _largest(shared: NDArray[np.float32], limit: int) -> NDArray[np.intp]:
    found = np.flatnonzero(shared)
    if len(found) <= limit:
        return found
    return found[np.argpartition(shared[found], len(found) - limit)[len(found) - limit :]]
