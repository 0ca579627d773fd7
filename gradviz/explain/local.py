"""The local derivative of an operation, taken from the very rule the engine runs.

An element-wise rule is the upstream gradient ``g`` times something; that something, the rule
with one in place of ``g``, is the local derivative. Other rules are shown whole.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from gradviz.explain.labels import latex_name
from gradviz.ops.spec import Op

Replace = Callable[[str], str | None]
FUNCTIONS = {
    "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "tanh": r"\tanh", "log": r"\ln",
    "exp": r"\exp", "sign": r"\mathrm{sgn}",
}  # fmt: skip
INFIX: dict[type[ast.operator], str] = {
    ast.Add: " + ", ast.Sub: " - ", ast.Mult: r" \cdot ", ast.MatMult: r" \, ", ast.Mod: r" \bmod ",
}  # fmt: skip
COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "=", ast.NotEq: r"\neq", ast.Lt: "<", ast.LtE: r"\leq", ast.Gt: ">", ast.GtE: r"\geq",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LocalRule:
    """What one port's gradient rule multiplies the upstream gradient by.

    ``text``: the factor over the names of ports and settings (``other``, ``2 * input``).
    ``product``: whether the rule is such a product at all; if not ``text`` is the whole rule.
    """

    text: str
    product: bool
    tree: ast.expr

    def latex(self, replace: Replace) -> str:
        """The factor in LaTeX, names put through ``replace``."""
        return to_latex(self.tree, replace)


@cache
def local_rule(op: Op, port: int) -> LocalRule | None:
    """The local derivative of ``op`` with respect to one port; None where none flows."""
    rule = op.ports[min(port, len(op.ports) - 1)].grad
    if rule is None:
        return None
    tree = choose_default(ast.parse(rule, mode="eval").body, op)
    if not op.elementwise:
        return LocalRule(rule, False, tree)
    factor = simplify(WithoutUpstream().visit(tree))
    return LocalRule(ast.unparse(factor), True, factor)


def choose_default(tree: ast.expr, op: Op) -> ast.expr:
    """The branch of ``a if setting is None else b`` that a setting's default takes."""
    if isinstance(tree, ast.IfExp):
        name = next((n.id for n in ast.walk(tree.test) if isinstance(n, ast.Name)), "")
        return tree.body if op.defaults.get(name, 0) is None else tree.orelse
    return tree


class WithoutUpstream(ast.NodeTransformer):
    """Puts one in place of ``g``, and in place of zeros shaped like it, zero."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """One for the gradient; other names stay."""
        return ast.Constant(1) if node.id == "g" else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Zero for ``zeros_like(g)``."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        return ast.Constant(0) if name == "zeros_like" else self.generic_visit(node)


def is_number(node: ast.AST, value: float) -> bool:
    """Whether a node is this number."""
    return isinstance(node, ast.Constant) and node.value == value


def simplify(node: ast.expr) -> ast.expr:
    """The same with products by one left out."""
    if isinstance(node, ast.Call):
        node.args = [simplify(a) for a in node.args]
    if isinstance(node, ast.UnaryOp):
        node.operand = simplify(node.operand)
    if isinstance(node, ast.BinOp):
        node.left, node.right = simplify(node.left), simplify(node.right)
        return simplify_product(node)
    return node


def simplify_product(node: ast.BinOp) -> ast.expr:
    """A product with one is the other factor; with minus one, that with its sign turned."""
    left, right = node.left, node.right
    if isinstance(node.op, (ast.Mult, ast.Div)) and is_number(right, 1):
        return left
    if isinstance(node.op, ast.Mult):
        if is_number(left, 1):
            return right
        if (
            isinstance(left, ast.UnaryOp)
            and isinstance(left.op, ast.USub)
            and is_number(left.operand, 1)
        ):
            return ast.UnaryOp(ast.USub(), right)
    return node


def to_latex(node: ast.expr, replace: Replace) -> str:
    """An expression of a rule in LaTeX."""
    if isinstance(node, ast.Name):
        replaced = replace(node.id)
        return latex_name(node.id) if replaced is None else replaced
    if isinstance(node, ast.Constant):
        return format_constant(node.value)
    if isinstance(node, ast.UnaryOp):
        sign = "-" if isinstance(node.op, ast.USub) else r"\neg "
        return sign + bracketed(node.operand, replace, isinstance(node.operand, ast.BinOp))
    if isinstance(node, ast.BinOp):
        return binary_latex(node, replace)
    if isinstance(node, ast.Compare):
        return (
            to_latex(node.left, replace)
            + f" {COMPARE[type(node.ops[0])]} "
            + to_latex(node.comparators[0], replace)
        )
    if isinstance(node, ast.Call):
        return call_latex(node, replace)
    return r"\mathrm{" + ast.unparse(node).replace("_", r"\_") + "}"


def format_constant(value: object) -> str:
    """A constant of a rule: ``2`` for ``2.0``."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def bracketed(node: ast.expr, replace: Replace, needed: bool) -> str:
    """An operand, in brackets where it needs them."""
    text = to_latex(node, replace)
    return f"({text})" if needed or text.lstrip(r"\textcolor{val}").startswith(("-", "−")) else text


def binary_latex(node: ast.BinOp, replace: Replace) -> str:
    """A sum, product, quotient or power in LaTeX."""
    if isinstance(node.op, ast.Div):
        return rf"\frac{{{to_latex(node.left, replace)}}}{{{to_latex(node.right, replace)}}}"
    if isinstance(node.op, ast.Pow):
        base = bracketed(node.left, replace, not isinstance(node.left, (ast.Name, ast.Constant)))
        return f"{base}^{{{to_latex(node.right, replace)}}}"
    loose = (ast.Add, ast.Sub)
    tight = not isinstance(node.op, loose)
    left_sum = isinstance(node.left, ast.BinOp) and isinstance(node.left.op, loose)
    right_sum = isinstance(node.right, ast.BinOp) and isinstance(node.right.op, loose)
    left = (
        bracketed(node.left, replace, tight and left_sum)
        if left_sum and tight
        else to_latex(node.left, replace)
    )
    right = bracketed(node.right, replace, right_sum and (tight or isinstance(node.op, ast.Sub)))
    return left + INFIX.get(type(node.op), r" \circ ") + right


def call_latex(node: ast.Call, replace: Replace) -> str:
    """A function's value in LaTeX."""
    name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
    args = [to_latex(a, replace) for a in node.args]
    if name == "sqrt":
        return rf"\sqrt{{{args[0]}}}"
    if name == "where" and len(args) == 3:
        return rf"{args[1]} \; \mathrm{{if}} \; {args[0]} \; \mathrm{{else}} \; {args[2]}"
    shown = FUNCTIONS.get(name) or r"\mathrm{" + name.replace("_", r"\_") + "}"
    return f"{shown}({', '.join(args)})"
