"""What nodes are found by: name, operation, shape, value, and how they stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gradviz.graph.evaluate import Evaluation
from gradviz.numbers import full, shape_text, short

MOST_NUMBERS = 64
"""Tensors up to this size are found by any of their numbers."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a node is found by.

    ``words``: its operation and how it stands, as one asks for it (``requires grad``, ``has
    error``). ``shape`` is empty where it has no value; ``numbers`` are in short and whole.
    """

    node: str
    name: str
    words: tuple[str, ...]
    shape: str = ""
    numbers: tuple[str, ...] = ()
    value: str = ""
    """Its value, where that is a single number."""


def known(evaluation: Evaluation, node_id: str) -> Known:
    """What the node is found by now."""
    node, result = evaluation.graph.node(node_id), evaluation.results[node_id]
    words = [node.op, *(["parameter"] if node.is_parameter else [])]
    if not result.ok:
        words.append("has error" if result.error else "waits" if result.waiting else "needs input")
        return Known(node_id, node.name, tuple(words))
    array = result.value.array
    words += ["requires grad" if result.value.requires_grad else "no grad", str(array.dtype)]
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        words.append("has nan" if np.isnan(array).any() else "has inf")
    listed = array.reshape(-1)[: MOST_NUMBERS if array.size <= MOST_NUMBERS else 0]
    numbers = dict.fromkeys(text for x in listed for text in (short(x), full(x)))
    return Known(
        node_id, node.name, tuple(words), shape_text(array.shape), tuple(numbers),
        short(array.reshape(-1)[0]) if array.ndim == 0 else "",
    )  # fmt: skip


def number_fits(typed: str, numbers: tuple[str, ...]) -> bool:
    """Whether what was typed is how one of the numbers begins, in either minus sign."""
    wanted = typed.replace("-", "\N{MINUS SIGN}")
    return any(n.replace("-", "\N{MINUS SIGN}").startswith(wanted) for n in numbers)
