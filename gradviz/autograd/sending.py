"""What a record sends on in a backward pass, written out for each operation when first needed.

A pass asks the same of every record, and on small arrays the asking takes longer than the
gradients. So the rules of all inputs that need a gradient, and the delivery of what these give, are
one function without loops: it does what :func:`gradviz.autograd.steps.propagate` does at length,
for a pass that goes everywhere and is not recorded, of a record without hooks.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Sequence
from heapq import heappush
from typing import Any

import numpy as np
from numpy import ndarray

from gradviz.autograd.reading import SCOPE, expression, running_rule
from gradviz.ops.dual import by_product, ones, sum_to_shape
from gradviz.ops.rules import compiled_rule
from gradviz.ops.spec import Array, Op

Sender = Callable[[Any, list[Any], Any], Sequence[Any]]
"""Takes a record, the gradients that arrived at its outputs and the pass.

It gives what each input gets, or nothing where the pass does not list that.
"""

BEGIN = """
def send(record, upstream, state):
    saved = record.saved
    if saved is None:
        record.check_kept()
    for counter, expected, _ in record.versions:
        if counter[0] != expected:
            record.check_kept()
    arrived, parents = state.arrived, record.parents
    shapes, kinds = record.shapes, record.dtypes
    sent = [] if state.listed else None"""

READ = """
    {name} = {value}"""

SEND = """
    raw = {rule}
    if raw is not None:
        value, shape, kind = raw, shapes[{i}], kinds[{i}]
        if type(raw) is not ndarray or raw.dtype is not kind or raw.shape != shape:
            if shape or type(raw) is not kind.type:
                value = fit_array(raw, shape, kind)
        parent = parents[{i}]
        node, output = parent
        slots = arrived.get(node)
        if slots is not None:
            total = slots[output]
            total = slots[output] = value if total is None else total + value
        else:
            total = value
            if node.sequence:
                slots = arrived[node] = [None] * len(node.out_shapes)
                slots[output] = value
                heappush(state.queue, (-node.sequence, node))
            else:
                arrived[node] = [value]
                state.leaves.append(node)
        if sent is not None:
            sent.append(({i}, parent, raw, value, total))"""
"""As :meth:`gradviz.autograd.steps.Pass.deliver`; leaves were not recorded, and have no number."""

OWN = frozenset([
    "arrived", "kind", "kinds", "node", "output", "parent", "parents", "raw", "record", "saved",
    "sent", "shape", "shapes", "slots", "state", "total", "upstream", "value",
])  # fmt: skip
"""The names of the function's own, for which a rule must not read anything else."""


def sender_of(op: Op, ports: Sequence[int]) -> Sender:
    """What sends on the gradients of these ports of ``op``."""
    text = BEGIN
    scope: dict[str, Any] = {
        **SCOPE, "fit_array": fit_array, "heappush": heappush, "ndarray": ndarray,
    }  # fmt: skip
    known: set[str] = set()
    for i in ports:
        rule, shown = compiled_rule(op, i, True), op.ports[i].grad
        if rule is None:
            continue
        given = shown is None or op.ports[i].rule is not None
        if not OWN.isdisjoint(rule.names if shown is None or given else words(shown)):
            scope[f"run{i}"] = running_rule(op, i, False)
            text += SEND.format(i=i, rule=f"run{i}(record, upstream)")
            continue
        for name in rule.names:
            if name not in known:
                value = expression(op, name, False).replace("record.saved", "saved")
                text += READ.format(name=name, value=value)
        known.update(rule.names)
        if given:
            scope[f"run{i}"] = rule.function
            text += SEND.format(i=i, rule=f"run{i}({', '.join(rule.names)})")
        else:
            scope = {**rule.function.__globals__, **scope}
            text += SEND.format(i=i, rule=shown)
    scope["__builtins__"] = builtins
    exec(compile(f"{text}\n    return sent or ()\n", f"<sender of {op.name}>", "exec"), scope)
    return scope["send"]


def words(text: str) -> set[str]:
    """Every name in an expression."""
    return {n.id for n in ast.walk(ast.parse(text, mode="eval")) if isinstance(n, ast.Name)}


def fit_array(value: Any, shape: tuple[int, ...], kind: Any) -> Any:
    """A gradient that is an array or a number, reduced to a broadcast shape and cast to a type.

    A NumPy number of the right type stays one: it computes at a tenth of the cost of an array.
    """
    if not shape and kind is not None and type(value) is kind.type:
        return value
    array: Array = value if type(value) is ndarray else np.asarray(value)
    given = array.shape
    if by_product(given, shape, array.dtype):
        array = ones(given[0], array.dtype).dot(array)
    elif given != shape:
        if given[len(given) - len(shape) :] != shape:
            array = np.broadcast_to(array, np.broadcast_shapes(given, shape))
        array = np.asarray(sum_to_shape(array, shape))
    return array if array.dtype is kind or array.dtype == kind else array.astype(kind)
