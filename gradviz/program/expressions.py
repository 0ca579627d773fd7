"""What an expression within a formula may be, and the drafts that each kind becomes.

Only what has an entry in these tables can be written in a formula.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, cast

from gradviz.graph.document import Graph
from gradviz.ops.dtypes import ALIASES, DTYPES
from gradviz.program import folding
from gradviz.program.build import CONSTANTS, Builder, Expressions, Outputs
from gradviz.program.calls import PREFIXES, Stand, function_called, function_names
from gradviz.program.indexing import index_call
from gradviz.program.sketch import Sketch
from gradviz.program.syntax import Text
from gradviz.tensor.binding import overloads

BINARY: Mapping[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.FloorDiv: "floor_divide",
    ast.Mod: "remainder", ast.Pow: "pow", ast.MatMult: "matmul", ast.BitAnd: "bitwise_and",
    ast.BitOr: "bitwise_or",
}  # fmt: skip
COMPARE: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge",
}  # fmt: skip
UNARY: Mapping[type[ast.unaryop], str] = {ast.USub: "neg", ast.Invert: "bitwise_not"}
ATTRIBUTES: Mapping[str, tuple[str, tuple[Any, ...]]] = {
    "T": ("t", ()), "mT": ("transpose", (-2, -1)), "data": ("detach", ()),
}  # fmt: skip
DTYPE_NAMES = {**DTYPES, **ALIASES, "bool": DTYPES["bool"]}
# How many parts they give depends on the values, so a node shows the first.
IN_PARTS = frozenset(["split", "chunk", "tensor_split", "unbind"])


def constant(builder: Builder, node: ast.Constant) -> Any:
    """A number, a truth, a text (for settings), None, or the gap ``...``."""
    value: Any = node.value
    if isinstance(value, (bool, float, str)) or value is None or value is ...:
        return value
    if isinstance(value, int):
        return builder.checked(node, lambda: folding.bounded(value))
    raise builder.text.error("this is no real number", node)


def binary(builder: Builder, node: ast.BinOp) -> Any:
    """``a + b`` and its like."""
    if type(node.op) is ast.BitXor:
        raise builder.text.error("a power is written '**': x ** 2", node)
    if type(node.op) not in BINARY:
        raise builder.text.error("shifts are no part of a formula", node)
    left, right = builder.operand(node.left), builder.operand(node.right)
    if is_number(left) and is_number(right):
        if type(node.op) not in folding.ARITHMETIC:
            raise builder.text.error("'@' multiplies tensors, not numbers", node)
        return builder.checked(node, lambda: folding.fold(type(node.op), left, right))
    return builder.call(BINARY[type(node.op)], [left, right], {}, node)


def compare(builder: Builder, node: ast.Compare) -> Any:
    """``a < b`` and its like."""
    if len(node.ops) > 1:
        raise builder.text.error("one comparison at a time: (a < b) & (b < c)", node)
    sign = type(node.ops[0])
    if sign not in COMPARE:
        raise builder.text.error("'in' and 'is' are no part of a formula", node)
    left, right = builder.operand(node.left), builder.operand(node.comparators[0])
    if is_number(left) and is_number(right):
        return folding.COMPARISONS[sign](left, right)
    return builder.call(COMPARE[sign], [left, right], {}, node)


def unary(builder: Builder, node: ast.UnaryOp) -> Any:
    """``-a`` and ``~a``."""
    value = builder.operand(node.operand)
    if is_number(value):
        return builder.checked(node, lambda: folding.negated(node.op, value))
    if type(node.op) not in UNARY:
        if isinstance(node.op, ast.UAdd) and isinstance(value, Stand):
            return value
        raise builder.text.error("'not' takes a single truth: write ~a", node)
    return builder.call(UNARY[type(node.op)], [value], {}, node)


def is_number(value: Any) -> bool:
    """Whether a value is a plain number."""
    return isinstance(value, (bool, int, float))


def dotted(builder: Builder, node: ast.expr) -> str:
    """``torch.nn.functional`` of an attribute that starts from a package; empty for others."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name) and node.id in PREFIXES and node.id not in builder.names:
        return ".".join([node.id, *reversed(parts)])
    return ""


def attribute(builder: Builder, node: ast.Attribute) -> Any:
    """``x.T``, an output ``m.values``, or a constant or type of a package."""
    path, name = dotted(builder, node), node.attr
    if path:
        if path.count(".") == 1 and name in CONSTANTS:
            return CONSTANTS[name]
        if path.count(".") == 1 and name in DTYPE_NAMES:
            return DTYPE_NAMES[name]
        hint = f": write {path}(…)" if name in function_names() else ""
        raise builder.text.error(f"'{path}' is no number or type{hint}", node)
    value = builder.value(node.value)
    if isinstance(value, Outputs):
        if name in value.op.outputs:
            return value.output(value.op.outputs.index(name))
        raise builder.text.error(
            f"{value.op.base_name}() gives {' and '.join(value.op.outputs)}, not '{name}'", node
        )
    if isinstance(value, Stand) and name in ATTRIBUTES:
        base, args = ATTRIBUTES[name]
        return builder.call(base, [value, *args], {}, node)
    known = ", ".join(f".{a}" for a in ATTRIBUTES)
    method = f"; a method is called: .{name}(…)" if name in function_names() else ""
    raise builder.text.error(f"a formula reads no '.{name}': tensors have {known}{method}", node)


def call(builder: Builder, node: ast.Call) -> Any:
    """A function, or a method of a tensor."""
    receiver: list[Any] = []
    if isinstance(node.func, ast.Name):
        path = node.func.id
    elif isinstance(node.func, ast.Attribute):
        path = dotted(builder, node.func)
        if not path:
            receiver, path = [method_receiver(builder, node.func)], node.func.attr
    else:
        raise builder.text.error("only functions and methods can be called", node.func)
    if path == "slice" and not node.keywords:
        return slicing(builder, node)
    if path == "range" or path.startswith("__"):
        raise builder.text.error(f"'{path}' is no function that a formula may call", node.func)
    base = builder.checked(node.func, lambda: function_called(path))
    if receiver and not any(op.ports for op in overloads(base)):
        raise builder.text.error(f"'{path}' is no method of a tensor: write {path}(…)", node.func)
    args = [builder.value(arg) for arg in node.args]
    kwargs = dict(setting(builder, word) for word in node.keywords if word.arg)
    if len(kwargs) != len(node.keywords):
        raise builder.text.error("settings are given one by one: name=value", node)
    return builder.call(base, [*receiver, *args], kwargs, node)


def setting(builder: Builder, word: ast.keyword) -> tuple[str, Any]:
    """A setting by name; a generator started from a seed is known by that seed."""
    if word.arg == "generator":
        return "seed", seed_of(builder, word.value)
    return word.arg or "", keyword_value(builder, word)


def seed_of(builder: Builder, node: ast.expr) -> int:
    """The seed of ``torch.Generator().manual_seed(7)``."""
    match node:
        case ast.Call(
            func=ast.Attribute(
                value=ast.Call(func=ast.Attribute(attr="Generator")), attr="manual_seed"
            ),
            args=[ast.Constant(value=int(seed))],
            keywords=[],
        ):
            return seed
        case _:
            raise builder.text.error(
                "a generator is written torch.Generator().manual_seed(7), with its seed", node
            )


def method_receiver(builder: Builder, func: ast.Attribute) -> Any:
    """The tensor that a method is called on."""
    value = builder.operand(func.value)
    if isinstance(value, Stand):
        return value
    raise builder.text.error("only tensors have methods: write tensor([…]) first", func)


def keyword_value(builder: Builder, word: ast.keyword) -> Any:
    """A setting's value; a type may be named without its package."""
    node = word.value
    bare = isinstance(node, ast.Name) and node.id not in builder.names
    if word.arg == "dtype" and bare and cast(ast.Name, node).id in DTYPE_NAMES:
        return DTYPE_NAMES[cast(ast.Name, node).id]
    return builder.value(node)


def listing(builder: Builder, node: ast.List | ast.Tuple) -> Any:
    """Values side by side."""
    values = [builder.value(item) for item in node.elts]
    return tuple(values) if isinstance(node, ast.Tuple) else values


def subscript(builder: Builder, node: ast.Subscript) -> Any:
    """``x[0]``, ``x[:, 1]``, ``x[mask]``, or an output by its number."""
    value = builder.value(node.value)
    index = builder.value(node.slice)
    if isinstance(value, Outputs):
        if isinstance(index, int) and -len(value.op.outputs) <= index < len(value.op.outputs):
            return value.output(index % len(value.op.outputs))
        raise builder.several(value, node)
    if isinstance(value, list) and isinstance(index, int) and -len(value) <= index < len(value):  # pyright: ignore[reportUnknownArgumentType]
        return value[index]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(value, Stand) or value.ref is None:
        raise builder.text.error("only tensors can be indexed", node)
    if builder.sketch.drafts[value.ref.draft].op in IN_PARTS:
        if isinstance(index, int) and index == 0:
            return value
        raise builder.text.error(
            "a formula reads the first part only: index the tensor itself", node
        )
    result = value
    for name, args in builder.checked(node, lambda: index_call(index)):
        result = builder.call(name, [result, *args], {}, node)
    return result


def slicing(builder: Builder, node: ast.Slice | ast.Call) -> slice:
    """``start:stop:step`` within an index, or ``slice(start, stop, step)`` among settings."""
    called = isinstance(node, ast.Call)
    parts = node.args if called else [node.lower, node.upper, node.step]
    ends = [None if part is None else builder.value(part) for part in parts]
    for part, end in zip(parts, ends, strict=True):
        if not (end is None or (isinstance(end, int) and not isinstance(end, bool))):
            raise builder.text.error("slices are cut at whole numbers", part or node)
    if not 1 <= len(ends) <= 3:
        raise builder.text.error("a slice is slice(start, stop, step)", node)
    return slice(*ends)


def name(builder: Builder, node: ast.Name) -> Any:
    """A name."""
    return builder.name(node)


EXPRESSIONS: Expressions = {
    ast.Constant: constant, ast.Name: name, ast.BinOp: binary, ast.UnaryOp: unary,
    ast.Compare: compare, ast.Attribute: attribute, ast.Call: call, ast.List: listing,
    ast.Tuple: listing, ast.Subscript: subscript, ast.Slice: slicing,
}  # fmt: skip


def sketched(text: str, graph: Graph | None = None) -> Sketch:
    """What ``text`` asks for; FormulaError where it is no formula."""
    return Builder(Text(text), graph, EXPRESSIONS).build()
