"""Gradient rules: from the text an operation shows to the function that runs."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from gradviz.ops.axes import count, numel, terms
from gradviz.ops.classification import class_dim, one_class_each, over_classes
from gradviz.ops.dims import as_sizes
from gradviz.ops.dual import dual, plain
from gradviz.ops.einsum import einsum_gradients
from gradviz.ops.linear_gradients import LINEAR_GRADIENTS
from gradviz.ops.moving import repeat_dims, repeats_apart
from gradviz.ops.reducing_gradients import REDUCING_GRADIENTS
from gradviz.ops.spec import Op, Shape
from gradviz.ops.table import OPS


class CompiledRule(NamedTuple):
    """A rule ready to run: ``function(*values of names)``."""

    function: Callable[..., Any]
    names: tuple[str, ...]


class RuleNames(Mapping[str, Any]):
    """What a rule's text may name: operations (``max_dim`` for ``max.dim``), and helpers."""

    def __init__(
        self, ops: Mapping[str, Op], helpers: Mapping[str, Any], as_function: Callable[[Op], Any]
    ) -> None:
        self._as_function = as_function
        self._ops = {name.replace(".", "_"): op for name, op in ops.items()}
        self._helpers = helpers
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name in self._helpers:
            return self._helpers[name]
        if name not in self._made:
            self._made[name] = self._as_function(self._ops[name])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._ops, **self._helpers})

    def __len__(self) -> int:
        return len({**self._ops, **self._helpers})


HELPERS: dict[str, Any] = {
    "broadcast_shapes": np.broadcast_shapes, "class_dim": class_dim, "count": count,
    "einsum_gradients": einsum_gradients, "repeat_dims": repeat_dims,
    "repeats_apart": repeats_apart, "sizes": as_sizes,
    "float": float, "inf": float("inf"), "len": len, "nan": float("nan"), "numel": numel,
    "one_class_each": one_class_each, "over_classes": over_classes, "range": range,
    "terms": terms, "tuple": tuple, "zip": zip,
    **LINEAR_GRADIENTS, **REDUCING_GRADIENTS,
}  # fmt: skip
RULE_NAMES = RuleNames(OPS, HELPERS, dual)
PLAIN_NAMES = RuleNames(OPS, HELPERS, plain)
"""The same for a rule that is given arrays and numbers alone."""


def rule_parameters(op: Op) -> frozenset[str]:
    """The names a rule of ``op`` can ask for."""
    ports = [p.name for p in op.ports]
    shapes = [f"{p}_shape" for p in ports]
    settings = [a.name for a in op.attrs]
    given = ["g", "gs", "out", "out_shape", "out_shapes", "aside"]
    return frozenset([*given, *op.outputs, *ports, *shapes, *settings])


@cache
def name_sources(op: Op) -> Mapping[str, tuple[str, int]]:
    """Where a record of ``op`` finds the value of each name: a kind of place and an index."""
    found = {"g": ("upstream", 0), "gs": ("upstreams", 0), "aside": ("aside", 0)}
    found |= {"out_shape": ("out_shape", 0), "out_shapes": ("out_shapes", 0)}
    found |= {name: ("output", i) for i, name in enumerate(op.outputs)} | {"out": ("output", 0)}
    for i, port in enumerate(op.ports):
        found[f"{port.name}_shape"] = ("shapes" if port.variadic else "shape", i)
        found[port.name] = ("members" if port.variadic else "saved", i)
    return found | {a.name: ("setting", i) for i, a in enumerate(op.attrs)}


def rule_value(
    op: Op, name: str, flat: Sequence[Any], outputs: Sequence[Any], upstreams: Sequence[Any],
    attrs: Mapping[str, Any],
) -> Any:  # fmt: skip
    """What a name of ``op``'s rules stands for in a call that is taken down, not run.

    ``flat``: the inputs, those of a variadic port one after the other; ``upstreams``: what arrived
    at each of the ``outputs``, None where nothing did. All that is no number has a shape and type.
    """
    kind, index = name_sources(op)[name]
    if kind == "upstream":
        given, output = upstreams[index], outputs[index]
        return np.zeros(output.shape, output.dtype) if given is None else given
    if kind == "upstreams":
        return tuple(upstreams)
    if kind == "aside":
        return None
    if kind == "output":
        return outputs[index]
    if kind == "setting":
        return attrs[name]
    if kind in ("members", "shapes"):
        members = tuple(flat[index:])
        return members if kind == "members" else tuple(map(shape_of, members))
    if kind in ("saved", "shape"):
        value = flat[index] if index < len(flat) else None
        return value if kind == "saved" else shape_of(value)
    return outputs[0].shape if kind == "out_shape" else tuple(v.shape for v in outputs)


def shape_of(value: Any) -> Shape:
    """The shape of an input of a call; that of a number, or of none, is ()."""
    return tuple(getattr(value, "shape", ()))


def names_in(text: str) -> frozenset[str]:
    """Every name that an expression reads without having given it a value itself."""
    names = [n for n in ast.walk(ast.parse(text, mode="eval")) if isinstance(n, ast.Name)]
    given = {n.id for n in names if isinstance(n.ctx, ast.Store)}
    return frozenset(n.id for n in names) - given


def compile_text(op: Op, text: str, namespace: Mapping[str, Any]) -> CompiledRule:
    """The function that evaluates a shown rule; ``text`` comes from our own op table only."""
    used = names_in(text)
    names = tuple(sorted(used & rule_parameters(op)))
    scope = {name: namespace[name] for name in used - set(names) if name in namespace}
    unknown = used - set(names) - set(scope)
    if unknown:
        raise NameError(f"the gradient rule '{text}' of {op.name} names unknown {sorted(unknown)}")
    scope["__builtins__"] = {}
    source = f"lambda {', '.join(names)}: {text}"
    return CompiledRule(eval(compile(source, f"<rule of {op.name}>", "eval"), scope), names)


@cache
def compiled_rule(op: Op, port: int, arrays_alone: bool = False) -> CompiledRule | None:
    """The running rule of one port of ``op``; None where no gradient flows."""
    described = op.ports[port]
    if described.rule is not None:
        names = tuple(inspect.signature(described.rule).parameters)
        unknown = set(names) - rule_parameters(op)
        if unknown:
            raise NameError(f"the rule of {op.name}.{described.name} asks for {sorted(unknown)}")
        return CompiledRule(described.rule, names)
    if described.grad is None:
        return None
    return compile_text(op, described.grad, PLAIN_NAMES if arrays_alone else RULE_NAMES)
