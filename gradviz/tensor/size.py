"""``Size``: a shape as PyTorch hands it out."""

from __future__ import annotations

import math


class Size(tuple[int, ...]):
    """The sizes of a tensor's dimensions; a tuple with ``numel``."""

    __slots__ = ()

    def numel(self) -> int:
        """How many elements a tensor of this shape has."""
        return math.prod(self)

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"
