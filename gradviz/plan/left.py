"""What of a document no plan follows when it changes, and why: that stays with the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import numpy as np

from gradviz.graph.document import Graph, Node
from gradviz.graph.evaluate import Evaluation
from gradviz.ops.creation import ORIGIN, SLIDER
from gradviz.plan.keeping import VALUE, alike

WHOLE = "whole numbers or truth values, which shapes and indices may depend on"
SETTING = "numbers typed in or set at an operation, which the program is written for"
STATES = (*SLIDER, *ORIGIN, "requires_grad", "dtype")
"""Settings of a leaf that are no numbers of the program."""


def left_to_engine(graph: Graph, evaluation: Evaluation) -> dict[str, str]:
    """By name, the nodes of which a change of a number goes to the engine, and why.

    Also those that have no value: whatever comes of them, the engine finds it.
    """
    found: dict[str, str] = {}
    for node_id in graph.order():
        node = graph.node(node_id)
        reasons = list(reasons_of(node, evaluation))
        if reasons:
            found[node.name] = "; ".join(reasons)
    return found


def reasons_of(node: Node, evaluation: Evaluation) -> Iterator[str]:
    """Why a node's changes are for the engine; nothing where a plan follows them."""
    result = evaluation.results.get(node.id)
    if result is not None and result.error is not None:
        yield "in error"
    elif result is not None and not result.ok:
        yield "without a value, for want of inputs"
    if not node.spec.ports:
        if VALUE in node.attrs and kind_of(node.attrs[VALUE]) != "f":
            yield WHOLE
        given = [v for k, v in node.attrs.items() if k not in (VALUE, *STATES)]
        if any(is_number(value) for value in given):
            yield SETTING
    elif node.literals or any(is_number(value) for value in node.attrs.values()):
        yield SETTING


def is_number(value: object) -> bool:
    """Whether a setting is a number, or numbers, rather than a word or a choice."""
    if isinstance(value, (list, tuple)):
        several = cast(Sequence[object], value)
        return bool(several) and all(map(is_number, several))
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def kind_of(value: object) -> str:
    """The kind of a leaf's numbers, as NumPy has it."""
    return np.asarray(value).dtype.kind


def why_not_followed(pairs: Iterable[tuple[Node, Node]]) -> str:
    """Why no plan follows these changes of nodes' numbers; empty where other things changed."""
    for before, after in pairs:
        if before.op != after.op or before.computes_as(after):
            continue
        name, old, new = f"'{after.name}'", before.attrs.get(VALUE), after.attrs.get(VALUE)
        if after.spec.ports or old is None or new is None or old is new:
            return f"a setting of {name} is another"
        if not alike(old, new):
            return f"{name} has another shape or type"
        if kind_of(new) != "f":
            return f"{name} holds whole numbers or truth values"
        return f"a setting of {name} is another"
    return ""
