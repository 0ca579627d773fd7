"""How elements lie in memory, and the words by which a maker of tensors is told so.

There is one layout here, so the words change nothing; what is no word is refused all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradviz.tensor.device import check_device


class layout:
    """How elements lie in memory: ``strided``, which all tensors are."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"torch.{self._name}"


class memory_format(layout):
    """In which order elements lie: accepted wherever PyTorch takes one, and without effect."""

    __slots__ = ()


strided = layout("strided")
contiguous_format = memory_format("contiguous_format")
preserve_format = memory_format("preserve_format")
channels_last = memory_format("channels_last")
channels_last_3d = memory_format("channels_last_3d")

KINDS: dict[str, tuple[type, str]] = {
    "layout": (layout, "torch.layout"),
    "memory_format": (memory_format, "torch.memory_format"),
    "pin_memory": (bool, "bool"),
}
WORDS = ("device", *KINDS)
"""The keywords by which PyTorch is told where a new tensor goes, and in which order."""


def misplaced(word: str, value: Any) -> str:
    """What is wrong with the value of one of :data:`WORDS`; nothing where it is right."""
    if value is None:
        return ""
    if word == "device":
        check_device(value)
        return ""
    kind, title = KINDS[word]
    wrong = f"argument '{word}' must be {title}, not {type(value).__name__}"
    return "" if isinstance(value, kind) else wrong


def check_words(given: Mapping[str, Any]) -> None:
    """Refuse keywords that say nothing of where a new tensor goes, and what is no place."""
    for word, value in given.items():
        if word not in WORDS:
            raise TypeError(f"got an unexpected keyword argument '{word}'")
        wrong = misplaced(word, value)
        if wrong:
            raise TypeError(wrong)
