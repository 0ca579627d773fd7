"""Calls within a formula: from a PyTorch name and its arguments to an operation.

The binding is the one that tensors are called with (:mod:`gradviz.tensor.binding`), given
stand-ins for the tensors, which have no values yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

import numpy as np

from gradviz.graph.limits import MAX_ELEMENTS, MAX_RANK
from gradviz.graph.sizes import elements as result_size
from gradviz.graph.sizes import sizes_count
from gradviz.graph.values import problem as setting_problem
from gradviz.ops.dtypes import dtype
from gradviz.ops.spec import REQUIRED, Array, Op
from gradviz.ops.table import OPS
from gradviz.program.errors import did_you_mean
from gradviz.program.sketch import Ref
from gradviz.tensor.binding import Mismatch, bind, overloads
from gradviz.tensor.create import elements_of
from gradviz.tensor.tensor import Tensor

PREFIXES = ("torch", "gv", "gradviz", "F", "nn", "math")
CONSTANT = (bool, int, float, list, tuple)
SPECIAL = {"Tensor": "tensor", "as_tensor": "tensor", "detach": "detach"}


class BadCall(ValueError):
    """A call that fits no operation, and what would."""


class Stand(Tensor):
    """A stand-in for a tensor whose value is not known while a text is read.

    ``ref``: the draft it is an output of; ``given``: a constant that has no draft yet. With
    neither it is a gap (``...``), a port to be wired later.
    """

    ref: Ref | None = None
    given: Array | None = None


# What people read in messages is PyTorch's word.
Stand.__name__ = "Tensor"


def stand(ref: Ref | None = None, data: Any = None, number: Any = None) -> Stand:
    """A stand-in; one for a plain ``number`` passes as that number where a setting is wanted."""
    made: Stand = Stand.wrap(np.zeros(1) if number is None else np.asarray(number))
    made.ref, made.given = ref, data
    return made


@cache
def function_names() -> Mapping[str, str]:
    """What may be called, and the base name of the operation meant."""
    base = {op.base_name: op.base_name for op in OPS.values()}
    aliases = {
        alias: op.base_name
        for op in OPS.values()
        for alias in op.aliases
        if alias.isidentifier() and alias not in base
    }
    return {**aliases, **{n: b for n, b in SPECIAL.items() if b in base}, **base}


@cache
def offered_names() -> frozenset[str]:
    """The names worth proposing: those that PyTorch has too."""
    return frozenset(
        n for n, base in function_names().items() if any(o.addable for o in overloads(base))
    )


@cache
def paths() -> Mapping[str, str]:
    """PyTorch's public paths without ``torch.``, and the base name of the operation there."""
    return {op.public_path.removeprefix("torch."): op.base_name for op in OPS.values()}


def function_called(name: str) -> str:
    """The base name behind ``sin``, ``torch.sin``, ``F.softmax``; :class:`BadCall` if none."""
    path = name.split(".")
    while len(path) > 1 and path[0] in PREFIXES:
        path = path[1:]
    if len(path) > 1 and path[0] not in ("functional", "linalg", "special", "Tensor"):
        raise BadCall(f"'{name}' is no function that a formula may call")
    found = paths().get(".".join(path)) or function_names().get(path[-1])
    if found is None:
        hint = did_you_mean(path[-1], offered_names())
        raise BadCall(f"there is no function '{path[-1]}'{hint}")
    return found


def called(
    name: str, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[Op, tuple[Any, ...], dict[str, Any]]:
    """The overload of ``name`` that takes these arguments, its inputs and its settings."""
    problems: list[str] = []
    for op in overloads(name):
        try:
            inputs, attrs = bind(op, *lifted(op, args, kwargs), numbers=True)
        except Mismatch as mismatch:
            problems.append(str(mismatch))
            continue
        check_settings(op, attrs)
        return (
            op,
            gaps_checked(op, inputs),
            {n: v for n, v in attrs.items() if not is_default(op, n, v)},
        )
    forms = " or ".join(dict.fromkeys(usage(op) for op in overloads(name)))
    raise BadCall(f"{problems[0]}; it is {forms}" if problems else f"there is no function '{name}'")


def lifted(
    op: Op, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """The arguments with lists of numbers turned into constants where tensors belong."""
    ports = {port.name: port for port in op.ports}
    order = op.arguments or tuple(name for name in ports if name not in kwargs)
    values: list[Any] = []
    for i, value in enumerate(args):
        last = order[-1] if order else ""
        port = ports.get(
            order[i] if i < len(order) else last if last in ports and ports[last].variadic else ""
        )
        values.append(value if port is None else lift(value, port.variadic))
    named = {n: lift(v, ports[n].variadic) if n in ports else v for n, v in kwargs.items()}
    return values, named


def lift(value: Any, variadic: bool) -> Any:
    """A list as a constant; of a variadic port's list, each number and list."""
    if value is ...:
        return stand()
    if isinstance(value, (list, tuple)):
        items = cast("Sequence[Any]", value)
        return [lift_member(item) for item in items] if variadic else constant(value)
    return lift_member(value) if variadic else value


def lift_member(value: Any) -> Any:
    """One of the tensors of a list; a number too becomes a constant."""
    return constant(value) if isinstance(value, (bool, int, float)) else lift(value, False)


def constant(value: Any) -> Stand:
    """A stand-in for a constant given by its elements."""
    return stand(data=elements(value))


def elements(value: Any, kind: dtype | None = None) -> Array:
    """Numbers and nested lists of them as an array of ``kind``, or of the type PyTorch chooses."""
    bad = stranger(value)
    if bad:
        raise BadCall(bad)
    try:
        return elements_of(value, kind)
    except (ValueError, TypeError, OverflowError) as uneven:
        raise BadCall(f"these lists make no tensor: {uneven}") from None


def stranger(value: Any) -> str:
    """What in nested lists is no number, as a message; empty where all are."""
    level: list[Any] = [value]
    for _ in range(MAX_RANK + 1):
        lists = [cast("Sequence[Any]", v) for v in level if isinstance(v, (list, tuple))]
        wrong = next((v for v in level if not isinstance(v, CONSTANT)), None)
        if wrong is not None:
            hint = "; tensors are put together with stack([a, b])"
            return f"a list of numbers holds a {kind_of(wrong)}{hint if is_tensor(wrong) else ''}"
        level = [item for items in lists for item in items]
        if not level:
            return ""
    return f"a tensor has at most {MAX_RANK} dimensions"


def is_tensor(value: object) -> bool:
    """Whether a value stands for a tensor."""
    return isinstance(value, Tensor)


def kind_of(value: object) -> str:
    """What a value is, in a word."""
    return "gap" if value is ... else type(value).__name__


def gaps_checked(op: Op, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """The inputs, refused where a gap stands among the tensors of a list."""
    for value in inputs:
        for member in cast("tuple[Any, ...]", value) if isinstance(value, tuple) else ():
            if not isinstance(member, Stand) or (member.ref is None and member.given is None):
                raise BadCall(f"{op.base_name}() takes a list of tensors, without gaps")
    return inputs


def check_settings(op: Op, attrs: dict[str, Any]) -> None:
    """Refuse settings that are out of range, or that ask for too large a tensor."""
    for attr in op.attrs:
        value = attrs[attr.name]
        if isinstance(value, list) and attr.kind in ("dims", "shape"):
            value = attrs[attr.name] = tuple(value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        wrong = None if attr.kind in ("index", "array") else setting_problem(attr, value)
        if wrong:
            hint = did_you_mean(value, attr.choices) if isinstance(value, str) else ""
            raise BadCall(f"{op.base_name}(): '{attr.name}' {wrong}{hint}")
    count = asked_for(op, attrs)
    if count > MAX_ELEMENTS:
        raise BadCall(
            f"{op.base_name}() would make {count:,.0f} elements: "
            f"a tensor has at most {MAX_ELEMENTS:,}"
        )


def asked_for(op: Op, attrs: Mapping[str, Any]) -> float:
    """How many elements the settings alone say that a tensor will have; 0 where they do not."""
    if not op.ports:
        return result_size(op, [], attrs)
    sizes = [attrs[a.name] for a in op.attrs if a.kind == "shape"]
    return max((sizes_count(s) for s in sizes if s is not None), default=0.0)


def is_default(op: Op, name: str, value: Any) -> bool:
    """Whether a setting is as the operation has it anyway."""
    if name not in op.defaults:
        return False
    default = op.defaults[name]
    return value is default or (type(value) is type(default) and value == default)


def usage(op: Op) -> str:
    """How an operation is called: ``softmax(input, dim, dtype=None)``."""
    attrs = [a.name if a.default is REQUIRED else f"{a.name}={a.default!r}" for a in op.attrs]
    return f"{op.base_name}({', '.join([p.name for p in op.ports] + attrs)})"
