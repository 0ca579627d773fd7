"""The Mersenne Twister as PyTorch seeds and reads it: where all random numbers come from.

Matsumoto and Nishimura 1998. NumPy has the same one; its raw 32-bit words are PyTorch's.
"""

from __future__ import annotations

import numpy as np

from gradviz.ops.spec import Array

MASK_32 = 0xFFFF_FFFF


class Twister:
    """A stream of random words, started from a seed of which the low 32 bits count."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.MT19937()
        self.kept_normal: float | None = None
        """The second of the last pair of normal numbers, where it is yet to be used."""
        self._fresh = True
        self.start(seed)

    def start(self, seed: int) -> None:
        """Start anew from ``seed``."""
        self._bits._legacy_seeding(seed & MASK_32)  # pyright: ignore[reportAttributeAccessIssue, reportPrivateUsage, reportUnknownMemberType]
        self.kept_normal = None
        self._fresh = True

    def words(self, count: int) -> Array:
        """The next ``count`` words of 32 bits, as ``uint64``."""
        if count:
            self._fresh = False
        return self._bits.random_raw(count)

    def long_words(self, count: int) -> Array:
        """The next ``count`` words of 64 bits; the first half of each is its upper."""
        halves = self.words(2 * count)
        return (halves[0::2] << np.uint64(32)) | halves[1::2]
