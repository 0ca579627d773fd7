"""What a text asks for, before it is compared with a graph: nodes without ids or places."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradviz.ops.creation import ORIGIN, SLIDER
from gradviz.ops.dtypes import get_default_dtype
from gradviz.ops.spec import Array, Op

LEAF = "tensor"
UNSAID = (*SLIDER, *ORIGIN)
"""Settings of a leaf of which no text says anything."""
Number = bool | int | float


@dataclass(frozen=True, slots=True)
class Ref:
    """An output of a draft, by the draft's place in its sketch."""

    draft: int
    output: int = 0


@dataclass(slots=True)
class Draft:
    """A node as a text describes it.

    ``name`` is None where the text gives none. ``kept`` names the settings that an existing
    node keeps, because the text says nothing about them; ``free`` marks a name that the text
    only reads, whose node stays whatever it is if it is a leaf. ``exact`` are a leaf's elements
    as typed, for a node whose type holds more digits. ``at`` is where in the text it stands.
    """

    op: str
    at: ast.AST
    name: str | None = None
    attrs: dict[str, Any] = field(default_factory=dict[str, Any])
    inputs: dict[int, Ref] = field(default_factory=dict[int, Ref])
    literals: dict[int, Number] = field(default_factory=dict[int, Number])
    kept: tuple[str, ...] = ()
    free: bool = False
    exact: Any = None


@dataclass(slots=True)
class Sketch:
    """All drafts, each after those it reads; ``output`` is the last line's, or that of an explicit
    ``backward()`` (then ``explicit``)."""

    drafts: list[Draft] = field(default_factory=list[Draft])
    output: int | None = None
    explicit: bool = False

    def add(self, draft: Draft) -> int:
        """Put a draft at the end; its place."""
        self.drafts.append(draft)
        return len(self.drafts) - 1


def scalar(value: Number) -> Array:
    """A number as a leaf holds it."""
    return np.array(value, get_default_dtype().numpy)


def is_generated(name: str, op: Op) -> bool:
    """Whether a name is only the operation's, with or without a number (``mul``, ``mul3``)."""
    return re.fullmatch(rf"{re.escape(op.base_name)}_?\d*", name) is not None


def effective_literals(
    op: Op, literals: Mapping[int, Number], wired: set[int]
) -> dict[int, Number]:
    """The numbers on an operation's ports, those included that stand there by default."""
    defaults = {
        i: port.default
        for i, port in enumerate(op.ports)
        if port.default is not None and i not in wired
    }
    return {**defaults, **literals}
