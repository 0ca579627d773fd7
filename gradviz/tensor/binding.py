"""From a call's arguments to an operation's ports and settings, as PyTorch binds them.

Operations that share a name (``max`` and ``max.dim``) are overloads: the first that takes the
arguments is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from gradviz.ops.dtypes import dtype
from gradviz.ops.kinds import is_scalar, is_sequence
from gradviz.ops.spec import Attr, Op, Port
from gradviz.ops.table import OPS
from gradviz.tensor.complaints import (
    KIND_WORDS,
    argument_order,
    called_name,
    complaint,
    forms,
    lacking,
    misfit,
    too_many,
)
from gradviz.tensor.complex_numbers import made_real
from gradviz.tensor.layouts import WORDS, misplaced
from gradviz.tensor.out import WITHOUT as WITHOUT_OUT
from gradviz.tensor.out import with_out
from gradviz.tensor.tensor import Tensor, apply

Bound = tuple[tuple[Any, ...], dict[str, Any]]
KEYWORDS = {"axis": "dim", "keepdims": "keepdim", "x": "input", "self": "input"}


class Mismatch(TypeError):
    """These arguments do not fit this overload."""


@cache
def overloads(name: str) -> tuple[Op, ...]:
    """The operations called ``name`` in the order of the table, then those that also answer to it.

    ``maximum`` is also ``max`` of two, but only where ``max`` does not take the arguments.
    """
    return tuple(named_ops().get(name, ()))


@cache
def named_ops() -> dict[str, list[Op]]:
    """The overloads of every name."""
    found: dict[str, list[Op]] = {}
    for op in OPS.values():
        found.setdefault(op.base_name, []).append(op)
    for op in OPS.values():
        for alias in op.aliases:
            name, _, other = alias.partition(".")
            if other == "other" and op not in found.setdefault(name, []):
                found[name].append(op)
    return found


def bind(
    op: Op, args: Sequence[Any], kwargs: Mapping[str, Any], numbers: bool = False
) -> Bound:  # fmt: skip
    """Inputs by port and settings by name; :class:`Mismatch` where they do not fit ``op``.

    ``numbers``: whether a plain number may stand for any tensor, as in a formula.
    """
    named = rename_keywords(op, kwargs)
    take_words(op, named)
    values = list(args)
    if op.arguments:
        values = name_arguments(op, values, named)
    given = len(args)
    inputs = tuple([take_port(op, port, values, named, given, numbers) for port in op.ports])
    attrs = dict(op.defaults)
    positional = [a for a in op.attrs if not a.keyword_only]
    spread(positional, values)
    for attr in positional:
        if values:
            if attr.name in named:
                raise Mismatch(
                    f"{called_name(op)}() got multiple values for argument '{attr.name}'"
                )
            attrs[attr.name] = accept(op, attr, values.pop(0), given)
    if values:
        raise Mismatch(too_many(op, given))
    for name, value in named.items():
        attr = next((a for a in op.attrs if a.name == name), None)
        if attr is None:
            raise Mismatch(f"{called_name(op)}() got an unexpected keyword argument '{name}'")
        attrs[name] = accept(op, attr, value, given)
    missing = [a.name for a in op.attrs if a.name not in attrs]
    if missing:
        raise Mismatch(lacking(op, missing))
    return inputs, attrs


def take_words(op: Op, named: dict[str, Any]) -> None:
    """Where an operation makes a tensor anew, take the words of where to: there is one place."""
    if "dtype" not in op.defaults or op.category != "const":
        return
    for word in WORDS:
        wrong = misplaced(word, named.pop(word, None))
        if wrong:
            raise Mismatch(f"{called_name(op)}(): {wrong}")


def name_arguments(op: Op, values: list[Any], named: dict[str, Any]) -> list[Any]:
    """Give arguments their names where an operation has an order of its own; those left over."""
    variadic = {p.name for p in op.ports if p.variadic}
    for name in op.arguments:
        if not values:
            break
        if name in named:
            raise Mismatch(f"{called_name(op)}() got multiple values for argument '{name}'")
        several = name in variadic and name == op.arguments[-1]
        if several and not isinstance(values[0], (list, tuple)):
            named[name], values = tuple(values), []
        else:
            named[name] = values.pop(0)
    return values


def rename_keywords(op: Op, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments with NumPy's names (``axis``) turned into PyTorch's."""
    known = {p.name for p in op.ports} | {a.name for a in op.attrs}
    return {n if n in known else KEYWORDS.get(n, n): v for n, v in kwargs.items()}


def take_port(
    op: Op, port: Port, values: list[Any], named: dict[str, Any], given: int,
    numbers: bool,
) -> Any:  # fmt: skip
    """The argument for one port, removed from those left; ``given``: how many had no name."""
    if port.name in named:
        value = named.pop(port.name)
    elif values:
        value = values.pop(0)
    elif port.optional or port.variadic:
        return () if port.variadic else None
    else:
        raise Mismatch(lacking(op, [port.name]))
    if isinstance(value, Tensor) and not port.variadic:
        return value
    if port.variadic:
        return take_members(op, port, value, given)
    if value is None and port.optional:
        return None
    if port.number or numbers:
        if isinstance(value, (bool, int, float)):
            return value
        if is_scalar(value):
            return value.item()
    raise Mismatch(misfit(op, port.name, "Tensor", value, given))


def take_members(op: Op, port: Port, value: Any, given: int) -> tuple[Any, ...]:
    """The members of a variadic port, given as one list or tuple."""
    if not is_sequence(value):
        raise Mismatch(misfit(op, port.name, "tuple of Tensors", value, given))
    for index, member in enumerate(value):
        if not isinstance(member, Tensor):
            raise Mismatch(
                f"expected Tensor as element {index} in argument "
                f"{argument_order(op).index(port.name)}, but got {type(member).__name__}"
            )
    return tuple(value)


def spread(positional: list[Attr], values: list[Any]) -> None:
    """Gather sizes or dimensions given one by one (``x.view(2, 4)``) into one argument."""
    if len(positional) != 1 or positional[0].kind not in ("shape", "dims"):
        return
    if values and all(_is_integer(v) or isinstance(v, Tensor) for v in values):
        values[:] = [tuple(values)]


INTEGERS = (int, np.integer)


def _is_integer(value: Any) -> bool:
    return isinstance(value, INTEGERS) and not isinstance(value, bool)


def _is_sizes(value: Any) -> bool:
    return _is_integer(value) or (
        is_sequence(value) and all(isinstance(v, (*INTEGERS, Tensor)) for v in value)
    )


ACCEPTED: dict[str, Callable[[Any], bool]] = {
    "bool": lambda v: isinstance(v, (bool, int)),
    "int": _is_integer,
    "float": lambda v: isinstance(v, (int, float, np.number)) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, (int, float, bool, np.number)),
    "dim": _is_integer,
    "dims": _is_sizes,
    "shape": _is_sizes,
    "dtype": lambda v: isinstance(v, dtype),
    "choice": lambda v: isinstance(v, str),
    "text": lambda v: isinstance(v, str),
    "index": lambda v: True,
    "array": lambda v: True,
}


def accept(op: Op, attr: Attr, value: Any, given: int) -> Any:
    """A setting's value, checked against its kind; one-element tensors count as numbers."""
    if isinstance(value, Tensor) and attr.kind in ("bool", "int", "float", "number"):
        value = value.array.item() if not value.array.ndim and not value.requires_grad else value
    if value is None and attr.optional:
        return None
    if isinstance(value, str) and attr.kind == "dims" and attr.choices:
        return value
    if not ACCEPTED[attr.kind](value):
        raise Mismatch(misfit(op, attr.name, KIND_WORDS.get(attr.kind, attr.kind), value, given))
    if is_sequence(value) and attr.kind in ("dims", "shape"):
        return tuple(int(v) for v in value)
    return value


def resolve(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Op, Bound]:
    """The overload of ``name`` that takes these arguments, and the arguments bound to it."""
    args, kwargs = made_real(name, args, kwargs)
    problems: list[Mismatch] = []
    for op in overloads(name):
        try:
            bound = bind(op, args, kwargs)
            if bound[0] and not isinstance(bound[0][0], Tensor):
                check_any_tensor(op, bound[0])
        except Mismatch as problem:
            problems.append(problem)
        else:
            return op, bound
    raise TypeError(complaint(overloads(name), [str(p) for p in problems], args, kwargs))


def check_any_tensor(op: Op, inputs: tuple[Any, ...]) -> None:
    """Refuse plain numbers alone where PyTorch does."""
    if op.of_numbers or any(isinstance(v, (Tensor, tuple)) for v in inputs):
        return
    if any(v is not None for v in inputs):
        raise Mismatch(f"{called_name(op)}(): one argument at least must be Tensor")


PLAIN = {
    "bool": bool, "int": int, "dim": int, "float": float, "number": float, "choice": str,
}  # fmt: skip
"""The type of a setting's value, by its kind, of which nothing more is to be asked."""


@cache
def given_plainly(op: Op) -> Callable[[tuple[Any, ...], Mapping[str, Any]], Bound | None]:
    """What binds a call that gives tensors, or numbers after one, in the order of the ports.

    Most calls are like that, and there is little to ask of them; it gives None for any other.
    """
    ports = tuple((p.optional, p.number and i > 0) for i, p in enumerate(op.ports))
    names, count = [port.name for port in op.ports], len(ports)
    settings, defaults = {a.name: a for a in op.attrs}, dict(op.defaults)
    places = [a.name for a in op.attrs if not a.keyword_only]
    sizes = len(places) == 1 and settings[places[0]].kind in ("shape", "dims")
    types = {a.name: PLAIN.get(a.kind) for a in op.attrs}
    complete = len(defaults) == len(settings)
    if op.variadic or op.arguments or op.category == "const" or not ports:
        return lambda args, kwargs: None

    def bound(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Bound | None:
        inputs, given = args, len(args)
        if given > count:
            inputs, rest = args[:count], args[count:]
            rest = (rest,) if sizes and all([type(v) is int for v in rest]) else rest
            if len(rest) > len(places) or not kwargs.keys().isdisjoint(places[: len(rest)]):
                return None
            kwargs = {**kwargs, **dict(zip(places, rest, strict=False))}
        elif given < count:
            absent = names[given:]
            inputs += tuple([kwargs.get(name) for name in absent])
            kwargs = {n: v for n, v in kwargs.items() if n not in absent}
        for value in inputs:
            if not isinstance(value, Tensor):
                if all(map(may_stand, inputs, ports)):
                    break
                return None
        if not kwargs:
            return (inputs, defaults) if complete else None
        for name, value in kwargs.items():
            if type(value) is not types.get(name):
                attrs = with_settings(op, settings, kwargs, given)
                break
        else:
            attrs = {**defaults, **kwargs}
        return (inputs, attrs) if attrs is not None and len(attrs) == len(settings) else None

    return bound


def may_stand(value: Any, port: tuple[bool, bool]) -> bool:
    """Whether a port takes ``value`` as it is, given if it may lack one, or be given a number."""
    if isinstance(value, Tensor) or (port[0] and value is None):
        return True
    return port[1] and (type(value) is float or type(value) is int)


def with_settings(
    op: Op, settings: Mapping[str, Attr], named: Mapping[str, Any], given: int
) -> dict[str, Any] | None:
    """The settings of a call that names some of them; None where they do not fit ``op``."""
    attrs = dict(op.defaults)
    for name, value in named.items():
        attr = settings.get(name)
        if attr is None:
            return None
        if type(value) is not PLAIN.get(attr.kind):
            try:
                value = accept(op, attr, value, given)
            except Mismatch:
                return None
        attrs[name] = value
    return attrs


@cache
def public_function(name: str) -> Callable[..., Any]:
    """The function of the package (and method of tensors) called ``name``."""

    op = overloads(name)[0]
    given = given_plainly(op)

    def function(*args: Any, **kwargs: Any) -> Any:
        found = given(args, kwargs)
        if found is not None:
            return apply(op, found[0], found[1])
        if "out" in kwargs and name not in WITHOUT_OUT:
            return with_out(name, function, args, kwargs)
        chosen, (inputs, attrs) = resolve(name, args, kwargs)
        return apply(chosen, inputs, attrs)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{op.doc} See PyTorch's {op.public_path}; arguments {forms(op)[0]}."
    return function
