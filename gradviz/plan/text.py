"""The text of a plan while it is written: its lines, and what the names in them stand for."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Line(NamedTuple):
    """A line with the node whose work it does, and what is to be said of how."""

    code: str
    node: str = ""
    note: str = ""

    def __str__(self) -> str:
        about = f"{self.node} ({self.note})" if self.note else self.node
        return f"{self.code}  # {about}" if about else self.code


class Text:
    """Lines, each with the node it belongs to, and the things made beforehand that they use."""

    def __init__(self) -> None:
        self.fixtures: dict[str, str] = {}
        self.scope: dict[str, Any] = {}
        self.header: list[str] = []
        self.lines: list[Line] = []
        self.counts: dict[str, int] = {}

    def name(self, letter: str) -> str:
        """A new name."""
        count = self.counts[letter] = self.counts.get(letter, -1) + 1
        return f"{letter}{count}"

    def put(self, text: str, node: str, note: str = "") -> None:
        """Add a line."""
        self.lines.append(Line(text, node, note))

    def array(self, letter: str, array: Any, about: str) -> str:
        """A name for an array, or another thing made beforehand, that the lines use."""
        name = self.name(letter)
        self.scope[name] = array
        self.header.append(f"# {name}: {about}")
        return name

    def fixed(self, number: Any) -> str:
        """A name for a constant number with a type of its own."""
        key = repr(number)
        if key not in self.fixtures:
            self.fixtures[key] = self.array("c", number, key.removeprefix("np."))
        return self.fixtures[key]

    def function(self, kind: str) -> str:
        """NumPy's function of this name."""
        self.scope.setdefault(kind, getattr(np, kind))
        return kind

    def ufunc(self, ufunc: np.ufunc, method: str) -> str:
        """A method of one of NumPy's functions as a name."""
        name = f"{ufunc.__name__}_{method}"
        self.scope.setdefault(name, getattr(ufunc, method))
        return name
