"""From statements to a sketch: what each line of a text gives, and what its names stand for.

Nothing is run. What an expression may be is said in :mod:`gradviz.program.expressions`.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np

from gradviz.graph.document import Graph
from gradviz.ops.dtypes import dtype
from gradviz.ops.spec import Array, Op
from gradviz.ops.table import OPS
from gradviz.program import folding
from gradviz.program.calls import BadCall, Stand, called, elements, stand
from gradviz.program.errors import FormulaError, did_you_mean
from gradviz.program.sketch import LEAF, UNSAID, Draft, Number, Ref, Sketch, scalar
from gradviz.program.syntax import Text, statements

PACKAGES = ("torch", "torch.nn", "torch.nn.functional", "gradviz", "gradviz.nn.functional", "math")
RESERVED = ("torch", "gv", "gradviz", "nn", "math")
CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}


class Outputs:
    """The result of an operation with several outputs, before one of them is chosen."""

    def __init__(self, draft: int, op: Op) -> None:
        self.draft, self.op = draft, op

    def output(self, index: int) -> Stand:
        """One of the outputs."""
        return stand(Ref(self.draft, index))


Expressions = Mapping[type[ast.expr], Callable[["Builder", Any], Any]]


class Builder:
    """The state while one text is read: the drafts so far and what each name stands for.

    ``bearers``: the draft that is called so, which is another where a name was given to what
    has one already.
    """

    def __init__(self, text: Text, graph: Graph | None, expressions: Expressions) -> None:
        self.text = text
        self.expressions = expressions
        self.graph = graph
        self.sketch = Sketch()
        self.names: dict[str, Any] = {}
        self.bearers: dict[str, Draft] = {}
        self.body = statements(text)
        self.given = first_lines(self.body)
        self.imported = any(isinstance(s, (ast.Import, ast.ImportFrom)) for s in self.body)

    # lines -----------------------------------------------------------------------------

    def build(self) -> Sketch:
        """The whole text's sketch."""
        for statement in self.body:
            self.line(statement)
        return self.sketch

    def line(self, statement: ast.stmt) -> None:
        """One line: an assignment, a bare expression, or a line a program has besides."""
        if isinstance(statement, ast.Assign):
            value = self.value(statement.value)
            for target in statement.targets:
                self.assign(target, value, statement.value)
        elif isinstance(statement, ast.Expr):
            self.bare(statement.value)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            check_import(self.text, statement)
        elif not isinstance(statement, ast.Pass):
            raise self.text.error(
                "a line is 'name = expression', such as J = x ** 2 + 1", statement
            )

    def bare(self, node: ast.expr) -> None:
        """A line without a name: the output, or a call for its effect."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            effect = node.func.attr
            if effect in ("backward", "requires_grad_"):
                self.effect(effect, node, self.value(node.func.value))
                return
        self.assign(
            ast.Name("out", ast.Store(), lineno=node.lineno, col_offset=node.col_offset),
            self.value(node),
            node,
        )

    def effect(self, name: str, node: ast.Call, value: Any) -> None:
        """``J.backward()`` makes J the output; ``x.requires_grad_()`` x a parameter."""
        if not isinstance(value, Stand) or value.ref is None:
            raise self.text.error(f"{name}() belongs to a tensor that has a name", node)
        if name == "backward":
            self.sketch.output, self.sketch.explicit = value.ref.draft, True
            return
        draft = self.sketch.drafts[value.ref.draft]
        if draft.op != LEAF:
            raise self.text.error("only a leaf can be made to require a gradient", node)
        draft.attrs["requires_grad"] = True
        draft.kept = tuple(k for k in draft.kept if k != "requires_grad")

    def assign(self, target: ast.expr, value: Any, source: ast.expr) -> None:
        """Give ``value`` the name, or names, on the left."""
        if isinstance(target, (ast.Tuple, ast.List)):
            parts = self.parts(target, value, source)
            for inner, part in zip(target.elts, parts, strict=True):
                self.assign(inner, part, source)
            return
        if not isinstance(target, ast.Name):
            raise self.text.error("left of '=' stands a name, such as J = x ** 2 + 1", target)
        if target.id.startswith("__") or target.id in RESERVED:
            raise self.text.error(f"'{target.id}' cannot be a name here", target)
        self.give(target, self.nameable(value, source))

    def parts(self, target: ast.Tuple | ast.List, value: Any, source: ast.expr) -> list[Any]:
        """What several names on the left get."""
        if isinstance(value, Outputs):
            found = [value.output(i) for i in range(len(value.op.outputs))]
        elif isinstance(value, (list, tuple)):
            found = list(cast("list[Any]", value))
        else:
            raise self.text.error("this has one value, but several names stand left of '='", source)
        if len(found) != len(target.elts):
            raise self.text.error(
                f"{len(target.elts)} names stand left of '=' for {len(found)} values", target
            )
        return found

    def nameable(self, value: Any, source: ast.expr) -> Any:
        """``value`` as something with a node: numbers and lists become leaves."""
        if isinstance(value, (bool, int, float)):
            return value if self.imported else self.number_leaf(value, source)
        if isinstance(value, (list, tuple)):
            data = self.checked(source, lambda: elements(value))
            kept = ("requires_grad", "dtype", *UNSAID)
            exact: Array = np.asarray(value) if data.size else data  # pyright: ignore[reportUnknownArgumentType]
            return self.leaf(Draft(LEAF, source, attrs={"data": data}, kept=kept, exact=exact))
        if not isinstance(value, (Stand, Outputs)) or (
            isinstance(value, Stand) and value.ref is None
        ):
            raise self.text.error("only tensors and numbers can be given a name", source)
        return value

    def number_leaf(self, value: Number, source: ast.expr) -> Stand:
        """A leaf from a bare number: a parameter, unless the graph has one that is none."""
        attrs: dict[str, Any] = {"data": value if isinstance(value, bool) else scalar(value)}
        if not isinstance(value, bool):
            attrs["requires_grad"] = True
        kept = ("requires_grad", "dtype", *UNSAID)
        draft = Draft(LEAF, source, attrs=attrs, kept=kept, exact=value)
        return stand(Ref(self.sketch.add(draft)), number=value)

    def give(self, target: ast.Name, value: Any) -> None:
        """Let ``target`` stand for ``value``, and its node be called so if it has no name yet."""
        self.names[target.id] = value
        if isinstance(value, (Stand, Outputs)):
            place = (
                value.draft if isinstance(value, Outputs) else value.ref.draft if value.ref else 0
            )
            draft = self.sketch.drafts[place]
            single = isinstance(value, Outputs) or len(OPS[draft.op].outputs) == 1
            other = self.bearers.get(target.id)
            if other is not None and other is not draft:
                other.name = None
            if draft.name is None and single:
                draft.name = target.id
                self.bearers[target.id] = draft
            if not self.sketch.explicit:
                self.sketch.output = place

    # expressions -----------------------------------------------------------------------

    def value(self, node: ast.expr) -> Any:
        """What an expression stands for: a stand-in for a tensor, or plain data."""
        handler = self.expressions.get(type(node))
        if handler is None:
            raise self.text.error("this is no part of a formula", node)
        return handler(self, node)

    def operand(self, node: ast.expr) -> Any:
        """The value of an operand: a tensor, a number, a list of numbers, or a gap."""
        value = self.value(node)
        if isinstance(value, Outputs):
            raise self.several(value, node)
        if isinstance(value, (str, dtype)) or value is None:
            raise self.text.error("this is neither a tensor nor a number", node)
        return value

    def several(self, value: Outputs, node: ast.expr) -> FormulaError:
        """The error for a result with several outputs where one tensor belongs."""
        names = " and ".join(value.op.outputs)
        return self.text.error(
            f"{value.op.base_name}() gives {names} here: take one with .{value.op.outputs[0]}", node
        )

    def checked(self, node: ast.expr, action: Callable[[], Any]) -> Any:
        """What ``action`` gives, its complaint made to point at ``node``."""
        try:
            return action()
        except (BadCall, folding.Unfoldable) as problem:
            raise self.text.error(str(problem), node) from None

    def call(self, name: str, args: list[Any], kwargs: Mapping[str, Any], node: ast.expr) -> Any:
        """A node for a call of the operation ``name``."""
        for value in (*args, *kwargs.values()):
            if isinstance(value, Outputs):
                raise self.several(value, node)
        op, inputs, attrs = self.checked(node, lambda: called(name, args, kwargs))
        if op.name == LEAF:
            return self.leaf_of_call(attrs, node)
        draft = Draft(op.name, node, attrs=attrs)
        ports: list[Any] = []
        for value in inputs:
            ports += cast("tuple[Any, ...]", value) if isinstance(value, tuple) else (value,)
        for port, value in enumerate(ports):
            self.wire(draft, port, value)
        place = self.sketch.add(draft)
        return Outputs(place, op) if len(op.outputs) > 1 else stand(Ref(place))

    def wire(self, draft: Draft, port: int, value: Any) -> None:
        """Note what comes in by a port: a wire, a number, or nothing yet."""
        if isinstance(value, Stand):
            if value.ref is None and value.given is not None:
                constant = Draft(LEAF, draft.at, attrs={"data": value.given})
                value.ref = Ref(self.sketch.add(constant))
            if value.ref is not None:
                draft.inputs[port] = value.ref
        elif value is not None:
            draft.literals[port] = value

    def leaf(self, draft: Draft) -> Stand:
        """A stand-in for a new leaf."""
        return stand(Ref(self.sketch.add(draft)))

    def leaf_of_call(self, attrs: dict[str, Any], node: ast.expr) -> Stand:
        """A leaf as ``tensor(...)`` describes it, its elements cast to the type asked for."""
        kind: dtype | None = attrs.pop("dtype", None)
        attrs["data"] = self.checked(node, lambda: elements(attrs.get("data", 1.0), kind))
        if attrs.get("requires_grad") and attrs["data"].dtype.kind != "f":
            raise self.text.error(
                "only tensors of floating-point numbers can require gradients", node
            )
        return self.leaf(Draft(LEAF, node, attrs=attrs, kept=UNSAID))

    # names -----------------------------------------------------------------------------

    def name(self, node: ast.Name) -> Any:
        """What a name stands for: an earlier line, a node of the graph, or a new parameter."""
        name = node.id
        if name in self.names:
            return self.names[name]
        existing = self.graph.named(name) if self.graph is not None else None
        if name in self.given:
            raise self.text.error(too_early(name, self.given[name], node), node)
        if existing is None and name in CONSTANTS:
            return CONSTANTS[name]
        if existing is None:
            self.check_unknown(name, node)
        self.bearers[name] = draft = free_leaf(name, node)
        self.names[name] = made = self.leaf(draft)
        return made

    def check_unknown(self, name: str, node: ast.Name) -> None:
        """Refuse a name that means something else, or in a program one that nothing gave."""
        if name.startswith("__") or name in RESERVED:
            raise self.text.error(f"'{name}' is no tensor", node)
        if self.imported:
            raise self.text.error(
                f"'{name}' is given nowhere{did_you_mean(name, self.names)}", node
            )


def free_leaf(name: str, node: ast.expr) -> Draft:
    """A name that nothing defines: the graph's leaf of that name, or a scalar parameter."""
    attrs = {"data": scalar(1.0), "requires_grad": True}
    return Draft(LEAF, node, name=name, attrs=attrs, free=True)


def first_lines(body: list[ast.stmt]) -> dict[str, int]:
    """Each name that a text gives, and the line where it first does."""
    found: dict[str, int] = {}
    for statement in body:
        for target in statement.targets if isinstance(statement, ast.Assign) else ():
            for node in ast.walk(target):
                if isinstance(node, ast.Name):
                    found.setdefault(node.id, node.lineno)
    return found


def check_import(text: Text, statement: ast.Import | ast.ImportFrom) -> None:
    """Pass over the imports a PyTorch program starts with; refuse every other."""
    module = statement.module if isinstance(statement, ast.ImportFrom) else None
    names = (
        [module or ""]
        if isinstance(statement, ast.ImportFrom)
        else [a.name for a in statement.names]
    )
    if any(name not in PACKAGES for name in names):
        raise text.error("a program imports torch (or gradviz) and nothing else", statement)


def too_early(name: str, line: int, node: ast.Name) -> str:
    """Why a name that a line gives cannot be read yet."""
    if line == node.lineno:
        return f"'{name}' would depend on itself: read it under another name"
    return f"'{name}' is only given on line {line}: move that line up"
