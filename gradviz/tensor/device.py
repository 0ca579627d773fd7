"""The one place where tensors live, under the name programs written for PyTorch give it."""

from __future__ import annotations


class device:
    """Where a tensor lives: always ``device("cpu")``; any other is refused."""

    __slots__ = ("index", "type")

    def __init__(self, type: str | device, index: int | None = None) -> None:
        name, _, number = str(type).partition(":")
        if name != "cpu":
            raise RuntimeError(f"there is one device, 'cpu', and not '{type}'")
        self.type = name
        self.index = int(number) if number else index

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __repr__(self) -> str:
        return f"device(type='{self.type}'" + (
            ")" if self.index is None else f", index={self.index})"
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


def check_device(place: object) -> None:
    """Refuse what is no device, and devices other than the processor."""
    device(str(place))
