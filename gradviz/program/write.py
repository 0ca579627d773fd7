"""From a graph to text: the formula bar's lines, or a whole PyTorch program.

A node that no one has named and that one other reads is written where it is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, cast

import numpy as np

from gradviz.graph.document import Graph, Node, Wire, free_name
from gradviz.graph.evaluate import Evaluation
from gradviz.ops.dtypes import dtype, get_default_dtype, of_numpy
from gradviz.ops.indexing import index_text
from gradviz.ops.seeded import SEED
from gradviz.ops.spec import REQUIRED, Array, Attr, Port
from gradviz.program.errors import FormulaError
from gradviz.program.match import is_constant
from gradviz.program.pieces import (
    ATOM,
    POSTFIX,
    SIGN,
    Piece,
    by_name,
    joined,
    operator,
    template_fields,
)
from gradviz.program.sketch import LEAF, Number, is_generated

MAX_INLINE = 100
MAX_INLINE_DEPTH = 12
MAX_WRITTEN = 16
# Where PyTorch keeps functions that are not in its main module.
MODULES = ("torch.nn.", "torch.linalg.", "torch.special.")
# Operations whose last inputs PyTorch also takes as numbers.
WITH_NUMBERS = frozenset(
    ["add", "sub", "mul", "div", "floor_divide", "remainder", "pow", "eq", "ne", "lt", "le", "gt",
     "ge", "where", "bitwise_and", "bitwise_or", "bitwise_xor", "clamp_min", "clamp_max"]
)  # fmt: skip


def formula(graph: Graph) -> str:
    """The lines that compute, as the formula bar shows them; leaves are only named in them.

    Reading them back (:func:`gradviz.program.update`) changes nothing.
    """
    writer = Writer(graph, torch=False)
    return "\n".join(writer.lines())


def source(graph: Graph) -> str:
    """A whole PyTorch program that computes what the graph does, with its backward pass.

    FormulaError where a node lacks an input or has no PyTorch counterpart.
    """
    writer = Writer(graph, torch=True)
    lines = ["import torch", "", *writer.lines()]
    output = graph.output()
    if output is not None and graph.node(output).spec.ports and starts_backward(graph, output):
        lines.append(f"{writer.names[output]}.backward()")
    return "\n".join(lines) + "\n"


def starts_backward(graph: Graph, output: str) -> bool:
    """Whether a backward pass can start from a node: one element, with parameters behind it."""
    value = Evaluation(graph).value(output)
    return value is not None and value.requires_grad and value.array.size == 1


class Writer:
    """A graph on its way to text, in the formula's dialect or in PyTorch's."""

    def __init__(self, graph: Graph, torch: bool) -> None:
        self.graph = graph
        self.torch = torch
        self.prefix = "torch." if torch else ""
        self.pieces: dict[str, Piece] = {}
        self.names = {n.id: n.name for n in graph.nodes.values()}
        if torch and (shadow := graph.named("torch")) is not None:
            self.names[shadow.id] = free_name("torch", {*graph.ids_by_name, "torch"})

    def lines(self) -> list[str]:
        """One line for each node that is not written within another's."""
        found: list[str] = []
        for node_id in self.order():
            node = self.graph.node(node_id)
            name = Piece(self.names[node_id])
            if node.op == LEAF and not self.torch and not self.inlined(node):
                self.pieces[node_id] = name
                continue
            piece = self.leaf(node) if node.op == LEAF else self.expression(node)
            short = len(piece.text) <= MAX_INLINE and piece.depth <= MAX_INLINE_DEPTH
            if short and self.inlined(node):
                self.pieces[node_id] = piece
            else:
                found.append(f"{name.text} = {piece.text}")
                self.pieces[node_id] = name
        return found

    def order(self) -> Iterable[str]:
        """Nodes in the order of their lines: leaves first, the output last where it can be."""
        order, last = self.graph.order(), self.graph.output()
        if self.torch:
            order.sort(key=lambda n: self.graph.node(n).op != LEAF)
        if last is not None and not self.graph.outputs(last):
            order.remove(last)
            order.append(last)
        return order

    def inlined(self, node: Node) -> bool:
        """Whether a node is written where it is read rather than on a line of its own."""
        readers = self.graph.outputs(node.id)
        if len(readers) != 1 or node.id == self.graph.settings.output:
            return False
        if node.op == LEAF:
            return is_constant(node) and np.size(node.setting("data")) <= MAX_WRITTEN
        return is_generated(node.name, node.spec)

    # inputs ----------------------------------------------------------------------------

    def input(self, node: Node, port: int) -> Piece | None:
        """What a node reads at a port; None where that is nothing and need not be anything."""
        wire = self.graph.inputs(node.id).get(port)
        if wire is not None:
            return self.wired(wire)
        declared = node.spec.ports[port]
        value = node.literals.get(port, declared.default)
        if value is not None:
            return self.number(value)
        if declared.optional:
            return None
        if self.torch:
            raise FormulaError(f"'{node.name}' lacks its input '{declared.name}': wire it first")
        return Piece("...")

    def wired(self, wire: Wire) -> Piece:
        """What comes by a wire: a name or an expression, and which of its outputs."""
        piece, spec = self.pieces[wire.source], self.graph.node(wire.source).spec
        if len(spec.outputs) == 1:
            return piece
        named = spec.outputs == ("values", "indices")
        part = f".{spec.outputs[wire.output]}" if named else f"[{wire.output}]"
        return Piece(piece.within(POSTFIX) + part, POSTFIX, piece.depth)

    def members(self, node: Node) -> list[Piece]:
        """What comes in by a variadic port."""
        first = len(node.spec.ports) - 1
        wires = sorted(self.graph.inputs(node.id).items())
        return [self.wired(wire) for port, wire in wires if port >= first]

    # expressions -----------------------------------------------------------------------

    def expression(self, node: Node) -> Piece:
        """A node as an operator where its settings allow it, else as a call."""
        spec, wires = node.spec, self.graph.inputs(node.id)
        numbers_only = not wires and len(node.literals) == len(spec.ports)
        if spec.source and not numbers_only:
            fields = template_fields(spec.source)
            values = {p.name: self.operand(node, i, p) for i, p in enumerate(spec.ports)}
            attrs = {
                a.name: Piece(index_text(node.setting(a.name)))
                for a in spec.attrs
                if a.kind == "index"
            }
            said = set(values) | set(attrs)
            if (
                set(fields) <= said
                and not node.attrs.keys() - attrs.keys()
                and all(values.values())
            ):
                return operator(spec.source, {**values, **attrs})
        return self.call(node)

    def operand(self, node: Node, port: int, declared: Port) -> Piece | None:
        """What an operator reads at a port."""
        if not declared.variadic:
            return self.input(node, port)
        members = self.members(node)
        return joined(members) if members else None

    def call(self, node: Node) -> Piece:
        """A node as a call, or as the call of a method where PyTorch has only that."""
        path = self.path(node)
        args = self.arguments(node)
        depth = 1 + max((a.depth for a in args), default=0)
        if not path.startswith("."):
            return Piece(f"{path}({', '.join(a.text for a in args)})", POSTFIX, depth)
        receiver, rest = args[0].within(POSTFIX), ", ".join(a.text for a in args[1:])
        return Piece(f"{receiver}{path}({rest})", POSTFIX, depth)

    def path(self, node: Node) -> str:
        """The function to call; ``.name`` for a method."""
        spec = node.spec
        public = spec.public_path
        # A method that writes into its tensor is no expression: the node gives a new one.
        method = public == f"torch.Tensor.{spec.base_name}"
        known = method or spec.function or SEED in spec.attrs or public.startswith(MODULES)
        if self.torch and not known:
            raise FormulaError(f"'{node.name}': PyTorch has no function '{spec.base_name}'")
        receiver = 0 in self.graph.inputs(node.id) or self.torch
        if method and receiver and not self.is_bare_list(node, 0):
            return f".{public.removeprefix('torch.Tensor.')}"
        return public if self.torch else spec.base_name

    def is_bare_list(self, node: Node, port: int) -> bool:
        """Whether an input is a constant written as a list, which has no methods."""
        wire = self.graph.inputs(node.id).get(port)
        return wire is not None and self.pieces[wire.source].text.startswith("[")

    def arguments(self, node: Node) -> list[Piece]:
        """A call's arguments: inputs by position while none is left out, then settings by name."""
        spec = node.spec
        if spec.arguments:
            return self.in_own_order(node)
        found: list[Piece] = []
        named = False
        for i, port in enumerate(spec.ports):
            piece = self.argument(node, i, port)
            if piece is None:
                named = True
            else:
                found.append(by_name(port.name, piece) if named else piece)
        return [*found, *self.settings(node, positional=not named)]

    def in_own_order(self, node: Node) -> list[Piece]:
        """The arguments of an operation that takes inputs and settings in an order of its own."""
        spec = node.spec
        ports = {port.name: i for i, port in enumerate(spec.ports)}
        found: list[Piece] = []
        named = False
        for name in spec.arguments:
            port = spec.ports[ports[name]] if name in ports else None
            if port is not None and port.variadic and name == spec.arguments[-1] and not named:
                found += self.members(node)
                continue
            if port is not None:
                piece = self.argument(node, ports[name], port)
            elif name in node.attrs or name not in spec.defaults:
                attr = next(a for a in spec.attrs if a.name == name)
                piece = Piece(self.setting(node.setting(name), attr))
            else:
                piece = None
            if piece is None:
                named = True
            else:
                found.append(by_name(name, piece) if named else piece)
        rest = [a for a in spec.attrs if a.name in node.attrs and a.name not in spec.arguments]
        return found + [by_name(a.name, Piece(self.setting(node.attrs[a.name], a))) for a in rest]

    def argument(self, node: Node, index: int, port: Port) -> Piece | None:
        """One input as an argument."""
        if port.variadic:
            members = self.members(node)
            inner = joined(members).text
            return Piece(f"[{inner}]", ATOM, max((m.depth for m in members), default=0))
        piece = self.input(node, index)
        plain = index not in self.graph.inputs(node.id)
        if (
            piece is None
            or not (plain and self.torch)
            or (index and node.spec.base_name in WITH_NUMBERS)
        ):
            return piece
        return Piece(f"torch.tensor({piece.text})", POSTFIX)

    def settings(self, node: Node, positional: bool) -> list[Piece]:
        """A call's settings: sizes and those of a maker by position, the rest by name."""
        spec = node.spec
        wanted = [
            a
            for a in spec.attrs
            if a.name in node.attrs or a.default is REQUIRED or (a is SEED and self.torch)
        ]
        if not wanted and spec.name != spec.base_name and spec.attrs:
            # Without a setting the call would be of another overload.
            wanted = [spec.attrs[0]]
        found: list[Piece] = []
        for i, attr in enumerate(wanted):
            in_order = spec.attrs[i] is attr and not attr.keyword_only
            sizes = attr.kind in ("shape", "dims") and attr.default is REQUIRED
            value = node.setting(attr.name)
            # A single size by position would come back as a list of one.
            listed = isinstance(value, tuple)
            positional = positional and in_order and (listed if sizes else not spec.ports)
            piece = Piece(self.setting(value, attr))
            if attr is SEED and self.torch:
                found.append(Piece(f"generator=torch.Generator().manual_seed({value})"))
            else:
                found.append(piece if positional else by_name(attr.name, piece))
        return found

    def setting(self, value: Any, attr: Attr) -> str:
        """A setting's value."""
        if isinstance(value, dtype):
            return f"{self.prefix}{value.name}"
        if isinstance(value, np.ndarray):
            return self.elements(cast(Array, value))
        if isinstance(value, (bool, int, float)):
            return self.number(value).text
        return repr(value).replace("Ellipsis", "...") if attr.kind == "index" else repr(value)

    # numbers ---------------------------------------------------------------------------

    def number(self, value: Number) -> Piece:
        """A number."""
        if isinstance(value, float) and not math.isfinite(value):
            word = "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
            sign, name = ("-", word[1:]) if word.startswith("-") else ("", word)
            return Piece(f"{sign}{self.prefix}{name}", SIGN if sign else ATOM)
        if value == math.pi and self.graph.named("pi") is None:
            return Piece(f"{self.prefix}pi")
        text = repr(value)
        return Piece(text, SIGN if text.startswith("-") else ATOM)

    def leaf(self, node: Node) -> Piece:
        """A leaf with its elements: a list where one can stand alone, else ``tensor(...)``."""
        data = node.setting("data")
        array: Array = np.asarray(data)
        if (kind := node.setting("dtype")) is not None:
            array = array.astype(kind.numpy)
        usual = array.dtype in (np.bool_, np.int64, get_default_dtype().numpy)
        if 0 in array.shape and array.shape != (0,):
            start = f"{self.prefix}zeros({tuple(array.shape)}"
            usual = array.dtype == get_default_dtype().numpy
        else:
            text = self.elements(array)
            usual = usual and not (array.size == 0 and array.dtype.kind != "f")
            if usual and array.ndim and not self.torch:
                return Piece(text)
            start = f"{self.prefix}tensor({text}"
        kind_text = "" if usual else f", dtype={self.prefix}{of_numpy(array.dtype).name}"
        grad = ", requires_grad=True" if node.setting("requires_grad") else ""
        return Piece(f"{start}{kind_text}{grad})", POSTFIX)

    def elements(self, array: Array) -> str:
        """An array's elements as nested lists, each number as short as its type allows."""
        if array.ndim:
            return f"[{', '.join(self.elements(array[i]) for i in range(len(array)))}]"
        if array.dtype.kind == "f" and np.isfinite(array):
            return repr(float(str(array)))
        return self.number(array.item()).text
