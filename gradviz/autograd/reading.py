"""From a record to the values that its gradient rules name, and the rules run on them.

Where each name is found follows from the operation alone, so the reading of all of them and the
call of the rule are compiled into one function, once for each rule.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from gradviz.ops.rules import CompiledRule, compiled_rule, name_sources
from gradviz.ops.spec import Op

Reading = Callable[[Any, list[Any]], Any]
"""Reads something off a record and the gradients that arrived at its outputs."""

PLAIN = {
    "upstream": "filled(record, upstream, {0})", "upstreams": "tuple(upstream)",
    "members": "tuple(map(plain, record.saved[{0}:]))", "aside": "record.aside",
    "output": "record.out_arrays[{0}][0]", "setting": "record.attrs[{0!r}]",
    "shape": "record.shapes[{0}]", "shapes": "record.shapes[{0}:]",
    "out_shape": "record.out_shapes[0][0]",
    "out_shapes": "tuple([shape for shape, _ in record.out_shapes])",
}  # fmt: skip
RECORDED = PLAIN | {
    "saved": "record.saved[{0}]", "members": "record.saved[{0}:]",
    "output": "rebuilt(record, {0})", "aside": "None",
}  # fmt: skip
"""Where a rule finds a value of each kind: as an array, and as a tensor that records."""


def filled(record: Any, upstream: list[Any], index: int) -> Any:
    """The gradient that arrived at an output, zeros where none did."""
    arrived = upstream[index]
    return np.zeros(*record.out_shapes[index]) if arrived is None else arrived


def plain(value: Any) -> Any:
    """The array behind a tensor; a number as it is."""
    return getattr(value, "array", value)


def rebuilt(record: Any, index: int) -> Any:
    """An output that was kept, as a tensor."""
    array, rebuild = record.out_arrays[index]
    return rebuild(array, record, index)


SCOPE: dict[str, Any] = {"filled": filled, "plain": plain, "rebuilt": rebuilt}


def expression(op: Op, name: str, recorded: bool) -> str:
    """What gives the value of a name of ``op``'s rules, over ``record`` and ``upstream``."""
    kind, index = name_sources(op)[name]
    if kind == "upstream" and len(op.outputs) == 1:
        return "upstream[0]"
    if kind == "saved" and not recorded:
        return f'getattr(record.saved[{index}], "array", record.saved[{index}])'
    return (RECORDED if recorded else PLAIN)[kind].format(name if kind == "setting" else index)


def compiled(op: Op, text: str, **names: Any) -> Reading:
    """The function of a record and the gradients that arrived which gives ``text``."""
    source = f"lambda record, upstream: {text}"
    return eval(compile(source, f"<reading of {op.name}>", "eval"), {**SCOPE, **names})


def inlined(op: Op, text: str, rule: CompiledRule) -> Reading:
    """The function that reads what a shown rule names off a record of arrays, and evaluates it.

    One call instead of two: a rule on small arrays takes hardly longer than a call.
    """
    lines = [f"    {name} = {expression(op, name, False)}\n" for name in rule.names]
    source = f"def run(record, upstream):\n{''.join(lines)}    return {text}"
    scope: dict[str, Any] = {**rule.function.__globals__, **SCOPE, "__builtins__": builtins}
    exec(compile(source, f"<rule of {op.name}>", "exec"), scope)
    return scope["run"]


@cache
def running_rule(op: Op, port: int, recorded: bool) -> Reading | None:
    """The rule of a port, run on what it names: a gradient, or one for each variadic input.

    None where no gradient flows.
    """
    rule = compiled_rule(op, port, not recorded)
    if rule is None:
        return None
    text = op.ports[port].grad
    if op.ports[port].rule is None and text is not None and not recorded:
        return inlined(op, text, rule)
    values = ", ".join([expression(op, name, recorded) for name in rule.names])
    return compiled(op, f"rule({values})", rule=rule.function)


@cache
def reading(op: Op, name: str, recorded: bool) -> Reading:
    """What gives the value of one name of ``op``'s rules."""
    return compiled(op, expression(op, name, recorded))


class RuleValues:
    """The values that a record's gradient rules name."""

    __slots__ = ("record", "recorded", "upstream")

    def __init__(self, record: Any, upstream: list[Any], recorded: bool) -> None:
        self.record = record
        self.upstream = upstream
        self.recorded = recorded

    def apply(self, port: int) -> Any:
        """What the rule of ``port`` gives: a gradient, or one for each variadic input."""
        run = running_rule(self.record.op, port, self.recorded)
        return None if run is None else run(self.record, self.upstream)

    def value(self, name: str) -> Any:
        """The array, number, setting or (where recorded) tensor behind a name of a rule."""
        return reading(self.record.op, name, self.recorded)(self.record, self.upstream)
