"""Values that gradient rules are run on so that what they compute comes out as nodes of a graph.

A rule is written in operations and Python's operators. Given :class:`Traced` values it draws up
the nodes it would compute; what it cannot be followed through (a question about a number, a
NumPy function) raises :class:`Untraceable`. What is trivial on the way (products by one,
reshaping to the shape there is, the same computation twice) makes no node.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from gradviz.autograd.mode import no_grad
from gradviz.graph.document import Node, Wire, same_value
from gradviz.graph.guards import is_array, unboxed
from gradviz.ops.dual import call
from gradviz.ops.kinds import is_sequence
from gradviz.ops.rules import shape_of
from gradviz.ops.spec import Array, Op, Shape
from gradviz.ops.symbolic import Symbolic, Untraceable
from gradviz.ops.table import OPS
from gradviz.tensor.tensor import Tensor
from gradviz.tensor.tensor import apply as run

NUMBERS = (bool, int, float)
SAME_SHAPE = frozenset(("reshape", "view", "expand", "broadcast_to", "sum_to_size", "expand_as"))


@dataclass(frozen=True, slots=True)
class Call:
    """A node to be: the operation, what it reads by flat port, and its settings."""

    op: Op
    reads: tuple[tuple[int, Traced], ...]
    literals: tuple[tuple[int, float | int | bool], ...]
    attrs: Mapping[str, Any]


class Traced(Symbolic):
    """An output of a node, there already (``node`` is its id) or to be (a :class:`Call`)."""

    __slots__ = ("draft", "example", "node", "output")

    def __init__(self, draft: Draft, node: str | Call, output: int, example: Array) -> None:
        self.draft = draft
        self.node = node
        self.output = output
        self.example = example

    @property
    def shape(self) -> Shape:
        """The shape at the point the graph is at."""
        return self.example.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements, as NumPy's."""
        return self.example.dtype

    @property
    def ndim(self) -> int:
        """How many axes there are."""
        return self.example.ndim

    def __gradviz_apply__(self, op: Op, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
        return self.draft.call(op, inputs, attrs)

    def __getitem__(self, key: Any) -> Any:
        if holds_traced(key):
            raise Untraceable("the rule takes elements by computed places")
        return call(OPS["getitem"], self, key)

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise Untraceable(f"the rule asks for '{name}'")


def holds_traced(key: Any) -> bool:
    """Whether an index names a traced value."""
    return any(isinstance(item, Traced) for item in (key if isinstance(key, tuple) else (key,)))  # pyright: ignore[reportUnknownVariableType]


def _operator(name: str, turned: bool = False) -> Callable[[Traced, Any], Any]:
    def method(self: Traced, other: Any) -> Any:
        pair = (other, self) if turned else (self, other)
        return call(OPS[name], *pair)

    return method


def _single(name: str) -> Callable[[Traced], Any]:
    return lambda self: call(OPS[name], self)


for _dunder, _name in {
    "add": "add", "sub": "sub", "mul": "mul", "truediv": "div", "pow": "pow",
    "matmul": "matmul", "and": "bitwise_and", "or": "bitwise_or",
}.items():  # fmt: skip
    setattr(Traced, f"__{_dunder}__", _operator(_name))
    setattr(Traced, f"__r{_dunder}__", _operator(_name, turned=True))
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Traced, f"__{_name}__", _operator(_name))
Traced.__hash__ = object.__hash__
for _dunder, _name in {"neg": "neg", "invert": "bitwise_not", "abs": "abs"}.items():
    setattr(Traced, f"__{_dunder}__", _single(_name))


@dataclass(slots=True)
class Draft:
    """The calls drawn up so far, each computation once."""

    found: dict[Any, Any] = field(default_factory=dict[Any, Any])
    held: list[Any] = field(default_factory=list[Any])

    def node(self, node_id: str, output: int, example: Array) -> Traced:
        """An output of a node that is there."""
        key = (node_id, output)
        if key not in self.found:
            self.found[key] = Traced(self, node_id, output, example)
        return self.found[key]

    def constant(self, value: Any) -> Traced:
        """A leaf with these elements."""
        array = np.array(value)
        key = ("constant", array.dtype.str, array.shape, array.tobytes())
        if key not in self.found:
            made = Call(OPS["tensor"], (), (), {"data": array})
            self.found[key] = Traced(self, made, 0, array)
        return self.found[key]

    def call(self, op: Op, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
        """What an operation gives: a value, or a tuple of them."""
        if any(holds_traced(value) for value in attrs.values()):
            raise Untraceable(f"a setting of {op.name} is computed")
        inputs = narrowed(op, inputs)
        result = self.example(op, inputs, attrs)
        simple = None if isinstance(result, tuple) else simpler(self, op, inputs, attrs, result)
        if simple is not None:
            return simple
        return self.made(op, inputs, attrs, result)

    def example(self, op: Op, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
        """What the call comes to at the point the graph is at: an array, or a tuple of them."""
        with no_grad(), np.errstate(all="ignore"):
            result: Any = run(op, tuple(example_of(v) for v in inputs), attrs)
        return tuple(t.array for t in result) if is_sequence(result) else result.array

    def made(self, op: Op, inputs: tuple[Any, ...], attrs: Mapping[str, Any], result: Any) -> Any:
        """The outputs of a new call, or of the one that computes just this."""
        reads, literals = self.connected(op, inputs, result)
        kept = {
            name: value
            for name, value in attrs.items()
            if not (name in op.defaults and same_value(unboxed(value), op.defaults[name]))
        }
        self.held.append(kept)
        key = (
            op.name, tuple((p, id(v)) for p, v in reads), literals,
            tuple((n, repr(v)) for n, v in sorted(kept.items())),
        )  # fmt: skip
        if key not in self.found:
            made = Call(op, reads, literals, kept)
            if is_sequence(result):
                outputs = enumerate(result)
                self.found[key] = tuple(Traced(self, made, i, array) for i, array in outputs)
            else:
                self.found[key] = Traced(self, made, 0, result)
        return self.found[key]

    def connected(self, op: Op, inputs: tuple[Any, ...], result: Any) -> tuple[Any, Any]:
        """What comes to each flat port by wire, and the numbers that stand on ports."""
        reads: list[tuple[int, Traced]] = []
        literals: list[tuple[int, Any]] = []
        for index, value in enumerate(inputs):
            if value is None:
                continue
            if is_sequence(value):
                reads += [(index + i, self.wired(member)) for i, member in enumerate(value)]
            elif isinstance(value, Traced) or not self.fits_port(op, index, inputs, result):
                reads.append((index, self.wired(value)))
            else:
                literals.append((index, uniform(value)))
        return tuple(reads), tuple(literals)

    def fits_port(self, op: Op, index: int, inputs: tuple[Any, ...], result: Any) -> bool:
        """Whether a constant can stand on a port as a plain number, and nothing else changes."""
        value = inputs[index]
        if not op.ports[index].number or uniform(value) is None:
            return False
        if isinstance(value, NUMBERS):
            return True
        kinds = [v.dtype for v in inputs if isinstance(v, Traced)]
        return op.elementwise and not value.ndim and result.dtype in kinds

    def wired(self, value: Any) -> Traced:
        """A value as something a wire can come from."""
        return value if isinstance(value, Traced) else self.constant(value)


def example_of(value: Any) -> Any:
    """An input as the engine runs an operation on it."""
    if isinstance(value, Traced):
        return Tensor.wrap(value.example)
    if is_sequence(value):
        return tuple(example_of(v) for v in value)
    return Tensor.wrap(np.asarray(value)) if is_array(value) else value


def uniform(value: Any) -> Any:
    """The number that a constant is, or that all its elements are; None where there is none."""
    if isinstance(value, NUMBERS):
        return value
    if not is_array(value) or not value.size or value.dtype.kind != "f":
        return None
    first: float = value.flat[0].item()
    return first if bool((value == first).all()) else None


def narrowed(op: Op, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """Inputs without the stretching that meeting each other does anyway."""
    meets = op.elementwise and op.category == "elem" and len(inputs) > 1
    if not meets or any(v is None or is_sequence(v) for v in inputs):
        return inputs
    try:
        whole = np.broadcast_shapes(*map(shape_of, inputs))
    except ValueError:
        return inputs
    result = list(inputs)
    for index, value in enumerate(inputs):
        narrow = unstretched(value)
        if narrow is None:
            continue
        others = [shape_of(v) for i, v in enumerate(result) if i != index]
        if np.broadcast_shapes(shape_of(narrow), *others) == whole:
            result[index] = narrow
    return tuple(result)


def unstretched(value: Any) -> Any:
    """What a value is stretched from; None where it is not stretched."""
    if isinstance(value, Traced):
        made = value.node
        stretched = isinstance(made, Call) and made.op.name in ("expand", "broadcast_to")
        return made.reads[0][1] if isinstance(made, Call) and stretched else None
    if is_array(value) and value.ndim:
        number = uniform(value)
        return None if number is None else np.asarray(number, value.dtype)
    return None


def simpler(
    draft: Draft, op: Op, inputs: tuple[Any, ...], attrs: Mapping[str, Any], result: Array
) -> Any:
    """A value that the call comes to wherever the graph is, with fewer nodes; None for none.

    Only what leaves every number as it is: ``0 * x`` stays, for ``x`` may be nan.
    """
    first = inputs[0] if inputs else None
    if op.name == "where" and not isinstance(first, Traced):
        side = inputs[1] if bool(np.all(first)) else inputs[2] if not np.any(first) else None
        return side if isinstance(side, Traced) and alike(side, result) else None
    if op.name in SAME_SHAPE or op.name == "to":
        return first if isinstance(first, Traced) and alike(first, result) else None
    if op.name in ("mul", "div", "add", "sub", "pow") and len(inputs) == 2:
        second = inputs[1]
        neutral = {"mul": 1, "div": 1, "pow": 1, "add": 0, "sub": 0}[op.name]
        if attrs and any(v != op.defaults.get(n) for n, v in attrs.items()):
            return None
        if uniform(second) == neutral and isinstance(first, Traced) and alike(first, result):
            return first
        turns = op.name in ("mul", "add")
        if turns and uniform(first) == neutral and isinstance(second, Traced):
            return second if alike(second, result) else None
    if op.name == "neg" and isinstance(first, Traced) and isinstance(first.node, Call):
        return first.node.reads[0][1] if first.node.op.name == "neg" else None
    return None


def alike(value: Traced, result: Array) -> bool:
    """Whether a value has the shape and type of a result."""
    return value.shape == result.shape and value.dtype == result.dtype


def calls_behind(values: list[Traced]) -> list[Call]:
    """Every call that ``values`` are made of, each after those it reads."""
    order: dict[int, Call] = {}
    stack: list[tuple[Call, bool]] = [
        (v.node, False) for v in reversed(values) if isinstance(v.node, Call)
    ]
    while stack:
        made, ready = stack.pop()
        if id(made) in order:
            continue
        if ready:
            order[id(made)] = made
            continue
        stack.append((made, True))
        below = [v.node for _, v in made.reads]
        stack += [(b, False) for b in reversed(below) if isinstance(b, Call)]
    return list(order.values())


def node_of(made: Call, node_id: str, name: str) -> Node:
    """A call as a node."""
    return Node(node_id, made.op.name, name, made.attrs, dict(made.literals))


def wires_of(made: Call, node_id: str, ids: Mapping[int, str]) -> list[Wire]:
    """The wires into the node of a call, given the ids of the nodes of calls."""
    return [
        Wire(v.node if isinstance(v.node, str) else ids[id(v.node)], node_id, port, v.output)
        for port, v in made.reads
    ]
