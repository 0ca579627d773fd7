"""The source of random numbers as programs see it: seeded, saved and restored as PyTorch's is."""

from __future__ import annotations

import secrets
import struct
from typing import Any

import numpy as np

from gradviz.ops.twister import Twister
from gradviz.tensor.device import check_device, device
from gradviz.tensor.tensor import Tensor

DEFAULT_SEED = 67280421310721
CPU = device("cpu")
WORDS = 624
LAYOUT = struct.Struct("<QiiQ624Qdddi4xfB3x")
"""PyTorch's saved state: seed, words left, whether seeded, next word, words, a kept normal."""


class Generator(Twister):
    """A stream of random numbers of its own; ``manual_seed`` starts it anew.

    See https://docs.pytorch.org/docs/stable/generated/torch.Generator.html.
    """

    def __init__(self, device: object = "cpu") -> None:
        check_device(device)
        super().__init__(DEFAULT_SEED)
        self._seed = DEFAULT_SEED

    @property
    def device(self) -> device:
        """Where its numbers come to be."""
        return CPU

    def manual_seed(self, seed: int) -> Generator:
        """Start anew from ``seed``, of which the low 32 bits count; the generator itself."""
        seed = int(seed)
        if not -(1 << 63) <= seed < 1 << 64:
            raise ValueError("Overflow when unpacking long long")
        self._seed = seed % (1 << 64)
        self.start(self._seed)
        return self

    def seed(self) -> int:
        """Start anew from a number that nobody chose; that number."""
        self.manual_seed(secrets.randbits(64))
        return self._seed

    def initial_seed(self) -> int:
        """The number it was last started from."""
        return self._seed

    def get_state(self) -> Tensor:
        """All of its state as bytes, in PyTorch's own layout."""
        state: Any = self._bits.state["state"]
        position = int(state["pos"])
        following = 0 if self._fresh else position
        kept = self.kept_normal
        packed = LAYOUT.pack(
            self._seed, WORDS + 1 - position, 1, following, *state["key"].tolist(),
            0.0, 0.0 if kept is None else kept, 0.0, int(kept is not None), 0.0, 0,
        )  # fmt: skip
        return Tensor.wrap(np.frombuffer(packed, np.uint8).copy())

    def set_state(self, new_state: Tensor) -> None:
        """Take up where a state from :meth:`get_state` left off."""
        array = getattr(new_state, "array", None)
        if array is None or array.dtype != np.uint8:
            raise TypeError("RNG state must be a torch.ByteTensor")
        if array.size != LAYOUT.size:
            raise RuntimeError(
                f"Expected a CPUGeneratorImplState of size {LAYOUT.size} but found the input RNG "
                f"state size to be {array.size}"
            )
        seed, left, _, following, *rest = LAYOUT.unpack(array.tobytes())
        key = np.array(rest[:WORDS], np.uint32)
        _, kept, _, valid = rest[WORDS : WORDS + 4]
        self._seed = seed
        self._fresh = following == 0
        self._bits.state = {
            "bit_generator": "MT19937", "state": {"key": key, "pos": WORDS + 1 - left},
        }  # fmt: skip
        self.kept_normal = kept if valid else None

    def clone_state(self) -> Generator:
        """Another that goes on as this one would."""
        other = Generator()
        other.set_state(self.get_state())
        return other


default_generator = Generator()
