"""The elements of a leaf: what number one holds, and of what type the next must be."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradviz.graph.document import GraphError, Node


def number_of(node: Node) -> float:
    """The real number that a leaf of one element holds."""
    return float(np.asarray(node.setting("data")))


def whole_type(node: Node) -> np.dtype[Any] | None:
    """The type of a leaf that holds whole numbers only; None of one that takes fractions."""
    held, stated = np.asarray(node.setting("data")).dtype, node.setting("dtype")
    turned = stated is not None and stated.numpy.kind in "fc"
    return held if held.kind in "iu" and not turned else None


def type_for(node: Node, number: float) -> np.dtype[Any]:
    """The type in which a leaf takes a number; GraphError where it cannot hold it."""
    held = np.asarray(node.setting("data")).dtype
    whole = float(number).is_integer()
    if held.kind not in "iu":
        return held
    if whole_type(node) is None:
        return held if whole else node.setting("dtype").numpy
    if not whole:
        raise GraphError(
            f"'{node.name}' is {held.name}, which holds whole numbers only: "
            "choose another dtype first"
        )
    ends = np.iinfo(held)
    if not ends.min <= number <= ends.max:
        raise GraphError(
            f"'{node.name}' is {held.name}, which holds {ends.min} to {ends.max} only: "
            "choose another dtype first"
        )
    return held
